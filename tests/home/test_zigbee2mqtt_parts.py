"""Devices of a Zigbee2MQTT without discovery: what they are, what they tell, what they are sent."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.core.home import EntityId
from tests.home.zigbee2mqtt_home import (
    BOTH,
    DIMMER,
    HS,
    SET_ONLY,
    TOLD,
    WHITES,
    XY,
    BridgedHome,
    device,
    main,
    on_off,
    value,
)

SET = "zigbee2mqtt/Item/set"


def home(*exposes: dict[str, Any]) -> BridgedHome:
    made = BridgedHome(device("0x00a1", "Item", *exposes))
    assert not len(made.registry.faults)
    return made


# ── lights and switches ──────────────────────────────────────────────────────────────────────────


def test_a_coloured_light_is_told_all_in_one_message_in_a_mode_it_has() -> None:
    lamp = home(main("light", on_off(), DIMMER, WHITES, XY, HS))
    assert lamp.entity("light.item").features == {"brightness", "color", "color_temp"}
    assert lamp.sent("light.item", "turn_on", brightness_pct=50) == [(SET, {"state": "ON", "brightness": 127})]
    assert lamp.sent("light.item", "turn_on", color_temp_kelvin=4000) == [(SET, {"state": "ON", "color_temp": 250})]
    [(_, body)] = lamp.sent("light.item", "turn_on", color="red")
    assert set(body["color"]) == {"x", "y"}
    lamp.send("Item", {"state": "ON", "brightness": 254, "color_temp": 250, "linkquality": 80})
    assert lamp.state("light.item").value == "on"
    assert dict(lamp.state("light.item").attributes) == {"brightness_pct": 100, "color_temp_kelvin": 4000}


def test_the_whites_of_a_light_have_its_own_limits() -> None:
    assert home(main("light", on_off(), WHITES)).sent("light.item", "turn_on", color_temp_kelvin=6500) == [
        (SET, {"state": "ON", "color_temp": 200})
    ]


def test_effects_belong_to_the_light() -> None:
    lamp = home(main("light", on_off(), DIMMER), value("enum", "effect", SET_ONLY, values=["blink", "okay"]))
    assert lamp.ids() == ["light.item"]
    assert lamp.sent("light.item", "turn_on", effect="blink") == [(SET, {"state": "ON", "effect": "blink"})]


def test_each_light_of_a_device_has_its_own_keys_and_name() -> None:
    def part(end: str) -> dict[str, Any]:
        features = ({**each, "property": f"{each['property']}_{end}"} for each in (DIMMER, WHITES, XY))
        return main("light", on_off(f"state_{end}"), *features, endpoint=end)

    lamps = home(part("left"), part("right"))
    assert lamps.ids() == ["light.item_left", "light.item_right"]
    assert lamps.sent("light.item_left", "turn_on", brightness_pct=100, transition=2) == [
        (SET, {"state_left": "ON", "brightness_left": 254, "transition": 2})
    ]
    assert lamps.sent("light.item_left", "turn_on", color_temp_kelvin=4000) == [
        (SET, {"state_left": "ON", "color_temp_left": 250})
    ]
    assert lamps.sent("light.item_right", "turn_on", color="red") == [
        (SET, {"state_right": "ON", "color_right": {"r": 255, "g": 0, "b": 0}})
    ]
    assert lamps.sent("light.item_right", "turn_off") == [(SET, {"state_right": "OFF"})]
    lamps.send("Item", {"state_left": "ON", "brightness_left": 127, "state_right": "OFF", "color_right": {"x": 0.3}})
    assert lamps.state("light.item_left").value == "on"
    assert lamps.state("light.item_left").attributes["brightness_pct"] == 50
    assert lamps.state("light.item_right").value == "off"
    assert not len(lamps.registry.faults)


def test_effects_of_one_light_of_several_are_chosen_beside_it() -> None:
    effect = value("enum", "effect", SET_ONLY, property="effect_left", endpoint="left", values=["blink", "okay"])
    lamps = home(main("light", on_off("state_left"), endpoint="left"), effect)
    assert lamps.sent("select.item_effect_left", "select", option="blink") == [(SET, {"effect_left": "blink"})]


def test_a_plug_with_two_sockets_is_two_switches() -> None:
    plug = home(main("switch", on_off("state_l1"), endpoint="l1"), main("switch", on_off("state_l2"), endpoint="l2"))
    assert plug.ids() == ["switch.item_l1", "switch.item_l2"]
    assert plug.sent("switch.item_l2", "turn_on") == [(SET, {"state_l2": "ON"})]
    plug.send("Item", {"state_l2": "ON"})
    assert (plug.state("switch.item_l1").value, plug.state("switch.item_l2").value) == (None, "on")


# ── covers and locks ─────────────────────────────────────────────────────────────────────────────

MOVES = value("enum", "state", BOTH, values=["OPEN", "CLOSE", "STOP"])
POSITION = value("numeric", "position", BOTH, value_min=0, value_max=100)


def test_a_blind_is_moved_by_word_and_by_position() -> None:
    blind = home(main("cover", MOVES, POSITION, value("numeric", "tilt", BOTH, value_min=0, value_max=100)))
    assert blind.entity("cover.item").features == {"position", "stop", "tilt"}
    assert blind.sent("cover.item", "open") == [(SET, {"state": "OPEN"})]
    assert blind.sent("cover.item", "set_position", position=30) == [(SET, {"position": 30})]
    assert blind.sent("cover.item", "set_tilt", tilt=20) == [(SET, {"tilt": 20})]
    blind.send("Item", {"state": "CLOSE", "position": 0, "tilt": 10})
    assert blind.state("cover.item").value == "closed"
    assert dict(blind.state("cover.item").attributes) == {"position": 0, "tilt": 10}


def test_a_motor_tells_which_way_a_blind_is_moving() -> None:
    blind = home(main("cover", MOVES, POSITION), value("enum", "motor_state", values=["UP", "DOWN", "STOP"]))
    blind.send("Item", {"state": "OPEN", "position": 40, "motor_state": "DOWN"})
    assert blind.state("cover.item").value == "closing"
    blind.send("Item", {"state": "OPEN", "position": 20, "motor_state": "STOP"})
    assert blind.state("cover.item").value == "open"


def test_a_blind_with_nothing_but_a_position_is_open_or_closed_by_it() -> None:
    blind = home(main("cover", POSITION))
    assert blind.entity("cover.item").features == {"position"}
    assert blind.sent("cover.item", "close") == [(SET, {"position": 0})]
    blind.send("Item", {"position": 12})
    assert blind.state("cover.item").value == "open"


def test_a_lock_is_a_lock_and_a_child_lock_a_setting() -> None:
    state = value("binary", "state", BOTH, value_on="LOCK", value_off="UNLOCK")
    child = {**state, "property": "child_lock"}
    door = home(main("lock", state), main("lock", child))
    assert door.ids() == ["lock.item"]
    assert door.sent("lock.item", "lock") == [(SET, {"state": "LOCK"})]
    door.send("Item", {"state": "UNLOCK", "child_lock": "LOCK"})
    assert door.state("lock.item").value == "unlocked"
    assert door.sent("switch.item_child_lock", "turn_off") == [(SET, {"child_lock": "UNLOCK"})]
    assert door.state("switch.item_child_lock").value == "on"


# ── thermostats and fans ─────────────────────────────────────────────────────────────────────────

HEAT = value("numeric", "occupied_heating_setpoint", BOTH, value_min=5, value_max=30, value_step=0.5, unit="°C")


def test_a_thermostat_is_set_and_read() -> None:
    heater = home(
        main(
            "climate", HEAT, value("numeric", "local_temperature"),
            value("enum", "system_mode", BOTH, values=["off", "heat", "auto"]),
            value("enum", "running_state", values=["idle", "heat"]),
            value("enum", "preset", BOTH, values=["eco", "comfort"]),
        ),
        value("numeric", "local_temperature", unit="°C"),
    )  # fmt: skip
    assert heater.ids() == ["climate.item"]
    assert heater.sent("climate.item", "set_temperature", temperature=21.5) == [
        (SET, {"occupied_heating_setpoint": 21.5})
    ]
    assert heater.sent("climate.item", "set_mode", mode="auto") == [(SET, {"system_mode": "auto"})]
    assert heater.sent("climate.item", "set_preset", preset="eco") == [(SET, {"preset": "eco"})]
    heater.send("Item", {"occupied_heating_setpoint": 20, "local_temperature": 19.3, "system_mode": "heat",
                         "running_state": "heat", "preset": "comfort"})  # fmt: skip
    assert heater.state("climate.item").value == "heat"
    assert dict(heater.state("climate.item").attributes) == {
        "temperature": 20, "current_temperature": 19.3, "action": "heating", "preset": "comfort",
    }  # fmt: skip


def test_a_thermostat_that_heats_and_cools_keeps_between_two_temperatures() -> None:
    heater = home(main("climate", HEAT, value("numeric", "occupied_cooling_setpoint", BOTH, unit="°C")))
    assert heater.sent("climate.item", "set_temperature", temperature_low=19, temperature_high=25) == [
        (SET, {"occupied_cooling_setpoint": 25}), (SET, {"occupied_heating_setpoint": 19}),
    ]  # fmt: skip


def test_a_fan_with_modes_has_speeds_and_presets() -> None:
    mode = value("enum", "mode", BOTH, property="fan_mode", values=["off", "low", "medium", "high", "auto", "on"])
    fan = home(main("fan", on_off("fan_state"), mode))
    assert fan.sent("fan.item", "turn_on") == [(SET, {"fan_state": "ON"})]
    assert fan.sent("fan.item", "set_percentage", percentage=60) == [(SET, {"fan_mode": "medium"})]
    assert fan.sent("fan.item", "set_preset", preset="auto") == [(SET, {"fan_mode": "auto"})]
    fan.send("Item", {"fan_state": "ON", "fan_mode": "high"})
    assert (fan.state("fan.item").value, fan.state("fan.item").attributes["percentage"]) == ("on", 100)


def test_a_fan_without_a_state_of_its_own_goes_by_its_mode() -> None:
    fan = home(main("fan", value("enum", "mode", BOTH, property="fan_mode", values=["off", "low", "high"])))
    assert fan.sent("fan.item", "turn_off") == [(SET, {"fan_mode": "off"})]
    fan.send("Item", {"fan_mode": "off"})
    assert fan.state("fan.item").value == "off"
    fan.send("Item", {"fan_mode": None})
    assert fan.state("fan.item").value == "off"
    fan.send("Item", {"fan_mode": "low"})
    assert fan.state("fan.item").value == "on"


def test_a_fan_with_a_number_has_that_range() -> None:
    fan = home(main("fan", on_off(), value("numeric", "speed", BOTH, value_min=1, value_max=9)))
    assert fan.sent("fan.item", "set_percentage", percentage=100) == [(SET, {"speed": 9})]


# ── single values ────────────────────────────────────────────────────────────────────────────────


def test_what_is_told_is_a_sensor_and_what_can_be_set_a_setting() -> None:
    thing = home(
        value("numeric", "temperature", unit="°C"), value("binary", "contact", value_on=False, value_off=True),
        value("numeric", "countdown", BOTH, value_min=0, value_max=60), value("binary", "buzzer", BOTH,
        value_on="loud", value_off="still"), value("enum", "sound", BOTH, values=["bell", "two tone"]),
        value("text", "screen_text", BOTH), value("enum", "identify", SET_ONLY, values=["identify"]),
        value("numeric", "linkquality"), value("numeric", "calibration", BOTH, category="config"),
    )  # fmt: skip
    assert thing.ids() == [
        "binary_sensor.item_contact", "button.item_identify", "number.item_countdown", "select.item_sound",
        "sensor.item_temperature", "switch.item_buzzer", "text.item_screen_text",
    ]  # fmt: skip
    thing.send("Item", {"temperature": 21.44, "contact": False, "buzzer": "loud", "sound": "bell", "countdown": 5})
    assert thing.state("sensor.item_temperature").value == "21.44"
    assert thing.state("binary_sensor.item_contact").value == "on"
    assert thing.entity("binary_sensor.item_contact").device_class == "door"
    assert thing.state("switch.item_buzzer").value == "on"
    assert thing.sent("switch.item_buzzer", "turn_off") == [(SET, {"buzzer": "still"})]
    assert thing.sent("number.item_countdown", "set_value", value=30) == [(SET, {"countdown": 30})]
    assert thing.sent("select.item_sound", "select", option="two tone") == [(SET, {"sound": "two tone"})]
    assert thing.sent("text.item_screen_text", "set_text", text='say "hi"') == [(SET, {"screen_text": 'say "hi"'})]
    assert thing.sent("button.item_identify", "press") == [(SET, {"identify": "identify"})]


def test_a_remote_tells_what_was_pressed_and_the_empty_action_after_it_is_none() -> None:
    remote = home(value("enum", "action", values=["on_press", "off_press"]))
    remote.send("Item", {"action": "on_press", "battery": 90})
    remote.send("Item", {"action": ""})
    assert remote.state("event.item_action").value == "on_press"


def test_a_warning_device_is_a_siren() -> None:
    warning = {"type": "composite", "name": "warning", "property": "warning", "access": SET_ONLY, "features": [
        value("enum", "mode", SET_ONLY, values=["stop", "burglar", "fire"]), value("numeric", "duration", SET_ONLY),
    ]}  # fmt: skip
    siren = home(warning)
    assert siren.sent("siren.item", "turn_on") == [(SET, {"warning": {"mode": "burglar"}})]
    assert siren.sent("siren.item", "turn_on", tone="fire", duration=5) == [
        (SET, {"warning": {"mode": "fire", "duration": 5}})
    ]
    assert siren.sent("siren.item", "turn_off") == [(SET, {"warning": {"mode": "stop"}})]


def test_a_device_that_can_be_updated_tells_if_it_should() -> None:
    plug = device("0x00a1", "Item", main("switch", on_off()))
    plug["definition"]["supports_ota"] = True
    made = BridgedHome(plug)
    assert made.sent("update.item", "install") == [
        ("zigbee2mqtt/bridge/request/device/ota_update/update", {"id": "0x00a1"})
    ]
    made.send("Item", {"state": "ON"})
    assert made.state("update.item").value is None
    made.send("Item", {"update": {"state": "available", "installed_version": 4, "latest_version": 5}})
    assert made.state("update.item").value == "on"
    assert not len(made.registry.faults)


def test_what_a_label_says_of_an_endpoint_is_said_once() -> None:
    power = value("numeric", "power", property="power_l2", label="Power (l2 endpoint)", endpoint="l2")
    assert home(power).entity("sensor.item_power_l2").name == "Item Power l2"


@pytest.mark.parametrize(
    "expose",
    [
        main("light"), main("switch"), main("cover"), main("lock"), main("climate"), main("fan"),
        main("fan", value("enum", "mode", BOTH, values=["low"])), value("numeric", "hidden", 0), value("list", "log"),
        value("composite", "schedule", BOTH), {"type": "hologram", "name": "x", "property": "x", "access": TOLD},
        value("numeric", "x", property="a'] }}{{ value"), {"type": 3}, {"name": "x"}, {},
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_passed_over_and_leaves_the_rest(expose: dict[str, Any]) -> None:
    made = home(expose, value("numeric", "humidity"))
    assert made.ids() == ["sensor.item_humidity"]
    assert made.registry.find(EntityId("sensor.item_humidity")) is not None
