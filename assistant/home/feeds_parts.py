"""What all readers of states are made of: a topic, its template, and what its text does to the state; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from assistant.core.home import EntityState, Value
from assistant.home.config import Config
from assistant.home.payload import NotJson, Payload
from assistant.home.scales import Scale
from assistant.home.template import TemplateFault

Apply = Callable[[EntityState, str], EntityState]
UNKNOWN = frozenset({"", "None", "unknown"})
"""Texts that say that a device does not know."""
MAX_VALUE = 255
"""Characters of a state; longer texts are no states."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One topic of one entity: its messages go through `template`, then `apply` makes the new state."""

    topic: str
    template: str | None
    apply: Apply


def feed(config: Config, topic: str, apply: Apply, *templates: str) -> Feed:
    """The feed of a topic key, with the first of the template keys that is there."""
    return Feed(config.topic_filter(topic), config.template(*templates), apply)


def with_value(state: EntityState, attribute: str, value: Value) -> EntityState:
    """The state with one attribute more."""
    return replace(state, attributes={**state.attributes, attribute: value})


# ── readers of the state itself ──────────────────────────────────────────────────────────────────


def value(name: Callable[[str], str | None]) -> Apply:
    """The state is what `name` makes of the text; a text that it knows nothing of keeps the old one."""

    def apply(state: EntityState, text: str) -> EntityState:
        return replace(state, value=None if text in UNKNOWN else name(short(text)) or state.value)

    return apply


def named(names: Mapping[str, str]) -> Apply:
    """Payload → state; others keep the old state. Programs differ in upper and lower case."""
    folded = {key.casefold(): known for key, known in names.items()}
    return value(lambda text: names.get(text) or folded.get(text.casefold()))


def one_of(known: Iterable[str]) -> Apply:
    """The state is one of these, however it is spelt; others keep the old state. Without any: as told."""
    names = {each: each for each in known}
    return named(names) if names else as_told


def on_off(config: Config) -> Apply:
    """on and off, by the payloads that were announced."""
    on = config.text("state_on", config.text("payload_on", "ON"))
    off = config.text("state_off", config.text("payload_off", "OFF"))
    return named({on: "on", off: "off"})


# ── readers of attributes ────────────────────────────────────────────────────────────────────────


def number(attribute: str, scale: Callable[[float], float] = lambda told: told, reset: str = "None") -> Apply:
    """The attribute is a number; `reset` forgets it."""

    def apply(state: EntityState, text: str) -> EntityState:
        if text in UNKNOWN or text == reset:
            return with_value(state, attribute, None)
        return with_value(state, attribute, plain(scale(finite(text))))

    return apply


def percent(attribute: str, scale: Scale, reset: str = "None") -> Apply:
    """The attribute is in percent of a scale."""
    return number(attribute, lambda told: round(scale.percent(told)), reset)


def choice(attribute: str, known: Iterable[str] = (), reset: str = "None") -> Apply:
    """The attribute is one of these texts, others are passed over; without any it is as told."""
    names = {each.casefold(): each for each in known}

    def apply(state: EntityState, text: str) -> EntityState:
        if text in UNKNOWN or text == reset:
            return with_value(state, attribute, None)
        told = names.get(text.casefold()) if names else short(text)
        return state if told is None else with_value(state, attribute, told)

    return apply


def switched(attribute: str, on: str, off: str) -> Apply:
    """The attribute is true for one payload and false for another."""

    def apply(state: EntityState, text: str) -> EntityState:
        told = {on.casefold(): True, off.casefold(): False}.get(text.casefold())
        return state if told is None else with_value(state, attribute, told)

    return apply


# ── texts ────────────────────────────────────────────────────────────────────────────────────────


def short(text: str) -> str:
    """The text. Raises TemplateFault for one too long to be a state."""
    if len(text) > MAX_VALUE:
        raise TemplateFault("a state is too long")
    return text


def finite(text: str) -> float:
    """The number. Raises TemplateFault for what is none."""
    try:
        told = float(text)
    except ValueError as error:
        raise TemplateFault("a number was expected") from error
    if not math.isfinite(told):
        raise TemplateFault("a finite number was expected")
    return told


def plain(told: float, digits: int = 2) -> Value:
    """A number as people write it."""
    rounded = round(told, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def is_number(told: object) -> bool:
    """True for a number that can be reckoned with."""
    return isinstance(told, int | float) and not isinstance(told, bool) and abs(told) < 10**9


def json_object(text: str) -> dict[str, object]:
    """The JSON object. Raises TemplateFault."""
    try:
        told = Payload(text.encode("utf-8", "replace")).json()
    except NotJson as error:
        raise TemplateFault("JSON was expected") from error
    if not isinstance(told, dict):
        raise TemplateFault("a JSON object was expected")
    return told


def json_or(text: str, key: str) -> dict[str, object]:
    """The JSON object that a text is, or the text under `key`."""
    return json_object(text) if text.startswith("{") else {key: text}


as_told = value(lambda text: text)
"""The state is the text."""
