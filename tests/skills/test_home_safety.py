"""Several dangerous things are never done in one go, and what can be said instead is told."""

from __future__ import annotations

import pytest

from assistant.core.home import ActionStatus, EntityId
from assistant.testing.home import FakeHome, small_home, thing
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


def with_coded_alarm() -> FakeHome:
    home = small_home()
    features = frozenset({"disarm", "code_disarm", "checks_code"})
    home.add(thing("alarm_control_panel", "House Alarm", "hall", features=features), "armed_away")
    return home


@pytest.mark.parametrize(
    "sentences", [("disarm the alarm with the code two four six eight",), ("disarm the alarm", "two four six eight")]
)
async def test_the_code_of_an_alarm_is_confirmation_enough(sentences: tuple[str, ...]) -> None:
    home = with_coded_alarm()
    assert (await say(*sentences, home=home)).text == "The House Alarm is disarmed."
    assert acted(home) == ["house_alarm disarm 2468"]


async def test_a_wrong_code_is_told_as_such() -> None:
    home = with_coded_alarm()
    home.script(EntityId("alarm_control_panel.house_alarm"), ActionStatus.UNSUPPORTED)
    reply = (await say("disarm the alarm with the code one one one one", home=home)).text
    assert reply == "The House Alarm won't do that with this code."
