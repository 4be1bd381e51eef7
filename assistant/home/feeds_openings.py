"""What covers, valves and locks tell of themselves; pure."""

from __future__ import annotations

from dataclasses import replace

from assistant.core.home import EntityState
from assistant.home.config import Config
from assistant.home.feeds_parts import UNKNOWN, Apply, Feed, feed, finite, json_object, named, number, with_value
from assistant.home.scales import Scale, position_scale

FARTHEST = 110
"""Percent; a position beyond it is none, but a word for something else (254: opening)."""


def cover_feeds(config: Config) -> list[Feed]:
    """State, position and tilt of covers and valves."""
    position, state = _position(config), _state(config)
    template = ("value_template", "state_value_template")
    if config.flag("reports_position"):
        return [feed(config, "state_topic", _either(state, position), *template)]
    return [
        feed(config, "state_topic", state, *template),
        feed(config, "position_topic", position, "position_template"),
        feed(config, "tilt_status_topic", _tilt(config), "tilt_status_template"),
    ]


def _state(config: Config) -> Apply:
    names = {config.text(f"state_{name}", name): name for name in ("open", "closed", "opening", "closing")}
    stopped = config.text("state_stopped", "stopped")
    known = named(names)

    def apply(state: EntityState, text: str) -> EntityState:
        if text.casefold() == stopped.casefold() and text not in names:
            return replace(state, value="closed" if state.attributes.get("position") == 0 else "open")
        return known(state, text)

    return apply


def _position(config: Config) -> Apply:
    scale = position_scale(config)
    has_state = "state_topic" in config and not config.flag("reports_position")

    def apply(state: EntityState, text: str) -> EntityState:
        if text in UNKNOWN:
            return with_value(state, "position", None)
        if text.startswith("{"):
            text = str(json_object(text).get("position", ""))
        told = scale.percent(finite(text))
        if not 100 - FARTHEST <= told <= FARTHEST:
            return state
        percent = round(min(100.0, max(0.0, told)))
        moved = with_value(state, "position", percent)
        if has_state and state.value is not None:
            return moved
        return replace(moved, value="closed" if percent == 0 else "open")

    return apply


def _tilt(config: Config) -> Apply:
    low, high = config.number("tilt_min", 0), config.number("tilt_max", 100)
    scale = Scale(low, high) if high != low else Scale(0, 100)
    return number("tilt", lambda told: round(min(100.0, max(0.0, scale.percent(told)))))


def _either(state: Apply, position: Apply) -> Apply:
    """A valve's topic tells its state, its position, or both as JSON."""

    def apply(old: EntityState, text: str) -> EntityState:
        if not text.startswith("{"):
            return position(old, text) if text[:1].isdigit() else state(old, text)
        told = json_object(text)
        new = position(old, str(told["position"])) if "position" in told else old
        return state(new, str(told["state"])) if told.get("state") else new

    return apply


def lock_feeds(config: Config) -> list[Feed]:
    """The state of a lock."""
    words = ("locked", "unlocked", "locking", "unlocking", "jammed", "open", "opening")
    names = {config.text(f"state_{word}", word.upper()): word for word in words}
    return [feed(config, "state_topic", named(names), "value_template")]
