"""How the schedule bears many items: its start, one more, a change, a firing, and its memory."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from assistant.core.clock import SystemClock
from assistant.core.schedule import Change, DueItem, ItemId, ItemKind, NewItem, Repeat, ScheduledItem
from assistant.core.settings import ScheduleSettings
from assistant.schedule import Schedule
from assistant.schedule.due import at_instant, first_due
from assistant.schedule.item_rows import StoredItem, insert_item, states_of
from assistant.schedule.store import Store
from benchmarks.report import percentile, rounded

NAME = "schedule_store"
_RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY")
_ZONE = "Europe/Berlin"
_MEGABYTE = 1e6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--items", type=int, default=10_000, help="how many are pending")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Half of the items repeat."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schedule.sqlite"
        # in a process of its own, so that its memory is none of ours
        filling = multiprocessing.get_context("spawn").Process(target=_fill, args=(path, args.items))
        filling.start()
        filling.join()
        figures = asyncio.run(_measure(path, args.limit or 100))
        file_mb = rounded(path.stat().st_size / _MEGABYTE, 1)
        return {"items": args.items, **figures, "file_mb": file_mb}


async def _measure(path: Path, rounds: int) -> dict[str, object]:
    process = psutil.Process()
    before = process.memory_info().rss
    rung_at: list[float] = []

    async def ring(_: DueItem) -> None:
        rung_at.append(time.perf_counter())

    began = time.perf_counter()
    async with Schedule(path, SystemClock(), ScheduleSettings(), ring) as schedule:
        started = time.perf_counter() - began
        memory = process.memory_info().rss - before
        adds, changes, lists = await _commands(schedule, rounds)
        rung_at.clear()
        due_at = time.perf_counter() + 0.5
        await schedule.add(NewItem(ItemKind.TIMER, "", timedelta(seconds=0.5)))
        await asyncio.sleep(1.0)
        late = rung_at[0] - due_at
    return {
        "start_s": rounded(started),
        "add_p50_ms": rounded(percentile(adds, 50)),
        "add_p95_ms": rounded(percentile(adds, 95)),
        "change_p95_ms": rounded(percentile(changes, 95)),
        "list_p95_ms": rounded(percentile(lists, 95)),
        "rings_late_ms": rounded(late * 1000),
        "memory_mb": rounded(memory / _MEGABYTE, 1),
    }


async def _commands(schedule: Schedule, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of adding, of renaming, and of listing all."""
    adds: list[float] = []
    changes: list[float] = []
    lists: list[float] = []
    for number in range(rounds):
        began = time.perf_counter()
        item = await schedule.add(NewItem(ItemKind.TIMER, f"timer {number}", timedelta(hours=1)))
        added = time.perf_counter()
        await schedule.change(item.id, Change(label="renamed"))
        changed = time.perf_counter()
        schedule.pending()
        adds.append((added - began) * 1000)
        changes.append((changed - added) * 1000)
        lists.append((time.perf_counter() - changed) * 1000)
    return adds, changes, lists


def _fill(path: Path, items: int) -> None:
    asyncio.run(_keep(path, items))


async def _keep(path: Path, items: int) -> None:
    now = SystemClock().now()
    local = datetime(now.year + 1, 1, 1, 7)
    stored: list[StoredItem] = []
    for number in range(items):
        start = local + timedelta(minutes=number)
        repeat = Repeat(_RULES[number % len(_RULES)], start) if number % 2 else None
        new = NewItem(ItemKind.REMINDER, f"reminder {number}", due_local=start, zone=_ZONE, repeat=repeat)
        due_at = first_due(new, now, {})
        item = ScheduledItem(ItemId(0), new.kind, new.label, due_at, new.zone, now, repeat=repeat)
        stored += states_of([at_instant(item, due_at)])
    async with Store(path, SystemClock()) as store:
        await store.transact(lambda connection: [insert_item(connection, each) for each in stored])
