"""What messages make of the state of the components that came later: choices, events, panels, updates, players."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.home.parts import NOON, House


def _told(component: str, config: dict[str, Any], *messages: tuple[str, Any]) -> tuple[str | None, dict[str, Any]]:
    house = House()
    house.send(f"homeassistant/{component}/thing/config", {"name": "X", "command_topic": "x/set", **config})
    for topic, payload in messages:
        house.tell(topic, payload)
    (known,) = house.registry.roster.all()
    return known.state.value, dict(known.state.attributes)


@pytest.mark.parametrize(
    ("component", "config", "payload", "value"),
    [
        ("select", {"options": ["Slow", "Fast"]}, "fast", "Fast"),
        ("select", {"options": ["Slow", "Fast"]}, "Warp", None),
        ("number", {}, "12.5", "12.5"),
        ("text", {}, "hello", "hello"),
        ("alarm_control_panel", {}, "ARMED_NIGHT", "armed_night"),
        ("alarm_control_panel", {}, "asleep", None),
        ("device_tracker", {}, "not_home", "not_home"),
        ("device_tracker", {"payload_home": "in"}, "in", "home"),
        ("device_tracker", {}, "Work", "Work"),
        ("device_tracker", {}, "None", None),
        ("update", {}, {"installed_version": "1.0", "latest_version": "1.1"}, "on"),
        ("update", {}, {"installed_version": "1.1", "latest_version": "1.1"}, "off"),
        ("update", {}, "1.0", None),
        ("event", {"event_types": ["press"]}, {"event_type": "press"}, "press"),
        ("event", {"event_types": ["press"]}, {"event_type": "kick"}, None),
        ("event", {}, "no json", None),
        ("lock", {}, "OPENING", "opening"),
        ("vacuum", {}, {"state": "cleaning", "fan_speed": "max"}, "cleaning"),
    ],
)
def test_a_state(component: str, config: dict[str, Any], payload: Any, value: str | None) -> None:
    assert _told(component, {"state_topic": "s", **config}, ("s", payload))[0] == value


def test_the_button_of_a_remote_is_known_by_its_payload() -> None:
    config = {"automation_type": "trigger", "topic": "s", "payload": "double", "type": "press", "subtype": "top"}
    assert _told("device_automation", config, ("s", "single"))[0] is None
    assert _told("device_automation", config, ("s", "double"))[0] == "top"


def test_the_press_of_another_button_is_no_news_of_this_one() -> None:
    house = House()
    config = {"automation_type": "trigger", "topic": "s", "payload": "double", "type": "press", "subtype": "top"}
    house.send("homeassistant/device_automation/thing/config", config)
    house.tell("s", "double")
    house.tell("s", "single", NOON + timedelta(minutes=1))
    (known,) = house.registry.roster.all()
    assert (known.state.value, known.state.updated_at) == ("top", NOON)


def test_versions_may_come_on_two_topics() -> None:
    config = {"state_topic": "s", "latest_version_topic": "l"}
    assert _told("update", config, ("l", "2"), ("s", "1"))[0] == "on"


def test_a_wrong_choice_keeps_the_old_one_and_none_forgets_it() -> None:
    config = {"mode_state_topic": "m", "modes": ["eco", "boost"]}
    assert _told("humidifier", config, ("m", "eco"), ("m", "turbo"))[1] == {"mode": "eco"}
    assert _told("humidifier", config, ("m", "eco"), ("m", "None"))[1] == {"mode": None}


def test_a_fan_tells_preset_turning_and_direction() -> None:
    config = {
        "preset_mode_state_topic": "p",
        "preset_modes": ["Breeze"],
        "oscillation_state_topic": "o",
        "direction_state_topic": "d",
    }
    told = _told("fan", config, ("p", "breeze"), ("o", "oscillate_on"), ("d", "reverse"))[1]
    assert told == {"preset": "Breeze", "oscillating": True, "direction": "reverse"}


def test_a_thermostat_tells_all_that_it_does() -> None:
    topics = ("action", "fan_mode_state", "current_humidity", "temperature_high_state", "preset_mode_state")
    config = {f"{name}_topic": name for name in topics}
    messages = [("action", "heating"), ("fan_mode_state", "low"), ("current_humidity", "40"),
                ("temperature_high_state", "24.5"), ("preset_mode_state", "eco"), ("action", "dancing")]  # fmt: skip
    assert _told("climate", config, *messages)[1] == {
        "action": "heating", "fan_mode": "low", "current_humidity": 40, "temperature_high": 24.5, "preset": "eco",
    }  # fmt: skip


@pytest.mark.parametrize(("low", "high", "told", "tilt"), [(0, 100, "30", 30), (0, 180, "90", 50), (5, 5, "30", 30)])
def test_tilt_is_told_in_percent(low: int, high: int, told: str, tilt: int) -> None:
    config = {"tilt_status_topic": "t", "tilt_min": low, "tilt_max": high}
    assert _told("cover", config, ("t", told))[1] == {"tilt": tilt}


def test_a_word_that_is_no_position_moves_nothing() -> None:
    config = {"position_topic": "s", "state_topic": "s", "state_opening": 254}
    assert _told("cover", config, ("s", "254")) == ("opening", {})


@pytest.mark.parametrize(
    ("mode", "told", "color"),
    [
        ("rgb", "1,2,3", '{"r": 1.0, "g": 2.0, "b": 3.0}'),
        ("hs", "120,50", '{"h": 120.0, "s": 50.0}'),
        ("xy", "1", None),
    ],
)
def test_colours_with_a_topic_of_their_own(mode: str, told: str, color: str | None) -> None:
    assert _told("light", {f"{mode}_state_topic": "c"}, ("c", told))[1].get("color") == color


def test_a_player_tells_what_it_plays_and_how_loud() -> None:
    config = {"state_state_topic": "s", "state_title_topic": "t", "state_volume_topic": "v"}
    assert _told("media_player", config, ("s", "Playing"), ("t", "Song"), ("v", "0.3")) == (
        "playing",
        {"title": "Song", "volume_pct": 30},
    )
