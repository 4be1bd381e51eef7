"""What one can say."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.turn import OutcomeStatus
from tests.skills.parts import talk


async def test_each_time_other_examples_are_given(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        first, second = await me.say("what can you do"), await me.say("what can you do")
        assert first.startswith("You can say, for example: ")
        assert first != second


async def test_every_example_it_gives_is_understood(tmp_path: Path) -> None:
    for language, question in (("en", "what can you do"), ("ko", "뭐 할 수 있어")):
        async with talk(tmp_path / language, language) as me:
            replies = {await me.say(question) for _ in range(8)}
            assert len(replies) > 2
            assert me.turn is not None
            shown = {str(value) for value in me.turn.outcomes[-1].values.values() if value}
            for sentence in shown:
                await me.say(sentence)
                assert me.status is not None, sentence


async def test_help_for_one_thing(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert (await me.say("help me with timers")).startswith("Try: set a timer for ten minutes; or: ")
        assert "remind me" in await me.say("what can you do with reminders")
        assert "shopping list" in await me.say("what can i say about the shopping list")
        assert await me.say("help me with my tax return") == "I have no help about tax return."
        assert me.status is OutcomeStatus.NOT_FOUND


@pytest.mark.parametrize(
    "sentence", ["help", "what can you say", "what can I say", "what else can you do", "I need help"]
)
async def test_ways_to_ask_for_help(tmp_path: Path, sentence: str) -> None:
    async with talk(tmp_path) as me:
        answer = await me.say(sentence)
        assert answer.startswith("You can say, for example: ")
        assert answer.count("; or: ") == 2


async def test_asked_again_about_one_thing_it_gives_the_other_examples(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        first, second = await me.say("what can you do with lists"), await me.say("what can you do with lists")
        assert first != second


async def test_the_skills_are_named(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        answer = await me.say("which skills do you have")
        assert all(name in answer for name in ("clock", "lists", "reminders", "smalltalk", "timers"))
        assert "help" not in answer


@pytest.mark.parametrize(
    "sentence", ["how does a refrigerator work", "how do i make pancakes", "how do i use a compass", "help wanted"]
)
async def test_a_question_about_the_world_is_no_call_for_help(tmp_path: Path, sentence: str) -> None:
    async with talk(tmp_path) as me:
        await me.say(sentence)
        assert me.status is None


async def test_korean_help(tmp_path: Path) -> None:
    async with talk(tmp_path, "ko") as me:
        assert "타이머" in await me.say("타이머 사용법 알려줘")
        assert "기능이" in await me.say("무슨 기능이 있어")
