"""What the schedule knows, in memory and on disk alike: every change is on disk before memory knows it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from assistant.core.clock import Clock
from assistant.core.schedule import Event, EventId
from assistant.schedule.agenda import Agenda
from assistant.schedule.due import Waiting
from assistant.schedule.item_rows import states_of, update_items
from assistant.schedule.rings import Rings
from assistant.schedule.store import Store

_LOGGER = logging.getLogger(__name__)
T = TypeVar("T")


class Book:
    """Shared by all that keep, fire and answer. The lock keeps a change and a firing from crossing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.agenda = Agenda()
        self.rings = Rings()
        self.events: dict[EventId, Event] = {}
        """Those that items are anchored to, perhaps more."""
        self.lock = asyncio.Lock()
        self.on_change: Callable[[], None] = lambda: None
        """Called after each change of what is to come."""

    async def keep(self, waiting: Sequence[Waiting]) -> None:
        """Write items that are known already, and wait for them by what they are now."""
        stored = states_of([waits.item for waits in waiting])
        await self.store.transact(lambda connection: update_items(connection, stored))
        self.wait_for(waiting)

    def wait_for(self, waiting: Sequence[Waiting]) -> None:
        """Wait for what is on disk already."""
        for waits in waiting:
            self.agenda.put(waits)
        self.on_change()


async def to_the_end(change: Coroutine[Any, Any, T]) -> T:
    """A caller that gives up doesn't leave disk and memory apart: the change is finished before it goes."""
    task = asyncio.create_task(change, name="schedule-change")
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOGGER.warning("a change failed after its caller had left", extra={"error": str(error)})
        raise
