"""Names, ids, areas, availability, and who hears which message."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from assistant.home.topics import is_filter, is_topic, matches
from tests.home.parts import BEDSIDE, NOON, PREFIX, House

PLUG = {"command_topic": "p/set", "state_topic": "p"}


@pytest.mark.parametrize(
    ("device", "name", "area", "spoken"),
    [
        ("Lamp", None, "", "Lamp"),
        ("Lamp", "Lamp", "", "Lamp"),
        ("Lamp", "lamp dimmer", "", "lamp dimmer"),
        ("Lamp", "Lampshade", "", "Lamp Lampshade"),
        ("Lamp", "Relay", "", "Lamp Relay"),
        ("kitchen_lamp", None, "", "kitchen lamp"),
        ("Living_Room-Dimmer", None, "Living Room", "Dimmer"),
        ("Living Room Light", None, "Living Room", "Living Room Light"),
        ("Kitchen", None, "Kitchen", "Kitchen"),
        ("  Two   spaces ", None, "", "Two spaces"),
        ("", "거실 조명", "거실", "거실 조명"),
    ],
)
def test_names_are_said_without_doubling(device: str, name: str | None, area: str, spoken: str) -> None:
    house = House()
    facts = {"identifiers": ["d"], "name": device, "suggested_area": area}
    plug = house.announce("switch", name=name, unique_id="u", device=facts, **PLUG)
    assert house.entity(plug).name == spoken


def test_a_sensor_without_a_name_is_called_by_what_it_measures() -> None:
    house = House()
    house.announce("sensor", state_topic="t", device_class="temperature", unique_id="u", device=BEDSIDE)
    assert [entity.name for entity in house.registry.view().entities] == ["Bedside temperature"]


def test_things_of_one_name_get_the_same_ids_whoever_comes_second() -> None:
    seconds = set()
    for order in itertools.permutations(("a", "b", "c")):
        house = House()
        for unique in order:
            house.announce("light", at=unique, name="Lamp", unique_id=unique, command_topic=f"{unique}/set")
        assert "light.lamp" in house.ids()
        assert len(house.ids()) == 3
        seconds |= set(house.ids())
    assert len(seconds) == 4


def test_an_id_is_the_same_after_removal_and_return() -> None:
    house = House()
    ids = []
    for _ in range(2):
        ids.append(house.announce("switch", name="Plug", unique_id="u", **PLUG))
        house.send(f"{PREFIX}/switch/thing/config", b"")
    assert ids[0] == ids[1] == "switch.plug"


def test_the_same_unique_id_on_two_devices_is_two_entities() -> None:
    house = House()
    for node in ("one", "two"):
        device = {"identifiers": node, "name": node}
        house.announce("light", at=node, name=None, unique_id="ESPlight", command_topic="l", device=device)
    assert house.ids() == ["light.one", "light.two"]


def test_areas_with_one_name_in_other_letters_are_one_area() -> None:
    house = House()
    for number, area in enumerate(("Living Room", "living room")):
        device = {"identifiers": str(number), "name": f"Lamp {number}", "suggested_area": area}
        house.announce("light", at=str(number), name=None, command_topic="l", device=device)
    assert [area.id for area in house.registry.view().areas] == ["living_room"]


def test_a_korean_area_keeps_its_name() -> None:
    house = House()
    device = {"identifiers": "d", "name": "조명", "suggested_area": "거실"}
    lamp = house.announce("light", name=None, command_topic="l", device=device)
    assert house.entity(lamp).area_id == "거실"


def test_only_a_device_that_says_it_is_gone_is_unavailable() -> None:
    """Many programs don't have their word kept by the broker: silence says nothing."""
    house = House()
    plug = house.announce("switch", name="P", availability_topic="p/online", **PLUG)
    assert house.state(plug).is_available
    house.tell("p/online", "offline")
    assert not house.state(plug).is_available
    house.tell("p/online", "gibberish")
    assert not house.state(plug).is_available
    house.tell("p/online", "online")
    assert house.state(plug).is_available


