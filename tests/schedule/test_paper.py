"""The schedule on paper answers as the real one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.errors import InputError
from assistant.core.ports import CalendarPort, SchedulePort
from assistant.core.schedule import Anchor, Change, DueItem, ItemId, ItemKind, NewEvent, NewItem, Repeat
from assistant.core.settings import ScheduleSettings
from assistant.schedule import Schedule
from assistant.testing.clock import FakeClock
from assistant.testing.paper import PaperSchedule
from tests.schedule.parts import FILE, NOON, reminder, timer

Ring = Callable[[ItemId], Awaitable[None]]
Kept = tuple[SchedulePort, CalendarPort, Ring]
DAILY = NewItem(ItemKind.ALARM, "wake", zone="Europe/Berlin", repeat=Repeat("FREQ=DAILY", datetime(2026, 3, 1, 13, 1)))
FIVE = timedelta(minutes=5)


@asynccontextmanager
async def _real(folder: Path) -> AsyncIterator[Kept]:
    clock = FakeClock(NOON)

    async def ring_on(_: DueItem) -> None:
        await asyncio.Event().wait()

    async def ring(_: ItemId) -> None:
        await clock.advance(60)

    async with Schedule(folder / FILE, clock, ScheduleSettings(), ring_on) as schedule:
        yield schedule, schedule.calendar, ring


@asynccontextmanager
async def _paper(_: Path) -> AsyncIterator[Kept]:
    clock = FakeClock(NOON)
    schedule = PaperSchedule(clock)

    async def ring(item_id: ItemId) -> None:
        await clock.advance(60)
        schedule.ring(item_id)

    yield schedule, schedule.calendar, ring


@pytest.fixture(params=[_real, _paper])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    async with request.param(tmp_path) as made:
        yield made


async def test_what_is_added_is_pending_changed_skipped_and_cancelled(kept: Kept) -> None:
    schedule, _, _ = kept
    wake, call, tea = [await schedule.add(new) for new in (DAILY, reminder(datetime(2026, 3, 3), "call"), timer(600))]
    assert schedule.pending() == [wake, tea, call]
    assert wake.due_local == datetime(2026, 3, 2, 13, 1)
    assert (await schedule.skip_next(wake.id)).due_local == datetime(2026, 3, 3, 13, 1)
    assert (await schedule.change(call.id, Change(label="call mom"))).label == "call mom"
    assert (await schedule.extend(tea.id, FIVE)).due_at == NOON + 3 * FIVE
    assert (await schedule.pause(tea.id)).remaining == 3 * FIVE
    assert (await schedule.resume(tea.id)).due_at == NOON + 3 * FIVE
    assert len(schedule.occurrences(wake.id, NOON, NOON + timedelta(days=30), 5)) == 5
    with pytest.raises(InputError):
        await schedule.skip_next(call.id)
    assert await schedule.cancel([call.id, tea.id, ItemId(99)]) == 2


async def test_what_rings_is_snoozed_missed_acknowledged_and_done(kept: Kept) -> None:
    schedule, _, ring = kept
    wake = await schedule.add(DAILY)
    await ring(wake.id)
    assert [item.due_at for item in schedule.ringing()] == [wake.due_at]
    [later] = await schedule.snooze([wake.id], FIVE)
    assert (later.id, later.snoozed, schedule.ringing()) == (wake.id, True, [])
    assert (await schedule.skip_next(wake.id)).due_local == datetime(2026, 3, 3, 13, 1)
    call = await schedule.add(reminder(datetime(2026, 3, 2, 12, 2), "call"))
    await ring(call.id)
    await schedule.miss([call.id])
    assert ([item.label for item in schedule.missed()], schedule.ringing()) == (["call"], [])
    await schedule.acknowledge([call.id])
    assert schedule.missed() == []
    assert [item.label for item in await schedule.recent(ItemKind.REMINDER)] == ["call"]
    await schedule.complete(call.id)
    assert await schedule.recent() == []
    for nothing in (schedule.complete(ItemId(99)), schedule.snooze([call.id], FIVE)):
        with pytest.raises(InputError):
            await nothing


async def test_events_are_kept_and_followed(kept: Kept) -> None:
    schedule, calendar, _ = kept
    start = datetime(2026, 3, 3, 15)
    new = NewEvent("dentist", start, start + timedelta(hours=1), "UTC")
    event = await calendar.add(new)
    item = await schedule.add(NewItem(ItemKind.REMINDER, "go", anchor=Anchor(event.id, -FIVE)))
    assert item.due_local == start - FIVE
    await calendar.move(event.id, start + FIVE, start + 2 * FIVE)
    assert schedule.pending()[0].due_local == start
    assert (await calendar.rename(event.id, "doctor")).label == "doctor"
    [found] = await calendar.between(NOON, NOON + timedelta(days=2))
    assert (found.event.label, found.start_local) == ("doctor", start + FIVE)
    await calendar.replace_source("work", [replace(new, uid="1")])
    await calendar.replace_source("work", [replace(new, uid="1", label="again"), replace(new, uid="2")])
    assert sorted(each.label for each in await calendar.events("work")) == ["again", "dentist"]
    assert await calendar.cancel_occurrence(event.id, start + FIVE) is None
    assert (schedule.pending(), len(await calendar.events())) == ([], 2)
