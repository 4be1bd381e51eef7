"""Which topics tell the state of a component, and what a message on them changes; pure."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assistant.core.home import EntityState, Value
from assistant.home.config import Config
from assistant.home.discovery import Announced
from assistant.home.payload import NotJson, Payload
from assistant.home.scales import Scale, brightness_scale, position_scale, speed_scale
from assistant.home.template import TemplateFault, read_value

Apply = Callable[[EntityState, str], EntityState]
UNKNOWN = frozenset({"", "None", "unknown"})
MAX_VALUE = 255
"""Characters of a state; longer texts are no states."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One topic of one entity: its messages go through `template`, then `apply` makes the new state."""

    topic: str
    template: str | None
    apply: Apply


def feeds_of(announced: Announced) -> list[Feed]:
    """All state topics of a component. Raises ConfigFault for keys that can't be used."""
    make = FEEDS[announced.component]
    return [feed for feed in make(announced.config) if feed.topic]


def apply_feed(feed: Feed, state: EntityState, payload: Payload) -> EntityState:
    """The state after one message. Raises TemplateFault when the message can't be read; the state then stays."""
    value = read_value(feed.template, payload)
    if value == "" and feed.template:
        return state
    return feed.apply(state, value)


def _feed(config: Config, topic: str, apply: Apply, *templates: str) -> Feed:
    return Feed(config.topic_filter(topic), config.template(*templates), apply)


def _value(name: Callable[[str], str | None]) -> Apply:
    def apply(state: EntityState, text: str) -> EntityState:
        if len(text) > MAX_VALUE:
            raise TemplateFault("a state is too long")
        return replace(state, value=None if text in UNKNOWN else name(text) or state.value)

    return apply


_AS_TOLD = _value(lambda text: text)


def _named(names: Mapping[str, str]) -> Apply:
    """Payload → state; others keep the old state. Programs differ in upper and lower case."""
    folded = {key.casefold(): value for key, value in names.items()}
    return _value(lambda text: names.get(text) or folded.get(text.casefold()))


