"""What lights tell of themselves, in the three forms that discovery knows: default, json, template; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from assistant.core.home import EntityState
from assistant.home.config import Config
from assistant.home.feeds_parts import (
    MAX_VALUE,
    Apply,
    Feed,
    choice,
    feed,
    finite,
    is_number,
    json_object,
    named,
    number,
    on_off,
    percent,
    with_value,
)
from assistant.home.scales import brightness_scale
from assistant.home.template import TemplateFault

_COLORS = {
    "rgb": ("r", "g", "b"),
    "rgbw": ("r", "g", "b", "w"),
    "rgbww": ("r", "g", "b", "c", "w"),
    "hs": ("h", "s"),
    "xy": ("x", "y"),
}
"""Colour modes with a topic of their own, and the names of their parts in a state."""


def light_feeds(config: Config) -> list[Feed]:
    """All that a light tells."""
    match config.text("schema", "default"):
        case "json":
            return [Feed(config.topic_filter("state_topic"), None, _json_light(config))]
        case "template":
            return _template_feeds(config)
        case _:
            return _default_feeds(config)


def _default_feeds(config: Config) -> list[Feed]:
    brightness = percent("brightness_pct", brightness_scale(config))
    effects = config.texts("effect_list")
    return [
        feed(config, "state_topic", on_off(config), "state_value_template", "value_template"),
        feed(config, "brightness_state_topic", brightness, "brightness_value_template"),
        feed(config, "color_temp_state_topic", _color_temp(config), "color_temp_value_template"),
        feed(config, "color_mode_state_topic", choice("color_mode"), "color_mode_value_template"),
        feed(config, "effect_state_topic", choice("effect", effects), "effect_value_template"),
        *(feed(config, f"{mode}_state_topic", _color(parts), f"{mode}_value_template")
          for mode, parts in _COLORS.items()),
    ]  # fmt: skip


def _template_feeds(config: Config) -> list[Feed]:
    topic = config.topic_filter("state_topic")
    applied = {
        "state_template": named({"on": "on", "off": "off"}),
        "brightness_template": percent("brightness_pct", brightness_scale(config)),
        "color_temp_template": _color_temp(config),
        "effect_template": choice("effect", config.texts("effect_list")),
    }
    feeds = [Feed(topic, config.template(key), apply) for key, apply in applied.items() if config.template(key)]
    colors = [config.template(f"{name}_template") for name in ("red", "green", "blue")]
    if all(colors):
        feeds.append(Feed(topic, ",".join(each or "" for each in colors), _color(_COLORS["rgb"])))
    return feeds


def _color_temp(config: Config) -> Apply:
    """In kelvin, whatever the device counts in."""
    if config.flag("color_temp_kelvin"):
        return number("color_temp_kelvin", round)
    return number("color_temp_kelvin", lambda mired: round(1_000_000 / mired) if mired > 0 else 0)


def _color(parts: Sequence[str]) -> Apply:
    """A list of numbers with commas."""

    def apply(state: EntityState, text: str) -> EntityState:
        if not text.strip(", "):
            return state
        told = [finite(each) for each in text.split(",")]
        if len(told) != len(parts):
            raise TemplateFault("a colour has another number of parts")
        return with_value(state, "color", json.dumps(dict(zip(parts, told, strict=True))))

    return apply


def _json_light(config: Config) -> Apply:
    names = {"ON": "on", "OFF": "off"}
    brightness = percent("brightness_pct", brightness_scale(config))
    color_temp = _color_temp(config)

    def apply(state: EntityState, text: str) -> EntityState:
        told = json_object(text)
        if is_number(told.get("brightness")):
            state = brightness(state, str(told["brightness"]))
        if is_number(told.get("color_temp")):
            state = color_temp(state, str(told["color_temp"]))
        if isinstance(told.get("color"), dict):
            state = with_value(state, "color", json.dumps(told["color"], sort_keys=True)[:MAX_VALUE])
        for key in ("color_mode", "effect"):
            if isinstance(told.get(key), str):
                state = with_value(state, key, str(told[key])[:MAX_VALUE])
        return replace(state, value=names.get(str(told["state"]).upper())) if "state" in told else state

    return apply
