"""What has to be done about states beside hearing them: what lapses, and what is kept for the next run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from assistant.core.clock import Clock
from assistant.core.home import EntityId
from assistant.home.memory import StateMemory
from assistant.home.registry import Registry

LOOK_EVERY_S = 1.0
"""What lapses is noticed within so long."""


class Upkeep:
    """Async context manager: inside, states lapse and are kept. `on_lapse` hears of entities whose state changed."""

    def __init__(
        self,
        registry: Registry,
        clock: Clock,
        on_lapse: Callable[[Sequence[EntityId]], None],
        memory: StateMemory | None = None,
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._on_lapse = on_lapse
        self._memory = memory
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Upkeep:
        """Bring back the states of the last run."""
        if self._memory is not None:
            self._registry.past.restore(await self._memory.load())
            keeping = self._memory.keep(self._registry.past)
            self._tasks.append(asyncio.create_task(keeping, name="home states kept"))
        self._tasks.append(asyncio.create_task(self._lapse(), name="home states lapse"))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Keep what is not kept yet."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()

    async def _lapse(self) -> None:
        while True:
            await self._clock.sleep(LOOK_EVERY_S)
            now = self._clock.now()
            due = self._registry.next_lapse
            if due is not None and due <= now:
                self._on_lapse(self._registry.lapse(now))
