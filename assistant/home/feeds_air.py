"""What thermostats, boilers, humidifiers and fans tell of themselves; pure."""

from __future__ import annotations

from assistant.home.config import Config
from assistant.home.feeds_parts import Apply, Feed, choice, feed, number, on_off, one_of, percent, switched
from assistant.home.scales import speed_scale

ACTIONS = ("off", "heating", "cooling", "drying", "idle", "fan", "preheating", "defrosting", "humidifying")


def climate_feeds(config: Config) -> list[Feed]:
    """Mode, temperatures, what it is doing, and its fan, swing and preset."""
    return [
        _own(config, "mode_state", one_of(config.texts("modes"))),
        _own(config, "temperature_state", number("temperature")),
        _own(config, "temperature_high_state", number("temperature_high")),
        _own(config, "temperature_low_state", number("temperature_low")),
        _own(config, "current_temperature", number("current_temperature")),
        _own(config, "current_humidity", number("current_humidity")),
        _own(config, "target_humidity_state", number("humidity")),
        _own(config, "action", choice("action", ACTIONS)),
        _own(config, "fan_mode_state", choice("fan_mode", config.texts("fan_modes"))),
        _own(config, "swing_mode_state", choice("swing_mode", config.texts("swing_modes"))),
        feed(config, "preset_mode_state_topic", choice("preset"), "preset_mode_value_template", "value_template"),
    ]


def _own(config: Config, name: str, apply: Apply) -> Feed:
    """A topic with a template of its own, else the common one."""
    return feed(config, f"{name}_topic", apply, f"{name}_template", "value_template")


def humidifier_feeds(config: Config) -> list[Feed]:
    """On or off, humidities, mode, and what it is doing."""
    humidity = number("humidity", reset=config.text("payload_reset_humidity", "None"))
    mode = choice("mode", config.texts("modes"), config.text("payload_reset_mode", "None"))
    return [
        feed(config, "state_topic", on_off(config), "state_value_template", "value_template"),
        feed(config, "target_humidity_state_topic", humidity, "target_humidity_state_template"),
        feed(config, "current_humidity_topic", number("current_humidity"), "current_humidity_template"),
        feed(config, "mode_state_topic", mode, "mode_state_template"),
        feed(config, "action_topic", choice("action", ACTIONS), "action_template"),
    ]


def fan_feeds(config: Config) -> list[Feed]:
    """On or off, speed, preset, oscillation and direction."""
    speed = percent("percentage", speed_scale(config), config.text("payload_reset_percentage", "None"))
    preset = choice("preset", config.texts("preset_modes"), config.text("payload_reset_preset_mode", "None"))
    turning = switched(
        "oscillating",
        config.text("payload_oscillation_on", "oscillate_on"),
        config.text("payload_oscillation_off", "oscillate_off"),
    )
    return [
        feed(config, "state_topic", on_off(config), "state_value_template", "value_template"),
        feed(config, "percentage_state_topic", speed, "percentage_value_template"),
        feed(config, "preset_mode_state_topic", preset, "preset_mode_value_template"),
        feed(config, "oscillation_state_topic", turning, "oscillation_value_template"),
        feed(config, "direction_state_topic", choice("direction"), "direction_value_template"),
    ]
