"""An action on its way out: the request, the messages, and how their effect will show; pure."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.core.home import EntityState, Value
from assistant.home.config import Config
from assistant.home.template import render

Wanted = Callable[[EntityState], bool]
TOLERANCE = 1.5
"""Devices round; a value this close to the wanted one confirms it."""


class Unsupported(ValueError):
    """This component can't do that."""


class NeedsCode(Unsupported):
    """Not without the device's own code, or not with this one."""


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
    refused: Wanted | None = None
    """The state that shows that it failed."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a component, and its state before."""

    config: Config
    values: Mapping[str, Value]
    state: EntityState
    component: str = ""

    def number(self, name: str) -> float | None:
        """A value that is a number, or None."""
        value = self.values.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return float(value) if is_number and value is not None else None

    def percent(self, name: str) -> float:
        """A value from 0 to 100. Raises Unsupported for any other."""
        return self.between(name, 0, 100)

    def between(self, name: str, low: float, high: float) -> float:
        """A number in those limits. Raises Unsupported for any other."""
        number = self.number(name)
        if number is None or not low <= number <= high:
            raise Unsupported(f"a {name} is {low:g} to {high:g}")
        return number

    def text(self, name: str) -> str:
        """A value as text; empty when it is not there."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def option(self, name: str, options: tuple[str, ...]) -> str:
        """The option that was meant, as the device writes it. Raises Unsupported for one that is not among them."""
        said = _folded(self.text(name))
        found = next((option for option in options if _folded(option) == said), None)
        if not said or found is None:
            raise Unsupported(f"it has no such {name}")
        return found

    def send(self, payload: object, key: str = "command_topic", template: str = "command_template",
             **values: object) -> Outgoing:  # fmt: skip
        """A message for the topic under `key`, through that template if there is one."""
        text = plain(payload)
        if source := self.config.template(template):
            text = render(source, {"value": number_or_text(payload), **values})
        return Outgoing(topic_of(self.config, key), text, self.config.flag("retain"))

    def seen(self, wanted: Wanted, *topics: str) -> Wanted | None:
        """What will show the effect, if the device tells it on one of these topics."""
        return wanted if any(topic in self.config for topic in topics) else None


Writer = Callable[[Request], Order]


def _folded(text: str) -> str:
    """Options are said with spaces, written with underscores, in any case."""
    return " ".join(text.replace("_", " ").replace("-", " ").casefold().split())


def plain(payload: object) -> str:
    """A payload as text; 21.0 is told as 21."""
    if isinstance(payload, float) and payload.is_integer() and abs(payload) < 10**15:
        return str(int(payload))
    return str(payload)


def number_or_text(payload: object) -> object:
    """As templates get it: whole numbers without a point."""
    return int(payload) if isinstance(payload, float) and payload.is_integer() else payload


def constant(payload_key: str, default: str, wanted: Wanted | None) -> Writer:
    """Publishes the payload that the configuration names for it."""

    def write(request: Request) -> Order:
        payload = request.config.payload(payload_key, default)
        if payload is None:
            raise Unsupported(f"it has no {payload_key}")
        # natively announced devices have a topic for each verb
        own = payload_key.replace("payload_", "") + "_command_topic"
        key = own if own in request.config else "command_topic"
        return Order((request.send(payload, key),), request.seen(wanted, "state_topic") if wanted else None)

    return write


def is_in(*values: str) -> Wanted:
    """The state is one of these."""
    return lambda state: state.value in values


def near(attribute: str, number: float, tolerance: float = TOLERANCE) -> Wanted:
    """The attribute is that number, but for rounding."""

    def holds(state: EntityState) -> bool:
        value = state.attributes.get(attribute)
        return isinstance(value, int | float) and abs(value - number) <= tolerance

    return holds


def has(attribute: str, wanted: Value) -> Wanted:
    """The attribute is that value; words in any case."""

    def holds(state: EntityState) -> bool:
        value = state.attributes.get(attribute)
        if isinstance(value, str) and isinstance(wanted, str):
            return value.casefold() == wanted.casefold()
        return value == wanted

    return holds


def both(*wanted: Wanted) -> Wanted:
    """All hold."""
    return lambda state: all(each(state) for each in wanted)


def topic_of(config: Config, key: str = "command_topic") -> str:
    """A topic to publish on. Raises Unsupported when the component has none."""
    topic = config.topic(key)
    if not topic:
        raise Unsupported(f"it has no {key}")
    return topic
