"""Which topics tell the state of a component, and what a message on them changes; pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.core.home import EntityState, Value
from assistant.home.discovery import Announced
from assistant.home.template import TemplateFault, read_value

Apply = Callable[[EntityState, str], EntityState]
UNKNOWN = frozenset({"", "None", "unknown"})
COMPONENTS = frozenset(
    {
        "light",
        "switch",
        "cover",
        "lock",
        "climate",
        "sensor",
        "binary_sensor",
        "fan",
        "scene",
        "button",
        "valve",
        "siren",
    }
)
"""Components that become entities here; others are passed over."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One topic of one entity: its messages go through `template`, then `apply` makes the new state."""

    topic: str
    template: str | None
    apply: Apply


def feeds_of(announced: Announced) -> list[Feed]:
    """All state topics of a component."""
    make = _FEEDS.get(announced.component, _switch_feeds)
    return [feed for feed in make(announced.config) if feed.topic]


def apply_feed(feed: Feed, state: EntityState, payload: bytes) -> EntityState:
    """The state after one message. Raises TemplateFault when the message can't be read; the state then stays."""
    text = payload.decode("utf-8", "replace")
    value = read_value(feed.template, text)
    if value == "" and feed.template:
        return state
    return feed.apply(state, value)


def _value(name: Callable[[str], str | None]) -> Apply:
    return lambda state, text: replace(state, value=None if text in UNKNOWN else name(text) or state.value)


def _named(names: Mapping[str, str]) -> Apply:
    """Payload → state; others keep the old state."""
    folded = {key.casefold(): value for key, value in names.items()}
    return _value(lambda text: folded.get(text.casefold()))


def _number(attribute: str, scale: Callable[[float], float] = lambda number: number) -> Apply:
    def apply(state: EntityState, text: str) -> EntityState:
        try:
            number = round(scale(float(text)), 2)
        except ValueError as error:
            raise TemplateFault(f"{text!r} is no number") from error
        plain: Value = int(number) if number == int(number) else number
        return replace(state, attributes={**state.attributes, attribute: plain})

    return apply


def _on_off(config: Mapping[str, Any]) -> Apply:
    on = str(config.get("state_on", config.get("payload_on", "ON")))
    off = str(config.get("state_off", config.get("payload_off", "OFF")))
    return _named({on: "on", off: "off"})


def _topic(config: Mapping[str, Any], key: str) -> str:
    topic = config.get(key)
    return topic if isinstance(topic, str) else ""


def _template(config: Mapping[str, Any], *keys: str) -> str | None:
    return next((config[key] for key in keys if isinstance(config.get(key), str)), None)


def _switch_feeds(config: Mapping[str, Any]) -> list[Feed]:
    return [Feed(_topic(config, "state_topic"), _template(config, "value_template"), _on_off(config))]


def _light_feeds(config: Mapping[str, Any]) -> list[Feed]:
    if config.get("schema") == "json":
        return [Feed(_topic(config, "state_topic"), None, _json_light(config))]
    feeds = [
        Feed(
            _topic(config, "state_topic"), _template(config, "state_value_template", "value_template"), _on_off(config)
        )
    ]
    scale = brightness_scale(config)
    template = _template(config, "brightness_value_template")
    feeds.append(
        Feed(_topic(config, "brightness_state_topic"), template, _number("brightness_pct", _percent_of(scale)))
    )
    return feeds


def brightness_scale(config: Mapping[str, Any]) -> float:
    """The payload that means full brightness."""
    try:
        return max(1.0, float(config.get("brightness_scale", 255)))
    except (TypeError, ValueError):
        return 255.0


def _percent_of(scale: float) -> Callable[[float], float]:
    return lambda number: round(number / scale * 100)


