"""Limits, tiers, changes of the home, phrases, and texts that nobody expects."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.core.home import Entity, EntityId, HomeView
from assistant.core.intents import IntentSpec
from assistant.core.turn import Chat, Commands, Nothing, Plan, Situation, Transcript
from assistant.understanding import Understanding
from tests.understanding.parts import (
    FEW_INTENTS,
    HOME,
    KITCHEN,
    ZONE,
    Said,
    StillClock,
    commands,
    plan,
    understanding,
    understood,
)

_TALK = (
    "turn on off the desk lamp and kitchen lights in five minutes remind me to not set timer for an hour at 7 % , then "
    "ceiling light except all yes stop 거실 무드등 켜줘 타이머 안"
)
_WORDS = st.sampled_from(sorted(set(_TALK.split())))
_TEXTS = st.one_of(st.text(max_size=500), st.lists(_WORDS, max_size=90).map(" ".join))


async def test_silence_and_speeches_are_told_apart_from_what_is_not_understood(part: Understanding) -> None:
    assert await plan(part, "   ") == Nothing("not_heard")
    assert await plan(part, "a" * 501) == Nothing("too_long")
    assert await plan(part, "a" * 500) == Nothing("not_understood")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(st.text(max_size=500), st.lists(_WORDS, max_size=90).map(" ".join)),
    language=st.sampled_from(["en", "ko", "xx"]),
)
def test_no_text_raises_or_takes_a_second(part: Understanding, text: str, language: str) -> None:
    asyncio.run(plan(part, "warm", Said(language)))
    began = time.perf_counter()
    asyncio.run(plan(part, text, Said(language, KITCHEN)))
    assert time.perf_counter() - began < 1.0


@pytest.mark.parametrize("piece", ["and ", "the ", "in 5 minutes ", "turn on the desk lamp and ", "remind me ", "5 "])
async def test_the_same_words_over_and_over_take_no_second(part: Understanding, piece: str) -> None:
    began = time.perf_counter()
    await plan(part, (piece * 500)[:500], Said(area_id=KITCHEN))
    assert time.perf_counter() - began < 1.0


async def test_the_loop_runs_on_while_sentences_are_compiled() -> None:
    part = understanding(FEW_INTENTS)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    await part.prepare("en")
    ticking.cancel()
    assert ticks > 10
    part.close()


async def test_a_new_home_is_used_at_once_and_the_old_names_are_gone() -> None:
    part = understanding(FEW_INTENTS)
    assert isinstance(await plan(part, "turn on the reading lamp"), Nothing)
    part.use(FEW_INTENTS, HomeView([Entity(EntityId("light.reading"), "Reading Lamp", "light")], HOME.areas))
    (command,) = await commands(part, "turn on the reading lamp")
    assert command.slots["entity_id"] == "light.reading"
    assert isinstance(await plan(part, "turn on the desk lamp"), Nothing)
    part.close()


class Later:
    """A tier that gives what it was made with."""

    why = "as made"

    def __init__(self, plan: Plan | None) -> None:
        self._plan = plan
        self.asked: list[str] = []
        self.home: HomeView | None = None

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        self.home = home

    async def plan(self, transcript: Transcript, situation: Situation) -> Plan | None:
        self.asked.append(transcript.text)
        return self._plan


async def test_planner_and_chat_are_asked_in_order_and_only_when_the_rules_pass() -> None:
    planner, chat = Later(None), Later(Chat("hello"))
    part = Understanding(StillClock(), ZONE, planner=planner, chat=chat)
    part.use(FEW_INTENTS, HOME)
    assert planner.home is HOME
    await plan(part, "turn on the desk lamp")
    assert planner.asked == []
    made = await understood(part, "tell me a story")
    assert made.plan == Chat("hello")
    assert [(note.tier, note.took) for note in made.tiers] == [
        ("dialogue", False),
        ("templates", False),
        ("planner", False),
        ("chat", True),
    ]
    assert [note.why for note in made.tiers[2:]] == ["as made", "as made"]
    assert planner.asked == chat.asked == ["tell me a story"]
    part.close()


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_phrases_are_bounded_unlike_and_always_the_same(part: Understanding, language: str) -> None:
    found = part.phrases(language, 120)
    assert len(found) == len(set(found)) <= 120
    assert found == part.phrases(language, 120)
    assert len(part.phrases(language, 10)) == 10
    assert not any(sign in phrase for phrase in found for sign in "[]{}()<>|")


async def test_phrases_name_what_this_home_has(part: Understanding) -> None:
    found = set(part.phrases("en", 2_000))
    assert {"turn on desk lamp", "start timer for ten minutes", "roll two dice", "mood party"} <= found
    assert not any("awning" in phrase for phrase in found)


async def test_phrases_that_name_this_home_are_understood_as_commands(part: Understanding) -> None:
    named = [phrase for phrase in part.phrases("en", 400) if "desk lamp" in phrase]
    share = [isinstance(await plan(part, phrase, Said(area_id=KITCHEN)), Commands) for phrase in named]
    assert sum(share) > 0.7 * len(share) > 0


async def test_words_hold_sentences_and_names(part: Understanding) -> None:
    words = part.words("en")
    assert {"turn", "desk", "lamp", "study", "garage", "upstairs"} <= set(words)
    assert list(words) == sorted(words)
