"""Moments at which something known stops being so: a measurement expires, a motion is over; pure."""

from __future__ import annotations

import heapq
from collections.abc import Hashable
from datetime import datetime
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Lapses(Generic[K]):
    """At most one moment a key; a newer one takes the place of the older."""

    def __init__(self) -> None:
        self._at: dict[K, datetime] = {}
        self._heap: list[tuple[datetime, int, K]] = []
        self._count = 0

    def set(self, key: K, at: datetime) -> None:
        """From now on it lapses then."""
        self._at[key] = at
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, key))
        if len(self._heap) > 64 and len(self._heap) > 4 * len(self._at):
            # a sensor that reports each second would leave an entry each time
            self._heap = [(when, number, each) for number, (each, when) in enumerate(self._at.items())]
            heapq.heapify(self._heap)
            self._count = len(self._heap)

    def drop(self, key: K) -> None:
        """It does not lapse any more."""
        self._at.pop(key, None)

    def due(self, now: datetime) -> list[K]:
        """What lapsed up to now; each is told once."""
        lapsed = []
        while self._heap and self._heap[0][0] <= now:
            at, _, key = heapq.heappop(self._heap)
            if self._at.get(key) == at:
                del self._at[key]
                lapsed.append(key)
        return lapsed

    @property
    def next_at(self) -> datetime | None:
        """When the next one lapses; None: none will."""
        while self._heap and self._at.get(self._heap[0][2]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None
