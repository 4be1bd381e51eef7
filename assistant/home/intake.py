"""Every message from the broker on its way into the registry: the dialects read what announces, the rest is state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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

    def read(self, topic: str, payload: bytes) -> Discovery:
        """What one message announces. Raises DiscoveryFault."""
        ...


class HomeAssistantForm:
    """Home Assistant's MQTT discovery as a dialect."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.filters: tuple[str, ...] = discovery_filters(prefix)

    def takes(self, topic: str) -> bool:
        """True for `<prefix>/…/config`."""
        return topic.startswith(f"{self._prefix}/") and topic.endswith("/config")

    def read(self, topic: str, payload: bytes) -> Discovery:
        """One message. Raises DiscoveryFault."""
        return read_discovery(self._prefix, topic, payload)


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


TellAreas = Callable[[str, Mapping[str, str]], bool]
"""Told by a bridge where devices stand: (source, area by identifier); true if that is news."""


class Intake:
    """Use: subscribe to `filters`, give every message to `take`, follow what it says about topics."""

    def __init__(
        self, dialects: Sequence[Dialect], registry: Registry | None = None, tell_areas: TellAreas = lambda *_: False
    ) -> None:
        self.registry = Registry() if registry is None else registry
        self._dialects = tuple(dialects)
        self._tell_areas = tell_areas

    @property
    def filters(self) -> tuple[str, ...]:
        """Topic filters of all dialects."""
        return tuple(each for dialect in self._dialects for each in dialect.filters)

    def take(self, topic: str, payload: bytes, now: datetime, *, is_retained: bool = False) -> Taken:
        """Take over one message that came `now`; what can't be read is reported once and changes nothing."""
        dialect = next((each for each in self._dialects if each.takes(topic)), None)
        if dialect is None:
            return Taken(touched=self.registry.take_state(topic, payload, now, is_retained=is_retained))
        try:
            discovery = dialect.read(topic, payload)
        except DiscoveryFault as fault:
            self.registry.faults.report(topic, "a discovery message can't be used", str(fault))
            return Taken(is_announcement=True)
        has_moved = discovery.areas is not None and self._tell_areas(topic, discovery.areas)
        if has_moved:
            self.registry.rename()
        change = self.registry.take_discovery(discovery)
        return Taken(
            change.listen,
            change.forget,
            is_announcement=True,
            is_renamed=change.is_renamed or has_moved,
            asks=discovery.asks,
        )
