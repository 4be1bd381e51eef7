"""Which options a thing is known to have, and whether it checks its code, from what it announces."""

from __future__ import annotations

from typing import Any

import pytest

from tests.home.parts import House

SET = {"command_topic": "x/set"}


@pytest.mark.parametrize(
    ("component", "config", "options"),
    [
        ("select", {**SET, "options": ["Wool", "Towels", "Wool"]}, ("Wool", "Towels")),
        (
            "climate",
            {
                "mode_command_topic": "m",
                "modes": ["off", "cool"],
                "preset_mode_command_topic": "p",
                "preset_modes": ["eco"],
            },
            ("off", "cool", "eco"),
        ),
        ("climate", {"mode_command_topic": "m"}, ("auto", "off", "cool", "heat", "dry", "fan_only")),
        ("climate", {"temperature_command_topic": "t", "modes": ["heat"]}, ()),
        ("fan", {**SET, "preset_mode_command_topic": "p", "preset_modes": ["Breeze"]}, ("Breeze",)),
        ("fan", {**SET, "preset_modes": ["Breeze"]}, ()),
        ("light", {**SET, "schema": "json", "effect": True, "effect_list": ["candle"]}, ("candle",)),
        ("vacuum", {**SET, "set_fan_speed_topic": "s", "fan_speed_list": ["low", "max"]}, ("low", "max")),
        (
            "humidifier",
            {**SET, "mode_command_topic": "m", "modes": ["eco"], "target_humidity_command_topic": "h"},
            ("eco",),
        ),
        ("switch", SET, ()),
    ],
)
def test_options_are_those_that_can_be_set(component: str, config: dict[str, Any], options: tuple[str, ...]) -> None:
    house = House()
    assert house.entity(house.announce(component, name="X", **config)).options == options


@pytest.mark.parametrize(
    ("component", "config", "is_checked"),
    [
        ("alarm_control_panel", {**SET, "code": "2468"}, True),
        ("alarm_control_panel", {**SET, "code": "REMOTE_CODE"}, False),
        (
            "alarm_control_panel",
            {**SET, "code": "REMOTE_CODE", "command_template": '{"a": "{{ action }}", "c": "{{ code }}"}'},
            True,
        ),
        (
            "alarm_control_panel",
            {**SET, "code": "REMOTE_CODE", "command_template": '{"code": 0, "do": "{{ action }}"}'},
            False,
        ),
        ("alarm_control_panel", SET, False),
        ("lock", {**SET, "code_format": "^\\d+$", "command_template": "{{ value }} {{ code }}"}, True),
        ("lock", {**SET, "code_format": "^\\d+$"}, False),
    ],
)
def test_it_is_known_whether_a_code_is_checked(component: str, config: dict[str, Any], is_checked: bool) -> None:
    house = House()
    features = house.entity(house.announce(component, name="X", **config)).features
    assert ("checks_code" in features) is is_checked
