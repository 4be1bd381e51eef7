"""Wakes the schedule at an instant; the only place that runs APScheduler, which decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from assistant.core.clock import Clock
from assistant.schedule.held import HeldClock

_JOB = "wake"


class Waker(Protocol):
    """Calls back once at an instant. May call early after a step of the clock: the callee looks at its own clock."""

    def start(self) -> None:
        """Begin, on the running loop."""
        ...

    def arm(self, at: datetime | None) -> None:
        """Wake at that instant (aware) instead of any earlier wish; at once if it has passed; None: not at all."""
        ...

    async def stop(self) -> None:
        """Wake nobody any more."""
        ...


def waker_for(clock: Clock, wake: Callable[[], None]) -> Waker:
    """APScheduler reads the machine's clock, so a clock moved by hand is slept on instead."""
    return SleepingWaker(clock, wake) if isinstance(clock, HeldClock) else SchedulerWaker(wake)


class SchedulerWaker:
    """Over APScheduler: one job with one date."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin, on the running loop."""
        self._scheduler.start()

    def arm(self, at: datetime | None) -> None:
        """Replace the one job. Without a misfire limit it runs however late it is."""
        if at is None:
            if self._scheduler.get_job(_JOB):
                self._scheduler.remove_job(_JOB)
            return
        trigger = DateTrigger(at.astimezone(UTC))
        self._scheduler.add_job(
            self._run, trigger, id=_JOB, replace_existing=True, misfire_grace_time=None, coalesce=True
        )

    async def stop(self) -> None:
        """Shut down; APScheduler does so in the loop's next turn."""
        is_down = asyncio.Event()
        self._scheduler.add_listener(lambda _: is_down.set(), EVENT_SCHEDULER_SHUTDOWN)
        self._scheduler.shutdown(wait=False)
        await is_down.wait()

    async def _run(self) -> None:
        self._wake()


class SleepingWaker:
    """Over the clock's own sleep."""

    def __init__(self, clock: Clock, wake: Callable[[], None]) -> None:
        self._clock = clock
        self._wake = wake
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Nothing to begin."""

    def arm(self, at: datetime | None) -> None:
        """Sleep anew."""
        if self._task is not None:
            self._task.cancel()
        self._task = None if at is None else asyncio.create_task(self._sleep(at), name="schedule-wake")

    async def stop(self) -> None:
        """Cancel the sleep."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _sleep(self, at: datetime) -> None:
        await self._clock.sleep((at - self._clock.now()).total_seconds())
        self._wake()
