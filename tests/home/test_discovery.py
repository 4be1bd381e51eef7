"""Forms of discovery: what a message announces, changes and takes away."""

from __future__ import annotations

import json

import pytest

from assistant.home.discovery import DiscoveryFault, read_discovery
from tests.home.parts import BEDSIDE, PREFIX, House


def test_the_single_form_announces_one_entity_in_its_area() -> None:
    house = House()
    lamp = house.announce("light", name="Lamp", unique_id="u1", command_topic="l/set", device=BEDSIDE)
    assert house.entity(lamp).name == "Bedside Lamp"
    assert house.entity(lamp).area_id == "bedroom"
    assert [area.name for area in house.registry.view().areas] == ["Bedroom"]


def test_a_node_id_in_the_topic_tells_components_without_unique_id_apart() -> None:
    house = House()
    for node in ("one", "two"):
        house.send(f"{PREFIX}/switch/{node}/relay/config", {"name": f"Relay {node}", "command_topic": "r/set"})
    assert house.ids() == ["switch.relay_one", "switch.relay_two"]


def test_the_device_form_announces_all_components_with_shared_keys() -> None:
    house = House()
    change = house.send(
        f"{PREFIX}/device/bed/config",
        {
            "dev": {"ids": ["d"], "name": "Bed", "sa": "Bedroom"},
            "o": {"name": "test"},
            "stat_t": "bed/state",
            "avty_t": "bed/online",
            "cmps": {
                "lamp": {"p": "light", "uniq_id": "a", "cmd_t": "bed/lamp/set", "name": "Lamp"},
                "heat": {"p": "sensor", "uniq_id": "b", "dev_cla": "temperature", "val_tpl": "{{ value_json.t }}"},
            },
        },
    )
    assert house.ids() == ["light.bed_lamp", "sensor.bed_temperature"]
    assert change.listen == {"bed/state", "bed/online"}


def test_a_part_with_only_its_platform_is_taken_away_and_the_others_stay() -> None:
    house = House()
    parts = {
        "a": {"p": "switch", "uniq_id": "a", "cmd_t": "a/set", "name": "A"},
        "b": {"p": "switch", "uniq_id": "b", "cmd_t": "b/set", "name": "B"},
    }
    message = {"dev": {"ids": "d", "name": "Plug"}, "cmps": parts}
    house.send(f"{PREFIX}/device/plug/config", message)
    house.send(f"{PREFIX}/device/plug/config", {**message, "cmps": {**parts, "a": {"p": "switch"}}})
    assert house.ids() == ["switch.plug_b"]


def test_a_broken_part_of_the_device_form_takes_nothing_away() -> None:
    house = House()
    parts = {part: {"p": "switch", "uniq_id": part, "cmd_t": f"{part}/set", "name": part} for part in "ab"}
    message = {"dev": {"ids": "d", "name": "Plug"}, "cmps": parts}
    house.send(f"{PREFIX}/device/plug/config", message)
    for broken in (7, {}, {"p": "switch", "uniq_id": "b"}, {"p": "switch", "uniq_id": "b", "cmd_t": "#"}):
        house.send(f"{PREFIX}/device/plug/config", {**message, "cmps": {"a": parts["a"], "b": broken}})
        assert house.ids() == ["switch.plug_a", "switch.plug_b"]


@pytest.mark.parametrize(
    ("base", "written", "topic"),
    [("home/lamp", "~/set", "home/lamp/set"), ("home/lamp/", "~set", "home/lamp/set"), ("lamp", "cmd/~", "cmd/lamp")],
)
def test_the_base_topic_is_written_out(base: str, written: str, topic: str) -> None:
    house = House()
    lamp = house.announce("light", **{"~": base, "name": "Lamp", "cmd_t": written})
    assert house.sent(lamp, "turn_on") == [(topic, "ON")]


def test_the_base_topic_is_written_out_in_availability() -> None:
    house = House()
    lamp = house.announce("light", **{"~": "b", "name": "Lamp", "cmd_t": "~/set", "avty": [{"t": "~/online"}]})
    house.tell("b/online", "offline")
    assert not house.state(lamp).is_available


def test_short_keys_mean_the_same_as_long_ones() -> None:
    short, long = House(), House()
    short.announce("light", name="L", cmd_t="l/set", stat_t="l", bri_cmd_t="l/b", bri_scl=100, uniq_id="u", pl_on="1")
    long.announce(
        "light",
        name="L",
        command_topic="l/set",
        state_topic="l",
        brightness_command_topic="l/b",
        brightness_scale=100,
        unique_id="u",
        payload_on="1",
    )
    wanted = [("l/b", "40"), ("l/set", "1")]
    assert short.sent("light.l", "turn_on", brightness_pct=40) == wanted
    assert long.sent("light.l", "turn_on", brightness_pct=40) == wanted


def test_an_empty_payload_removes_and_gives_the_topics_back() -> None:
    house = House()
    house.announce("switch", name="Plug", command_topic="p/set", state_topic="p/state", unique_id="u")
    change = house.send(f"{PREFIX}/switch/thing/config", b"")
    assert house.ids() == []
    assert change.forget == {"p/state"}
    assert change.is_renamed


