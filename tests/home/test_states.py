"""What messages make of the state of each kind of component."""

from __future__ import annotations

from typing import Any

import pytest

from tests.home.parts import House


def _told(component: str, config: dict[str, Any], *messages: tuple[str, Any]) -> tuple[str | None, dict[str, Any]]:
    house = House()
    entity_id = house.announce(component, name="X", **({"command_topic": "x/set"} | config))
    for topic, payload in messages:
        house.tell(topic, payload)
    state = house.state(entity_id)
    return state.value, dict(state.attributes)


@pytest.mark.parametrize("component", ["switch", "fan", "binary_sensor", "light", "siren", "humidifier"])
@pytest.mark.parametrize(
    ("config", "payload", "value"),
    [
        ({}, "ON", "on"),
        ({}, "OFF", "off"),
        ({}, "on", "on"),
        ({"payload_on": "1", "payload_off": "0"}, "1", "on"),
        ({"payload_on": 1, "payload_off": 0}, "0", "off"),
        ({"payload_on": True, "payload_off": False, "value_template": "{{ value_json.s }}"}, '{"s": true}', "on"),
        ({"payload_on": "A", "state_on": "B"}, "B", "on"),
        ({"payload_on": "on", "payload_off": "oN"}, "oN", "off"),
        ({}, "None", None),
        ({}, "gibberish", None),
    ],
)
def test_on_and_off(component: str, config: dict[str, Any], payload: str, value: str | None) -> None:
    assert _told(component, {"state_topic": "x", **config}, ("x", payload))[0] == value


def test_a_payload_that_means_nothing_keeps_the_old_state() -> None:
    assert _told("switch", {"state_topic": "x"}, ("x", "ON"), ("x", "gibberish"))[0] == "on"


def test_a_missing_key_keeps_the_old_state() -> None:
    config = {"state_topic": "x", "value_template": "{{ value_json.state }}"}
    assert _told("switch", config, ("x", {"state": "ON"}), ("x", {"other": 1}), ("x", "no json"))[0] == "on"


@pytest.mark.parametrize(
    ("scale", "level", "percent"),
    [(255, "255", 100), (255, "128", 50), (254, "254", 100), (100, "40", 40), ("1000", "500", 50), (255, "0", 0)],
)
def test_brightness_is_told_in_percent(scale: object, level: str, percent: int) -> None:
    config = {"brightness_state_topic": "b", "brightness_command_topic": "b/set", "brightness_scale": scale}
    assert _told("light", config, ("b", level))[1] == {"brightness_pct": percent}


def test_a_json_light_tells_everything_in_one_message() -> None:
    config = {"schema": "json", "state_topic": "x", "brightness_scale": 254}
    value, attributes = _told(
        "light", config, ("x", {"state": "ON", "brightness": 127, "color_temp": 250, "color": {"x": 0.3, "y": 0.3}})
    )
    assert value == "on"
    assert attributes == {"brightness_pct": 50, "color_temp_kelvin": 4000, "color": '{"x": 0.3, "y": 0.3}'}


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        ({"state": "OFF"}, "off"),
        ({"state": None}, None),
        ({"brightness": 10}, "on"),
        ("[1]", "on"),
        ('{"state": "ON", "brightness": NaN}', "on"),
        ('{"brightness": Infinity}', "on"),
        ('{"brightness": true, "color_temp": "x", "color": 7}', "on"),
        ("{" * 100_000, "on"),
    ],
)
def test_a_json_light_survives_every_message(payload: Any, value: str | None) -> None:
    config = {"schema": "json", "state_topic": "x"}
    assert _told("light", config, ("x", {"state": "ON"}), ("x", payload))[0] == value


def test_a_template_light_reads_one_topic_with_several_templates() -> None:
    config = {
        "schema": "template",
        "state_topic": "x",
        "state_template": "{{ value.split(',')[0] }}",
        "brightness_template": "{{ value.split(',')[1] }}",
    }
    assert _told("light", config, ("x", "on,51")) == ("on", {"brightness_pct": 20})


@pytest.mark.parametrize(
    ("opened", "closed", "level", "percent", "value"),
    [
        (100, 0, "0", 0, "closed"),
        (100, 0, "30", 30, "open"),
        (0, 100, "100", 0, "closed"),
        (0, 100, "0", 100, "open"),
        (0, 100, "70", 30, "open"),
        (99, 0, "99", 100, "open"),
        ("255", "0", "51", 20, "open"),
        (100, 0, "104", 100, "open"),
        (100, 0, '{"position": 40}', 40, "open"),
    ],
)
def test_positions_are_told_in_percent_open(
    opened: object, closed: object, level: str, percent: int, value: str
) -> None:
    config = {"position_topic": "p", "position_open": opened, "position_closed": closed}
    assert _told("cover", config, ("p", level)) == (value, {"position": percent})


