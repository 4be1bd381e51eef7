"""Work of Hermes that takes time: many at once, and never without bound."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

Job = Callable[[], Coroutine[Any, Any, None]]
MAX_JOBS = 32
"""Jobs under way, and as many that wait."""
MAX_IN_LINE = 8
"""Jobs that may wait for one place."""
_LOGGER = logging.getLogger(__name__)


class Jobs:
    """Use: `run()` in a task; jobs given before wait for it."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Job] = asyncio.Queue(MAX_JOBS)
        self._free = asyncio.Semaphore(MAX_JOBS)
        self.dropped = 0

    def later(self, job: Job) -> bool:
        """Begin it soon; False when there is too much to do already."""
        try:
            self._waiting.put_nowait(job)
        except asyncio.QueueFull:
            self.dropped += 1
            _LOGGER.warning("too much of satellites at once", extra={"dropped": self.dropped})
            return False
        return True

    async def run(self) -> None:
        """Do what comes, until cancelled. What a job raises ends all."""
        async with asyncio.TaskGroup() as group:
            while True:
                job = await self._waiting.get()
                await self._free.acquire()
                group.create_task(job()).add_done_callback(lambda _: self._free.release())


class Lines:
    """One at a time per place, in order."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._counts: dict[str, int] = {}

    def is_full(self, place: str) -> bool:
        """True when so many wait there that no more may."""
        return self._counts.get(place, 0) > MAX_IN_LINE

    @asynccontextmanager
    async def turn(self, place: str) -> AsyncIterator[None]:
        """Wait for it; nothing is kept of a place where nobody is."""
        lock = self._locks.setdefault(place, asyncio.Lock())
        self._counts[place] = self._counts.get(place, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._counts[place] -= 1
            if not self._counts[place]:
                del self._counts[place], self._locks[place]


async def first_of(wanted: Awaitable[object], limit: Awaitable[object]) -> bool:
    """True when `wanted` came before the limit; the other one is ended."""
    tasks = [asyncio.ensure_future(wanted), asyncio.ensure_future(limit)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return tasks[0] in done
