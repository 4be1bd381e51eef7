"""All of a kind in one go: closing is done, opening and disarming never; one room is not all of the home."""

from __future__ import annotations

import pytest

from assistant.testing.home import FakeHome, full_home, small_home, thing
from tests.skills.home_parts import acted, korean, say


def with_two_of_each() -> FakeHome:
    home = small_home()
    for name in ("Side Gate", "Car Port"):
        home.add(thing("cover", name, "garage", device_class="gate"), "closed")
    for name in ("Garden Valve", "Kitchen Valve"):
        home.add(thing("valve", name, "garden"), "open")
    for name in ("House Alarm", "Shed Alarm"):
        home.add(thing("alarm_control_panel", name, "hall", features=frozenset({"disarm"})), "armed_away")
    home.add(thing("lock", "Back Door", "kitchen"), "locked")
    return home


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("open everything", "open the Garage Door"),
        ("open it all", "open the Garage Door"),
        ("open all the doors", "open the Garage Door"),
        ("open every gate", "open the Garage Door"),
        ("open all valves", "open the Garden Valve"),
        ("open the valves", "open the Garden Valve"),
        ("disarm all alarms", "disarm the House Alarm"),
        ("deactivate every alarm system", "disarm the House Alarm"),
        ("disarm everything", "disarm the House Alarm"),
        ("unlock all doors", "unlock the Front Door"),
    ],
)
async def test_several_dangerous_things_are_refused_with_what_to_say_instead(sentence: str, words: str) -> None:
    home = with_two_of_each()
    answer = await say(sentence, home=home)
    assert f"only one thing at a time. You could say: {words}" in answer.text
    assert acted(home) == []


@pytest.mark.parametrize("sentence", ["전부 열어 줘", "모든 문 열어 줘", "밸브 모두 열어 줘", "모든 경보기 해제해 줘"])
async def test_several_dangerous_things_are_refused_in_korean(sentence: str) -> None:
    home = small_home()
    home.add(thing("cover", "Garden Gate", "garage", device_class="gate"), "closed")
    home = korean(home)
    for name in ("하나", "둘"):
        home.add(thing("valve", name, "garden"), "closed")
        home.add(thing("alarm_control_panel", name, "hall", features=frozenset({"disarm"})), "armed_away")
    answer = await say(sentence, home=home, language="ko")
    assert "한 번에 하나씩만" in answer.text
    assert acted(home) == []


async def test_closing_all_is_done() -> None:
    home = with_two_of_each()
    await say("close all valves", home=home)
    assert acted(home) == ["garden_valve close", "kitchen_valve close"]
    home.acted.clear()
    await say("close all the doors", home=home)
    assert acted(home) == ["garage_door close", "side_gate close", "car_port close"]
    home.acted.clear()
    await say("close everything", home=home)
    assert len(acted(home)) == 6


@pytest.mark.parametrize("word", ["open", "close"])
async def test_windows_with_motors_are_moved_together(word: str) -> None:
    home = with_two_of_each()
    for name in ("Roof Window", "Skylight"):
        home.add(thing("cover", name, "hall", device_class="window"), "closed")
    await say(f"{word} all the windows", home=home)
    assert acted(home) == [f"roof_window {word}", f"skylight {word}"]


async def test_doors_without_motors_are_locked_and_unlocked() -> None:
    home = FakeHome()
    home.add(thing("lock", "Front Door", "hall"), "locked")
    assert "really unlock the Front Door" in (await say("open all doors", home=home)).text
    await say("close all doors", home=home)
    assert acted(home) == ["front_door lock"]


async def test_the_only_alarm_is_asked_for_its_code() -> None:
    assert (await say("disarm all alarms", home=full_home())).text == "What is the code of the House Alarm?"


async def test_what_a_home_lacks_is_not_opened() -> None:
    assert (await say("open all valves", home=full_home())).text == "I don't know of a valve in this home."
    assert (await say("open all doors", home=full_home())).text == "I don't know of a door in this home."


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("clean the kitchen", "en"),
        ("vacuum in the bedroom", "en"),
        ("hoover the bedroom with the robot vacuum", "en"),
        ("have the robot vacuum clean the kitchen", "en"),
        ("start vacuuming the hall", "en"),
        ("주방 청소해 줘", "ko"),
        ("로봇 청소기로 침실만 청소해 줘", "ko"),
    ],
)
async def test_one_room_is_not_cleaned_by_cleaning_all(sentence: str, language: str) -> None:
    home = full_home() if language == "en" else korean(full_home())
    answer = await say(sentence, home=home, language=language)
    assert [outcome.key for outcome in answer.outcomes] == ["no_single_rooms"]
    assert ("can't clean just the " if language == "en" else "만 청소하라고") in answer.text
    assert ("start the Robot Vacuum" if language == "en" else "로봇 청소기 돌려 줘") in answer.text
    assert acted(home) == []


@pytest.mark.parametrize(
    ("sentence", "language"),
    [("start the robot vacuum", "en"), ("clean the house", "en"), ("로봇 청소기 돌려 줘", "ko"), ("청소해 줘", "ko")],
)
async def test_all_of_the_home_is_cleaned(sentence: str, language: str) -> None:
    home = full_home() if language == "en" else korean(full_home())
    await say(sentence, home=home, language=language)
    assert acted(home) == ["robot_vacuum start"]
