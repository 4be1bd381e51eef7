"""What is published to climates, fans, humidifiers, locks, alarms, robots, players and all that has one value."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.home.order import NeedsCode, Unsupported
from tests.home.parts import House

SET = {"command_topic": "x/set"}


def _house(component: str, config: dict[str, Any]) -> tuple[House, str]:
    house = House()
    return house, house.announce(component, name="X", **config)


def _sent(component: str, config: dict[str, Any], verb: str, **values: Any) -> list[tuple[str, Any]]:
    house, entity_id = _house(component, config)
    return house.sent(entity_id, verb, **values)


CLIMATE = {
    "mode_command_topic": "mode/set",
    "temperature_command_topic": "t/set",
    "modes": ["off", "heat", "auto"],
    "preset_mode_command_topic": "preset/set",
    "preset_modes": ["eco", "Boost"],
    "fan_mode_command_topic": "fan/set",
    "swing_mode_command_topic": "swing/set",
    "target_humidity_command_topic": "h/set",
    "temperature_high_command_topic": "high/set",
    "temperature_low_command_topic": "low/set",
    "min_temp": 5,
    "max_temp": "30",
}
PANEL = {**SET, "code": "1234"}
PLAYER = {
    "state_state_topic": "p",
    "command_volume_topic": "v/set",
    "command_play_topic": "play/set",
    "command_play_payload": "Play!",
    "command_next_topic": "next/set",
}
FAN = {
    **SET,
    "percentage_command_topic": "pct/set",
    "speed_range_max": 4,
    "preset_mode_command_topic": "preset/set",
    "preset_modes": ["Breeze"],
    "oscillation_command_topic": "osc/set",
    "direction_command_topic": "dir/set",
}


@pytest.mark.parametrize(
    ("component", "config", "verb", "values", "sent"),
    [
        ("climate", CLIMATE, "set_temperature", {"temperature": 21}, [("t/set", "21")]),
        ("climate", CLIMATE, "set_temperature", {"temperature": 21.5}, [("t/set", "21.5")]),
        (
            "climate",
            CLIMATE,
            "set_temperature",
            {"temperature_high": 24, "temperature_low": 19, "mode": "auto"},
            [("mode/set", "auto"), ("high/set", "24"), ("low/set", "19")],
        ),
        ("climate", CLIMATE, "set_temperature", {"temperature": 68, "unit": "F"}, [("t/set", "20")]),
        (
            "climate",
            {**CLIMATE, "temperature_unit": "F", "min_temp": 40, "max_temp": 90},
            "set_temperature",
            {"temperature": 20, "unit": "°C"},
            [("t/set", "68")],
        ),
        ("climate", CLIMATE, "set_mode", {"mode": "HEAT"}, [("mode/set", "heat")]),
        ("climate", CLIMATE, "set_preset", {"preset": "boost"}, [("preset/set", "Boost")]),
        ("climate", CLIMATE, "set_fan_mode", {"fan_mode": "low"}, [("fan/set", "low")]),
        ("climate", CLIMATE, "set_swing", {"swing_mode": "on"}, [("swing/set", "on")]),
        ("climate", CLIMATE, "set_humidity", {"humidity": 45}, [("h/set", "45")]),
        ("climate", CLIMATE, "turn_on", {}, [("mode/set", "heat")]),
        ("climate", {**CLIMATE, "power_command_topic": "power/set"}, "turn_off", {}, [("power/set", "OFF")]),
        (
            "water_heater",
            {**CLIMATE, "modes": ["off", "eco"], "max_temp": 60, "mode_command_template": "<{{ value }}>"},
            "turn_on",
            {},
            [("mode/set", "<eco>")],
        ),
        (
            "humidifier",
            {**SET, "target_humidity_command_topic": "h/set", "max_humidity": 80},
            "set_humidity",
            {"humidity": 80},
            [("h/set", "80")],
        ),
        (
            "humidifier",
            {**SET, "target_humidity_command_topic": "h/set", "mode_command_topic": "m/set", "modes": ["sleep"]},
            "set_mode",
            {"mode": "Sleep"},
            [("m/set", "sleep")],
        ),
        ("fan", FAN, "set_percentage", {"percentage": 50}, [("pct/set", "2")]),
        ("fan", FAN, "turn_on", {"percentage": 100}, [("x/set", "ON"), ("pct/set", "4")]),
        ("fan", FAN, "set_preset", {"preset": "breeze"}, [("preset/set", "Breeze")]),
        ("fan", FAN, "oscillate", {"oscillating": False}, [("osc/set", "oscillate_off")]),
        ("fan", FAN, "set_direction", {}, [("dir/set", "reverse")]),
        ("alarm_control_panel", SET, "arm_away", {}, [("x/set", "ARM_AWAY")]),
        ("alarm_control_panel", {**SET, "payload_disarm": "off"}, "disarm", {}, [("x/set", "off")]),
        ("alarm_control_panel", PANEL, "disarm", {"code": "12 34"}, [("x/set", "DISARM")]),
        (
            "alarm_control_panel",
            {**SET, "code": "REMOTE_CODE", "command_template": '{"a": "{{ action }}", "c": "{{ code }}"}'},
            "disarm",
            {"code": "77"},
            [("x/set", {"a": "DISARM", "c": "77"})],
        ),
        ("lock", {**SET, "payload_open": "OPEN"}, "open", {}, [("x/set", "OPEN")]),
        (
            "lock",
            {**SET, "code_format": "^\\d{4}$", "command_template": "{{ value }} {{ code }}"},
            "unlock",
            {"code": "1234"},
            [("x/set", "UNLOCK 1234")],
        ),
        (
            "cover",
            {**SET, "tilt_command_topic": "tilt/set", "tilt_max": 50},
            "set_tilt",
            {"tilt": 50},
            [("tilt/set", "25")],
        ),
        ("cover", {**SET, "tilt_command_topic": "tilt/set"}, "close_tilt", {}, [("tilt/set", "0")]),
        (
            "cover",
            {"set_position_topic": "pos/set", "position_open": 0, "position_closed": 9},
            "close",
            {},
            [("pos/set", "9")],
        ),
        (
            "vacuum",
            {**SET, "set_fan_speed_topic": "s/set", "fan_speed_list": ["Max"]},
            "set_fan_speed",
            {"fan_speed": "max"},
            [("s/set", "Max")],
        ),
        ("vacuum", SET, "locate", {}, [("x/set", "locate")]),
        ("vacuum", {**SET, "send_command_topic": "c/set"}, "send_command", {"command": "dance"}, [("c/set", "dance")]),
        ("lawn_mower", {"dock_command_topic": "d/set"}, "dock", {}, [("d/set", "dock")]),
        ("number", {**SET, "min": -5, "max": 5}, "set_value", {"value": -2.5}, [("x/set", "-2.5")]),
        ("select", {**SET, "options": ["Half Load"]}, "select", {"option": "half load"}, [("x/set", "Half Load")]),
        ("text", SET, "set_text", {"text": "hi"}, [("x/set", "hi")]),
        ("notify", SET, "send_message", {"message": "hi"}, [("x/set", "hi")]),
        ("update", {**SET, "payload_install": "go"}, "install", {}, [("x/set", "go")]),
        (
            "siren",
            SET,
            "turn_on",
            {"duration": 5.0, "volume_pct": 50},
            [("x/set", {"state": "ON", "duration": 5, "volume_level": 0.5})],
        ),
        (
            "siren",
            {**SET, "command_template": "{{ tone }}", "available_tones": ["Wail"], "command_off_template": "hush"},
            "turn_on",
            {"tone": "wail"},
            [("x/set", "Wail")],
        ),
        ("media_player", PLAYER, "play", {}, [("play/set", "Play!")]),
        ("media_player", PLAYER, "next", {}, [("next/set", "Next")]),
        ("media_player", PLAYER, "set_volume", {"volume_pct": 35}, [("v/set", "0.35")]),
        (
            "light",
            {**SET, "schema": "json", "effect": True, "effect_list": ["Candle"]},
            "turn_on",
            {"effect": "candle", "transition": 2},
            [("x/set", {"state": "ON", "effect": "Candle", "transition": 2})],
        ),
        (
            "light",
            {**SET, "schema": "json", "supported_color_modes": ["rgbw"]},
            "turn_on",
            {"color": "white"},
            [("x/set", {"state": "ON", "color": {"r": 0, "g": 0, "b": 0, "w": 255}})],
        ),
        (
            "light",
            {**SET, "schema": "json", "supported_color_modes": ["color_temp"], "max_mireds": 400},
            "turn_on",
            {"color_temp_kelvin": 2000},
            [("x/set", {"state": "ON", "color_temp": 400})],
        ),
        (
            "light",
            {**SET, "schema": "json", "supported_color_modes": ["rgb", "white"]},
            "turn_on",
            {"color": "white"},
            [("x/set", {"state": "ON", "white": 255})],
        ),
        (
            "light",
            {**SET, "rgb_command_topic": "rgb/set"},
            "turn_on",
            {"color": "#00ff80"},
            [("rgb/set", "0,255,128"), ("x/set", "ON")],
        ),
    ],
)
def test_commands(component: str, config: dict[str, Any], verb: str, values: dict[str, Any], sent: Any) -> None:
    assert _sent(component, config, verb, **values) == sent


@pytest.mark.parametrize(
    ("component", "config", "verb", "values"),
    [
        ("climate", CLIMATE, "set_temperature", {"temperature": 31}),
        ("climate", CLIMATE, "set_temperature", {}),
        ("climate", CLIMATE, "set_mode", {"mode": "sauna"}),
        ("climate", CLIMATE, "set_preset", {"preset": "party"}),
        ("climate", {**CLIMATE, "modes": ["heat"]}, "turn_off", {}),
        ("fan", SET, "oscillate", {"oscillating": True}),
        ("fan", FAN, "set_preset", {"preset": "hurricane"}),
        ("humidifier", {**SET, "target_humidity_command_topic": "h/set"}, "set_humidity", {"humidity": 101}),
        ("lock", SET, "open", {}),
        ("alarm_control_panel", {**SET, "supported_features": ["arm_home"]}, "arm_away", {}),
        ("vacuum", {**SET, "payload_pause": None}, "pause", {}),
        ("lawn_mower", {"dock_command_topic": "d/set"}, "pause", {}),
        ("number", SET, "set_value", {"value": 101}),
        ("number", SET, "set_value", {"value": float("nan")}),
        ("select", {**SET, "options": ["Eco"]}, "select", {"option": "eco plus"}),
        ("text", {**SET, "max": 3}, "set_text", {"text": "long"}),
        ("update", SET, "install", {}),
        ("siren", SET, "turn_on", {"tone": "song"}),
        ("media_player", PLAYER, "volume_up", {}),
        ("light", {**SET, "schema": "json", "supported_color_modes": ["color_temp"]}, "turn_on", {"color": "red"}),
        ("light", SET, "turn_on", {"effect": "candle"}),
        ("cover", SET, "set_position", {"position": 50}),
    ],
)
def test_what_a_device_has_not_got_is_not_sent(
    component: str, config: dict[str, Any], verb: str, values: dict[str, Any]
) -> None:
    with pytest.raises(Unsupported):
        _sent(component, config, verb, **values)


@pytest.mark.parametrize(
    ("component", "config", "verb", "code"),
    [
        ("alarm_control_panel", PANEL, "disarm", None),
        ("alarm_control_panel", PANEL, "disarm", "4321"),
        ("alarm_control_panel", PANEL, "arm_home", ""),
        ("alarm_control_panel", {**SET, "code_disarm_required": True}, "disarm", None),
        ("alarm_control_panel", {**SET, "code": "REMOTE_CODE_TEXT"}, "trigger", None),
        ("lock", {**SET, "code_format": "^\\d{4}$"}, "unlock", "12"),
        ("lock", {**SET, "code_format": "^\\d+$"}, "unlock", None),
    ],
)
def test_nothing_is_opened_or_disarmed_without_the_device_s_code(
    component: str, config: dict[str, Any], verb: str, code: str | None
) -> None:
    with pytest.raises(NeedsCode):
        _sent(component, config, verb, **({} if code is None else {"code": code}))


def test_a_lock_is_locked_and_an_alarm_armed_without_a_code_that_is_not_asked_for() -> None:
    assert _sent("lock", {**SET, "code_format": "^\\d+$"}, "lock") == [("x/set", "LOCK")]
    panel = {**PANEL, "code_arm_required": False}
    assert _sent("alarm_control_panel", panel, "arm_away") == [("x/set", "ARM_AWAY")]
    house, panel_id = _house("alarm_control_panel", panel)
    features = house.entity(panel_id).features
    assert "code_disarm" in features
    assert "code_arm_away" not in features


def test_louder_counts_from_what_it_is_now() -> None:
    house, player = _house("media_player", {**PLAYER, "state_volume_topic": "v"})
    house.tell("v", "0.95")
    assert house.sent(player, "volume_up") == [("v/set", "1")]
    assert house.sent(player, "volume_down", by=20) == [("v/set", "0.75")]


@pytest.mark.parametrize(
    ("told", "is_shown"),
    [
        ({"state": "ON", "color": {"r": 255, "g": 0, "b": 0}}, False),
        ({"state": "ON", "color": {"r": 1, "g": 2, "b": 254}}, True),
        ({"state": "ON", "color": {"r": 20, "g": 20, "b": 200}}, True),
        ({"state": "OFF", "color": {"r": 0, "g": 0, "b": 255}}, False),
    ],
)
def test_a_light_that_was_on_is_confirmed_by_its_colour(told: dict[str, Any], *, is_shown: bool) -> None:
    house, light = _house("light", {**SET, "schema": "json", "state_topic": "l", "supported_color_modes": ["rgb"]})
    house.tell("l", {"state": "ON", "color": {"r": 255, "g": 0, "b": 0}})
    order = house.order(light, "turn_on", color="blue")
    house.tell("l", told)
    assert order.wanted is not None
    assert order.wanted(house.state(light)) is is_shown


@pytest.mark.parametrize(
    ("component", "config", "verb", "values", "topic", "told"),
    [
        ("number", {**SET, "state_topic": "s"}, "set_value", {"value": 7}, "s", "7.0"),
        ("select", {**SET, "state_topic": "s", "options": ["Eco"]}, "select", {"option": "eco"}, "s", "Eco"),
        ("lock", {**SET, "state_topic": "s"}, "unlock", {}, "s", "UNLOCKING"),
        ("alarm_control_panel", {**SET, "state_topic": "s"}, "arm_night", {}, "s", "arming"),
        ("climate", {**CLIMATE, "preset_mode_state_topic": "s"}, "set_preset", {"preset": "eco"}, "s", "eco"),
        ("fan", {**FAN, "oscillation_state_topic": "s"}, "oscillate", {"oscillating": True}, "s", "oscillate_on"),
        (
            "humidifier",
            {**SET, "target_humidity_command_topic": "h", "target_humidity_state_topic": "s"},
            "set_humidity",
            {"humidity": 40},
            "s",
            "40",
        ),
        ("cover", {**SET, "tilt_command_topic": "t", "tilt_status_topic": "s"}, "set_tilt", {"tilt": 40}, "s", "40"),
        ("lawn_mower", {"dock_command_topic": "d", "activity_state_topic": "s"}, "dock", {}, "s", "returning"),
    ],
)
def test_what_the_device_tells_confirms(
    component: str, config: dict[str, Any], verb: str, values: dict[str, Any], topic: str, told: str
) -> None:
    house, entity_id = _house(component, config)
    wanted = house.order(entity_id, verb, **values).wanted
    assert wanted is not None
    assert not wanted(house.state(entity_id))
    house.tell(topic, told)
    assert wanted(house.state(entity_id))