def test_a_cover_that_tells_its_state_is_not_guessed_from_its_position() -> None:
    config = {"position_topic": "p", "state_topic": "s"}
    assert _told("cover", config, ("s", "opening"), ("p", "30"))[0] == "opening"
    assert _told("cover", config, ("p", "30"), ("s", "STOPPED"))[0] == "open"
    assert _told("cover", config, ("p", "0"), ("s", "stopped"))[0] == "closed"
    assert _told("cover", config, ("s", "CLOSED"))[0] == "closed"


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ("open", ("open", {})),
        ("40", ("open", {"position": 40})),
        ('{"state": "opening", "position": 10}', ("opening", {"position": 10})),
        ('{"position": 0}', ("closed", {"position": 0})),
    ],
)
def test_a_valve_tells_state_or_position_or_both(payload: str, told: tuple[str, dict[str, int]]) -> None:
    assert _told("valve", {"reports_position": True, "state_topic": "v"}, ("v", payload)) == told


@pytest.mark.parametrize(
    ("config", "payload", "value"),
    [
        ({}, "LOCKED", "locked"),
        ({}, "UNLOCKING", "unlocking"),
        ({}, "JAMMED", "jammed"),
        ({"state_locked": 255, "state_unlocked": 0}, "255", "locked"),
        ({"state_locked": 255, "state_unlocked": 0}, "0", "unlocked"),
    ],
)
def test_locks(config: dict[str, Any], payload: str, value: str) -> None:
    assert _told("lock", {"state_topic": "x", **config}, ("x", payload))[0] == value


def test_a_thermostat_tells_mode_and_temperatures() -> None:
    config = {
        "mode_state_topic": "m",
        "mode_command_topic": "m/set",
        "temperature_state_topic": "t",
        "current_temperature_topic": "t",
        "temperature_state_template": "{{ value_json.want }}",
        "current_temperature_template": "{{ value_json.have }}",
    }
    told = _told("climate", config, ("m", "heat"), ("t", {"want": 21.5, "have": 20}))
    assert told == ("heat", {"temperature": 21.5, "current_temperature": 20})


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999", "x", "", "٣"])
def test_numbers_that_are_none_never_raise(number: str) -> None:
    config = {"current_temperature_topic": "t", "mode_command_topic": "m"}
    _, attributes = _told("climate", config, ("t", "20"), ("t", number))
    assert attributes["current_temperature"] in (20, 3, None)


@pytest.mark.parametrize(
    ("low", "high", "level", "percent"),
    [(1, 100, "50", 50), (1, 3, "1", 33), (1, 3, "3", 100), (1, 254, "127", 50), (1, 4, "0", 0)],
)
def test_fan_speeds_are_told_in_percent(low: int, high: int, level: str, percent: int) -> None:
    config = {
        "percentage_state_topic": "p",
        "percentage_command_topic": "p/set",
        "speed_range_min": low,
        "speed_range_max": high,
    }
    assert _told("fan", config, ("p", level))[1] == {"percentage": percent}


def test_a_siren_may_report_json() -> None:
    assert _told("siren", {"state_topic": "x"}, ("x", {"state": "ON"}))[0] == "on"


def test_a_vacuum_reports_json() -> None:
    assert _told("vacuum", {"state_topic": "x"}, ("x", {"state": "docked", "battery_level": 80})) == (
        "docked",
        {"battery_level": 80},
    )


def test_sensors_tell_what_they_are_told() -> None:
    config = {"state_topic": "x", "value_template": "{{ value_json.temperature | round(1) }}"}
    assert _told("sensor", config, ("x", {"temperature": 21.53}))[0] == "21.5"
    assert _told("sensor", {"state_topic": "x"}, ("x", "warm"), ("x", "unknown"))[0] is None
    assert _told("sensor", {"state_topic": "x"}, ("x", "warm"), ("x", "x" * 5000))[0] == "warm"


def test_a_message_of_a_megabyte_is_passed_over() -> None:
    assert _told("sensor", {"state_topic": "x"}, ("x", "warm"), ("x", "7" * 1_000_000))[0] == "warm"
