"""Several dangerous things are never done in one go, and what can be said instead is told."""

from __future__ import annotations

import pytest

from assistant.testing.home import small_home, thing
from tests.skills.home_parts import acted, say


@pytest.mark.parametrize(
    ("sentence", "language", "words"),
    [
        ("unlock everything", "en", "You could say: unlock the "),
        ("please unlock all the doors", "en", "You could say: unlock the "),
        ("모든 문의 잠금을 해제해 줘", "ko", "한 번에 하나씩만"),
    ],
)
async def test_all_doors_are_not_unlocked_in_one_go(sentence: str, language: str, words: str) -> None:
    home = small_home()
    home.add(thing("lock", "Back Door", "kitchen"), "locked")
    answer = await say(sentence, home=home, language=language)
    assert words in answer.text
    assert acted(home) == []


async def test_the_only_door_is_unlocked_after_a_yes() -> None:
    home = small_home()
    assert "really unlock the Front Door" in (await say("unlock all the doors", home=home)).text
    assert acted(home) == []
    await say("unlock everything", "yes", home=home)
    assert acted(home) == ["front_door unlock"]
