"""What is still to come, in memory and on disk alike; every change is on disk before memory knows it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from assistant.core.clock import Clock
from assistant.core.errors import InputError, StoreError
from assistant.core.schedule import ItemId, ItemKind, NewItem, ScheduledItem
from assistant.schedule.due import LONGEST, Waiting, due_now, first_instant, in_order
from assistant.schedule.store import State, Store, StoredItem

_LOGGER = logging.getLogger(__name__)
_NO_ID = ItemId(0)


class Waitlist:
    """`on_change` is called after each change. The lock keeps a change and a firing from crossing."""

    def __init__(self, store: Store, clock: Clock, on_change: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._on_change = on_change
        self._waiting: dict[ItemId, Waiting] = {}
        self.lock = asyncio.Lock()

    def all(self) -> Sequence[Waiting]:
        """Soonest first, paused ones last."""
        return in_order(self._waiting.values())

    def take(self, waits: Waiting) -> None:
        """Wait for what is on disk already."""
        self._waiting[waits.item.id] = waits

    def take_due(self) -> Sequence[Waiting]:
        """Those whose time has come; they are waited for no more. Call it under the lock."""
        due = due_now(self._waiting.values(), self._clock.now(), self._clock.monotonic())
        for waits in due:
            del self._waiting[waits.item.id]
        return due

    async def add(self, new: NewItem) -> ScheduledItem:
        """Keep a new item. Raises InputError for what can't come, StoreError."""
        async with self.lock:
            now, now_s = self._clock.now(), self._clock.monotonic()
            due_at = first_instant(new, now)
            item = ScheduledItem(
                _NO_ID, new.kind, new.label, due_at, new.zone, now, new.duration, None, new.area_id, new.language
            )
            item = await self._store.add(StoredItem(item, State.PENDING, new.due_local))
            self.take(Waiting(item, None if new.duration is None else now_s + new.duration.total_seconds()))
            self._on_change()
            return item

    async def cancel(self, item_ids: frozenset[ItemId]) -> int:
        """Remove; returns how many were there."""
        async with self.lock:
            there = item_ids & self._waiting.keys()
            if there:
                await self._store.remove(there)
            for item_id in there:
                del self._waiting[item_id]
            self._on_change()
            return len(there)

    async def pause(self, item_id: ItemId) -> ScheduledItem:
        """Stop a timer's time. Raises InputError if it isn't a running timer."""
        async with self.lock:
            waits, left = self._timer(item_id)
            if waits.item.is_paused or left <= timedelta():
                raise InputError("this timer isn't running")
            return await self._keep(Waiting(replace(waits.item, due_at=None, remaining=left)))

    async def resume(self, item_id: ItemId) -> ScheduledItem:
        """Let a paused timer run on. Raises InputError if it isn't a paused timer."""
        async with self.lock:
            waits, left = self._timer(item_id)
            if not waits.item.is_paused:
                raise InputError("this timer isn't paused")
            return await self._keep(self._running_for(waits.item, left))

    async def extend(self, item_id: ItemId, by: timedelta) -> ScheduledItem:
        """Add time to a timer, or take some off (negative). Raises InputError if nothing would remain."""
        async with self.lock:
            waits, left = self._timer(item_id)
            if not timedelta() < left + by <= LONGEST:
                raise InputError("nothing would remain of this timer, or too much")
            if waits.item.is_paused:
                return await self._keep(Waiting(replace(waits.item, remaining=left + by)))
            return await self._keep(self._running_for(waits.item, left + by))

    async def step(self, by: timedelta) -> None:
        """The wall clock was set. What we count ourselves keeps its time, so its wall end moves."""
        async with self.lock:
            moved = [
                replace(waits, item=replace(waits.item, due_at=waits.item.due_at + by))
                for waits in self._waiting.values()
                if waits.ends_at_s is not None and waits.item.due_at is not None
            ]
            for waits in moved:
                self.take(waits)
            try:
                await self._store.change([waits.item for waits in moved])
            except StoreError as error:
                _LOGGER.error("new ends of timers can't be noted", extra={"error": str(error)})
            self._on_change()

    def _timer(self, item_id: ItemId) -> tuple[Waiting, timedelta]:
        """A timer, and how long it has to go."""
        waits = self._waiting.get(item_id)
        if waits is None or waits.item.kind is not ItemKind.TIMER:
            raise InputError("there is no such timer")
        left = waits.left(self._clock.now(), self._clock.monotonic())
        return waits, waits.item.remaining or timedelta() if left is None else left

    def _running_for(self, item: ScheduledItem, left: timedelta) -> Waiting:
        running = replace(item, due_at=self._clock.now() + left, remaining=None)
        return Waiting(running, self._clock.monotonic() + left.total_seconds())

    async def _keep(self, waits: Waiting) -> ScheduledItem:
        await self._store.change([waits.item])
        self.take(waits)
        self._on_change()
        return waits.item