def test_the_same_topic_again_updates_in_place_and_keeps_id_and_state() -> None:
    house = House()
    plug = house.announce("switch", name="Plug", command_topic="p/set", state_topic="p/state", unique_id="u")
    house.tell("p/state", "ON")
    change = house.send(
        f"{PREFIX}/switch/thing/config",
        {"name": "Heater", "command_topic": "p/set", "state_topic": "p/state", "unique_id": "u"},
    )
    assert house.entity(plug).name == "Heater"
    assert house.state(plug).value == "on"
    assert change.is_renamed
    assert not change.listen
    assert not change.forget


def test_an_unchanged_announcement_changes_nothing() -> None:
    house = House()
    config = {"name": "Plug", "command_topic": "p/set", "unique_id": "u"}
    assert house.send(f"{PREFIX}/switch/thing/config", config).is_renamed
    assert not house.send(f"{PREFIX}/switch/thing/config", config).is_renamed


def test_an_entity_that_moved_to_another_topic_outlives_the_old_one() -> None:
    house = House()
    config = {"name": "Plug", "command_topic": "p/set", "unique_id": "u", "device": {"identifiers": ["d"]}}
    house.send(f"{PREFIX}/switch/old/config", config)
    house.send(f"{PREFIX}/switch/new/config", config)
    house.send(f"{PREFIX}/switch/old/config", b"")
    assert house.ids() == ["switch.plug"]
    house.send(f"{PREFIX}/switch/new/config", b"")
    assert house.ids() == []


def test_migration_to_the_device_form_loses_nothing() -> None:
    house = House()
    device = {"identifiers": ["d"], "name": "Plug"}
    plug = house.announce("switch", at="old", name=None, command_topic="p/set", unique_id="u", device=device)
    house.send(f"{PREFIX}/switch/old/config", {"migrate_discovery": True})
    assert house.ids() == [plug]
    part = {"p": "switch", "unique_id": "u", "command_topic": "p/set", "name": None}
    house.send(f"{PREFIX}/device/d/config", {"device": device, "components": {"relay": part}})
    house.send(f"{PREFIX}/switch/old/config", b"")
    assert house.ids() == [plug]


def test_the_order_of_identifiers_does_not_matter() -> None:
    house = House()
    for ids in (["b", "a"], ["a", "b"]):
        house.announce("switch", name="Plug", command_topic="p/set", unique_id="u", device={"identifiers": ids})
    assert house.ids() == ["switch.plug"]


@pytest.mark.parametrize(
    "config",
    [{}, {"name": "x"}, {"command_topic": ""}, {"command_topic": 7}, {"command_topic": "a/#"}, {"command_topic": "\0"}],
)
def test_a_useless_update_leaves_a_working_entity_alone(config: dict[str, object]) -> None:
    house = House()
    plug = house.announce("switch", name="Plug", command_topic="p/set", state_topic="p", unique_id="u")
    house.send(f"{PREFIX}/switch/thing/config", {**config, "unique_id": "u"})
    house.send(f"{PREFIX}/switch/thing/config", config)
    assert house.ids() == [plug]
    assert house.sent(plug, "turn_on") == [("p/set", "ON")]


@pytest.mark.parametrize(
    "payload",
    [b"{", b"[]", b"7", b"\xff\xfe{}", b'{"a": ' * 5000, b'"' + b"x" * 300_000 + b'"', b"null", b"1" * 10_000],
)
def test_what_is_no_announcement_says_so(payload: bytes) -> None:
    with pytest.raises(DiscoveryFault):
        read_discovery(PREFIX, f"{PREFIX}/light/a/config", payload)


@pytest.mark.parametrize("topic", ["homeassistant/light/config", "homeassistant/light/a b/config", "x/light/a/config"])
def test_topics_of_another_form_are_no_discovery(topic: str) -> None:
    with pytest.raises(DiscoveryFault):
        read_discovery(PREFIX, topic, json.dumps({"name": "x"}).encode())


def test_components_that_nobody_here_knows_are_passed_over() -> None:
    house = House()
    house.send(f"{PREFIX}/media_player/a/config", {"name": "TV", "command_topic": "t"})
    house.send(f"{PREFIX}/camera/a/config", {"name": "Cam", "topic": "t"})
    assert house.ids() == []


def test_settings_of_a_device_and_what_is_switched_off_have_no_names_for_people() -> None:
    house = House()
    base = {"command_topic": "p/set", "state_topic": "p"}
    house.send(f"{PREFIX}/switch/a/config", {**base, "name": "Child lock", "entity_category": "config"})
    house.send(f"{PREFIX}/switch/b/config", {**base, "name": "Hidden", "enabled_by_default": False})
    house.send(f"{PREFIX}/sensor/c/config", {**base, "name": "Battery", "entity_category": "diagnostic"})
    assert house.ids() == ["sensor.battery"]
