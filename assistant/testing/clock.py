"""A clock under a test's hand: time passes only when the test says so."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from assistant.core.clock import Clock

_START = datetime(2026, 1, 5, 9, tzinfo=UTC)
_ROUNDS = 10
"""Turns of the loop in which whoever was woken does what it woke for."""


class FakeClock(Clock):
    """Starts at `start` (aware) and stands still; `advance` wakes sleepers in order, each at its own moment."""

    def __init__(self, start: datetime = _START) -> None:
        if start.tzinfo is None:
            raise ValueError("start must be aware")
        self._wall = start.astimezone(UTC)
        """Wall time at monotonic zero, steps included."""
        self._passed = timedelta()
        self._sleepers: list[tuple[timedelta, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._holds = 0
        self._released = asyncio.Event()

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return self._wall + self._passed

    def monotonic(self) -> float:
        """Seconds advanced so far; steps of the wall clock don't count."""
        return self._passed.total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Wait until the test has advanced that far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._passed + timedelta(seconds=seconds), next(self._order), waiter))
        await waiter

    @property
    def sleepers(self) -> int:
        """How many wait on this clock now."""
        return sum(not waiter.done() for _, _, waiter in self._sleepers)

    async def advance(self, by: timedelta | float) -> None:
        """Let that much time pass (seconds, or a timedelta); returns when everybody woken has come to rest."""
        until = self._passed + (by if isinstance(by, timedelta) else timedelta(seconds=by))
        if until < self._passed:
            raise ValueError("time only goes forward; step_wall sets the wall clock back")
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            at, _, waiter = heapq.heappop(self._sleepers)
            if waiter.done():
                continue
            self._passed = max(self._passed, at)
            waiter.set_result(None)
            await self.settle()
        self._passed = until
        await self.settle()

    def step_wall(self, by: timedelta) -> None:
        """Set the wall clock forward or back, as a time server or a person does; monotonic time stays."""
        self._wall += by

    @contextmanager
    def hold(self) -> Iterator[None]:
        """While held, `advance` waits: for work that goes on in a thread."""
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1
            if not self._holds:
                self._released.set()

    async def settle(self) -> None:
        """Let every task run until it waits for something; no time passes."""
        is_quiet = False
        while not is_quiet:
            is_quiet = True
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)
                if self._holds:
                    is_quiet = False
                    self._released.clear()
                    await self._released.wait()
