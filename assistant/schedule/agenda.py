"""All that is to come, in memory: found by id, and by when it is due without looking at everything."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from assistant.core.schedule import ItemId
from assistant.schedule.due import Waiting

_SPARE = 64
_LAST = datetime.max.replace(tzinfo=UTC)


class Agenda:
    """Two heaps, by wall time and by our own count; an entry whose item has changed since is passed over."""

    def __init__(self) -> None:
        self._waiting: dict[ItemId, Waiting] = {}
        self._by_wall: list[tuple[datetime, int, Waiting]] = []
        self._counted: list[tuple[float, int, Waiting]] = []
        self._serial = count()

    def __contains__(self, item_id: ItemId) -> bool:
        return item_id in self._waiting

    def get(self, item_id: ItemId) -> Waiting | None:
        """One that waits."""
        return self._waiting.get(item_id)

    def all(self) -> Iterable[Waiting]:
        """In no order."""
        return self._waiting.values()

    def in_order(self) -> Sequence[Waiting]:
        """Soonest first, paused ones last."""
        return sorted(self._waiting.values(), key=lambda each: (each.item.due_at or _LAST, each.item.id))

    def put(self, waits: Waiting) -> None:
        """Wait for it, in place of what was known of this item."""
        self._waiting[waits.item.id] = waits
        if len(self._by_wall) + len(self._counted) > 2 * len(self._waiting) + _SPARE:
            self._sweep()
        else:
            self._push(waits)

    def drop(self, item_id: ItemId) -> None:
        """Wait for it no more."""
        self._waiting.pop(item_id, None)

    def take_due(self, now: datetime, now_s: float) -> Sequence[Waiting]:
        """Those whose time has come, soonest first; they are waited for no more."""
        due: list[Waiting] = []
        while self._by_wall and self._by_wall[0][0] <= now:
            due += self._taken(heapq.heappop(self._by_wall)[2])
        while self._counted and self._counted[0][0] <= now_s:
            due += self._taken(heapq.heappop(self._counted)[2])
        return sorted(due, key=lambda each: (each.item.due_at or now, each.item.id))

    def next_wake(self, now: datetime, now_s: float) -> datetime | None:
        """The instant by the present wall clock at which something is due next; None when nothing is."""
        while self._by_wall and not self._is_current(self._by_wall[0][2]):
            heapq.heappop(self._by_wall)
        while self._counted and not self._is_current(self._counted[0][2]):
            heapq.heappop(self._counted)
        wakes = [self._by_wall[0][0]] if self._by_wall else []
        if self._counted:
            wakes.append(now + timedelta(seconds=self._counted[0][0] - now_s))
        return min(wakes, default=None)

    def _is_current(self, waits: Waiting) -> bool:
        return self._waiting.get(waits.item.id) is waits

    def _taken(self, waits: Waiting) -> list[Waiting]:
        if not self._is_current(waits):
            return []
        del self._waiting[waits.item.id]
        return [waits]

    def _push(self, waits: Waiting) -> None:
        if waits.item.due_at is None:
            return
        if waits.ends_at_s is not None:
            heapq.heappush(self._counted, (waits.ends_at_s, next(self._serial), waits))
        else:
            heapq.heappush(self._by_wall, (waits.item.due_at, next(self._serial), waits))

    def _sweep(self) -> None:
        self._by_wall, self._counted = [], []
        for waits in self._waiting.values():
            self._push(waits)
