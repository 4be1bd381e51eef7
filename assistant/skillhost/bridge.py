"""What a skill on a worker's thread reaches the home, the schedule and its notebook through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from assistant.core.home import Action, ActionResult, EntityId, EntityState, HomeView
from assistant.core.ports import CalendarPort, HomePort, Notebook, SchedulePort
from assistant.core.schedule import (
    Change,
    Event,
    EventId,
    ItemId,
    ItemKind,
    NewEvent,
    NewItem,
    Occurrence,
    ScheduledItem,
)

T = TypeVar("T")
READ_S = 2.0
"""The main loop answers a plain read within this time, or TimeoutError is raised in the skill."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """Hands calls from a worker's loop over to the main loop, which owns everything that is shared."""

    main: asyncio.AbstractEventLoop

    async def call(self, call: Coroutine[Any, Any, T]) -> T:
        """Await a coroutine of the main loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call, self.main))

    def read(self, read: Callable[[], T]) -> T:
        """Run a plain read on the main loop and wait for its result."""

        async def reading() -> T:
            return read()

        return asyncio.run_coroutine_threadsafe(reading(), self.main).result(READ_S)


@dataclass(frozen=True, slots=True)
class BridgedHome:
    """A HomePort for a worker's thread."""

    bridge: Bridge
    home: HomePort

    def view(self) -> HomeView:
        """Names of everything, now."""
        return self.bridge.read(self.home.view)

    def state(self, entity_id: EntityId) -> EntityState:
        """Last known state."""
        return self.bridge.read(lambda: self.home.state(entity_id))

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        """Send all, and wait for the devices."""
        return await self.bridge.call(self.home.act(actions))

    async def rename(self, entity_id: EntityId, name: str) -> None:
        """Call it so."""
        await self.bridge.call(self.home.rename(entity_id, name))

    async def place(self, entity_id: EntityId, area: str) -> None:
        """It stands there."""
        await self.bridge.call(self.home.place(entity_id, area))


@dataclass(frozen=True, slots=True)
class BridgedSchedule:
    """A SchedulePort for a worker's thread."""

    bridge: Bridge
    schedule: SchedulePort

    async def add(self, item: NewItem) -> ScheduledItem:
        """Keep an item."""
        return await self.bridge.call(self.schedule.add(item))

    def pending(self, kind: ItemKind | None = None) -> Sequence[ScheduledItem]:
        """Items that are still to come."""
        return self.bridge.read(lambda: self.schedule.pending(kind))

    async def cancel(self, item_ids: Iterable[ItemId]) -> int:
        """Remove."""
        return await self.bridge.call(self.schedule.cancel(tuple(item_ids)))

    async def pause(self, item_id: ItemId) -> ScheduledItem:
        """Stop a timer's time."""
        return await self.bridge.call(self.schedule.pause(item_id))

    async def resume(self, item_id: ItemId) -> ScheduledItem:
        """Let a paused timer run on."""
        return await self.bridge.call(self.schedule.resume(item_id))

    async def extend(self, item_id: ItemId, by: timedelta) -> ScheduledItem:
        """Add time to a timer, or take some off."""
        return await self.bridge.call(self.schedule.extend(item_id, by))

    async def change(self, item_id: ItemId, change: Change) -> ScheduledItem:
        """Rename, move, give a new rule or duration."""
        return await self.bridge.call(self.schedule.change(item_id, change))

    async def skip_next(self, item_id: ItemId) -> ScheduledItem:
        """Leave out the next occurrence."""
        return await self.bridge.call(self.schedule.skip_next(item_id))

    async def snooze(self, item_ids: Iterable[ItemId], by: timedelta) -> Sequence[ScheduledItem]:
        """Put off what rings."""
        return await self.bridge.call(self.schedule.snooze(tuple(item_ids), by))

    async def complete(self, item_id: ItemId) -> None:
        """It is done."""
        await self.bridge.call(self.schedule.complete(item_id))

    async def miss(self, item_ids: Iterable[ItemId]) -> None:
        """Nobody answered."""
        await self.bridge.call(self.schedule.miss(tuple(item_ids)))

    async def acknowledge(self, item_ids: Iterable[ItemId]) -> None:
        """Someone was told that it was missed."""
        await self.bridge.call(self.schedule.acknowledge(tuple(item_ids)))

    def ringing(self) -> Sequence[ScheduledItem]:
        """Items that are being told now."""
        return self.bridge.read(self.schedule.ringing)

    def missed(self) -> Sequence[ScheduledItem]:
        """Items that nobody answered, or that fell due meanwhile."""
        return self.bridge.read(self.schedule.missed)

    async def recent(self, kind: ItemKind | None = None, limit: int = 20) -> Sequence[ScheduledItem]:
        """Items that were told lately and are over."""
        return await self.bridge.call(self.schedule.recent(kind, limit))

    def occurrences(
        self, item_id: ItemId, start_at: datetime, end_at: datetime, limit: int = 100
    ) -> Sequence[datetime]:
        """The instants in a span."""
        return self.bridge.read(lambda: self.schedule.occurrences(item_id, start_at, end_at, limit))


@dataclass(frozen=True, slots=True)
class BridgedCalendar:
    """A CalendarPort for a worker's thread."""

    bridge: Bridge
    calendar: CalendarPort

    async def add(self, event: NewEvent) -> Event:
        """Keep an event."""
        return await self.bridge.call(self.calendar.add(event))

    async def event(self, event_id: EventId) -> Event | None:
        """One event."""
        return await self.bridge.call(self.calendar.event(event_id))

    async def events(self, source: str | None = None) -> Sequence[Event]:
        """All events."""
        return await self.bridge.call(self.calendar.events(source))

    async def between(self, start_at: datetime, end_at: datetime, limit: int = 200) -> Sequence[Occurrence]:
        """What takes place in a span."""
        return await self.bridge.call(self.calendar.between(start_at, end_at, limit))

    async def move(self, event_id: EventId, start_local: datetime, end_local: datetime) -> Event:
        """New wall times."""
        return await self.bridge.call(self.calendar.move(event_id, start_local, end_local))

    async def rename(self, event_id: EventId, label: str) -> Event:
        """A new label."""
        return await self.bridge.call(self.calendar.rename(event_id, label))

    async def cancel(self, event_ids: Iterable[EventId]) -> int:
        """Remove."""
        return await self.bridge.call(self.calendar.cancel(tuple(event_ids)))

    async def cancel_occurrence(self, event_id: EventId, start_local: datetime) -> Event | None:
        """Leave out one occurrence."""
        return await self.bridge.call(self.calendar.cancel_occurrence(event_id, start_local))

    async def replace_source(self, source: str, events: Sequence[NewEvent]) -> int:
        """Make these all the events of a source."""
        return await self.bridge.call(self.calendar.replace_source(source, tuple(events)))


@dataclass(frozen=True, slots=True)
class BridgedNotebook:
    """A Notebook for a worker's thread."""

    bridge: Bridge
    notebook: Notebook

    async def get(self, key: str) -> str | None:
        """The text, or None."""
        return await self.bridge.call(self.notebook.get(key))

    async def put(self, key: str, text: str) -> None:
        """Keep the text."""
        await self.bridge.call(self.notebook.put(key, text))

    async def delete(self, key: str) -> None:
        """Forget the key."""
        await self.bridge.call(self.notebook.delete(key))

    async def keys(self) -> Sequence[str]:
        """All keys, sorted."""
        return await self.bridge.call(self.notebook.keys())
