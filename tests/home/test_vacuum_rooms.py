"""Rooms of vacuum cleaners: told in the state or on Valetudo's own topics, and cleaned by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.home import EntityState
from assistant.home.order import Unsupported
from assistant.home.vacuum_rooms import MAX_ROOMS, ROOMS, rooms_of, with_rooms
from tests.home.parts import House

ROBOT = "vacuum.dusty"
VALETUDO = {"availability_topic": "valetudo/dusty/$state", "state_topic": "valetudo/dusty/hass/dusty_vacuum/state"}


def robot(**config: Any) -> House:
    house = House()
    house.announce("vacuum", name="Dusty", unique_id="d", **{"state_topic": "s", "command_topic": "c", **config})
    return house


def test_rooms_in_the_state_are_cleaned_by_name_as_a_list_of_ids() -> None:
    house = robot(clean_segments_command_topic="c/rooms")
    house.tell("s", {"state": "docked", "segments": {"4": "Scullery", "7": "Music_Room"}})
    assert house.state(ROBOT).value == "docked"
    assert house.sent(ROBOT, "clean_rooms", named="music room,scullery") == [("c/rooms", '["7", "4"]')]
    assert "rooms" in house.entity(ROBOT).features


def test_the_robots_template_makes_the_payload() -> None:
    house = robot(clean_segments_command_topic="c/rooms", clean_segments_command_template="{{ value | join('+') }}")
    house.tell("s", {"state": "docked", "segments": {"4": "Scullery", "7": "Pantry"}})
    assert house.sent(ROBOT, "clean_rooms", named="Pantry,Scullery") == [("c/rooms", "7+4")]


def test_a_valetudo_that_announces_no_rooms_tells_them_all_the_same() -> None:
    house = robot(**VALETUDO)
    house.tell("valetudo/dusty/MapData/segments", {"16": "Scullery", "17": "17"})
    (sent,) = house.sent(ROBOT, "clean_rooms", named="scullery")
    assert sent == ("valetudo/dusty/MapSegmentationCapability/clean/set", {"segment_ids": ["16"]})
    with pytest.raises(Unsupported):
        house.order(ROBOT, "clean_rooms", named="17")


@pytest.mark.parametrize(
    ("config", "topic"),
    [({}, "s"), ({"availability_topic": "robots/dusty/$state"}, "robots/dusty/MapData/segments")],
)
def test_any_other_robot_has_no_rooms(config: dict[str, str], topic: str) -> None:
    house = robot(**config)
    house.tell(topic, {"state": "docked", "segments": {"4": "Scullery"}})
    assert ROOMS not in house.state(ROBOT).attributes
    assert "rooms" not in house.entity(ROBOT).features
    with pytest.raises(Unsupported):
        house.order(ROBOT, "clean_rooms", named="Scullery")


def test_one_unknown_room_is_enough_to_clean_none() -> None:
    house = robot(clean_segments_command_topic="c/rooms")
    house.tell("s", {"state": "docked", "segments": {"4": "Scullery"}})
    with pytest.raises(Unsupported):
        house.order(ROBOT, "clean_rooms", named="Scullery,Attic")


def test_a_robot_that_gets_stuck_has_failed() -> None:
    house = robot(clean_segments_command_topic="c/rooms")
    house.tell("s", {"state": "docked", "segments": {"4": "Scullery"}})
    order = house.order(ROBOT, "clean_rooms", named="Scullery")
    assert order.wanted is not None
    assert order.wanted(EntityState("cleaning"))
    assert order.refused is not None
    assert order.refused(EntityState("error"))


def test_rooms_are_bounded_and_stay_when_the_state_says_nothing_of_them() -> None:
    state = with_rooms(EntityState(), {"1": "Scullery"})
    assert with_rooms(state, None) is state
    assert with_rooms(state, {str(number): f"Room {number}" for number in range(MAX_ROOMS + 1)}) is state
    assert rooms_of(with_rooms(state, {})) == {}


@given(
    st.dictionaries(st.text(max_size=3), st.none() | st.integers() | st.text(max_size=5), max_size=4) | st.integers()
)
def test_whatever_a_robot_tells_is_borne(told: object) -> None:
    assert all(isinstance(name, str) for name in rooms_of(with_rooms(EntityState(), told)).values())
    json.dumps(dict(with_rooms(EntityState(), told).attributes))
