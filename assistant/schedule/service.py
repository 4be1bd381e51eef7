"""The schedule: keeps what must happen later, and calls back when it is due."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

from assistant.core.clock import Clock
from assistant.core.errors import StoreError
from assistant.core.ports import CalendarPort, Notebook, SchedulePort
from assistant.core.schedule import Change, ItemId, ItemKind, NewItem, ScheduledItem
from assistant.core.settings import ScheduleSettings
from assistant.schedule.answers import Answers
from assistant.schedule.book import Book, to_the_end
from assistant.schedule.calendar import Calendar
from assistant.schedule.due import occurrences_of
from assistant.schedule.firing import Firing, OnDue
from assistant.schedule.item_rows import select_told
from assistant.schedule.notebook import SqliteNotebook
from assistant.schedule.rescue import EVERY, Rescue
from assistant.schedule.store import Store
from assistant.schedule.taking_up import take_up
from assistant.schedule.waitlist import Waitlist

STEP_CHECK_S = 2.0
_LOGGER = logging.getLogger(__name__)


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
        self._book = Book(self._store, clock)
        self._waitlist = Waitlist(self._book)
        self._answers = Answers(self._book)
        self._firing = Firing(self._book, self._waitlist, on_due)
        self.calendar: CalendarPort = Calendar(self._book)
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
            firing = await stack.enter_async_context(self._firing)
            await take_up(self._book, firing, self._horizon)
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
        return await to_the_end(self._waitlist.add(item))

    def pending(self, kind: ItemKind | None = None) -> Sequence[ScheduledItem]:
        """Items that are still to come, soonest first, paused ones last."""
        return [waits.item for waits in self._book.agenda.in_order() if kind is None or waits.item.kind is kind]

    async def cancel(self, item_ids: Iterable[ItemId]) -> int:
        """Remove; returns how many were there."""
        return await to_the_end(self._waitlist.cancel(frozenset(item_ids)))

    async def pause(self, item_id: ItemId) -> ScheduledItem:
        """Stop a timer's time. Raises InputError if it isn't a running timer."""
        return await to_the_end(self._waitlist.pause(item_id))

    async def resume(self, item_id: ItemId) -> ScheduledItem:
        """Let a paused timer run on. Raises InputError if it isn't a paused timer."""
        return await to_the_end(self._waitlist.resume(item_id))

    async def extend(self, item_id: ItemId, by: timedelta) -> ScheduledItem:
        """Add time to a timer, or take some off (negative). Raises InputError if nothing would remain."""
        return await to_the_end(self._waitlist.extend(item_id, by))

    async def change(self, item_id: ItemId, change: Change) -> ScheduledItem:
        """Rename, move, give a new rule or duration. Raises InputError for what can't come or isn't there."""
        return await to_the_end(self._waitlist.change(item_id, change))

    async def skip_next(self, item_id: ItemId) -> ScheduledItem:
        """Leave out the next occurrence. Raises InputError if it doesn't repeat, or nothing would remain."""
        return await to_the_end(self._waitlist.skip_next(item_id))

    async def snooze(self, item_ids: Iterable[ItemId], by: timedelta) -> Sequence[ScheduledItem]:
        """Put off what rings, was missed or is snoozed: due again `by` from now."""
        return await to_the_end(self._answers.snooze(tuple(item_ids), by))

    async def complete(self, item_id: ItemId) -> None:
        """It is done."""
        await to_the_end(self._answers.complete(item_id))

    async def miss(self, item_ids: Iterable[ItemId]) -> None:
        """It rang to the end and nobody answered."""
        await to_the_end(self._answers.miss(tuple(item_ids)))

    async def acknowledge(self, item_ids: Iterable[ItemId]) -> None:
        """Someone was told that it was missed."""
        await to_the_end(self._answers.acknowledge(tuple(item_ids)))

    def ringing(self) -> Sequence[ScheduledItem]:
        """Items that are being told now, oldest first."""
        return self._book.rings.ringing()

    def missed(self) -> Sequence[ScheduledItem]:
        """Items that rang unanswered, or fell due while we were off and are not told yet; oldest first."""
        return self._book.rings.missed()

    async def recent(self, kind: ItemKind | None = None, limit: int = 20) -> Sequence[ScheduledItem]:
        """Items that were told in the last days and are over, newest first."""
        return await self._store.transact(lambda connection: select_told(connection, kind, limit))

    def occurrences(
        self, item_id: ItemId, start_at: datetime, end_at: datetime, limit: int = 100
    ) -> Sequence[datetime]:
        """The next instants from `start_at` up to, not including, `end_at`; empty if there is no item."""
        waits = self._book.agenda.get(item_id)
        span = (start_at.astimezone(UTC), end_at.astimezone(UTC))
        return [] if waits is None else occurrences_of(waits.item, span, limit, self._book.events)

    async def _back_up(self) -> None:
        while True:
            try:
                await self._store.back_up()
            except StoreError as error:
                _LOGGER.warning("no backup was written", extra={"error": str(error)})
            await self._clock.sleep(EVERY.total_seconds())
