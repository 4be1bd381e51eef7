"""A schedule on paper that knows what rang: what was snoozed, completed, missed and acknowledged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from assistant.core.clock import Clock
from assistant.core.errors import InputError, StoreError
from assistant.core.schedule import ItemId, ScheduledItem


class RungSchedule:
    """Items that a test put into `rung` can be answered; with `is_full` nothing can be kept."""

    def __init__(self, clock: Clock) -> None:
        self._now = clock.now
        self.rung: dict[ItemId, ScheduledItem] = {}
        self.put_off: list[ScheduledItem] = []
        self.completed: list[ItemId] = []
        self.in_vain: list[ScheduledItem] = []
        self.is_full = False

    def pending(self) -> Sequence[ScheduledItem]:
        return self.put_off

    async def snooze(self, item_ids: Iterable[ItemId], by: timedelta) -> Sequence[ScheduledItem]:
        self._check_room()
        if by > timedelta(days=30):
            raise InputError("too long")
        known = {item.id: item for item in (*self.in_vain, *self.put_off)} | self.rung
        kept = [replace(known[item_id], due_at=self._now() + by, snoozed=True) for item_id in item_ids]
        self.put_off += kept
        return kept

    async def complete(self, item_id: ItemId) -> None:
        self._check_room()
        if item_id not in self.rung:
            raise InputError("there is no such item")
        self.completed.append(item_id)

    async def miss(self, item_ids: Iterable[ItemId]) -> None:
        self.in_vain += [self.rung[item_id] for item_id in item_ids if item_id in self.rung]

    async def acknowledge(self, item_ids: Iterable[ItemId]) -> None:
        self._check_room()
        gone = set(item_ids)
        self.in_vain = [item for item in self.in_vain if item.id not in gone]

    def missed(self) -> Sequence[ScheduledItem]:
        return tuple(self.in_vain)

    def _check_room(self) -> None:
        if self.is_full:
            raise StoreError("the disk is full")