def _finite(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise TemplateFault("a number was expected") from error
    if not math.isfinite(number):
        raise TemplateFault("a finite number was expected")
    return number


def _plain(number: float, digits: int = 2) -> Value:
    rounded = round(number, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def _with(state: EntityState, attribute: str, value: Value) -> EntityState:
    return replace(state, attributes={**state.attributes, attribute: value})


def _number(attribute: str, scale: Callable[[float], float] = lambda number: number) -> Apply:
    def apply(state: EntityState, text: str) -> EntityState:
        if text in UNKNOWN:
            return _with(state, attribute, None)
        return _with(state, attribute, _plain(scale(_finite(text))))

    return apply


def _percent(attribute: str, scale: Scale) -> Apply:
    return _number(attribute, lambda number: round(scale.percent(number)))


def _on_off(config: Config) -> Apply:
    on = config.text("state_on", config.text("payload_on", "ON"))
    off = config.text("state_off", config.text("payload_off", "OFF"))
    return _named({on: "on", off: "off"})


def _switch_feeds(config: Config) -> list[Feed]:
    return [_feed(config, "state_topic", _on_off(config), "value_template", "state_value_template")]


def _siren_feeds(config: Config) -> list[Feed]:
    named = _on_off(config)

    def apply(state: EntityState, text: str) -> EntityState:
        told = _object(text) if text.startswith("{") else {"state": text}
        return named(state, str(told.get("state", "")))

    return [_feed(config, "state_topic", apply, "state_value_template", "value_template")]


def _light_feeds(config: Config) -> list[Feed]:
    schema = config.text("schema", "default")
    if schema == "json":
        return [Feed(config.topic_filter("state_topic"), None, _json_light(config))]
    if schema == "template":
        return _template_light_feeds(config)
    return [
        _feed(config, "state_topic", _on_off(config), "state_value_template", "value_template"),
        _feed(
            config,
            "brightness_state_topic",
            _percent("brightness_pct", brightness_scale(config)),
            "brightness_value_template",
        ),
        _feed(config, "color_temp_state_topic", _color_temp(config), "color_temp_value_template"),
    ]


def _template_light_feeds(config: Config) -> list[Feed]:
    topic = config.topic_filter("state_topic")
    named = _named({"on": "on", "off": "off"})
    feeds = [Feed(topic, config.template("state_template"), named)]
    if brightness := config.template("brightness_template"):
        feeds.append(Feed(topic, brightness, _percent("brightness_pct", brightness_scale(config))))
    if color_temp := config.template("color_temp_template"):
        feeds.append(Feed(topic, color_temp, _color_temp(config)))
    return feeds


def _color_temp(config: Config) -> Apply:
    """In kelvin, whatever the device counts in."""
    if config.flag("color_temp_kelvin"):
        return _number("color_temp_kelvin", round)
    return _number("color_temp_kelvin", lambda mired: round(1_000_000 / mired) if mired > 0 else 0)


def _object(text: str) -> dict[str, object]:
    try:
        told = Payload(text.encode("utf-8", "replace")).json()
    except NotJson as error:
        raise TemplateFault("JSON was expected") from error
    if not isinstance(told, dict):
        raise TemplateFault("a JSON object was expected")
    return told


def _json_light(config: Config) -> Apply:
    names = {"ON": "on", "OFF": "off"}
    brightness = _percent("brightness_pct", brightness_scale(config))
    color_temp = _color_temp(config)

    def apply(state: EntityState, text: str) -> EntityState:
        told = _object(text)
        if _is_number(told.get("brightness")):
            state = brightness(state, str(told["brightness"]))
        if _is_number(told.get("color_temp")):
            state = color_temp(state, str(told["color_temp"]))
        if isinstance(told.get("color"), dict):
            state = _with(state, "color", json.dumps(told["color"], sort_keys=True)[:MAX_VALUE])
        return replace(state, value=names.get(str(told["state"]).upper())) if "state" in told else state

    return apply


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**9


def _cover_feeds(config: Config) -> list[Feed]:
    position, state = _position(config), _cover_state(config)
    template = ("value_template", "state_value_template")
    if config.flag("reports_position"):
        return [_feed(config, "state_topic", _either(state, position), *template)]
    return [
        _feed(config, "state_topic", state, *template),
        _feed(config, "position_topic", position, "position_template"),
    ]


def _cover_state(config: Config) -> Apply:
    names = {
        config.text("state_open", "open"): "open",
        config.text("state_closed", "closed"): "closed",
        config.text("state_opening", "opening"): "opening",
        config.text("state_closing", "closing"): "closing",
    }
    stopped = config.text("state_stopped", "stopped")
    named = _named(names)

    def apply(state: EntityState, text: str) -> EntityState:
        if text.casefold() == stopped.casefold() and text not in names:
            return replace(state, value="closed" if state.attributes.get("position") == 0 else "open")
        return named(state, text)

    return apply


def _position(config: Config) -> Apply:
    scale = position_scale(config)
    has_state = "state_topic" in config and not config.flag("reports_position")

    def apply(state: EntityState, text: str) -> EntityState:
        if text in UNKNOWN:
            return _with(state, "position", None)
        if text.startswith("{"):
            text = str(_object(text).get("position", ""))
        percent = round(min(100.0, max(0.0, scale.percent(_finite(text)))))
        moved = _with(state, "position", percent)
        if has_state and state.value is not None:
            return moved
        return replace(moved, value="closed" if percent == 0 else "open")

    return apply


def _either(state: Apply, position: Apply) -> Apply:
    """A valve's topic tells its state, its position, or both as JSON."""

    def apply(old: EntityState, text: str) -> EntityState:
        if not text.startswith("{"):
            return position(old, text) if text[:1].isdigit() else state(old, text)
        told = _object(text)
        new = position(old, str(told["position"])) if "position" in told else old
        return state(new, str(told["state"])) if told.get("state") else new

    return apply


def _lock_feeds(config: Config) -> list[Feed]:
    names = {
        config.text("state_locked", "LOCKED"): "locked",
        config.text("state_unlocked", "UNLOCKED"): "unlocked",
        config.text("state_locking", "LOCKING"): "locking",
        config.text("state_unlocking", "UNLOCKING"): "unlocking",
        config.text("state_jammed", "JAMMED"): "jammed",
    }
    return [_feed(config, "state_topic", _named(names), "value_template")]


def _climate_feeds(config: Config) -> list[Feed]:
    return [
        _feed(config, "mode_state_topic", _AS_TOLD, "mode_state_template", "value_template"),
        _feed(
            config,
            "temperature_state_topic",
            _number("temperature"),
            "temperature_state_template",
            "value_template",
        ),
        _feed(
            config,
            "current_temperature_topic",
            _number("current_temperature"),
            "current_temperature_template",
            "value_template",
        ),
    ]


def _sensor_feeds(config: Config) -> list[Feed]:
    return [_feed(config, "state_topic", _AS_TOLD, "value_template")]


def _fan_feeds(config: Config) -> list[Feed]:
    return [
        _feed(config, "state_topic", _on_off(config), "state_value_template", "value_template"),
        _feed(
            config,
            "percentage_state_topic",
            _percent("percentage", speed_scale(config)),
            "percentage_value_template",
        ),
    ]


def _vacuum_feeds(config: Config) -> list[Feed]:
    def apply(state: EntityState, text: str) -> EntityState:
        told = _object(text)
        if _is_number(told.get("battery_level")):
            state = _number("battery_level")(state, str(told["battery_level"]))
        return _AS_TOLD(state, str(told["state"])) if told.get("state") else state

    return [Feed(config.topic_filter("state_topic"), None, apply)]


def _mower_feeds(config: Config) -> list[Feed]:
    return [_feed(config, "activity_state_topic", _AS_TOLD, "activity_value_template")]


def _no_feeds(_: Config) -> list[Feed]:
    return []


FEEDS: Mapping[str, Callable[[Config], list[Feed]]] = {
    "light": _light_feeds,
    "switch": _switch_feeds,
    "binary_sensor": _switch_feeds,
    "siren": _siren_feeds,
    "humidifier": _switch_feeds,
    "cover": _cover_feeds,
    "valve": _cover_feeds,
    "lock": _lock_feeds,
    "climate": _climate_feeds,
    "water_heater": _climate_feeds,
    "sensor": _sensor_feeds,
    "fan": _fan_feeds,
    "vacuum": _vacuum_feeds,
    "lawn_mower": _mower_feeds,
    "scene": _no_feeds,
    "button": _no_feeds,
}
"""Components that become entities here; others are passed over."""
