"""Killed with signal 9 at random moments of a random script: nothing acknowledged is lost, nothing fires twice.

`ASSISTANT_TEST_KILLS=200` kills two hundred times instead of twenty."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from assistant.core.schedule import Event, ScheduledItem
from assistant.schedule.event_rows import select_events
from assistant.schedule.item_rows import State, select_firings, select_open
from assistant.schedule.store import Store
from assistant.testing.clock import FakeClock
from tests.schedule.killed import BEFORE
from tests.schedule.parts import FILE, quick_folder

KILLS = int(os.environ.get("ASSISTANT_TEST_KILLS", "20"))
pytestmark = [pytest.mark.process, pytest.mark.timeout(60 + 3 * KILLS)]
MINUTE_US = 60_000_000


@dataclass(frozen=True)
class Journal:
    """What was written down, in order."""

    lines: list[list[Any]]

    def of(self, what: str) -> list[list[Any]]:
        return [line[1:] for line in self.lines if line[0] == what]

    def ids(self, *whats: str) -> set[int]:
        return {line[0] for what in whats for line in self.of(what)}

    def last(self, what: str, begun: str) -> dict[int, set[object]]:
        """What may be true of each: the last that was acknowledged, or anything begun after it."""
        found: dict[int, set[object]] = {}
        for line in self.lines:
            if line[0] == what:
                found[line[1]] = {line[2]}
            elif line[0] == begun:
                found.setdefault(line[1], set()).add(line[2])
        return found


@dataclass(frozen=True)
class Left:
    """What is in the file at the end."""

    items: dict[int, ScheduledItem]
    events: dict[int, Event]


@pytest.fixture(scope="module")
def after() -> tuple[Journal, Left]:
    with quick_folder() as folder:
        subprocess.run([sys.executable, "-m", "tests.schedule.killed", str(folder), str(KILLS), "7"], check=True)
        lines = (folder / "journal").read_text().splitlines()
        return Journal([json.loads(line) for line in lines]), _left(folder / FILE)


def test_nothing_acknowledged_is_lost(after: tuple[Journal, Left]) -> None:
    journal, left = after
    told, gone = journal.ids("told"), journal.ids("cancelling")
    short = {number for number, label in journal.of("kept") if label == "short"}
    assert len(short) > KILLS
    assert short <= told | gone
    lasting = {number for number, label in journal.of("kept") if label in ("far", "rule")}
    assert lasting - gone <= left.items.keys()
    for number, due in journal.of("snoozed"):
        assert number in gone or any(line[0] == number and line[2] >= due for line in journal.of("told")), number
    assert not journal.ids("cancelled") & left.items.keys()


def test_nothing_fires_twice_nor_what_was_skipped(after: tuple[Journal, Left]) -> None:
    journal, _ = after
    starts = accumulate(line[0] == "start" for line in journal.lines)
    told = [(start, line[1], line[3]) for start, line in zip(starts, journal.lines, strict=True) if line[0] == "told"]
    assert max(Counter(told).values()) == 1, "only what a kill cut off may be told again"
    on_time = Counter((number, due) for number, reason, due, _ in journal.of("told") if reason == "on_time")
    assert max(on_time.values()) == 1
    assert any(reason == "missed" for _, reason, _, _ in journal.of("told")), "no kill fell on something due"
    skipped = {(number, due) for number, due in journal.of("skipped")}
    assert skipped, "nothing was skipped: the test proves nothing"
    assert not skipped & {(number, due) for number, _, due, _ in journal.of("told")}
    repeated = [(number, due) for number, _, due, label in journal.of("told") if label == "rule"]
    put_off = {(number, due) for number, due in journal.of("snoozed")}
    rules = {(number, due) for number, due in repeated if due % MINUTE_US == 0}
    assert len(rules) > KILLS
    unknown = set(repeated) - rules - put_off
    assert len(unknown) <= KILLS, "only a kill between the disk and the journal leaves a snooze unwritten"


def test_every_change_is_there_whole(after: tuple[Journal, Left]) -> None:
    journal, left = after
    for number, labels in journal.last("renamed", "renaming").items():
        if number in left.items:
            assert left.items[number].label in labels | {"far"}
    renamed = dict(journal.of("renamed"))
    assert renamed
    kept = {number for number, _ in journal.of("event")} - journal.ids("dropping")
    assert kept <= left.events.keys()
    assert not journal.ids("dropped") & left.events.keys()
    for number, starts in journal.last("moved", "moving").items():
        if number in left.events and number in journal.ids("moved"):
            assert left.events[number].start_local.isoformat() in starts


def test_what_hangs_on_an_event_agrees_with_it(after: tuple[Journal, Left]) -> None:
    journal, left = after
    anchored = [item for item in left.items.values() if item.anchor is not None]
    assert anchored
    for item in anchored:
        assert item.anchor is not None
        assert item.due_local == left.events[item.anchor.event_id].start_local + BEFORE
    there = {number for number, event in journal.of("anchored") if event in left.events}
    assert there - journal.ids("cancelling") <= left.items.keys()


def _left(path: Path) -> Left:
    async def read() -> Left:
        async with Store(path, FakeClock(datetime.fromisoformat("2026-03-02T12:00:00+00:00"))) as store:
            assert store.rescue is None
            stored = await store.transact(select_open)
            assert {each.state for each in stored} == {State.PENDING}, "something told would be told again"
            assert await store.transact(select_firings) == []
            events = await store.transact(select_events)
            return Left({each.item.id: each.item for each in stored}, {event.id: event for event in events})

    return asyncio.run(read())
