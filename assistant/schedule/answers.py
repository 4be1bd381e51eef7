"""What people answer to what rings or was missed: later, done, nothing, understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from assistant.core.errors import InputError
from assistant.core.schedule import ItemId, ScheduledItem
from assistant.schedule.book import Book
from assistant.schedule.changes import skipped, snoozed
from assistant.schedule.due import Waiting, next_of
from assistant.schedule.item_rows import (
    FiringId,
    FiringState,
    end_firings,
    mark_missed,
    states_of,
    tick_off,
    update_items,
)


class Answers:
    """Each is whole before the next, and on disk when it returns. Raises InputError, StoreError."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def snooze(self, item_ids: Sequence[ItemId], by: timedelta) -> Sequence[ScheduledItem]:
        """Due again `by` from now; their ringing is over."""
        book = self._book
        async with book.lock:
            now, now_s = book.clock.now(), book.clock.monotonic()
            bases = [base for item_id in dict.fromkeys(item_ids) if (base := self._to_snooze(item_id)) is not None]
            if not bases:
                raise InputError("nothing rings that could be put off")
            later = [snoozed(base, by, now, now_s) for base in bases]
            over = [ring.id for base in bases for ring in book.rings.of(base.id)]
            stored = states_of([waits.item for waits in later])

            def write(connection: Connection) -> None:
                end_firings(connection, over, now)
                update_items(connection, stored)

            await book.store.transact(write)
            book.rings.drop(over)
            book.wait_for(later)
            return [waits.item for waits in later]

    async def complete(self, item_id: ItemId) -> None:
        """It is done."""
        book = self._book
        async with book.lock:
            now = book.clock.now()
            over = [ring.id for ring in book.rings.of(item_id)]
            waits = book.agenda.get(item_id)
            follows = None if waits is None else self._following(waits, now, is_over=bool(over))
            if follows is None:
                is_there = await book.store.transact(lambda connection: tick_off(connection, item_id, now))
                if not is_there:
                    raise InputError("there is no such item")
                book.agenda.drop(item_id)
                book.on_change()
            else:
                await self._end(over, now, [follows])
            book.rings.drop(over)

    async def miss(self, item_ids: Sequence[ItemId]) -> None:
        """Nobody answered."""
        book = self._book
        async with book.lock:
            rings = [ring for item_id in item_ids for ring in book.rings.of(item_id)]
            await book.store.transact(lambda connection: mark_missed(connection, [ring.id for ring in rings]))
            for ring in rings:
                book.rings.put(replace(ring, state=FiringState.MISSED))

    async def acknowledge(self, item_ids: Sequence[ItemId]) -> None:
        """Someone knows now that it was missed."""
        book = self._book
        async with book.lock:
            rings = [ring for item_id in item_ids for ring in book.rings.of(item_id)]
            over = [ring.id for ring in rings if ring.state is FiringState.MISSED]
            await self._end(over, book.clock.now(), [])
            book.rings.drop(over)

    async def _end(self, over: Sequence[FiringId], now: datetime, waiting: Sequence[Waiting]) -> None:
        stored = states_of([waits.item for waits in waiting])

        def write(connection: Connection) -> None:
            end_firings(connection, over, now)
            update_items(connection, stored)

        await self._book.store.transact(write)
        self._book.wait_for(waiting)

    def _to_snooze(self, item_id: ItemId) -> ScheduledItem | None:
        """What of an item is put off: one that repeats goes on from its next time."""
        rings, waits = self._book.rings.of(item_id), self._book.agenda.get(item_id)
        if rings:
            return waits.item if waits is not None else rings[-1].item
        return waits.item if waits is not None and waits.item.snoozed else None

    def _following(self, waits: Waiting, now: datetime, *, is_over: bool) -> Waiting | None:
        """How an item goes on after this time of it is done; None: it doesn't."""
        item = waits.item
        if item.due_at is None or (item.repeat is None and item.anchor is None):
            return None
        if is_over:
            return waits
        if next_of(item, item.due_at, self._book.events) is None:
            return None
        return Waiting(skipped(item, now, self._book.events))
