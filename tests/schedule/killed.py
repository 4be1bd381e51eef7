"""A program that forks a schedule again and again, and kills each one with signal 9 at a random moment.

`python -m tests.schedule.killed FOLDER ROUNDS SEED`: what the children acknowledge and tell goes to FOLDER/journal, one
JSON list per line. Time runs six hundred times as fast, so that what repeats each minute falls due ten times a second.
The last child is left to finish."""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.core.clock import Clock
from assistant.core.errors import InputError
from assistant.core.schedule import (
    Anchor,
    Change,
    DueItem,
    EventId,
    ItemId,
    ItemKind,
    NewEvent,
    NewItem,
    Repeat,
    ScheduledItem,
)
from assistant.core.settings import ScheduleSettings
from assistant.schedule import Schedule
from tests.schedule.parts import FILE

LAST_S = 1.5
SPEED = 600
FAR = timedelta(days=400)
BEFORE = timedelta(minutes=-30)
_EPOCH = datetime(2026, 3, 2, tzinfo=UTC)
_ZERO_S = time.time()
STUCK_S = 20.0
MOST_COMMANDS = 25
MAX_REPEATING = 6
MAX_EVENTS = 8


class FastClock(Clock):
    """The machine's time, sped up; every process that is forked sees the same."""

    def now(self) -> datetime:
        return _EPOCH + timedelta(seconds=(time.time() - _ZERO_S) * SPEED)

    def monotonic(self) -> float:
        return time.monotonic() * SPEED

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds) / SPEED)

    def hold(self) -> AbstractContextManager[None]:
        """It can't be held; but whoever asks knows that it isn't the machine's own time."""
        return nullcontext()


