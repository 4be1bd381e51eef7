"""What to publish for an action on a component, and how its effect is recognised; pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.core.home import Action, EntityState
from assistant.home.discovery import Announced
from assistant.home.feeds import brightness_scale
from assistant.home.template import render

Wanted = Callable[[EntityState], bool]
RGB = {
    "red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255), "yellow": (255, 220, 0),
    "orange": (255, 140, 0), "purple": (150, 0, 200), "pink": (255, 105, 180), "cyan": (0, 255, 255),
    "turquoise": (64, 224, 208), "brown": (139, 69, 19), "black": (0, 0, 0),
}  # fmt: skip
"""Names of colours as Home Assistant's sentences give them."""
TOLERANCE = 3.0
"""Devices round; a value this close to the wanted one confirms it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to publish."""

    topic: str
    payload: str
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """The messages of an action and the state that shows its effect; `wanted` None: no state can show it."""

    messages: tuple[Outgoing, ...]
    wanted: Wanted | None


class Unsupported(ValueError):
    """This component can't do that."""


def order_for(announced: Announced, action: Action, state: EntityState) -> Order:
    """The messages for an action. Raises Unsupported, or TemplateFault for a broken command template."""
    verb = action.verb
    if verb == "toggle":
        verb = "turn_off" if state.value == "on" else "turn_on"
    write = _WRITERS.get((announced.component, verb))
    if write is None:
        raise Unsupported(f"{announced.component} can't {verb}")
    order = write(announced.config, action.values)
    has_state = any(str(announced.config.get(key) or "") for key in _STATE_TOPICS)
    is_blind = announced.config.get("optimistic") is True or not has_state
    return Order(order.messages, None if is_blind else order.wanted)


_STATE_TOPICS = ("state_topic", "position_topic", "mode_state_topic", "temperature_state_topic")


def _is(*values: str) -> Wanted:
    return lambda state: state.value in values


def _near(attribute: str, number: float) -> Wanted:
    def holds(state: EntityState) -> bool:
        value = state.attributes.get(attribute)
        return isinstance(value, int | float) and abs(value - number) <= TOLERANCE

    return holds


def _both(one: Wanted, other: Wanted) -> Wanted:
    return lambda state: one(state) and other(state)


def _topic(config: Mapping[str, Any], key: str = "command_topic") -> str:
    topic = config.get(key)
    if not isinstance(topic, str) or not topic or set(topic) & {"+", "#", "\0"}:
        raise Unsupported(f"it has no {key}")
    return topic


def _send(
    config: Mapping[str, Any], payload: object, key: str = "command_topic", template: str = "command_template"
) -> Outgoing:
    text = _text(payload)
    source = config.get(template)
    if isinstance(source, str):
        text = render(source, {"value": payload, "position": payload})
    return Outgoing(_topic(config, key), text, config.get("retain") is True)


def _text(payload: object) -> str:
    if isinstance(payload, float) and payload.is_integer():
        return str(int(payload))
    return str(payload)


def _constant(
    payload_key: str, default: str, wanted: Wanted | None
) -> Callable[[Mapping[str, Any], Mapping[str, object]], Order]:
    def write(config: Mapping[str, Any], _: Mapping[str, object]) -> Order:
        payload = config.get(payload_key, default)
        if payload is None:
            raise Unsupported(f"it has no {payload_key}")
        return Order((_send(config, payload),), wanted)

    return write


def _light_on(config: Mapping[str, Any], values: Mapping[str, object]) -> Order:
    if config.get("schema") == "json":
        return _json_light_on(config, values)
    messages, wanted = [], _is("on")
    percent = values.get("brightness_pct")
    if isinstance(percent, int | float):
        level = max(1, round(percent / 100 * brightness_scale(config)))
        messages.append(Outgoing(_topic(config, "brightness_command_topic"), str(level)))
        wanted = _both(wanted, _near("brightness_pct", percent)) if "brightness_state_topic" in config else wanted
    if rgb := _rgb(values):
        messages.append(Outgoing(_topic(config, "rgb_command_topic"), ",".join(map(str, rgb))))
    if isinstance(kelvin := values.get("color_temp_kelvin"), int | float) and kelvin > 0:
        messages.append(Outgoing(_topic(config, "color_temp_command_topic"), str(round(1_000_000 / kelvin))))
    if config.get("on_command_type") != "brightness" or not messages:
        on = _send(config, config.get("payload_on", "ON"))
        messages = [on, *messages] if config.get("on_command_type") == "first" else [*messages, on]
    return Order(tuple(messages), wanted)


