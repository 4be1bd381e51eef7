"""What people do with items that are to come: keep, cancel, pause, change, skip."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from assistant.core.errors import InputError, StoreError
from assistant.core.schedule import Change, ItemId, ItemKind, NewItem, ScheduledItem
from assistant.schedule.book import Book
from assistant.schedule.changes import changed, running_for, skipped
from assistant.schedule.due import LONGEST, Waiting, after_step_back, at_instant, first_due
from assistant.schedule.event_rows import select_event
from assistant.schedule.item_rows import State, StoredItem, delete_items, insert_item

WRONG_CLOCK = timedelta(hours=1)
"""A clock that is set back by more was wrong: what repeats is looked up anew."""
_LOGGER = logging.getLogger(__name__)
_NO_ID = ItemId(0)


class Waitlist:
    """Each command is whole before the next, and on disk when it returns. Raises InputError, StoreError."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def add(self, new: NewItem) -> ScheduledItem:
        """Keep a new item."""
        book = self._book
        async with book.lock:
            now, now_s = book.clock.now(), book.clock.monotonic()
            await self._learn_event(new)
            due_at = first_due(new, now, book.events)
            item = ScheduledItem(
                _NO_ID, new.kind, new.label, due_at, new.zone, now, new.duration, None, new.area_id, new.language,
                repeat=new.repeat, anchor=new.anchor,
            )  # fmt: skip
            stored = StoredItem(self._with_wall_time(item, new), State.PENDING)
            item = await book.store.transact(lambda connection: insert_item(connection, stored))
            ends_at_s = None if new.duration is None else now_s + new.duration.total_seconds()
            book.wait_for([Waiting(item, ends_at_s)])
            return item

    async def cancel(self, item_ids: frozenset[ItemId]) -> int:
        """Remove, also what rings; returns how many were there."""
        book = self._book
        async with book.lock:
            rings = {item_id: book.rings.of(item_id) for item_id in item_ids}
            there = [item_id for item_id in item_ids if item_id in book.agenda or rings[item_id]]
            if there:
                await book.store.transact(lambda connection: delete_items(connection, there))
            for item_id in there:
                book.agenda.drop(item_id)
                book.rings.drop([ring.id for ring in rings[item_id]])
            book.on_change()
            return len(there)

    async def pause(self, item_id: ItemId) -> ScheduledItem:
        """Stop a timer's time."""
        async with self._book.lock:
            waits, left = self._timer(item_id)
            if waits.item.is_paused or left <= timedelta():
                raise InputError("this timer isn't running")
            return await self._keep(Waiting(replace(waits.item, due_at=None, remaining=left)))

    async def resume(self, item_id: ItemId) -> ScheduledItem:
        """Let a paused timer run on."""
        async with self._book.lock:
            waits, left = self._timer(item_id)
            if not waits.item.is_paused:
                raise InputError("this timer isn't paused")
            return await self._keep(self._running_for(waits.item, left))

    async def extend(self, item_id: ItemId, by: timedelta) -> ScheduledItem:
        """Add time to a timer, or take some off (negative)."""
        async with self._book.lock:
            waits, left = self._timer(item_id)
            if not timedelta() < left + by <= LONGEST:
                raise InputError("nothing would remain of this timer, or too much")
            if waits.item.is_paused:
                return await self._keep(Waiting(replace(waits.item, remaining=left + by)))
            return await self._keep(self._running_for(waits.item, left + by))

    async def change(self, item_id: ItemId, change: Change) -> ScheduledItem:
        """Rename, move, give a new rule or duration."""
        book = self._book
        async with book.lock:
            waits = self._waiting(item_id)
            return await self._keep(changed(waits, change, book.clock.now(), book.clock.monotonic()))

    async def skip_next(self, item_id: ItemId) -> ScheduledItem:
        """Leave out the next occurrence."""
        book = self._book
        async with book.lock:
            item = self._waiting(item_id).item
            return await self._keep(Waiting(skipped(item, book.clock.now(), book.events)))

    async def step(self, by: timedelta) -> None:
        """The wall clock was set. What we count ourselves keeps its time, so its wall end moves."""
        book = self._book
        async with book.lock:
            now = book.clock.now()
            moved = []
            for waits in book.agenda.all():
                if waits.ends_at_s is not None and waits.item.due_at is not None:
                    moved.append(replace(waits, item=at_instant(waits.item, waits.item.due_at + by)))
                elif by < -WRONG_CLOCK and (item := after_step_back(waits.item, now, book.events)) is not waits.item:
                    moved.append(Waiting(item))
            try:
                await book.keep(moved)
            except StoreError as error:
                _LOGGER.error("new times can't be noted", extra={"error": str(error)})
                book.wait_for(moved)

    async def sleep(self, seconds: float) -> None:
        """The machine was suspended: time went on that our own count missed."""
        async with self._book.lock:
            counted = [waits for waits in self._book.agenda.all() if waits.ends_at_s is not None]
            self._book.wait_for([replace(waits, ends_at_s=(waits.ends_at_s or 0.0) - seconds) for waits in counted])

    async def _learn_event(self, new: NewItem) -> None:
        if new.anchor is None or (event_id := new.anchor.event_id) in self._book.events:
            return
        event = await self._book.store.transact(lambda connection: select_event(connection, event_id))
        if event is not None:
            self._book.events[event_id] = event

    def _with_wall_time(self, item: ScheduledItem, new: NewItem) -> ScheduledItem:
        """The wall time that was asked for, not the one that a gap makes of it: zones change their rules."""
        if new.due_local is not None and new.repeat is None:
            return replace(item, due_local=new.due_local)
        return item if item.due_at is None else at_instant(item, item.due_at)

    def _waiting(self, item_id: ItemId) -> Waiting:
        waits = self._book.agenda.get(item_id)
        if waits is None:
            raise InputError("there is nothing like that to come")
        return waits

    def _timer(self, item_id: ItemId) -> tuple[Waiting, timedelta]:
        """A timer, and how long it has to go."""
        waits = self._book.agenda.get(item_id)
        if waits is None or waits.item.kind is not ItemKind.TIMER:
            raise InputError("there is no such timer")
        left = waits.left(self._book.clock.now(), self._book.clock.monotonic())
        return waits, waits.item.remaining or timedelta() if left is None else left

    def _running_for(self, item: ScheduledItem, left: timedelta) -> Waiting:
        return running_for(item, left, self._book.clock.now(), self._book.clock.monotonic())

    async def _keep(self, waits: Waiting) -> ScheduledItem:
        await self._book.keep([waits])
        return waits.item
