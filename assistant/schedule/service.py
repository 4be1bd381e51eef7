"""The schedule: keeps what must happen later, and calls back when it is due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from assistant.core.clock import Clock
from assistant.core.errors import StoreError
from assistant.core.ports import Notebook, SchedulePort
from assistant.core.schedule import ItemId, ItemKind, NewItem, ScheduledItem
from assistant.core.settings import ScheduleSettings
from assistant.schedule.firing import Firing, OnDue
from assistant.schedule.notebook import SqliteNotebook
from assistant.schedule.rescue import EVERY, Rescue
from assistant.schedule.store import Store

STEP_CHECK_S = 2.0
_LOGGER = logging.getLogger(__name__)
T = TypeVar("T")


class Schedule(SchedulePort):
    """Async context manager. `on_due` is awaited in a task of its own for each item; the item counts as told when it
    returns. One that was still being told when the process died is told at the next start, as missed.

    `step_check_s` is how soon a set clock is noticed."""

    def __init__(
        self, path: Path, clock: Clock, settings: ScheduleSettings, on_due: OnDue, *, step_check_s: float = STEP_CHECK_S
    ) -> None:
        self._clock = clock
        self._horizon = timedelta(hours=settings.missed_horizon_h)
        self._step_check_s = step_check_s
        self._store = Store(path, clock)
        self._firing = Firing(self._store, clock, on_due)
        self._waitlist = self._firing.waitlist
        self._stack = AsyncExitStack()

    @property
    def rescue(self) -> Rescue | None:
        """Set when the database was found damaged at the start."""
        return self._store.rescue

    def notebook(self, skill: str) -> Notebook:
        """The notebook of a skill, in the same database."""
        return SqliteNotebook(self._store, skill)

    async def __aenter__(self) -> Schedule:
        """Raises StoreError when the database can't be used."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._store)
            stored = await self._store.open_items()
            firing = await stack.enter_async_context(self._firing)
            await firing.take_up(stored, self._horizon)
            firing.start(firing.fire(), "schedule-fire")
            firing.start(firing.watch_clock(self._step_check_s), "schedule-watch-clock")
            firing.start(self._back_up(), "schedule-back-up")
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def add(self, item: NewItem) -> ScheduledItem:
        """Keep an item. Raises InputError for a duration ≤ 0 or a time that has passed, StoreError."""
        return await _to_the_end(self._waitlist.add(item))

    def pending(self, kind: ItemKind | None = None) -> Sequence[ScheduledItem]:
        """Items that are still to come, soonest first, paused ones last."""
        return [waits.item for waits in self._waitlist.all() if kind is None or waits.item.kind is kind]

    async def cancel(self, item_ids: Iterable[ItemId]) -> int:
        """Remove; returns how many were there."""
        return await _to_the_end(self._waitlist.cancel(frozenset(item_ids)))

    async def pause(self, item_id: ItemId) -> ScheduledItem:
        """Stop a timer's time. Raises InputError if it isn't a running timer."""
        return await _to_the_end(self._waitlist.pause(item_id))

    async def resume(self, item_id: ItemId) -> ScheduledItem:
        """Let a paused timer run on. Raises InputError if it isn't a paused timer."""
        return await _to_the_end(self._waitlist.resume(item_id))

    async def extend(self, item_id: ItemId, by: timedelta) -> ScheduledItem:
        """Add time to a timer, or take some off (negative). Raises InputError if nothing would remain."""
        return await _to_the_end(self._waitlist.extend(item_id, by))

    async def _back_up(self) -> None:
        while True:
            try:
                await self._store.back_up()
            except StoreError as error:
                _LOGGER.warning("no backup was written", extra={"error": str(error)})
            await self._clock.sleep(EVERY.total_seconds())


async def _to_the_end(change: Coroutine[Any, Any, T]) -> T:
    """A caller that gives up doesn't leave disk and memory apart: the change is finished before it goes."""
    task = asyncio.create_task(change, name="schedule-change")
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOGGER.warning("a change failed after its caller had left", extra={"error": str(error)})
        raise
