"""A few friendly words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.core.turn import OutcomeStatus
from tests.skills.parts import talk


@pytest.mark.parametrize(
    "sentence",
    [
        "hello",
        "thank you",
        "how are you",
        "who are you",
        "good night",
        "good morning",
        "goodbye",
        "tell me a joke",
        "good job",
        "are you listening",
        "what's your name",
        "tell me another joke",
    ],
)
async def test_it_answers_and_does_nothing(tmp_path: Path, sentence: str) -> None:
    async with talk(tmp_path) as me:
        assert await me.say(sentence)
        assert me.status is OutcomeStatus.TOLD
        assert me.schedule.pending() == []


async def test_jokes_take_turns(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert len({await me.say("tell me a joke") for _ in range(6)}) == 6


async def test_the_greeting_knows_the_hour(tmp_path: Path) -> None:
    async with talk(tmp_path, now=datetime(2026, 3, 2, 20, tzinfo=UTC)) as me:
        assert await me.say("hello") == "Good evening."


@pytest.mark.parametrize("sentence", ["do you record me", "are you spying on us", "do you store what i say"])
async def test_it_says_honestly_what_becomes_of_what_it_hears(tmp_path: Path, sentence: str) -> None:
    async with talk(tmp_path) as me:
        for _ in range(2):
            answer = await me.say(sentence)
            assert "this device" in answer
            assert "lists and reminders" in answer


@pytest.mark.parametrize(
    "sentence", ["record me", "hello world program", "what is your address", "tell me a story", "are you"]
)
async def test_other_talk_is_left_to_others(tmp_path: Path, sentence: str) -> None:
    async with talk(tmp_path) as me:
        await me.say(sentence)
        assert me.status is None


@pytest.mark.parametrize(
    "sentence", ["안녕", "고마워", "넌 누구야", "듣고 있어", "내 목소리 녹음해", "잘 자", "농담 하나 해줘", "잘했어"]
)
async def test_korean_small_talk(tmp_path: Path, sentence: str) -> None:
    async with talk(tmp_path, "ko") as me:
        assert await me.say(sentence)
        assert me.status is OutcomeStatus.TOLD
