"""An action on its way out: the request, the messages, and how their effect will show; pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.core.home import EntityState, Value
from assistant.home.config import Config

Wanted = Callable[[EntityState], bool]
TOLERANCE = 1.5
"""Devices round; a value this close to the wanted one confirms it."""


class Unsupported(ValueError):
    """This component can't do that."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to publish."""

    topic: str
    payload: str
    retain: bool = False

    @classmethod
    def json(cls, topic: str, body: Mapping[str, object], *, retain: bool = False) -> Outgoing:
        """A message with a JSON object."""
        return cls(topic, json.dumps(body, ensure_ascii=False), retain)


@dataclass(frozen=True, slots=True)
class Order:
    """The messages of an action and the state that shows its effect; `wanted` None: no state can show it."""

    messages: tuple[Outgoing, ...]
    wanted: Wanted | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a component, and its state before."""

    config: Config
    values: Mapping[str, Value]
    state: EntityState

    def number(self, name: str) -> float | None:
        """A value that is a number, or None."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def is_in(*values: str) -> Wanted:
    """The state is one of these."""
    return lambda state: state.value in values


def near(attribute: str, number: float, tolerance: float = TOLERANCE) -> Wanted:
    """The attribute is that number, but for rounding."""

    def holds(state: EntityState) -> bool:
        value = state.attributes.get(attribute)
        return isinstance(value, int | float) and abs(value - number) <= tolerance

    return holds


def both(one: Wanted, other: Wanted) -> Wanted:
    """Both hold."""
    return lambda state: one(state) and other(state)


def topic_of(config: Config, key: str = "command_topic") -> str:
    """A topic to publish on. Raises Unsupported when the component has none."""
    topic = config.topic(key)
    if not topic:
        raise Unsupported(f"it has no {key}")
    return topic
