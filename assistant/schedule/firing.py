"""Tells what is due: woken at the right instant, marked on disk first, each item in a task of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from assistant.core.errors import StoreError
from assistant.core.schedule import DueItem, ScheduledItem
from assistant.schedule.book import Book
from assistant.schedule.due import Fallen, Waiting, fall_due
from assistant.schedule.held import suspended_s
from assistant.schedule.item_rows import (
    FiringId,
    FiringState,
    State,
    StoredItem,
    end_firings,
    insert_firing,
    states_of,
    update_items,
)
from assistant.schedule.rings import Ring
from assistant.schedule.waitlist import Waitlist
from assistant.schedule.wakeup import waker_for

STEP = timedelta(milliseconds=500)
"""A smaller move of the wall clock against our own count is a time server's gentle correction."""
_LOGGER = logging.getLogger(__name__)
OnDue = Callable[[DueItem], Awaitable[None]]


class Firing:
    """Async context manager: while inside, what falls due is told."""

    def __init__(self, book: Book, waitlist: Waitlist, on_due: OnDue) -> None:
        self._book = book
        self._waitlist = waitlist
        self._clock = book.clock
        self._on_due = on_due
        self._woken = asyncio.Event()
        self._has_pending = asyncio.Event()
        self._waker = waker_for(book.clock, self._woken.set)
        self._zero = self._zero_now()
        """Wall time of our own count's zero, when last looked at."""
        self._suspended_s = suspended_s(book.clock)
        self._tasks = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Firing:
        await self._tasks.__aenter__()
        self._waker.start()
        self._book.on_change = self._rearm
        return self

    async def __aexit__(self, *_: object) -> None:
        """Whatever ends the body reaches its caller as it is: it is no error of our tasks."""
        self._book.on_change = lambda: None
        await self._waker.stop()
        for task in self._running:
            task.cancel()
        await self._tasks.__aexit__(None, None, None)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a task until it ends, or this does."""
        task = self._tasks.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def fire(self) -> None:
        """Each time it is woken, our own clock decides what is due."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            async with self._book.lock:
                now, now_s = self._clock.now(), self._clock.monotonic()
                due = self._book.agenda.take_due(now, now_s)
                await self.begin([fall_due(waits, now, now_s, self._book.events) for waits in due])
                self._rearm()

    async def watch_clock(self, every_s: float) -> None:
        """Notice when the wall clock is set or the machine was suspended; asleep while nothing is pending."""
        while True:
            await self._has_pending.wait()
            await self._clock.sleep(every_s)
            slept = timedelta(seconds=suspended_s(self._clock) - self._suspended_s)
            before, self._zero = self._zero, self._zero_now()
            step = self._zero - before - slept
            if slept >= STEP:
                _LOGGER.info("the machine was suspended", extra={"for_s": slept.total_seconds()})
                self._suspended_s += slept.total_seconds()
                await self._waitlist.sleep(slept.total_seconds())
            if abs(step) >= STEP:
                _LOGGER.info("the clock was set", extra={"by_s": step.total_seconds()})
                await self._waitlist.step(step)

    async def begin(self, fallen: Sequence[Fallen]) -> None:
        """Marked on disk first, so that nothing rings twice: in one transaction with what comes after it.

        A full disk doesn't keep a timer from ringing. What still rings when its next time comes goes on ringing, once.
        Call it under the lock."""
        if not fallen:
            return
        fresh = [each for each in fallen if not self._book.rings.still_rings(each.told.id)]
        again = [each.next for each in fallen if each.next is not None]
        item_ids = [each.told.id for each in fresh]
        for item in again:  # before the disk is waited for: what repeats never ceases to be pending
            self._book.agenda.put(Waiting(item))
        try:
            firing_ids = await self._book.store.transact(lambda connection: _mark(connection, fresh, again))
        except StoreError as error:
            _LOGGER.error("it rings, but that can't be noted", extra={"items": item_ids, "error": str(error)})
            firing_ids = [self._book.rings.unwritten_id() for _ in fresh]
        for each, firing_id in zip(fresh, firing_ids, strict=True):
            self.tell(Ring(firing_id, DueItem(each.told, each.reason), FiringState.RINGING))

    def tell(self, ring: Ring) -> None:
        """Tell what is marked on disk."""
        self._book.rings.put(ring)
        self.start(self._tell(ring), f"schedule-tell-{ring.item.id}")

    def _rearm(self) -> None:
        wake_at = self._book.agenda.next_wake(self._clock.now(), self._clock.monotonic())
        self._waker.arm(wake_at)
        if wake_at is None:
            self._has_pending.clear()
        elif not self._has_pending.is_set():
            self._zero, self._suspended_s = self._zero_now(), suspended_s(self._clock)
            self._has_pending.set()

    def _zero_now(self) -> datetime:
        return self._clock.now() - timedelta(seconds=self._clock.monotonic())

    async def _tell(self, ring: Ring) -> None:
        """The border of a supervised task: what happens in telling one item harms no other."""
        fields = {"item": ring.item.id, "kind": ring.item.kind.value, "reason": ring.due.reason.value}
        _LOGGER.info("due", extra=fields)
        try:
            await self._on_due(ring.due)
            async with self._book.lock:
                if (now_is := self._book.rings.get(ring.id)) is not None and now_is.state is FiringState.RINGING:
                    await self._end(ring)
            is_missed = now_is is not None and now_is.is_missed
            _LOGGER.info("telling is over, and noted", extra={**fields, "is_missed": is_missed})
        except Exception:
            _LOGGER.exception("telling an item did not end well; the next start tells it", extra=fields)
            if self._book.rings.get(ring.id) is not None:
                self._book.rings.put(replace(ring, state=FiringState.MISSED))

    async def _end(self, ring: Ring) -> None:
        """It was told. What rang though the disk was full is written down now, as it stands."""
        waits = self._book.agenda.get(ring.item.id)
        stored = [StoredItem(ring.item, State.ENDED)] if waits is None else states_of([waits.item])

        def write(connection: Connection) -> None:
            end_firings(connection, [ring.id], self._clock.now())
            if ring.id < 0:
                update_items(connection, stored)

        await self._book.store.transact(write)
        self._book.rings.drop([ring.id])


def _mark(connection: Connection, fresh: Sequence[Fallen], again: Sequence[ScheduledItem]) -> list[FiringId]:
    update_items(connection, states_of(again))
    update_items(connection, [StoredItem(each.told, State.RINGING) for each in fresh if each.next is None])
    due = [(each.told.id, each.told.due_at) for each in fresh]
    return [insert_firing(connection, item_id, due_at) for item_id, due_at in due if due_at is not None]
