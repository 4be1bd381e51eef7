"""A Zigbee2MQTT without discovery in the house: found, renamed, removed, grouped, away, and never there twice."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.core.home import Action, EntityId
from assistant.home.command import Unsupported, order_for
from assistant.home.config import ConfigFault
from assistant.home.dialects.zigbee2mqtt import MAX_BRIDGES, Zigbee2MqttBridge
from assistant.home.discovery import Discovery
from assistant.home.template import TemplateFault
from tests.home.parts import NOON, PREFIX
from tests.home.zigbee2mqtt_home import (
    BOTH,
    DIMMER,
    OFF,
    TOLD,
    WHITES,
    XY,
    BridgedHome,
    device,
    main,
    on_off,
    value,
)

ON: dict[str, Any] = {"version": "2.3.0", "config": {"homeassistant": {"enabled": True}}}
LAMP = device("0x00a1", "Floor lamp", main("light", on_off(), DIMMER))
PLUG = device("0x00b2", "Kettle", main("switch", on_off()), value("numeric", "power", unit="W"))
ALL = ["light.floor_lamp", "sensor.kettle_power", "switch.kettle"]


def with_(**config: Any) -> dict[str, Any]:
    return {"version": "2.3.0", "config": {"homeassistant": {"enabled": False}, **config}}


# ── whether its lists are needed ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("info", "is_read"),
    [
        (OFF, True), ({"config": {}}, True), ({}, True), ({"config": {"homeassistant": False}}, True),
        ({"config": {"homeassistant": {}}}, True), ({"config": 3}, True),
        ({"config": {"homeassistant": {"enabled": True, "discovery_topic": "elsewhere"}}}, True),
        (ON, False), ({"config": {"homeassistant": True}}, False),
        ({"config": {"homeassistant": {"enabled": True, "discovery_topic": PREFIX}}}, False),
        ({"version": "1.40.2", "config": {"homeassistant": {"status_topic": "hass/status"}}}, False),
    ],
)  # fmt: skip
def test_the_lists_are_read_where_discovery_is_not(info: dict[str, Any], is_read: bool) -> None:
    assert bool(BridgedHome(LAMP, info=info).ids()) is is_read


def test_until_a_bridge_tells_its_settings_it_is_not_known_if_it_announces() -> None:
    home = BridgedHome(LAMP, PLUG, info=None)
    assert home.ids() == []
    change = home.send("bridge/info", OFF)
    assert home.ids() == ALL
    assert "zigbee2mqtt/Floor lamp" in change.listen


def test_discovery_that_is_switched_on_takes_over_and_nothing_is_there_twice() -> None:
    home = BridgedHome(LAMP)
    home.send("bridge/info", ON)
    assert home.ids() == []
    home.send("light/0x00a1/light/config", {
        "unique_id": "0x00a1_light_zigbee2mqtt", "name": None, "schema": "json", "command_topic": "z/set",
        "device": {"identifiers": ["zigbee2mqtt_0x00a1"], "name": "Floor lamp"},
    }, PREFIX)  # fmt: skip
    home.send("bridge/devices", [LAMP])
    assert home.ids() == ["light.floor_lamp"]


def test_discovery_that_comes_before_its_settings_is_the_same_light() -> None:
    home = BridgedHome(LAMP)
    home.send("light/0x00a1/light/config", {
        "unique_id": "0x00a1_light_zigbee2mqtt", "name": None, "schema": "json", "command_topic": "z/set",
        "device": {"identifiers": ["zigbee2mqtt_0x00a1"], "name": "Floor lamp"},
    }, PREFIX)  # fmt: skip
    home.send("bridge/info", ON)
    assert home.ids() == ["light.floor_lamp"]
    assert home.sent("light.floor_lamp", "turn_on")[0][0] == "z/set"


async def test_a_name_that_was_given_stays_when_discovery_is_switched_on() -> None:
    home = BridgedHome(LAMP)
    known = home.registry.find(EntityId("light.floor_lamp"))
    assert known is not None
    await home.names.rename(known.announced, "Reading light")
    home.send("bridge/info", ON)
    home.send("light/0x00a1/light/config", {
        "unique_id": "0x00a1_light_zigbee2mqtt", "name": None, "schema": "json", "command_topic": "z/set",
        "device": {"identifiers": ["zigbee2mqtt_0x00a1"], "name": "Floor lamp"},
    }, PREFIX)  # fmt: skip
    assert [each.name for each in home.registry.view().entities] == ["Reading light"]


def test_settings_that_say_the_same_again_change_nothing() -> None:
    home = BridgedHome(LAMP)
    change = home.send("bridge/info", {**OFF, "permit_join": True})
    assert not change.listen
    assert not change.forget
    assert not change.is_renamed
    assert home.ids() == ["light.floor_lamp"]


# ── devices come, go, and are called otherwise ───────────────────────────────────────────────────


def test_a_renamed_device_keeps_its_id_and_is_spoken_to_elsewhere() -> None:
    home = BridgedHome(LAMP, PLUG)
    home.send("Kettle", {"state": "ON"})
    change = home.send("bridge/devices", [LAMP, {**PLUG, "friendly_name": "Tea maker"}])
    assert home.ids() == ALL
    assert home.entity("switch.kettle").name == "Tea maker"
    assert home.sent("switch.kettle", "turn_off") == [("zigbee2mqtt/Tea maker/set", {"state": "OFF"})]
    assert home.state("switch.kettle").value == "on"
    assert "zigbee2mqtt/Tea maker" in change.listen
    assert "zigbee2mqtt/Kettle" in change.forget


def test_a_list_that_comes_again_brings_back_what_discovery_took_away() -> None:
    home = BridgedHome(LAMP)
    topic = "light/0x00a1/light/config"
    home.send(topic, {
        "unique_id": "0x00a1_light_zigbee2mqtt", "name": None, "schema": "json", "command_topic": "z/set",
        "device": {"identifiers": ["zigbee2mqtt_0x00a1"], "name": "Floor lamp"},
    }, PREFIX)  # fmt: skip
    home.send(topic, "", PREFIX)
    assert home.ids() == []
    home.send("bridge/devices", [LAMP])
    assert home.ids() == ["light.floor_lamp"]


def test_of_a_long_list_only_what_changed_is_told() -> None:
    bridge = Zigbee2MqttBridge(PREFIX)
    list(bridge.read("zigbee2mqtt/bridge/info", json.dumps(OFF).encode()))
    for listed, told in (([LAMP], ["light"]), ([LAMP, PLUG], ["switch", "sensor"]), ([PLUG], [])):
        found = list(bridge.read("zigbee2mqtt/bridge/devices", json.dumps(listed).encode()))
        assert [each.component for part in found for each in part.components] == told
    assert found[-1] == Discovery("zigbee2mqtt/bridge/devices/zigbee2mqtt_0x00a1", ()), "the lamp is taken away"


def test_a_long_list_is_told_device_by_device() -> None:
    bridge, listed = Zigbee2MqttBridge(PREFIX), [{**LAMP, "ieee_address": f"0x{number}"} for number in range(50)]
    list(bridge.read("zigbee2mqtt/bridge/info", json.dumps(OFF).encode()))
    found = list(bridge.read("zigbee2mqtt/bridge/devices", json.dumps(listed).encode()))
    assert [len(part.components) for part in found] == [0, *[1] * 50]


def test_a_group_follows_its_members_though_it_is_listed_as_before() -> None:
    group = {"id": 4, "friendly_name": "Ground floor", "members": [{"ieee_address": "0x00a1"}]}
    home = BridgedHome(LAMP)
    home.send("bridge/groups", [group])
    assert "color" not in home.entity("light.ground_floor").features
    home.send("bridge/devices", [device("0x00a1", "Floor lamp", main("light", on_off(), XY))])
    assert "color" in home.entity("light.ground_floor").features


def test_a_device_that_gets_another_definition_has_its_new_parts_alone() -> None:
    home = BridgedHome(LAMP, PLUG)
    home.send("bridge/devices", [LAMP, device("0x00b2", "Kettle", main("switch", on_off()), value("binary", "gas"))])
    assert home.ids() == ["binary_sensor.kettle_gas", "light.floor_lamp", "switch.kettle"]


@pytest.mark.parametrize("listed", [[LAMP], [LAMP, {**PLUG, "disabled": True}], [LAMP, {**PLUG, "definition": None}]])
def test_a_device_that_is_gone_is_gone(listed: list[dict[str, Any]]) -> None:
    home = BridgedHome(LAMP, PLUG)
    home.send("bridge/devices", listed)
    assert home.ids() == ["light.floor_lamp"]


def test_a_broken_list_takes_nothing_away() -> None:
    home = BridgedHome(LAMP, PLUG)
    for topic in ("bridge/devices", "bridge/groups", "bridge/info"):
        home.send(topic, '["cut off')
    home.send("bridge/groups", [])
    assert home.ids() == ALL


@pytest.mark.parametrize("name", ["", "a+b", "a/#", None, 7])
def test_a_device_whose_name_makes_no_topic_is_passed_over(name: object) -> None:
    assert BridgedHome(LAMP, {**PLUG, "friendly_name": name}).ids() == ["light.floor_lamp"]


def test_the_coordinator_is_no_device() -> None:
    stick = device("0x00c3", "Coordinator", value("numeric", "power"), type="Coordinator")
    assert BridgedHome(stick).ids() == []


def test_areas_come_from_names_and_descriptions() -> None:
    home = BridgedHome({**LAMP, "friendly_name": "attic/Floor lamp"}, {**PLUG, "description": "area: Pantry"})
    assert [each.name for each in home.registry.view().areas] == ["Pantry", "attic"]
    assert home.entity("switch.kettle").area_id == "pantry"


def test_two_bridges_do_not_mix() -> None:
    home = BridgedHome(LAMP)
    other = device("0x00d4", "Garden pump", main("switch", on_off()))
    home.send("bridge/info", OFF, "home/zigbee")
    home.send("bridge/devices", [other], "home/zigbee")
    assert home.ids() == ["light.floor_lamp", "switch.garden_pump"]
    assert home.sent("switch.garden_pump", "turn_on") == [("home/zigbee/Garden pump/set", {"state": "ON"})]
    home.send("bridge/devices", [])
    assert home.ids() == ["switch.garden_pump"]


def test_there_is_an_end_to_bridges() -> None:
    home = BridgedHome(LAMP)
    for number in range(40):
        home.send("bridge/info", OFF, f"bridge{number}")
        home.send(
            "bridge/devices", [device(f"0x{number}", f"Lamp {number}", main("switch", on_off()))], f"bridge{number}"
        )
    assert len(home.ids()) == MAX_BRIDGES
    assert len(home.registry.faults) > 0


# ── groups ───────────────────────────────────────────────────────────────────────────────────────

WHITE_LAMP = device("0x00e5", "Shelf lamp", main("light", on_off(), DIMMER, WHITES))
COLOR_LAMP = device("0x00f6", "Wall lamp", main("light", on_off("state_left"), XY, endpoint="left"))


def group(number: int, name: str, *members: dict[str, Any], **more: Any) -> dict[str, Any]:
    listed = [{"ieee_address": each["ieee_address"], "endpoint": 1} for each in members]
    return {"id": number, "friendly_name": name, "members": listed, "scenes": [], **more}


def test_a_group_of_lights_is_one_light_that_can_what_any_of_them_can() -> None:
    home = BridgedHome(LAMP, WHITE_LAMP, COLOR_LAMP)
    home.send("bridge/groups", [group(4, "Mood", LAMP, WHITE_LAMP, COLOR_LAMP)])
    assert home.entity("light.mood").features == {"brightness", "color", "color_temp"}
    assert home.sent("light.mood", "turn_on", color_temp_kelvin=4000) == [
        ("zigbee2mqtt/Mood/set", {"state": "ON", "color_temp": 250})
    ]
    home.send("Mood", {"state": "ON", "brightness": 127})
    assert home.state("light.mood").attributes["brightness_pct"] == 50


def test_a_mixed_group_is_one_thing_of_each_kind_and_its_scenes() -> None:
    home = BridgedHome(LAMP, PLUG)
    home.send("bridge/groups", [group(5, "Corner", LAMP, PLUG, scenes=[{"id": 3, "name": "Film"}])])
    assert [each for each in home.ids() if "corner" in each] == [
        "light.corner", "scene.corner_film", "switch.corner",
    ]  # fmt: skip
    assert home.sent("scene.corner_film", "turn_on") == [("zigbee2mqtt/Corner/set", {"scene_recall": 3})]


def test_the_scenes_of_a_device_belong_to_it() -> None:
    scenes = {"1": {"scenes": [{"id": 2, "name": "Reading"}]}, "242": {"scenes": []}}
    home = BridgedHome({**LAMP, "endpoints": scenes})
    assert home.sent("scene.floor_lamp_reading", "turn_on") == [("zigbee2mqtt/Floor lamp/set", {"scene_recall": 2})]


def test_a_group_that_is_renamed_or_dissolved_follows() -> None:
    home = BridgedHome(LAMP)
    home.send("bridge/groups", [group(4, "Mood", LAMP)])
    home.send("bridge/groups", [group(4, "Evening", LAMP)])
    assert home.entity("light.mood").name == "Evening"
    home.send("bridge/groups", [])
    assert home.ids() == ["light.floor_lamp"]


def test_groups_that_come_before_the_devices_wait_for_them() -> None:
    home = BridgedHome(info=OFF)
    home.send("bridge/groups", [group(4, "Mood", LAMP)])
    assert home.ids() == []
    home.send("bridge/devices", [LAMP])
    assert home.ids() == ["light.floor_lamp", "light.mood"]


# ── there or away ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", [('{"state": "offline"}', '{"state": "online"}'), ("offline", "online")])
def test_all_are_away_with_their_bridge(words: tuple[str, str]) -> None:
    home = BridgedHome(LAMP)
    for word, is_there in zip(words, (False, True), strict=True):
        home.send("bridge/state", word)
        assert home.state("light.floor_lamp").is_available is is_there


@pytest.mark.parametrize(
    ("config", "is_heard"),
    [
        ({}, False), ({"availability": {"enabled": True}}, True), ({"availability": {"enabled": False}}, False),
        ({"availability": True}, True), ({"availability": {"active": {"timeout": 10}}}, True),
        ({"devices": {"0x00a1": {"availability": True}}}, True),
        ({"availability": True, "devices": {"0x00a1": {"availability": False}}}, False),
        ({"availability": True, "devices": {"0x00a1": {"retain": True}}}, True),
    ],
)  # fmt: skip
def test_a_device_is_away_by_its_own_word_where_it_gives_one(config: dict[str, Any], is_heard: bool) -> None:
    home = BridgedHome(LAMP, info=with_(**config))
    home.send("bridge/state", {"state": "online"})
    home.send("Floor lamp/availability", {"state": "offline"})
    assert home.state("light.floor_lamp").is_available is not is_heard


def test_availability_that_is_switched_on_later_is_listened_to() -> None:
    home = BridgedHome(LAMP)
    change = home.send("bridge/info", with_(availability=True))
    assert change.listen == {"zigbee2mqtt/Floor lamp/availability"}


# ── whatever comes ───────────────────────────────────────────────────────────────────────────────

EVERYTHING = device(
    "0x00aa", "Odd", main("light", on_off(), DIMMER, WHITES, XY), main("fan", on_off("fan_state"),
    value("enum", "mode", BOTH, values=["off", "low", "high", "auto"])), main("cover", value("enum", "state", BOTH,
    values=["OPEN", "CLOSE"]), value("numeric", "position", BOTH)), main("lock", on_off()),
    main("climate", value("numeric", "occupied_heating_setpoint", BOTH, value_min=5, value_max=30, unit="°C"),
    value("enum", "system_mode", BOTH, values=["off", "heat"])), value("numeric", "humidity", TOLD, unit="%"),
    {"type": "composite", "name": "warning", "property": "warning", "access": 2,
     "features": [value("enum", "mode", BOTH, values=["stop", "fire"]), value("numeric", "duration", BOTH)]},
    value("enum", "sound", BOTH, values=["a", "b"]), value("binary", "buzzer", BOTH, value_on="on", value_off="off"),
)  # fmt: skip
ODD: st.SearchStrategy[Any] = st.sampled_from([
    None, True, -1, 0, 1e308, float("nan"), float("inf"), 10**400, "", "'] }}", "\ud800", "x" * 300, [], {}, [[]],
    ["a", None, 3], {"a": {}}, "+", "#", "\0",
])  # fmt: skip
VERBS = ("turn_on", "turn_off", "open", "close", "set_position", "lock", "set_temperature", "set_mode",
         "set_percentage", "set_value", "select")  # fmt: skip
VALUES: dict[str, Any] = {"brightness_pct": 40, "position": 40, "temperature": 20, "mode": "heat", "percentage": 40,
                          "value": 3, "option": "a", "color": "red"}  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, good: Any) -> Any:
    """The payload with some of its values replaced, taken out or put elsewhere."""
    payload = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 4))):
        place = payload
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and place[key] and draw(st.integers(0, 4)):
                place = place[key]
                continue
            if isinstance(place, dict) and draw(st.booleans()):
                del place[key]
            else:
                # a copy: what is put in may be damaged next
                place[key] = copy.deepcopy(draw(ODD))
            break
    return payload


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged([EVERYTHING]), damaged([group(1, "Set", EVERYTHING, scenes=[{"id": 1, "name": "s"}])]), damaged(OFF))
def test_damaged_lists_never_harm(devices: Any, groups: Any, info: Any) -> None:
    home = BridgedHome(LAMP)
    home.send("bridge/devices", json.dumps([LAMP, *devices]))
    home.send("bridge/groups", json.dumps(groups))
    # what is announced from a list can be used, whatever is in that list: nothing of it is a fault later
    assert not len(home.registry.faults)
    assert "light.floor_lamp" in home.ids()
    home.intake.take("zigbee2mqtt/Odd", b'{"state": "ON", "position": 4, "humidity": null}', NOON)
    for known in home.registry.roster.all():
        for verb in VERBS:
            with suppress(Unsupported, TemplateFault, ConfigFault):
                order_for(known.announced, Action(EntityId(known.entity.id), verb, VALUES), known.state)
    home.send("bridge/info", json.dumps(info))
