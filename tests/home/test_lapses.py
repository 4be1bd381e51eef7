"""What holds only for a time, and then does not."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistant.home.lapses import Lapses
from tests.home.parts import NOON, House

SECOND = timedelta(seconds=1)


def test_a_measurement_expires_and_a_new_one_counts_again() -> None:
    house = House()
    meter = house.announce("sensor", name="Power", state_topic="p", expire_after=30)
    house.tell("p", "7", NOON)
    house.tell("p", "8", NOON + 20 * SECOND)
    assert house.registry.lapse(NOON + 40 * SECOND) == []
    assert house.registry.next_lapse == NOON + 50 * SECOND
    assert house.registry.lapse(NOON + 50 * SECOND) == [meter]
    state = house.state(meter)
    assert (state.value, state.is_available, state.updated_at) == (None, False, NOON + 20 * SECOND)
    house.tell("p", "9", NOON + 60 * SECOND)
    assert (house.state(meter).value, house.state(meter).is_available) == ("9", True)


def test_a_message_that_leaves_the_value_out_keeps_it_and_makes_it_no_younger() -> None:
    house = House()
    template = "{{ value_json.power if value_json.power is defined }}"
    meter = house.announce("sensor", name="Power", state_topic="p", expire_after=30, value_template=template)
    house.tell("p", {"power": 7}, NOON)
    house.tell("p", {"voltage": 230}, NOON + 20 * SECOND)
    assert house.registry.lapse(NOON + 40 * SECOND) == [], "the device speaks"
    assert (house.state(meter).value, house.state(meter).updated_at) == ("7", NOON)
    assert house.registry.lapse(NOON + 51 * SECOND) == [meter]


def test_what_says_nothing_of_motion_does_not_make_it_last() -> None:
    house = House()
    template = "{{ value_json.moves if value_json.moves is defined }}"
    motion = house.announce("binary_sensor", name="Motion", state_topic="m", off_delay=10, value_template=template)
    house.tell("m", {"moves": "ON"}, NOON)
    house.tell("m", {"battery": 80}, NOON + 8 * SECOND)
    assert house.registry.lapse(NOON + 11 * SECOND) == [motion]


def test_motion_is_over_when_nothing_says_that_it_goes_on() -> None:
    house = House()
    motion = house.announce("binary_sensor", name="Motion", state_topic="m", off_delay=10)
    house.tell("m", "ON", NOON)
    house.tell("m", "ON", NOON + 8 * SECOND)
    assert house.registry.lapse(NOON + 12 * SECOND) == []
    assert house.registry.lapse(NOON + 18 * SECOND) == [motion]
    assert house.state(motion).value == "off"


def test_who_says_off_itself_is_not_turned_off_again() -> None:
    house = House()
    house.announce("binary_sensor", name="Motion", state_topic="m", off_delay=10)
    house.tell("m", "ON", NOON)
    house.tell("m", "OFF", NOON + SECOND)
    assert house.registry.next_lapse is None


def test_what_is_removed_lapses_no_more() -> None:
    house = House()
    house.announce("sensor", name="Power", state_topic="p", expire_after=30)
    house.tell("p", "7", NOON)
    house.send("homeassistant/sensor/thing/config", b"")
    assert house.registry.lapse(NOON + 99 * SECOND) == []


def test_a_length_that_is_none_is_a_fault_of_the_component_alone() -> None:
    house = House()
    house.announce("sensor", name="Good", at="good", state_topic="g", expire_after="30")
    house.send("homeassistant/sensor/bad/config", {"name": "Bad", "state_topic": "b", "expire_after": "soon"})
    house.tell("g", "1", NOON)
    house.tell("b", "1", NOON)
    assert house.registry.next_lapse == NOON + 30 * SECOND


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 50)), max_size=300))
def test_each_key_lapses_once_at_its_newest_moment(sets: list[tuple[int, int]]) -> None:
    lapses: Lapses[int] = Lapses()
    newest: dict[int, int] = {}
    for key, at in sets:
        lapses.set(key, NOON + at * SECOND)
        newest[key] = at
    told = []
    while (at_ := lapses.next_at) is not None:
        told += [(key, at_) for key in lapses.due(at_)]
    assert sorted(told) == sorted((key, NOON + at * SECOND) for key, at in newest.items())