class Script:
    """Random commands, each written down before it is given and when it is acknowledged."""

    def __init__(self, schedule: Schedule, journal: int, chance: random.Random) -> None:
        self._schedule = schedule
        self._journal = journal
        self._chance = chance
        self._clock = FastClock()

    def note(self, *what: object) -> None:
        os.write(self._journal, (json.dumps(what) + "\n").encode())

    async def command(self) -> None:
        steps: list[Callable[[], Awaitable[None]]] = [
            self._short, self._short, self._short, self._far, self._repeating, self._rename, self._skip, self._cancel,
            self._event, self._move, self._drop,
        ]  # fmt: skip
        await self._chance.choice(steps)()

    async def tell(self, due: DueItem) -> None:
        item = due.item
        self.note("told", item.id, due.reason, _us(item), item.label)
        if item.kind is ItemKind.REMINDER and self._chance.random() < 0.3:
            await self._snooze(item.id)
        await asyncio.sleep(0.003)

    async def _snooze(self, item_id: ItemId) -> None:
        try:
            [later] = await self._schedule.snooze([item_id], timedelta(seconds=self._chance.uniform(1, 20)))
        except InputError as error:  # it was cancelled meanwhile
            self.note("refused", str(error))
        else:
            self.note("snoozed", later.id, _us(later))

    async def _short(self) -> None:
        await self._add(NewItem(ItemKind.TIMER, "short", timedelta(seconds=self._chance.uniform(0.5, 30))))

    async def _far(self) -> None:
        await self._add(NewItem(ItemKind.TIMER, "far", FAR))

    async def _repeating(self) -> None:
        if len(self._of("rule")) < MAX_REPEATING:
            start = self._clock.now().replace(tzinfo=None, second=0, microsecond=0)
            await self._add(NewItem(ItemKind.REMINDER, "rule", repeat=Repeat("FREQ=MINUTELY", start)))

    async def _rename(self) -> None:
        if far := self._of("far"):
            item, label = self._chance.choice(far), f"far {self._chance.random()}"
            self.note("renaming", item.id, label)
            await self._schedule.change(item.id, Change(label=label))
            self.note("renamed", item.id, label)

    async def _skip(self) -> None:
        if rules := [item for item in self._of("rule") if not item.snoozed]:
            item = self._chance.choice(rules)
            left = await self._schedule.skip_next(item.id)
            assert item.repeat is not None
            assert left.repeat is not None
            if len(left.repeat.except_local) > len(item.repeat.except_local):  # else it was a snooze that was skipped
                skipped_at = left.repeat.except_local[-1].replace(tzinfo=UTC)
                self.note("skipped", item.id, (skipped_at - _EPOCH) // timedelta(microseconds=1))

    async def _cancel(self) -> None:
        if items := self._schedule.pending():
            item = self._chance.choice(items)
            self.note("cancelling", item.id)
            await self._schedule.cancel([item.id])
            self.note("cancelled", item.id)

    async def _event(self) -> None:
        if len(await self._schedule.calendar.events()) < MAX_EVENTS:
            start = self._far_start()
            event = await self._schedule.calendar.add(NewEvent("event", start, start + timedelta(hours=1), "UTC"))
            self.note("event", event.id, start.isoformat())
            item = await self._schedule.add(NewItem(ItemKind.REMINDER, "anchored", anchor=Anchor(event.id, BEFORE)))
            self.note("anchored", item.id, event.id)

    async def _move(self) -> None:
        if events := await self._schedule.calendar.events():
            event, start = self._chance.choice(events), self._far_start()
            self.note("moving", event.id, start.isoformat())
            await self._schedule.calendar.move(event.id, start, start + timedelta(hours=1))
            self.note("moved", event.id, start.isoformat())

    async def _drop(self) -> None:
        events = await self._schedule.calendar.events()
        if len(events) == MAX_EVENTS:
            event_id: EventId = self._chance.choice(events).id
            self.note("dropping", event_id)
            await self._schedule.calendar.cancel([event_id])
            self.note("dropped", event_id)

    async def _add(self, new: NewItem) -> ItemId:
        item = await self._schedule.add(new)
        self.note("kept", item.id, item.label)
        return item.id

    def _of(self, label: str) -> list[ScheduledItem]:
        return [item for item in self._schedule.pending() if item.label.startswith(label)]

    def _far_start(self) -> datetime:
        return self._clock.now().replace(tzinfo=None, microsecond=0) + FAR * self._chance.uniform(0.5, 1)


def _us(item: ScheduledItem) -> int:
    assert item.due_at is not None
    return (item.due_at - _EPOCH) // timedelta(microseconds=1)


def main() -> None:
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    for number in range(rounds):
        progress, write_progress = os.pipe()
        child = os.fork()
        if child == 0:
            asyncio.run(_command_for(folder, chance.random(), 60, write_progress))
            os._exit(0)
        if number % 5:
            _await(progress, chance.randrange(1, MOST_COMMANDS))
        else:  # it may be killed while it starts
            time.sleep(chance.uniform(0, 0.1))
        time.sleep(chance.uniform(0, 0.01))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(progress)
        os.close(write_progress)
        chance.random()
    asyncio.run(_command_for(folder, 0, 0, os.open(os.devnull, os.O_WRONLY)))


def _await(progress: int, commands: int) -> None:
    """Wait until so many commands were acknowledged."""
    seen = 0
    while seen < commands and select.select([progress], [], [], STUCK_S)[0]:
        seen += len(os.read(progress, commands - seen))


async def _command_for(folder: Path, seed: float, seconds: float, progress: int) -> None:
    """Give commands as fast as the disk allows; the last time, end what repeats and wait for what is due."""
    journal = os.open(folder / "journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    script: Script | None = None

    async def tell(due: DueItem) -> None:
        assert script is not None
        await script.tell(due)

    schedule = Schedule(folder / FILE, FastClock(), ScheduleSettings(), tell)
    script = Script(schedule, journal, random.Random(seed))
    script.note("start")
    async with schedule:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                await script.command()
            except InputError as error:
                script.note("refused", str(error))
            os.write(progress, b"!")
        if not seconds:
            await asyncio.sleep(LAST_S)
            for item in schedule.pending():
                if item.repeat is not None:
                    script.note("cancelling", item.id)
                    await schedule.cancel([item.id])
            await asyncio.sleep(LAST_S)


if __name__ == "__main__":
    main()
