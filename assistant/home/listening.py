"""Who listens to which topic, and the last message of each, for those who come later; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assistant.home.discovery import ComponentKey
from assistant.home.payload import Payload
from assistant.home.topics import is_wild, matches

MAX_KEPT = 16_000_000
"""Characters of last messages; a large home has some hundred each for a few thousand topics."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message and when it came."""

    topic: str
    payload: Payload
    at: datetime
    is_retained: bool = False
    """The broker kept it; it may be from long before."""


class Listening:
    """Topic filters of components. A broker sends a kept message once a subscription, however many read it: so the
    last message of each topic is kept here for components that are announced after it came."""

    def __init__(self) -> None:
        self._filters: dict[ComponentKey, frozenset[str]] = {}
        self._plain: dict[str, set[ComponentKey]] = {}
        self._wild: dict[str, set[ComponentKey]] = {}
        self._last: dict[str, Heard] = {}
        self._kept_size = 0
        self._touched: set[str] = set()
        """Filters that somebody took up or left since the changes were asked for."""

    def changes(self) -> tuple[frozenset[str], frozenset[str]]:
        """Filters that are listened to, and filters that are not any more, since this was asked last."""
        touched, self._touched = self._touched, set()
        now = frozenset(each for each in touched if each in self._table(each))
        return now, frozenset(touched - now)

    def listen(self, key: ComponentKey, filters: Iterable[str]) -> list[Heard]:
        """From now on `key` listens to these alone; gives what was heard on them before."""
        wanted, had = frozenset(filters), self._filters.get(key, frozenset())
        for topic_filter in wanted - had:
            self._table(topic_filter).setdefault(topic_filter, set()).add(key)
            self._touched.add(topic_filter)
        for topic_filter in had - wanted:
            self._leave(topic_filter, key)
        self._filters[key] = wanted
        heard = [self._last[topic] for topic in wanted if topic in self._last]
        return sorted(heard, key=lambda message: message.at)

    def drop(self, key: ComponentKey) -> None:
        """`key` is gone."""
        for topic_filter in self._filters.pop(key, frozenset()):
            self._leave(topic_filter, key)

    def to(self, topic: str) -> list[ComponentKey]:
        """Who listens to a topic."""
        keys = set(self._plain.get(topic, ()))
        for topic_filter, listeners in self._wild.items():
            if matches(topic_filter, topic):
                keys |= listeners
        return list(keys)

    def keep(self, heard: Heard) -> None:
        """Keep the last message of a topic that is listened to by name, while there is room."""
        if heard.topic not in self._plain:
            return
        self._forget(heard.topic)
        size = len(heard.payload.text)
        if self._kept_size + size <= MAX_KEPT:
            self._last[heard.topic] = heard
            self._kept_size += size

    def _forget(self, topic: str) -> None:
        old = self._last.pop(topic, None)
        if old is not None:
            self._kept_size -= len(old.payload.text)

    def _table(self, topic_filter: str) -> dict[str, set[ComponentKey]]:
        return self._wild if is_wild(topic_filter) else self._plain

    def _leave(self, topic_filter: str, key: ComponentKey) -> None:
        table = self._table(topic_filter)
        table[topic_filter].discard(key)
        self._touched.add(topic_filter)
        if not table[topic_filter]:
            del table[topic_filter]
            self._forget(topic_filter)
