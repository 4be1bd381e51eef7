"""Tasmota's own discovery: parts, sensors, names, states and commands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.home import Action, Entity, EntityId, EntityState, Value
from assistant.home.command import order_for
from assistant.home.dialects import dialects_of
from assistant.home.dialects.tasmota import TasmotaForm
from assistant.home.discovery import DiscoveryFault
from assistant.home.intake import Intake, Taken
from tests.home.parts import NOON, PREFIX

MAC = "A1B2C3D4E5F6"
CONFIG = f"tasmota/discovery/{MAC}/config"
SENSORS = f"tasmota/discovery/{MAC}/sensors"


def device(**changes: Any) -> dict[str, Any]:
    """What a plug says of itself, but for the changes."""
    return {
        "ip": "10.0.0.9", "dn": "Tea corner", "fn": ["Kettle", None, None, None], "hn": "tea-1", "mac": MAC,
        "md": "Plug S", "ty": 0, "if": 0, "ofln": "Offline", "onln": "Online",
        "state": ["OFF", "ON", "TOGGLE", "HOLD"], "sw": "14.1.0", "t": "tea", "ft": "%prefix%/%topic%/",
        "tp": ["cmnd", "stat", "tele"], "rl": [1, 0, 0, 0], "swc": [-1, -1], "swn": [None, None], "btn": [0, 0],
        "so": {"4": 0, "30": 0, "68": 0, "73": 0, "82": 0, "114": 0}, "lk": 1, "lt_st": 0, "sho": [], "ver": 1,
    } | changes  # fmt: skip


class Tasmotas:
    """A home with Tasmota devices."""

    def __init__(self, **changes: Any) -> None:
        self.intake = Intake(dialects_of(PREFIX))
        if changes:
            self.send(CONFIG, device(**changes))

    def send(self, topic: str, payload: Any) -> Taken:
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        return self.intake.take(topic, raw.encode(), NOON)

    @property
    def entities(self) -> dict[str, Entity]:
        return {each.name: each for each in self.intake.registry.view().entities}

    def kinds(self) -> list[tuple[str, str]]:
        return sorted((each.domain, each.name) for each in self.entities.values())

    def state(self, name: str) -> EntityState:
        return self.intake.registry.state(self.entities[name].id)

    def sent(self, name: str, verb: str, **values: Value) -> list[tuple[str, str]]:
        known = self.intake.registry.find(self.entities[name].id)
        assert known is not None
        order = order_for(known.announced, Action(EntityId(known.entity.id), verb, values), known.state)
        return [(each.topic, each.payload) for each in order.messages]


def test_a_relay_is_switched_by_its_own_topics_and_words() -> None:
    home = Tasmotas(state=["AUS", "AN", "TOGGLE", "HOLD"])
    assert home.kinds() == [("switch", "Kettle")]
    assert home.sent("Kettle", "turn_on") == [("cmnd/tea/Power1", "AN")]
    assert home.sent("Kettle", "turn_off") == [("cmnd/tea/Power1", "AUS")]


@pytest.mark.parametrize(
    ("topic", "payload", "value"),
    [
        ("stat/tea/RESULT", '{"POWER":"ON"}', "on"),
        ("stat/tea/RESULT", '{"POWER1":"ON"}', "on"),
        ("stat/tea/RESULT", '{"POWER2":"ON"}', None),
        ("tele/tea/STATE", '{"Time":"2026-03-01T12:00:00","POWER":"OFF"}', "off"),
        ("stat/tea/STATUS11", '{"StatusSTS":{"POWER":"ON"}}', "on"),
        ("stat/tea/RESULT", '{"Dimmer":3}', None),
        ("stat/tea/RESULT", "no json", None),
    ],
)
def test_a_relay_is_read_from_replies_reports_and_answers(topic: str, payload: str, value: str | None) -> None:
    home = Tasmotas(fn=["Kettle"])
    home.send(topic, payload)
    assert home.state("Kettle").value == value
    assert len(home.intake.registry.faults) == 0


def test_a_device_that_drops_off_the_net_is_away() -> None:
    home = Tasmotas(ofln="Gone", onln="Here")
    home.send("tele/tea/LWT", "Gone")
    assert not home.state("Kettle").is_available
    home.send("tele/tea/LWT", "Here")
    assert home.state("Kettle").is_available


def test_full_topic_may_have_any_order_and_the_address() -> None:
    home = Tasmotas(ft="house/%topic%-%id%/%prefix%")
    assert home.sent("Kettle", "turn_on") == [("house/tea-D4E5F6/cmnd/Power1", "ON")]


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"fn": ["Tasmota"], "dn": "Tea corner"}, ["Tea corner"]),
        ({"fn": ["Tasmota", "Tasmota2"], "rl": [1, 1]}, ["Tea corner 1", "Tea corner 2"]),
        ({"fn": ["Kettle", "Toaster"], "rl": [1, 1]}, ["Kettle", "Toaster"]),
        ({"fn": ["Kettle", None], "rl": [1, 1]}, ["Kettle", "Tea corner 2"]),
        ({"fn": ["Tasmota"], "dn": "Tasmota", "t": "tea_corner"}, ["tea corner"]),
        ({"fn": [None], "dn": "Tasmota", "t": "tasmota_D4E5F6"}, ["Tasmota"]),
    ],
)
def test_names_are_those_that_somebody_chose(changes: dict[str, Any], names: list[str]) -> None:
    assert sorted(Tasmotas(**changes).entities) == names


def test_relays_of_lamps_are_lights() -> None:
    home = Tasmotas(so={"30": 1})
    assert home.kinds() == [("light", "Kettle")]
    assert home.entities["Kettle"].features == frozenset()


LIGHT: dict[str, Any] = {"rl": [2], "fn": ["Strip"]}


@pytest.mark.parametrize(
    ("subtype", "features"),
    [
        (0, set()),
        (1, {"brightness"}),
        (2, {"brightness", "color_temp"}),
        (3, {"brightness", "color", "color_temp"}),
        (4, {"brightness", "color", "color_temp"}),
        (5, {"brightness", "color", "color_temp"}),
    ],
)
def test_lights_can_what_their_kind_can(subtype: int, features: set[str]) -> None:
    assert Tasmotas(lt_st=subtype, **LIGHT).entities["Strip"].features == features


def test_a_light_is_dimmed_coloured_and_whitened() -> None:
    home = Tasmotas(lt_st=5, **LIGHT)
    assert ("cmnd/tea/Dimmer", "30") in home.sent("Strip", "turn_on", brightness_pct=30)
    assert ("cmnd/tea/Color2", "0,255,0") in home.sent("Strip", "turn_on", color="green")
    assert ("cmnd/tea/CT", "250") in home.sent("Strip", "turn_on", color_temp_kelvin=4000)
    assert ("cmnd/tea/CT", "153") in home.sent("Strip", "turn_on", color_temp_kelvin=9000)
    assert ("cmnd/tea/CT", "200") in Tasmotas(lt_st=2, so={"82": 1}, **LIGHT).sent(
        "Strip", "turn_on", color_temp_kelvin=9000
    )
    assert ("cmnd/tea/White", "100") in Tasmotas(lt_st=4, **LIGHT).sent("Strip", "turn_on", color="white")
    assert home.sent("Strip", "turn_off") == [("cmnd/tea/Power1", "OFF")]


@pytest.mark.parametrize(
    ("color", "told"),
    [
        ("255,0,0,0,0", [255, 0, 0]),
        ("51,26,0", [255, 130, 0]),
        ("FF000000", [255, 0, 0]),
        ("331A00", [255, 130, 0]),
        ("0,0,0,255,128", None),
        ("00000080FF", None),
        ("", None),
        ("x", None),
    ],
)
def test_a_colour_is_told_as_bright_as_it_can_be(color: str, told: list[int] | None) -> None:
    home = Tasmotas(lt_st=5, **LIGHT)
    home.send("stat/tea/RESULT", json.dumps({"POWER": "ON", "Dimmer": 20, "CT": 400, "Color": color}))
    state = home.state("Strip")
    assert (state.value, state.attributes["brightness_pct"], state.attributes["color_temp_kelvin"]) == ("on", 20, 2500)
    heard = state.attributes.get("color")
    assert (json.loads(str(heard)) if heard else None) == (dict(zip("rgb", told, strict=True)) if told else None)


def test_colour_and_white_of_one_lamp_may_be_two_lights() -> None:
    home = Tasmotas(lt_st=5, lk=0, rl=[2, 2], fn=["Colour", "White"])
    assert ("cmnd/tea/Dimmer1", "10") in home.sent("Colour", "turn_on", brightness_pct=10)
    assert ("cmnd/tea/Dimmer2", "10") in home.sent("White", "turn_on", brightness_pct=10)
    assert "color" not in home.entities["White"].features
    home.send("tele/tea/STATE", {"POWER1": "OFF", "POWER2": "ON", "Dimmer1": 5, "Dimmer2": 70})
    assert (home.state("White").value, home.state("White").attributes["brightness_pct"]) == ("on", 70)


def test_channels_are_lights_of_their_own() -> None:
    home = Tasmotas(lt_st=3, rl=[2, 2], fn=["Left", "Right"], so={"68": 1})
    assert ("cmnd/tea/Channel2", "10") in home.sent("Right", "turn_on", brightness_pct=10)
    assert home.entities["Right"].features == {"brightness"}


def test_two_relays_are_one_shutter() -> None:
    home = Tasmotas(rl=[3, 3, 3, 3, 1], fn=["Blind", "Awning", None, None, "Bell"])
    assert home.kinds() == [("cover", "Awning"), ("cover", "Blind"), ("switch", "Bell")]
    assert home.sent("Awning", "open") == [("cmnd/tea/ShutterOpen2", "")]
    assert home.sent("Blind", "set_position", position=30) == [("cmnd/tea/ShutterPosition1", "30")]
    assert home.sent("Blind", "stop") == [("cmnd/tea/ShutterStop1", "")]


def test_half_a_shutter_is_none() -> None:
    assert Tasmotas(rl=[3, 0, 1], fn=["Blind", None, "Bell"]).kinds() == [("switch", "Bell")]


@pytest.mark.parametrize(
    ("direction", "position", "value"), [(1, 40, "opening"), (-1, 40, "closing"), (0, 0, "closed"), (0, 40, "open")]
)
def test_a_shutter_tells_where_it_goes(direction: int, position: int, value: str) -> None:
    home = Tasmotas(rl=[3, 3], fn=["Blind"])
    home.send("stat/tea/RESULT", {"Shutter1": {"Position": position, "Direction": direction, "Target": 40}})
    assert (home.state("Blind").value, home.state("Blind").attributes["position"]) == (value, position)


@pytest.mark.parametrize("topic", ["tele/tea/SENSOR", "stat/tea/STATUS10"])
def test_a_shutter_is_read_among_the_readings_too(topic: str) -> None:
    home = Tasmotas(rl=[3, 3], fn=["Blind"])
    told = {"Shutter1": {"Position": 0, "Direction": 0, "Target": 0}}
    home.send(topic, {"StatusSNS": told} if "STATUS" in topic else told)
    assert home.state("Blind").value == "closed"


def test_an_inverted_shutter_counts_the_other_way_round() -> None:
    home = Tasmotas(rl=[3, 3], fn=["Blind"], sho=[1])
    assert home.sent("Blind", "set_position", position=30) == [("cmnd/tea/ShutterPosition1", "70")]
    home.send("tele/tea/STATE", {"Shutter1": {"Position": 70, "Direction": -1}})
    assert (home.state("Blind").value, home.state("Blind").attributes["position"]) == ("opening", 30)
    home.send("tele/tea/STATE", {"Shutter1": {"Position": 100, "Direction": 0}})
    assert home.state("Blind").value == "closed"


def test_slats_are_tilted_in_their_own_range() -> None:
    home = Tasmotas(rl=[3, 3], fn=["Blind"], sht=[[-90, 90, 1]])
    assert home.sent("Blind", "set_tilt", tilt=75) == [("cmnd/tea/ShutterTilt1", "45")]
    home.send("stat/tea/RESULT", {"Shutter1": {"Position": 1, "Direction": 0, "Tilt": 45}})
    assert home.state("Blind").attributes["tilt"] == 75


def test_a_ceiling_fan_has_a_light_and_three_speeds() -> None:
    home = Tasmotas(**{"if": 1}, rl=[2], fn=["Lamp"], dn="Ceiling fan")
    assert home.kinds() == [("fan", "Ceiling fan"), ("light", "Lamp")]
    assert home.sent("Ceiling fan", "set_percentage", percentage=100) == [("cmnd/tea/FanSpeed", "3")]
    assert home.sent("Ceiling fan", "turn_off") == [("cmnd/tea/FanSpeed", "0")]
    home.send("stat/tea/RESULT", {"FanSpeed": 2})
    assert (home.state("Ceiling fan").value, home.state("Ceiling fan").attributes["percentage"]) == ("on", 67)
    home.send("stat/tea/RESULT", {"FanSpeed": 0})
    assert home.state("Ceiling fan").value == "off"


def test_buttons_tell_how_they_were_pressed() -> None:
    home = Tasmotas(btn=[1, 0], so={"73": 1})
    home.send("stat/tea/RESULT", {"Button1": {"Action": "DOUBLE"}})
    assert home.state("Tea corner button 1").value == "DOUBLE"
    assert len(home.entities) == 2


def test_contacts_that_tell_of_themselves_are_read() -> None:
    home = Tasmotas(swc=[1, 2], swn=["Letter box", None], so={"114": 1})
    home.send("stat/tea/RESULT", {"Switch1": {"Action": "ON"}})
    home.send("tele/tea/SENSOR", {"Switch2": "OFF"})
    assert (home.state("Letter box").value, home.state("Tea corner switch 2").value) == ("on", "off")


SAMPLE = {
    "sn": {
        "Time": "2026-03-01T12:00:00",
        "ENERGY": {"TotalStartTime": "2025-01-01T00:00:00", "Total": 1.5, "Power": [3, 4], "ApparentPower": 5},
        "SHT3X": {"Temperature": 20.5, "Humidity": 40.0, "DewPoint": 6.0},
        "DS18B20": {"Id": "0123", "Temperature": 30.0},
        "TX23": {"Speed": {"Act": 1.2}},
        "TempUnit": "C",
        "SpeedUnit": "km/h",
    },
    "ver": 1,
}


@pytest.mark.parametrize("order", [(CONFIG, SENSORS), (SENSORS, CONFIG)])
def test_sensors_are_read_whichever_message_comes_first(order: tuple[str, str]) -> None:
    home, messages = Tasmotas(), {CONFIG: device(), SENSORS: SAMPLE}
    for topic in order:
        home.send(topic, messages[topic])
    facts = {name: (each.device_class, each.unit) for name, each in home.entities.items() if each.domain == "sensor"}
    assert facts == {
        "Tea corner total": ("energy", "kWh"),
        "Tea corner power 1": ("power", "W"),
        "Tea corner power 2": ("power", "W"),
        "Tea corner apparent power": ("apparent_power", "VA"),
        "Tea corner SHT3X temperature": ("temperature", "°C"),
        "Tea corner humidity": ("humidity", "%"),
        "Tea corner dew point": ("temperature", "°C"),
        "Tea corner DS18B20 temperature": ("temperature", "°C"),
        "Tea corner speed act": ("speed", "km/h"),
    }
    home.send("tele/tea/SENSOR", {"SHT3X": {"Temperature": 21.5}, "ENERGY": {"Power": [7]}})
    home.send("stat/tea/STATUS10", {"StatusSNS": {"TX23": {"Speed": {"Act": 3}}}})
    assert home.state("Tea corner SHT3X temperature").value == "21.5"
    assert home.state("Tea corner power 1").value == "7"
    assert home.state("Tea corner power 2").value is None
    assert home.state("Tea corner speed act").value == "3"


def test_a_device_is_asked_for_its_state_as_soon_as_it_is_known() -> None:
    home, plug = Tasmotas(), json.dumps(device())
    assert home.send(SENSORS, SAMPLE).asks == (), "nobody knows yet where to ask"
    assert home.send(CONFIG, plug).asks == (("cmnd/tea/STATUS", "11"), ("cmnd/tea/STATUS", "10"))
    assert home.send(SENSORS, SAMPLE).asks == (("cmnd/tea/STATUS", "10"),)
    assert home.send(CONFIG, "").asks == ()
    home = Tasmotas(rl=[1])
    assert home.send(SENSORS, {"sn": {"Time": "2026-03-01T12:00:00"}}).asks == (), "it measures nothing"
    assert home.send(CONFIG, device(rl=[3, 3])).asks[-1] == ("cmnd/tea/STATUS", "10"), "shutters are among the readings"


def test_an_empty_message_takes_the_device_with_its_sensors_away() -> None:
    home = Tasmotas(fn=["Kettle"])
    home.send(SENSORS, SAMPLE)
    home.send(SENSORS, "")
    assert home.kinds() == [("switch", "Kettle")]
    home.send(SENSORS, SAMPLE)
    home.send(CONFIG, "")
    assert home.kinds() == []


def test_a_device_that_changed_is_updated_in_place() -> None:
    home = Tasmotas(fn=["Kettle"])
    home.send("tele/tea/STATE", {"POWER": "ON"})
    before = home.entities["Kettle"].id
    home.send(CONFIG, device(fn=["Samovar"]))
    assert (home.entities["Samovar"].id, home.state("Samovar").value) == (before, "on")


@pytest.mark.parametrize(
    "payload",
    [
        device(mac="000000000000"), device(ft="tele/%topic%/"), device(ft="%prefix%/#/"), device(t=""),
        device(tp=["cmnd"]), [], "{", device(t="a+b"),
    ],
)  # fmt: skip
def test_a_broken_message_leaves_what_works(payload: Any) -> None:
    home = Tasmotas(fn=["Kettle"])
    home.send(CONFIG, payload)
    assert home.kinds() == [("switch", "Kettle")]
    assert len(home.intake.registry.faults) == 1


def test_replies_on_topics_of_their_own_are_heard() -> None:
    home = Tasmotas(so={"4": 1})
    home.send("stat/tea/POWER", "ON")
    assert home.state("Kettle").value is None
    home.send("stat/tea/POWER", {"POWER": "ON"})
    assert home.state("Kettle").value == "on"


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from([*device(), "sht"]), _ANY, max_size=4), st.dictionaries(st.text(), _ANY))
def test_whatever_a_device_says_is_read_or_refused(changes: dict[str, Any], sample: dict[str, Any]) -> None:
    form, intake = TasmotaForm(), Intake(dialects_of(PREFIX))
    for topic, message in ((SENSORS, {"sn": sample}), (CONFIG, device(**changes))):
        raw = json.dumps(message).encode()
        intake.take(topic, raw, NOON)
        try:
            list(form.read(topic, raw))
        except DiscoveryFault:
            continue
