"""Answers, stop, never mind and repeat."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assistant.core.intents import SlotKind
from assistant.core.turn import Command, Commands, DialogueAct, Nothing, Question, QuestionKind, SlotValue
from assistant.understanding import Understanding
from tests.understanding.parts import KITCHEN, OFFICE, ZONE, Pending, Said, plan

UNLOCK = Command("HassTurnOff", {"name": "Front Door", "entity_id": "lock.front"}, "unlock the front door")
CONFIRM = Question(QuestionKind.CONFIRM, "home", "confirm", UNLOCK)


def asked(slot: str, kind: SlotKind, pending: Pending = Pending()) -> Said:  # noqa: B008
    return Said(question=Question(QuestionKind.SLOT, "reminders", "when", pending.command(), {}, slot, kind))


@pytest.mark.parametrize("text", ["yes", "Yes, please!", "yeah do it", "okay", "Sure.", "yes yes"])
async def test_yes_confirms_what_was_asked(part: Understanding, text: str) -> None:
    made = await plan(part, text, Said(question=CONFIRM))
    assert made == Commands((Command(UNLOCK.intent, UNLOCK.slots, UNLOCK.text, is_confirmed=True),))


@pytest.mark.parametrize("text", ["no", "No, thanks.", "no no", "don't do it", "never mind", "cancel that", "nope"])
async def test_no_ends_the_question(part: Understanding, text: str) -> None:
    assert await plan(part, text, Said(question=CONFIRM)) is DialogueAct.NEVER_MIND


@pytest.mark.parametrize("text", ["yes but not now", "yes no", "maybe", "I said yesterday", "the yes", "banana"])
async def test_what_is_no_plain_yes_confirms_nothing(part: Understanding, text: str) -> None:
    assert not isinstance(await plan(part, text, Said(question=CONFIRM)), Commands)


async def test_a_new_command_instead_of_a_yes_is_the_new_command_unconfirmed(part: Understanding) -> None:
    made = await plan(part, "turn on the desk lamp", Said(question=CONFIRM))
    assert isinstance(made, Commands)
    assert made.commands[0].slots["entity_id"] == "light.desk"
    assert not made.commands[0].is_confirmed


async def test_yes_without_a_question_does_nothing(part: Understanding) -> None:
    assert await plan(part, "yes") == Nothing("not_understood")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (SlotKind.DURATION, "ten minutes", timedelta(minutes=10)),
        (SlotKind.DURATION, "for ten minutes please", timedelta(minutes=10)),
        (SlotKind.WHEN, "tomorrow at five pm", datetime(2026, 3, 3, 17, 0, tzinfo=ZONE)),
        (SlotKind.NUMBER, "fifty percent", 50),
        (SlotKind.TEXT, "Feed the cat.", "Feed the cat"),
        (SlotKind.ENTITY, "the desk lamp", "light.desk"),
        (SlotKind.AREA, "in the kitchen", "kitchen"),
        (SlotKind.AREA, "no, the study", "office"),
        (SlotKind.PLACE, "in Tokyo", "Asia/Tokyo"),
    ],
)
async def test_an_answer_fills_the_slot(part: Understanding, kind: SlotKind, text: str, value: SlotValue) -> None:
    pending = Pending(slots={"kept": 1})
    made = await plan(part, text, asked("answer", kind, pending))
    assert made == Commands((Command("reminders.remind", {"kept": 1, "answer": value}, "as said before"),))


async def test_a_bare_number_answers_for_when(part: Understanding) -> None:
    made = await plan(part, "seven thirty", asked("at", SlotKind.WHEN))
    assert isinstance(made, Commands)
    at = made.commands[0].slots["at"]
    assert isinstance(at, datetime)
    assert (at.hour % 12, at.minute) == (7, 30)


async def test_a_choice_is_answered_by_its_words(part: Understanding) -> None:
    made = await plan(part, "the party one", asked("mood", SlotKind.CHOICE, Pending("moods.set")))
    assert made == Commands((Command("moods.set", {"mood": "high"}, "as said before"),))


async def test_which_one_is_answered_by_its_area(part: Understanding) -> None:
    both = Pending("HassTurnOn", {"entity_id": ("light.office_ceiling", "light.kitchen_ceiling")})
    for text in ("the one in the kitchen", "kitchen", "the kitchen one"):
        made = await plan(part, text, asked("entity_id", SlotKind.ENTITY, both))
        assert isinstance(made, Commands), text
        assert made.commands[0].slots["entity_id"] == "light.kitchen_ceiling"


async def test_never_mind_ends_every_question(part: Understanding) -> None:
    for kind in SlotKind:
        assert await plan(part, "never mind", asked("x", kind)) is DialogueAct.NEVER_MIND


async def test_a_new_command_instead_of_an_answer_is_taken(part: Understanding) -> None:
    made = await plan(part, "turn on the desk lamp", asked("at", SlotKind.WHEN))
    assert isinstance(made, Commands)
    assert made.commands[0].intent == "HassTurnOn"


async def test_free_words_are_an_answer_unless_they_are_plainly_a_command(part: Understanding) -> None:
    waiting = asked("what", SlotKind.TEXT)
    told = await plan(part, "take out the trash", waiting)
    assert isinstance(told, Commands)
    assert told.commands[0].slots == {"what": "take out the trash"}
    vague = await plan(part, "remind me to dance", waiting)
    assert isinstance(vague, Commands)
    assert vague.commands[0].slots == {"what": "remind me to dance"}
    plain = await plan(part, "turn on the desk lamp", waiting)
    assert isinstance(plain, Commands)
    assert plain.commands[0].intent == "HassTurnOn"


async def test_what_is_no_answer_and_no_command_leaves_the_question_open(part: Understanding) -> None:
    assert await plan(part, "purple elephants", asked("at", SlotKind.WHEN)) == Nothing("not_understood")


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Stop!", DialogueAct.STOP),
        ("stop it", DialogueAct.STOP),
        ("quiet", DialogueAct.STOP),
        ("Never mind.", DialogueAct.NEVER_MIND),
        ("repeat that", DialogueAct.REPEAT),
        ("What did you say?", DialogueAct.REPEAT),
    ],
)
async def test_acts_on_the_conversation(part: Understanding, text: str, act: DialogueAct) -> None:
    assert await plan(part, text) is act
    assert await plan(part, text, Said(area_id=OFFICE)) is act


async def test_stop_is_an_act_even_while_a_question_is_open(part: Understanding) -> None:
    assert await plan(part, "stop", Said(question=CONFIRM)) is DialogueAct.STOP


async def test_stop_with_more_words_is_not_the_bare_act(part: Understanding) -> None:
    assert await plan(part, "stop the world", Said(area_id=KITCHEN)) == Nothing("not_understood")


@pytest.mark.parametrize(
    ("text", "act"),
    [("그만", DialogueAct.STOP), ("취소", DialogueAct.NEVER_MIND), ("다시 말해줘", DialogueAct.REPEAT)],
)
async def test_korean_acts(part: Understanding, text: str, act: DialogueAct) -> None:
    assert await plan(part, text, Said("ko")) is act


async def test_korean_confirmation(part: Understanding) -> None:
    assert isinstance(await plan(part, "네", Said("ko", question=CONFIRM)), Commands)
    assert await plan(part, "아니요", Said("ko", question=CONFIRM)) is DialogueAct.NEVER_MIND
