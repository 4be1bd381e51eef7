"""What a thing can be set to by name: modes, presets, effects, programs, speeds; pure."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.home.climates import MODES
from assistant.home.config import Config

_LISTED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "select": (("options", "command_topic"),),
    "light": (("effect_list", ""),),
    "fan": (("preset_modes", "preset_mode_command_topic"),),
    "climate": (("modes", "mode_command_topic"), ("preset_modes", "preset_mode_command_topic")),
    "water_heater": (("modes", "mode_command_topic"),),
    "humidifier": (("modes", "mode_command_topic"),),
    "vacuum": (("fan_speed_list", "set_fan_speed_topic"),),
}
"""Component → the lists that its options come from, each with the topic that sets them (empty: any)."""


def options_of(component: str, config: Config) -> tuple[str, ...]:
    """Its options as the device writes them, each once; of what can't be set there are none."""
    found: list[str] = []
    for key, topic in _LISTED.get(component, ()):
        if not topic or topic in config:
            default = MODES.get(component, ()) if key == "modes" else ()
            found.extend(config.texts(key, default))
    return tuple(dict.fromkeys(found))
