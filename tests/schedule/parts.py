"""A schedule on a fake clock that writes down what it tells."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.core.schedule import DueItem, DueReason, ItemKind, NewItem
from assistant.core.settings import ScheduleSettings
from assistant.schedule import Schedule
from assistant.testing.clock import FakeClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FILE = "schedule.sqlite"


@contextmanager
def quick_folder() -> Iterator[Path]:
    """In memory where there is such a folder, for thousands of transactions that need to survive no power cut."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


@contextmanager
def files_limited_to(size_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond that: what a full disk looks like to a program."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Told:
    """Takes what is due, with the moment at which it was told."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.due: list[DueItem] = []
        self.at: list[datetime] = []

    async def __call__(self, due: DueItem) -> None:
        self.due.append(due)
        self.at.append(self.clock.now())

    @property
    def labels(self) -> list[str]:
        return [due.item.label for due in self.due]

    @property
    def reasons(self) -> list[DueReason]:
        return [due.reason for due in self.due]

    def seconds_after(self, start: datetime) -> list[float]:
        return [(at - start).total_seconds() for at in self.at]


@asynccontextmanager
async def schedule_on(
    folder: Path, clock: FakeClock, *, horizon_h: float = 24.0, step_check_s: float = 2.0
) -> AsyncIterator[tuple[Schedule, Told]]:
    """A running schedule over the database in `folder`."""
    told = Told(clock)
    settings = ScheduleSettings(missed_horizon_h=horizon_h)
    async with Schedule(folder / FILE, clock, settings, told, step_check_s=step_check_s) as schedule:
        yield schedule, told


def timer(seconds: float, label: str = "") -> NewItem:
    """A timer."""
    return NewItem(ItemKind.TIMER, label, timedelta(seconds=seconds))


def reminder(local: datetime, label: str = "", zone: str = "UTC") -> NewItem:
    """A reminder at a wall time."""
    return NewItem(ItemKind.REMINDER, label, due_local=local, zone=zone)