def _json_light_on(config: Mapping[str, Any], values: Mapping[str, object]) -> Order:
    body: dict[str, Any] = {"state": "ON"}
    wanted = _is("on")
    percent = values.get("brightness_pct")
    if isinstance(percent, int | float):
        body["brightness"] = max(1, round(percent / 100 * brightness_scale(config)))
        wanted = _both(wanted, _near("brightness_pct", percent))
    if rgb := _rgb(values):
        body["color"] = dict(zip("rgb", rgb, strict=True))
    if isinstance(kelvin := values.get("color_temp_kelvin"), int | float) and kelvin > 0:
        body["color_temp"] = round(1_000_000 / kelvin)
    return Order((Outgoing(_topic(config), json.dumps(body)),), wanted)


def _rgb(values: Mapping[str, object]) -> tuple[int, int, int] | None:
    color = values.get("color")
    if color is None:
        return None
    if str(color) not in RGB:
        raise Unsupported(f"the colour {color} is not known")
    return RGB[str(color)]


def _light_off(config: Mapping[str, Any], values: Mapping[str, object]) -> Order:
    if config.get("schema") == "json":
        return Order((Outgoing(_topic(config), '{"state": "OFF"}'),), _is("off"))
    return _constant("payload_off", "OFF", _is("off"))(config, values)


def _set_position(config: Mapping[str, Any], values: Mapping[str, object]) -> Order:
    percent = values.get("position")
    if not isinstance(percent, int | float) or not 0 <= percent <= 100:
        raise Unsupported("a position is 0 to 100")
    opened, closed = float(config.get("position_open", 100)), float(config.get("position_closed", 0))
    level = round(closed + percent / 100 * (opened - closed))
    message = _send(config, level, "set_position_topic", "set_position_template")
    return Order((message,), _near("position", percent))


def _set_temperature(config: Mapping[str, Any], values: Mapping[str, object]) -> Order:
    degrees = values.get("temperature")
    low, high = float(config.get("min_temp", 7)), float(config.get("max_temp", 35))
    if not isinstance(degrees, int | float) or not low <= degrees <= high:
        raise Unsupported(f"a temperature is {low:g} to {high:g}")
    message = _send(config, degrees, "temperature_command_topic", "temperature_command_template")
    return Order((message,), lambda state: state.attributes.get("temperature") == degrees)


def _set_mode(mode_key: str) -> Callable[[Mapping[str, Any], Mapping[str, object]], Order]:
    def write(config: Mapping[str, Any], values: Mapping[str, object]) -> Order:
        mode = str(values.get("mode") or mode_key)
        modes = config.get("modes", ["auto", "off", "cool", "heat", "dry", "fan_only"])
        if mode == "on":
            mode = next((known for known in ("heat", "auto", *modes) if known in modes and known != "off"), "")
        if mode not in modes:
            raise Unsupported(f"it has no mode {mode}")
        return Order((_send(config, mode, "mode_command_topic", "mode_command_template"),), _is(mode))

    return write


def _set_percentage(config: Mapping[str, Any], values: Mapping[str, object]) -> Order:
    percent = values.get("percentage")
    if not isinstance(percent, int | float) or not 0 <= percent <= 100:
        raise Unsupported("a speed is 0 to 100 percent")
    low, high = float(config.get("speed_range_min", 1)), float(config.get("speed_range_max", 100))
    level = round(percent / 100 * (high - low + 1) + low - 1)
    message = _send(config, level, "percentage_command_topic", "percentage_command_template")
    return Order((message,), _near("percentage", percent))


Writer = Callable[[Mapping[str, Any], Mapping[str, object]], Order]
_ON = _constant("payload_on", "ON", _is("on"))
_OFF = _constant("payload_off", "OFF", _is("off"))
_OPEN = _constant("payload_open", "OPEN", _is("open", "opening"))
_CLOSE = _constant("payload_close", "CLOSE", _is("closed", "closing"))
_STOP = _constant("payload_stop", "STOP", None)
_WRITERS: Mapping[tuple[str, str], Writer] = {
    ("light", "turn_on"): _light_on,
    ("light", "turn_off"): _light_off,
    **{(component, "turn_on"): _ON for component in ("switch", "fan", "siren", "scene")},
    **{(component, "turn_off"): _OFF for component in ("switch", "fan", "siren")},
    **{(component, "open"): _OPEN for component in ("cover", "valve")},
    **{(component, "close"): _CLOSE for component in ("cover", "valve")},
    **{(component, "stop"): _STOP for component in ("cover", "valve")},
    **{(component, "set_position"): _set_position for component in ("cover", "valve")},
    ("lock", "lock"): _constant("payload_lock", "LOCK", _is("locked", "locking")),
    ("lock", "unlock"): _constant("payload_unlock", "UNLOCK", _is("unlocked", "unlocking")),
    ("climate", "set_temperature"): _set_temperature,
    ("climate", "set_mode"): _set_mode(""),
    ("climate", "turn_on"): _set_mode("on"),
    ("climate", "turn_off"): _set_mode("off"),
    ("fan", "set_percentage"): _set_percentage,
    ("button", "press"): _constant("payload_press", "PRESS", None),
}
