"""What happens and is over: events, buttons of remotes, tags; and where people are; pure."""

from __future__ import annotations

from dataclasses import replace

from assistant.core.home import EntityState
from assistant.home.config import Config
from assistant.home.feeds_parts import Feed, as_told, feed, json_object, named, short, with_value
from assistant.home.template import TemplateFault


def event_feeds(config: Config) -> list[Feed]:
    """The event that happened last."""
    known = {each.casefold(): each for each in config.texts("event_types")}

    def apply(state: EntityState, text: str) -> EntityState:
        told = json_object(text).get("event_type")
        if not isinstance(told, str):
            raise TemplateFault("an event has no event_type")
        kind = known.get(told.casefold()) if known else short(told)
        return state if kind is None else with_value(replace(state, value=kind), "event_type", kind)

    return [feed(config, "state_topic", apply, "value_template")]


def trigger_feeds(config: Config) -> list[Feed]:
    """A button of a remote: it has a payload of its own, or any message means it."""
    wanted, subtype = config.text("payload"), config.text("subtype")

    def apply(state: EntityState, text: str) -> EntityState:
        if wanted and text != wanted:
            return state
        return with_value(replace(state, value=subtype or short(text)), "event_type", subtype or short(text))

    return [feed(config, "topic", apply, "value_template")]


def tag_feeds(config: Config) -> list[Feed]:
    """The tag that was read last."""
    return [feed(config, "topic", as_told, "value_template")]


def tracker_feeds(config: Config) -> list[Feed]:
    """home, not_home, or the name of a place."""
    names = {config.text("payload_home", "home"): "home", config.text("payload_not_home", "not_home"): "not_home"}
    known, reset = named(names), config.text("payload_reset", "None")

    def apply(state: EntityState, text: str) -> EntityState:
        if text == reset:
            return replace(state, value=None)
        told = known(replace(state, value=None), text)
        return told if told.value is not None else as_told(state, text)

    return [feed(config, "state_topic", apply, "value_template")]
