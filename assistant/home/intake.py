"""Every message from the broker on its way into the registry: the dialects read what announces, the rest is state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import Protocol

from assistant.core.home import EntityId
from assistant.home.discovery import Discovery, DiscoveryFault, discovery_filters, read_discovery
from assistant.home.registry import Registry


class Dialect(Protocol):
    """One form of discovery. Whatever it reads, it tells in the common tongue: components in Home Assistant's form."""

    filters: tuple[str, ...]
    """Topic filters to subscribe."""

    def takes(self, topic: str) -> bool:
        """True for a topic of this dialect."""
        ...

    def read(self, topic: str, payload: bytes) -> Iterable[Discovery]:
        """What one message announces, in parts that are quickly taken over. Raises DiscoveryFault."""
        ...


class HomeAssistantForm:
    """Home Assistant's MQTT discovery as a dialect."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.filters: tuple[str, ...] = discovery_filters(prefix)

    def takes(self, topic: str) -> bool:
        """True for `<prefix>/…/config`."""
        return topic.startswith(f"{self._prefix}/") and topic.endswith("/config")

    def read(self, topic: str, payload: bytes) -> tuple[Discovery]:
        """One message. Raises DiscoveryFault."""
        return (read_discovery(self._prefix, topic, payload),)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one message changed: topics to listen to from now on, topics of no more use, names, states."""

    listen: frozenset[str] = frozenset()
    forget: frozenset[str] = frozenset()
    is_announcement: bool = False
    is_renamed: bool = False
    touched: Sequence[EntityId] = field(default=())
    """Entities whose state the message told."""
    asks: Sequence[tuple[str, str]] = field(default=())
    """Messages (topic, payload) to send once those topics are listened to: devices that tell their state when asked."""

    def then(self, later: Taken) -> Taken:
        """Both, one after the other."""
        return Taken(
            (self.listen - later.forget) | later.listen,
            (self.forget - later.listen) | later.forget,
            self.is_announcement or later.is_announcement,
            self.is_renamed or later.is_renamed,
            (*self.touched, *later.touched),
            (*self.asks, *later.asks),
        )


TellAreas = Callable[[str, Mapping[str, str]], frozenset[str]]
"""Told by a bridge where devices stand: (source, area by identifier); gives the identifiers for which that is news."""


class Intake:
    """Use: subscribe to `filters`, give every message to `take`, follow what it says about topics."""

    def __init__(
        self,
        dialects: Sequence[Dialect],
        registry: Registry | None = None,
        tell_areas: TellAreas = lambda *_: frozenset(),
    ) -> None:
        self.registry = Registry() if registry is None else registry
        self._dialects = tuple(dialects)
        self._tell_areas = tell_areas

    @property
    def filters(self) -> tuple[str, ...]:
        """Topic filters of all dialects."""
        return tuple(each for dialect in self._dialects for each in dialect.filters)

    def announces(self, topic: str) -> bool:
        """True for a topic of a dialect."""
        return any(each.takes(topic) for each in self._dialects)

    def take(self, topic: str, payload: bytes, now: datetime, *, is_retained: bool = False) -> Taken:
        """Take over one message that came `now`; what can't be read is reported once and changes nothing."""
        if self.announces(topic):
            return reduce(Taken.then, self.take_announcement(topic, payload), Taken(is_announcement=True))
        return Taken(touched=self.take_state(topic, payload, now, is_retained=is_retained))

    def take_state(self, topic: str, payload: bytes, now: datetime, *, is_retained: bool = False) -> Sequence[EntityId]:
        """The same for one that announces nothing: the entities whose state it told."""
        return self.registry.take_state(topic, payload, now, is_retained=is_retained)

    def take_announcement(self, topic: str, payload: bytes) -> Iterator[Taken]:
        """The same for one that announces, part by part."""
        dialect = next(each for each in self._dialects if each.takes(topic))
        try:
            for discovery in dialect.read(topic, payload):
                yield self._take(topic, discovery)
        except DiscoveryFault as fault:
            self.registry.faults.report(topic, "a discovery message can't be used", str(fault))

    def _take(self, topic: str, discovery: Discovery) -> Taken:
        moved = self._tell_areas(topic, discovery.areas) if discovery.areas is not None else frozenset()
        if moved:
            self.registry.rename(lambda announced: not moved.isdisjoint(announced.device.identifiers))
        change = self.registry.take_discovery(discovery)
        return Taken(
            change.listen,
            change.forget,
            is_announcement=True,
            is_renamed=change.is_renamed or bool(moved),
            asks=discovery.asks,
        )
