"""What people say to something that rings; and what only sounds like it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.home import HomeView
from assistant.core.intents import SlotKind
from assistant.core.schedule import ItemId, ItemKind, ScheduledItem
from assistant.core.turn import (
    Command,
    Commands,
    DialogueAct,
    Nothing,
    Question,
    QuestionKind,
    RingAnswer,
    RingVerb,
)
from assistant.language import normalise
from assistant.understanding import Understanding
from assistant.understanding.names import Names
from assistant.understanding.reading import SlotReader
from assistant.understanding.ring_answers import RingSentences
from assistant.understanding.words import words_for
from tests.understanding.parts import NOW, ZONE, Said, plan


def rings(kind: ItemKind = ItemKind.ALARM, label: str = "", language: str = "en") -> Said:
    return Said(language, ringing=(ScheduledItem(ItemId(1), kind, label, NOW, "Europe/Berlin", NOW),))


RICE = rings(ItemKind.TIMER, "brown rice")


def snooze(minutes: float | None = None) -> RingAnswer:
    return RingAnswer(RingVerb.SNOOZE, None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Snooze.", None),
        ("snooze the alarm", None),
        ("snooze it for a quarter of an hour", 15),
        ("snooze for one and a half hours", 90),
        ("please snooze twelve minutes", 12),
        ("snooze eight", 8),
        ("snooze until two pm", 60),
        ("seven more minutes", 7),
        ("give me another twenty minutes, please", 20),
        ("just one more hour", 60),
        ("six minutes", 6),
        ("half an hour longer", 30),
        ("another quarter of an hour", 15),
        ("a few more minutes", 3),
        ("let me sleep a little longer", None),
        ("wake me again in forty minutes", 40),
        ("remind me again in an hour", 60),
        ("ask me later", None),
        ("not yet", None),
        ("can i have another three minutes", 3),
        ("postpone it by half an hour", 30),
        ("snooze the timer one more time", None),
        ("no, let me sleep twenty more minutes", 20),
        ("okay okay just five more minutes", 5),
        ("ring again in forty five", 45),
    ],
)
async def test_more_time_is_asked_for_in_many_ways(part: Understanding, text: str, minutes: float | None) -> None:
    assert await plan(part, text, rings()) == snooze(minutes)


@pytest.mark.parametrize(
    "text",
    ["turn it off", "shut it off", "turn off the alarm", "cancel the alarm", "dismiss", "i'm awake", "we're up",
     "okay I'm up", "never mind", "thanks", "got it", "i heard you", "cut it out", "alarm off", "make it stop",
     "yes yes i'm up", "okay turn that thing off now", "deactivate it", "halt"],
)  # fmt: skip
async def test_many_words_end_it(part: Understanding, text: str) -> None:
    assert await plan(part, text, rings()) == RingAnswer(RingVerb.STOP)


@pytest.mark.parametrize(
    "text", ["stop", "Enough!", "that's enough", "stop the alarm", "be quiet", "shush please", "Stop, stop, stop!"]
)
async def test_stop_stays_the_act_that_silences_whatever_sounds(part: Understanding, text: str) -> None:
    assert await plan(part, text, rings()) is DialogueAct.STOP


@pytest.mark.parametrize("text", ["stop everything", "turn them all off", "stop both", "dismiss all of them"])
async def test_all_of_them_can_be_meant(part: Understanding, text: str) -> None:
    assert await plan(part, text, rings()) == RingAnswer(RingVerb.STOP_ALL)


@pytest.mark.parametrize(
    "text", ["done", "I did it", "already finished", "i've done that", "mark it as done", "it's done"]
)
async def test_a_reminder_is_done(part: Understanding, text: str) -> None:
    assert await plan(part, text, rings(ItemKind.REMINDER, "water the fern")) == RingAnswer(RingVerb.DONE)


@pytest.mark.parametrize("text", ["stop the rice timer", "turn off the timer", "cancel the brown rice timer"])
async def test_what_rings_may_be_named(part: Understanding, text: str) -> None:
    assert await plan(part, text, RICE) == RingAnswer(RingVerb.STOP)


async def test_one_that_waits_to_ring_may_be_named_too(part: Understanding) -> None:
    waits = replace(RICE.ringing[0], id=ItemId(2), label="steamed buns")
    said = Said(ringing=(*RICE.ringing, waits))
    assert await plan(part, "stop the buns timer", said) == RingAnswer(RingVerb.STOP, item_id=ItemId(2))
    assert await plan(part, "turn off the timer", said) == RingAnswer(RingVerb.STOP)


@pytest.mark.parametrize("text", ["okay", "yes, okay", "all right", "that's fine", "I will"])
async def test_a_nod_ends_a_reminder_and_no_alarm(part: Understanding, text: str) -> None:
    assert await plan(part, text, rings(ItemKind.REMINDER, "call the plumber")) == RingAnswer(RingVerb.STOP)
    assert not isinstance(await plan(part, text, rings()), RingAnswer)


@pytest.mark.parametrize("text", ["cancel the alarm", "cancel the soup timer", "turn off the rice reminder"])
async def test_what_does_not_ring_is_not_ended_in_its_place(part: Understanding, text: str) -> None:
    assert not isinstance(await plan(part, text, RICE), RingAnswer | DialogueAct)


@pytest.mark.parametrize(
    "text",
    ["set a timer for ten minutes", "turn on the desk lamp", "remind me in ten minutes to call home", "time in tokyo",
     "roll two dice", "wake me up before you go", "tell me about the moon", "i told him ten minutes ago",
     "turn the sound up", "turn it down", "well done", "check that"],
)  # fmt: skip
async def test_other_requests_are_none_while_it_rings(part: Understanding, text: str) -> None:
    assert not isinstance(await plan(part, text, rings()), RingAnswer)


@pytest.mark.parametrize(
    "text", ["done", "seven more minutes", "i'm up", "later", "turn it off", "thanks", "ten minutes"]
)
async def test_when_nothing_rings_these_words_end_and_put_off_nothing(part: Understanding, text: str) -> None:
    assert not isinstance(await plan(part, text), RingAnswer)


async def test_snooze_itself_is_understood_at_any_time(part: Understanding) -> None:
    assert await plan(part, "snooze for five minutes") == snooze(5)


@pytest.mark.parametrize("text", ["snooze for zero minutes", "snooze until the cows come home"])
async def test_what_is_no_time_snoozes_nothing(part: Understanding, text: str) -> None:
    assert isinstance(await plan(part, text, rings()), Nothing)


async def test_an_open_question_hears_its_answer_first(part: Understanding) -> None:
    question = Question(
        QuestionKind.SLOT, "timers", "how_long", Command("timers.start"), {}, "length", SlotKind.DURATION
    )
    said = Said(question=question, ringing=rings().ringing)
    assert isinstance(await plan(part, "ten minutes", said), Commands)
    assert await plan(part, "snooze", said) == snooze()


@pytest.mark.parametrize(
    "text", ["What did I miss?", "did i miss anything", "have I missed any reminders", "which alarms did i miss"]
)
async def test_what_was_missed_can_be_asked(part: Understanding, text: str) -> None:
    assert await plan(part, text) is DialogueAct.MISSED


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("스누즈", snooze()),
        ("칠 분만 더", snooze(7)),
        ("이십 분 뒤에 다시 깨워 줘", snooze(20)),
        ("조금만 더 잘게", snooze()),
        ("나중에 다시 알려 줘", snooze()),
        ("꺼 줘", RingAnswer(RingVerb.STOP)),
        ("일어났어", RingAnswer(RingVerb.STOP)),
        ("전부 꺼 줘", RingAnswer(RingVerb.STOP_ALL)),
        ("벌써 했어", RingAnswer(RingVerb.DONE)),
        ("놓친 거 있어", DialogueAct.MISSED),
    ],
)
async def test_korean(part: Understanding, text: str, answer: RingAnswer | DialogueAct) -> None:
    assert await plan(part, text, rings(language="ko")) == answer


SENTENCES = RingSentences("en", words_for("en"))


@settings(max_examples=100)
@given(st.text(alphabet="snoze forminutstepalrgiv 19:,.-", max_size=60))
def test_no_words_raise_and_every_snooze_lasts(text: str) -> None:
    reader = SlotReader("en", Names(HomeView((), ()), "en"), NOW.astimezone(ZONE), None)
    answer = SENTENCES.answer(normalise(text, "en"), reader, rings().ringing)
    assert not isinstance(answer, RingAnswer) or answer.by is None or answer.by > timedelta()
