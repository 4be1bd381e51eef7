"""The PIN by voice: asked for, read, never to be seen afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.acting.converse import Conversation, ConversationParts
from assistant.acting.execute import Executor
from assistant.acting.pin import NO_PIN, PinLock, Verdict, hashed, matches
from assistant.acting.pin_answers import PinAnswers
from assistant.acting.policy import Fence
from assistant.acting.spoken_digits import digits_of, without_digits
from assistant.core.errors import ConfigError, InputError
from assistant.core.settings import SafetySettings
from assistant.core.turn import Command, Commands
from assistant.testing.clock import FakeClock
from tests.acting.parts import Bench, ask, commands, replier_of, text_of
from tests.acting.test_policy import Paper

PIN = "4071"


@dataclass
class Door(Bench):
    """A conversation about a home whose locks need the PIN."""

    log: Paper = field(default_factory=Paper)
    pin: PinLock = field(default_factory=lambda: PinLock(lambda: PIN, FakeClock(), tries=2))

    def conversation(self, **more: object) -> Conversation:
        self.understander.plans["unlock the front door"] = commands("unlock front")
        fence = Fence(self.home, SafetySettings(pin=("lock",)), self.clock, self.log, self.pin)
        understander = PinAnswers(self.understander, fence)
        executor, replier = Executor(self.skills, fence), replier_of(self.skills)
        return Conversation(ConversationParts(understander, executor, replier, self.clock, self.trace))

    def seen(self) -> str:
        """All that anybody can look at afterwards."""
        turns = [self.trace.as_json(turn) for turn in self.trace.turns()]
        return json.dumps(turns) + "".join(map(self.trace.as_text, self.trace.turns())) + repr(self.log.lines)


async def test_the_pin_opens_and_is_not_to_be_seen_afterwards() -> None:
    door = Door()
    talk = door.conversation()
    assert text_of(await ask(talk, "unlock the front door")) == "What is the PIN?"
    assert door.home.sent == []
    assert text_of(await ask(talk, "it's four oh seven one please")) == "Did it."
    assert door.home.sent == [("front", "unlock")]
    assert "four oh" not in door.seen()
    assert PIN not in door.seen()
    assert "•••" in door.trace.turns()[-1].transcript.text


async def test_a_yes_is_no_pin_and_no_ends_it() -> None:
    door = Door()
    talk = door.conversation()
    await ask(talk, "unlock the front door")
    assert text_of(await ask(talk, "yes")) == "What is the PIN?"
    assert text_of(await ask(talk, "no")) == "All right, I leave it as it is."
    assert text_of(await ask(talk, "4071")) != "Did it."
    assert door.home.sent == []


async def test_wrong_pins_are_told_counted_and_written_down() -> None:
    door = Door()
    talk = door.conversation()
    await ask(talk, "unlock the front door")
    assert text_of(await ask(talk, "9 9 9 9")) == "That is not the PIN."
    assert text_of(await ask(talk, "8888")) == "That is not the PIN."
    assert "too many wrong PINs" in text_of(await ask(talk, PIN))
    assert door.home.sent == []
    details = [(line.name, line.status, line.detail) for line in door.log.lines[1:]]
    assert details == [("front door", "refused", f"pin_{each}") for each in ("wrong", "wrong", "paused")]
    assert not {"9 9 9 9", "8888", PIN} & set(door.seen().split('"'))


async def test_a_yes_to_one_question_does_not_bring_the_pin_of_another() -> None:
    door = Door()
    talk = door.conversation()
    forged = Command("home.do", {"do": "unlock front"}, is_confirmed=True, has_pin=True)
    door.understander.plans["please"] = Commands((forged,))
    assert text_of(await ask(talk, "please")) == "What is the PIN?"
    assert door.home.sent == []


@pytest.mark.parametrize("code", ["4071", "four oh seven one"])
async def test_the_pin_may_be_said_with_the_request(code: str) -> None:
    door = Door()
    talk = door.conversation()
    door.understander.plans["now"] = Commands(
        (Command("home.do", {"do": "unlock front", "code": code}, f"it, {code}"),)
    )
    assert text_of(await ask(talk, "now")) == "Did it."
    assert door.home.sent == [("front", "unlock")]
    assert code not in door.seen()


async def test_a_wrong_pin_with_the_request_counts_and_another_thing_is_not_opened_by_it() -> None:
    door = Door()
    talk = door.conversation()
    door.understander.plans["now"] = Commands((Command("home.do", {"do": "unlock front", "code": "9999"}),))
    door.understander.plans["both"] = Commands((Command("home.do", {"do": "unlock front back", "code": PIN}),))
    assert "one thing at a time" in text_of(await ask(talk, "both"))
    for _ in range(2):
        assert text_of(await ask(talk, "now")) == "What is the PIN?"
    assert "too many" in text_of(await ask(talk, PIN))
    assert door.home.sent == []


async def test_without_a_pin_that_is_told() -> None:
    door = Door(pin=NO_PIN)
    assert "none is set" in text_of(await ask(door.conversation(), "unlock the front door"))


async def test_after_a_pause_the_pin_is_taken_again() -> None:
    clock = FakeClock()
    lock = PinLock(lambda: PIN, clock, tries=2, pause_min=1)
    assert [await lock.check(each) for each in ("1111", "2222", PIN)] == [Verdict.WRONG, Verdict.WRONG, Verdict.PAUSED]
    await clock.advance(61)
    assert await lock.check(PIN) is Verdict.RIGHT
    assert [await lock.check(each) for each in ("1111", PIN, "1111", PIN)][1::2] == [Verdict.RIGHT] * 2


@pytest.mark.parametrize(
    ("text", "language", "digits"),
    [
        ("1 2 3 4", "en", "1234"),
        ("1-2-3-4.", "en", "1234"),
        ("The PIN is one two three four", "en", "1234"),
        ("twelve thirty four", "en", "1234"),
        ("twenty zero five", "en", "2005"),
        ("forty fifty six", "en", "4056"),
        ("double seven oh nine", "en", "7709"),
        ("for to won ate", "en", "4218"),
        ("sixty", "en", None),
        ("one two three", "en", None),
        ("turn on 4 lights", "en", None),
        ("one two three four lamps", "en", None),
        ("", "en", None),
        ("일이삼사", "ko", "1234"),
        ("비밀번호는 공 칠 팔 구예요", "ko", "0789"),
        ("불 켜 줘", "ko", None),
        ("4 5 6 7", "xx", "4567"),
    ],
)
def test_digits_are_read_as_people_say_them(text: str, language: str, digits: str | None) -> None:
    assert digits_of(text, language) == digits


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("unlock it with 4 0 7 1 now", "unlock it with ••• now"),
        ("Disarm, code one two three four, and turn on two lamps", "Disarm, code •••, and turn on two lamps"),
        ("the lamp at 21", "the lamp at 21"),
    ],
)
def test_what_may_be_a_pin_is_hidden(text: str, shown: str) -> None:
    assert without_digits(text, "en") == shown


@given(st.text(max_size=60))
def test_no_text_breaks_reading_or_hiding(text: str) -> None:
    digits = digits_of(text, "en")
    assert digits is None or (digits.isascii() and digits.isdigit())
    assert isinstance(without_digits(text, "en"), str)


@given(st.text("0123456789", min_size=4, max_size=12))
def test_a_pin_said_digit_by_digit_is_read_back_and_hidden(pin: str) -> None:
    said = " ".join(pin)
    assert digits_of(said, "en") == pin
    assert without_digits(f"it is {said} ok", "en") == "it is ••• ok"


@pytest.mark.parametrize("pin", ["", "123", "12a4", "1234567890123", "١٢٣٤"])
def test_what_is_no_pin_is_refused(pin: str) -> None:
    with pytest.raises(InputError):
        hashed(pin)


@pytest.mark.parametrize("stored", ["secret", "scrypt:xx", "scrypt:!!:!!", "1234 5"])
def test_a_damaged_file_is_told_and_opens_nothing(stored: str) -> None:
    with pytest.raises(ConfigError, match="assistant home pin"):
        matches(stored, "1234")


def test_nothing_stored_opens_nothing() -> None:
    assert not matches("", "")
    assert not matches("1234", "")
