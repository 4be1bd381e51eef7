"""Single rooms by voice: the robot that knows them is sent there, and nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from assistant.core.home import Area, AreaId, EntityState
from assistant.testing.home import FakeHome, full_home, thing
from tests.skills.home_parts import korean, say

KNOWN = {"1": "Kitchen", "2": "Guest Bath", "3": "Snug"}


def home_with_rooms(*robots: str) -> FakeHome:
    home = FakeHome()
    home.add(thing("light", "Kitchen Light", "kitchen"), "off")
    home.add(thing("light", "Den Light", "den"), "off")
    for number, name in enumerate(robots or ("Dusty",)):
        home.add(thing("vacuum", name), "docked", rooms=json.dumps(KNOWN if number == 0 else {"9": "Attic"}))
    return home


@pytest.mark.parametrize(
    ("sentence", "rooms"),
    [
        ("clean the kitchen", "Kitchen"),
        ("vacuum the guest bath please", "Guest Bath"),
        ("hoover the snug with dusty", "Snug"),
        ("clean the kitchen and the guest bath", "Kitchen,Guest Bath"),
        ("vacuum the kitchen and snug and guest bath", "Kitchen,Snug,Guest Bath"),
        ("have dusty mop the snug", "Snug"),
    ],
)
async def test_a_room_that_the_robot_knows_is_cleaned(sentence: str, rooms: str) -> None:
    home = home_with_rooms()
    await say(sentence, home=home)
    assert [(each.verb, dict(each.values)) for each in home.acted] == [("clean_rooms", {"named": rooms})]


async def test_an_area_goes_by_any_of_its_names() -> None:
    home = home_with_rooms()
    view = home.view()
    areas = [Area(AreaId("den"), "Den", ("Snug",)) if area.id == "den" else area for area in view.areas]
    home._view = replace(view, areas=areas)
    await say("clean the den", home=home)
    assert [dict(each.values) for each in home.acted] == [{"named": "Snug"}]


async def test_of_two_robots_the_one_that_knows_the_room_goes() -> None:
    home = home_with_rooms("Dusty", "Upstairs Robot")
    await say("vacuum the attic", home=home)
    assert [each.entity_id for each in home.acted] == ["vacuum.upstairs_robot"]


async def test_a_room_that_no_robot_knows_is_told_with_those_it_knows() -> None:
    home = home_with_rooms()
    answer = await say("vacuum the wine cellar", home=home)
    assert answer.text == "The Dusty doesn't know a room called wine cellar. It knows the Kitchen, Guest Bath and Snug."
    assert home.acted == []


async def test_the_house_is_still_cleaned_as_a_whole() -> None:
    home = home_with_rooms()
    await say("vacuum the house", home=home)
    assert [each.verb for each in home.acted] == ["start"]


async def test_it_works_in_korean() -> None:
    home = korean(full_home())
    robot = next(each for each in home.view().entities if each.domain == "vacuum")
    kitchen = next(area.name for area in home.view().areas if area.id == "kitchen")
    home.states[robot.id] = EntityState("docked", {"rooms": json.dumps({"1": kitchen})})
    answer = await say("주방 청소해 줘", home=home, language="ko")
    assert [outcome.key for outcome in answer.outcomes] == ["cleans_rooms"]
