"""Which options a thing is known to have, from what it announces."""

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