def _json_light(config: Mapping[str, Any]) -> Apply:
    names = {"ON": "on", "OFF": "off"}
    scale = brightness_scale(config)

    def apply(state: EntityState, text: str) -> EntityState:
        try:
            told = json.loads(text)
        except ValueError as error:
            raise TemplateFault("not JSON") from error
        if not isinstance(told, dict):
            raise TemplateFault("not a JSON object")
        attributes = dict(state.attributes)
        if isinstance(told.get("brightness"), int | float):
            attributes["brightness_pct"] = round(told["brightness"] / scale * 100)
        if isinstance(told.get("color_temp"), int | float):
            attributes["color_temp"] = told["color_temp"]
        if isinstance(told.get("color"), dict):
            attributes["color"] = json.dumps(told["color"], sort_keys=True)
        value = names.get(str(told["state"])) if "state" in told else state.value
        return replace(state, value=value, attributes=attributes)

    return apply


def _cover_feeds(config: Mapping[str, Any]) -> list[Feed]:
    names = {
        str(config.get("state_open", "open")): "open",
        str(config.get("state_closed", "closed")): "closed",
        str(config.get("state_opening", "opening")): "opening",
        str(config.get("state_closing", "closing")): "closing",
    }
    position = _position(config)
    return [
        Feed(_topic(config, "state_topic"), _template(config, "value_template"), _named(names)),
        Feed(_topic(config, "position_topic"), _template(config, "position_template"), position),
    ]


def _position(config: Mapping[str, Any]) -> Apply:
    opened, closed = float(config.get("position_open", 100)), float(config.get("position_closed", 0))
    set_percent = _number("position", lambda number: (number - closed) / ((opened - closed) or 1) * 100)

    def apply(state: EntityState, text: str) -> EntityState:
        moved = set_percent(state, text)
        is_moving = state.value in {"opening", "closing"} and "state_topic" in config
        value = state.value if is_moving else ("closed" if moved.attributes["position"] == 0 else "open")
        return replace(moved, value=value)

    return apply


def _lock_feeds(config: Mapping[str, Any]) -> list[Feed]:
    names = {
        str(config.get("state_locked", "LOCKED")): "locked",
        str(config.get("state_unlocked", "UNLOCKED")): "unlocked",
        str(config.get("state_locking", "LOCKING")): "locking",
        str(config.get("state_unlocking", "UNLOCKING")): "unlocking",
        str(config.get("state_jammed", "JAMMED")): "jammed",
    }
    return [Feed(_topic(config, "state_topic"), _template(config, "value_template"), _named(names))]


def _climate_feeds(config: Mapping[str, Any]) -> list[Feed]:
    mode = _value(lambda text: text)
    return [
        Feed(_topic(config, "mode_state_topic"), _template(config, "mode_state_template", "value_template"), mode),
        Feed(
            _topic(config, "temperature_state_topic"),
            _template(config, "temperature_state_template", "value_template"),
            _number("temperature"),
        ),
        Feed(
            _topic(config, "current_temperature_topic"),
            _template(config, "current_temperature_template", "value_template"),
            _number("current_temperature"),
        ),
    ]


def _sensor_feeds(config: Mapping[str, Any]) -> list[Feed]:
    return [Feed(_topic(config, "state_topic"), _template(config, "value_template"), _value(lambda text: text))]


def _fan_feeds(config: Mapping[str, Any]) -> list[Feed]:
    low, high = float(config.get("speed_range_min", 1)), float(config.get("speed_range_max", 100))
    percent = _number("percentage", lambda number: (number - low + 1) / ((high - low + 1) or 1) * 100)
    return [
        Feed(
            _topic(config, "state_topic"), _template(config, "state_value_template", "value_template"), _on_off(config)
        ),
        Feed(_topic(config, "percentage_state_topic"), _template(config, "percentage_value_template"), percent),
    ]


_FEEDS: Mapping[str, Callable[[Mapping[str, Any]], list[Feed]]] = {
    "light": _light_feeds,
    "cover": _cover_feeds,
    "valve": _cover_feeds,
    "lock": _lock_feeds,
    "climate": _climate_feeds,
    "sensor": _sensor_feeds,
    "fan": _fan_feeds,
}
