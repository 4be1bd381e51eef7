"""What a skill on a worker's thread reaches the home, the schedule and its notebook through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from assistant.core.home import Action, ActionResult, EntityId, EntityState, HomeView
from assistant.core.ports import HomePort, Notebook, SchedulePort
from assistant.core.schedule import ItemId, ItemKind, NewItem, ScheduledItem

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