def test_a_device_without_availability_is_always_there() -> None:
    house = House()
    assert house.state(house.announce("switch", name="P", **PLUG)).is_available


@pytest.mark.parametrize(
    ("mode", "words", "is_there"),
    [
        ("all", ["a online"], True),
        ("all", ["a offline"], False),
        ("all", ["a online", "b online"], True),
        ("all", ["a online", "b online", "a offline"], False),
        ("any", ["a online"], True),
        ("any", ["a offline"], False),
        ("any", ["a offline", "b offline"], False),
        ("latest", ["a online"], True),
        ("latest", ["a online", "b offline"], False),
        ("latest", ["a online", "b offline", "a online"], True),
        ("nonsense", ["a online"], True),
    ],
)
def test_availability_of_several_topics(mode: str, words: list[str], is_there: bool) -> None:
    house = House()
    topics = [{"topic": "a"}, {"topic": "b"}]
    plug = house.announce("switch", name="P", availability=topics, availability_mode=mode, **PLUG)
    for word in words:
        house.tell(*word.split())
    assert house.state(plug).is_available is is_there


def test_availability_may_be_json() -> None:
    house = House()
    source = {"topic": "bridge", "value_template": "{{ value_json.state }}"}
    plug = house.announce("switch", name="P", availability=[source], **PLUG)
    house.tell("bridge", '{"state": "online"}')
    assert house.state(plug).is_available


def test_an_update_that_drops_availability_makes_the_device_available() -> None:
    house = House()
    plug = house.announce("switch", name="P", unique_id="u", availability_topic="p/online", **PLUG)
    house.announce("switch", name="P", unique_id="u", **PLUG)
    assert house.state(plug).is_available


def test_who_comes_late_hears_what_was_said_before() -> None:
    """A broker sends a kept message once a subscription; the second entity on a topic would wait forever."""
    house = House()
    shared: dict[str, Any] = {"availability_topic": "bridge", "state_topic": "lamp", "command_topic": "lamp/set"}
    house.announce("switch", at="one", name="One", **shared)
    house.tell("bridge", "online")
    house.tell("lamp", "ON", NOON)
    second = house.announce("switch", at="two", name="Two", **shared)
    assert house.state(second).is_available
    assert house.state(second).value == "on"
    assert house.state(second).updated_at == NOON


def test_a_state_knows_its_age() -> None:
    house = House()
    plug = house.announce("switch", name="P", **PLUG)
    assert house.state(plug).updated_at is None
    house.tell("p", "ON", NOON)
    house.tell("p", "OFF", NOON + timedelta(minutes=1))
    assert house.state(plug).updated_at == NOON + timedelta(minutes=1)


def test_a_state_topic_may_have_wildcards() -> None:
    house = House()
    sensor = house.announce("sensor", name="S", state_topic="+/+/BT/ABC", value_template="{{ value_json.t }}")
    house.tell("home/gateway/BT/ABC", '{"t": 7}')
    assert house.state(sensor).value == "7"


def test_a_topic_is_given_back_only_when_nobody_listens_any_more() -> None:
    house = House()
    for name in ("one", "two"):
        house.announce("switch", at=name, name=name, **PLUG)
    assert house.send(f"{PREFIX}/switch/one/config", b"").forget == frozenset()
    assert house.send(f"{PREFIX}/switch/two/config", b"").forget == {"p"}


@pytest.mark.parametrize("topic", ["", "#", "+", "+/#", "a#", "a/#/b", "a+/b", "a\0b", "\ud800", "x" * 70_000])
def test_filters_that_would_be_refused_or_take_everything_are_none(topic: str) -> None:
    assert not is_filter(topic)
    assert not is_topic(topic)


@pytest.mark.parametrize(
    ("topic_filter", "topic", "takes"),
    [
        ("a/b", "a/b", True),
        ("a/+", "a/b", True),
        ("a/+", "a/b/c", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("+/b", "a/c", False),
    ],
)
def test_filters_take_topics_as_mqtt_says(topic_filter: str, topic: str, takes: bool) -> None:
    assert matches(topic_filter, topic) is takes
