"""Tells what is due: woken at the right instant, marked on disk first, each item in a task of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from assistant.core.clock import Clock
from assistant.core.errors import StoreError
from assistant.core.schedule import DueItem, DueReason, ScheduledItem
from assistant.schedule.due import is_worth_telling, next_wake, reason_for, waiting_again
from assistant.schedule.store import State, Store, StoredItem
from assistant.schedule.waitlist import Waitlist
from assistant.schedule.wakeup import waker_for

STEP = timedelta(milliseconds=500)
"""A smaller move of the wall clock against the monotonic one is a time server's gentle correction."""
_LOGGER = logging.getLogger(__name__)
OnDue = Callable[[DueItem], Awaitable[None]]


class Firing:
    """Async context manager: while inside, what falls due is told."""

    def __init__(self, store: Store, clock: Clock, on_due: OnDue) -> None:
        self.waitlist = Waitlist(store, clock, self._rearm)
        self._store = store
        self._clock = clock
        self._on_due = on_due
        self._woken = asyncio.Event()
        self._has_pending = asyncio.Event()
        self._waker = waker_for(clock, self._woken.set)
        self._zero = clock.now()
        """Wall time of the monotonic clock's zero, when last looked at."""
        self._tasks = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Firing:
        await self._tasks.__aenter__()
        self._waker.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Whatever ends the body reaches its caller as it is: it is no error of our tasks."""
        await self._waker.stop()
        for task in self._running:
            task.cancel()
        await self._tasks.__aexit__(None, None, None)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a task until it ends, or this does."""
        task = self._tasks.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def take_up(self, stored: Sequence[StoredItem], horizon: timedelta) -> None:
        """What is to come is waited for; what fell due meanwhile is told once, unless that is too long ago."""
        now = self._clock.now()
        missed: list[ScheduledItem] = []
        for each in stored:
            waits = waiting_again(each.item, each.due_local)
            if each.state is State.RINGING or (waits.item.due_at is not None and waits.item.due_at <= now):
                missed.append(waits.item)
            else:
                self.waitlist.take(waits)
        missed.sort(key=lambda item: item.due_at or now)
        stale = [item.id for item in missed if not is_worth_telling(item, now, horizon)]
        if stale:
            _LOGGER.info("missed too long ago to be told", extra={"items": stale})
            await self._store.end(stale)
        await self._tell_all([DueItem(item, DueReason.MISSED) for item in missed if item.id not in stale])
        self._rearm()

    async def fire(self) -> None:
        """Each time it is woken, our own clock decides what is due."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            async with self.waitlist.lock:
                now, now_s = self._clock.now(), self._clock.monotonic()
                due = self.waitlist.take_due()
                await self._tell_all([DueItem(waits.item, reason_for(waits, now, now_s)) for waits in due])
                self._rearm()

    async def watch_clock(self, every_s: float) -> None:
        """Notice when the wall clock is set; asleep while nothing is pending."""
        while True:
            await self._has_pending.wait()
            await self._clock.sleep(every_s)
            before, self._zero = self._zero, self._zero_now()
            if abs(self._zero - before) >= STEP:
                _LOGGER.info("the clock was set", extra={"by_s": (self._zero - before).total_seconds()})
                await self.waitlist.step(self._zero - before)

    def _rearm(self) -> None:
        wake_at = next_wake(self.waitlist.all(), self._clock.now(), self._clock.monotonic())
        self._waker.arm(wake_at)
        if wake_at is None:
            self._has_pending.clear()
        elif not self._has_pending.is_set():
            self._zero = self._zero_now()
            self._has_pending.set()

    def _zero_now(self) -> datetime:
        return self._clock.now() - timedelta(seconds=self._clock.monotonic())

    async def _tell_all(self, due: Sequence[DueItem]) -> None:
        """Marked on disk first, so that nothing rings twice. A full disk doesn't keep a timer from ringing."""
        if not due:
            return
        item_ids = [each.item.id for each in due]
        try:
            await self._store.start_ringing(item_ids)
        except StoreError as error:
            _LOGGER.error("it rings, but that can't be noted", extra={"items": item_ids, "error": str(error)})
        for each in due:
            self.start(self._tell(each), f"schedule-tell-{each.item.id}")

    async def _tell(self, due: DueItem) -> None:
        """The border of a supervised task: what happens in telling one item harms no other."""
        fields = {"item": due.item.id, "kind": due.item.kind.value, "reason": due.reason.value}
        _LOGGER.info("due", extra=fields)
        try:
            await self._on_due(due)
            await self._store.end([due.item.id])
        except Exception:
            _LOGGER.exception("telling an item did not end well; the next start tells it", extra=fields)
