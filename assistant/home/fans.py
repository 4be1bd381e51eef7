"""Commands of fans: speed in their own range, presets, oscillation, direction; pure."""

from __future__ import annotations

from assistant.home.config import Config
from assistant.home.order import Order, Request, Unsupported, constant, has, is_in, near
from assistant.home.scales import speed_scale

ON = constant("payload_on", "ON", is_in("on"))
OFF = constant("payload_off", "OFF", is_in("off"))
DIRECTIONS = ("forward", "reverse")


def fan_on(request: Request) -> Order:
    """Turn on, at the speed or with the preset that was said."""
    on = ON(request)
    for value, write in (("percentage", set_percentage), ("preset", set_preset)):
        if value in request.values:
            more = write(request)
            return Order((*on.messages, *more.messages), more.wanted)
    return on


def set_percentage(request: Request) -> Order:
    """A speed; 0 turns off, and a speed turns on."""
    percent, config = request.percent("percentage"), request.config
    if percent == 0:
        return OFF(request)
    scale = speed_scale(config)
    level = scale.level(percent)
    message = request.send(level, "percentage_command_topic", "percentage_command_template")
    if "percentage_state_topic" in config:
        return Order((message,), near("percentage", scale.percent(level)))
    return Order((message,), request.seen(is_in("on"), "state_topic"))


def set_preset(request: Request) -> Order:
    """One of the device's presets."""
    preset = request.option("preset", request.config.texts("preset_modes"))
    message = request.send(preset, "preset_mode_command_topic", "preset_mode_command_template")
    return Order((message,), request.seen(has("preset", preset), "preset_mode_state_topic"))


def oscillate(request: Request) -> Order:
    """From side to side, or no more."""
    is_on = request.values.get("oscillating") is not False
    word = "on" if is_on else "off"
    payload = request.config.text(f"payload_oscillation_{word}", f"oscillate_{word}")
    message = request.send(payload, "oscillation_command_topic", "oscillation_command_template")
    return Order((message,), request.seen(has("oscillating", is_on), "oscillation_state_topic"))


def set_direction(request: Request) -> Order:
    """Forward or reverse; without a word, the other one."""
    before = str(request.state.attributes.get("direction") or "forward")
    other = DIRECTIONS[before == "forward"]
    direction = request.option("direction", DIRECTIONS) if request.text("direction") else other
    if direction not in DIRECTIONS:
        raise Unsupported("it has no such direction")
    message = request.send(direction, "direction_command_topic", "direction_command_template")
    return Order((message,), request.seen(has("direction", direction), "direction_state_topic"))


def features_of_fan(config: Config) -> frozenset[str]:
    """percentage, preset_mode, oscillate, direction."""
    topics = {"percentage": "percentage", "preset_mode": "preset_mode", "oscillate": "oscillation",
              "direction": "direction"}  # fmt: skip
    return frozenset(feature for feature, topic in topics.items() if f"{topic}_command_topic" in config)
