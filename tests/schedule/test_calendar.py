"""Events: kept, found, moved, cancelled, imported as a whole, and followed by what hangs on them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.core.errors import InputError
from assistant.core.schedule import Anchor, EventId, ItemKind, NewEvent, NewItem, Occurrence, Repeat
from assistant.testing.clock import FakeClock
from tests.schedule.parts import NOON, schedule_on

BERLIN = ZoneInfo("Europe/Berlin")
HALF = timedelta(minutes=30)


def event(
    label: str = "dentist", start: datetime = datetime(2026, 3, 3, 15), hours: float = 1, rule: str = "", **more: str
) -> NewEvent:
    repeat = Repeat(rule, start) if rule else None
    return NewEvent(label, start, start + timedelta(hours=hours), "Europe/Berlin", repeat=repeat, **more)


def before(event_id: EventId, by: timedelta = -HALF) -> NewItem:
    return NewItem(ItemKind.REMINDER, "go", zone="Europe/Berlin", anchor=Anchor(event_id, by))


def berlin(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def lines(found: object) -> list[str]:
    occurrences: list[Occurrence] = list(found)  # type: ignore[call-overload]  # what `between` gives
    return [f"{each.event.label} {each.start_at.astimezone(BERLIN):%d. %H:%M}" for each in occurrences]


async def test_an_event_is_kept_and_found_in_its_span(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        kept = await schedule.calendar.add(event())
        assert kept.uid != ""
    async with schedule_on(tmp_path, clock) as (schedule, _):
        calendar = schedule.calendar
        assert await calendar.events() == [kept]
        assert await calendar.event(kept.id) == kept
        assert await calendar.event(EventId(99)) is None
        [found] = await calendar.between(berlin(3), berlin(4))
        assert (found.start_at, found.end_at) == (berlin(3, 15), berlin(3, 16))
        assert await calendar.between(berlin(3, 16), berlin(4)) == []
        assert await calendar.between(berlin(2), berlin(3, 15)) == []
        assert lines(await calendar.between(berlin(3, 15, 59), berlin(3, 16))) == ["dentist 03. 15:00"]


async def test_what_repeats_takes_place_again_and_again_in_order_and_in_bounds(tmp_path: Path) -> None:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        calendar = schedule.calendar
        await calendar.add(event("standup", datetime(2026, 3, 2, 9), 0.25, "FREQ=WEEKLY;BYDAY=MO,WE"))
        await calendar.add(event("night", datetime(2026, 3, 1, 22), 10, "FREQ=DAILY"))
        assert lines(await calendar.between(berlin(4, 6), berlin(5, 6))) == [
            "night 03. 22:00", "standup 04. 09:00", "night 04. 22:00",
        ]  # fmt: skip
        assert len(await calendar.between(berlin(1), berlin(1) + timedelta(days=9000), limit=7)) == 7
        assert lines(await calendar.between(berlin(28, 12), berlin(30, 12))) == [
            "night 28. 22:00", "night 29. 22:00", "standup 30. 09:00",
        ]  # fmt: skip


async def test_one_occurrence_is_cancelled_and_the_last_one_ends_the_event(tmp_path: Path) -> None:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        calendar = schedule.calendar
        standup = await calendar.add(event("standup", datetime(2026, 3, 2, 9), 0.25, "FREQ=DAILY;COUNT=3"))
        await calendar.cancel_occurrence(standup.id, datetime(2026, 3, 3, 9))
        assert lines(await calendar.between(berlin(1), berlin(9))) == ["standup 02. 09:00", "standup 04. 09:00"]
        for missing in (datetime(2026, 3, 3, 9), datetime(2026, 3, 4, 10)):
            with pytest.raises(InputError):
                await calendar.cancel_occurrence(standup.id, missing)
        await calendar.cancel_occurrence(standup.id, datetime(2026, 3, 2, 9))
        assert await calendar.cancel_occurrence(standup.id, datetime(2026, 3, 4, 9)) is None
        assert await calendar.events() == []


async def test_an_event_is_moved_renamed_and_cancelled(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        calendar = schedule.calendar
        once = await calendar.add(event())
        standup = await calendar.add(event("standup", datetime(2026, 3, 2, 9), 1, "FREQ=WEEKLY;BYDAY=MO"))
        await calendar.move(once.id, datetime(2026, 3, 5, 10), datetime(2026, 3, 5, 11))
        await calendar.rename(once.id, "doctor")
        moved = await calendar.move(standup.id, datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 10, 30))
        assert moved.repeat is not None
        assert moved.repeat.start_local == datetime(2026, 3, 2, 10)
        with pytest.raises(InputError, match="its rule says"):
            await calendar.move(standup.id, datetime(2026, 3, 3, 10), datetime(2026, 3, 3, 11))
    async with schedule_on(tmp_path, clock) as (schedule, _):
        calendar = schedule.calendar
        assert lines(await calendar.between(berlin(2), berlin(10))) == [
            "standup 02. 10:00", "doctor 05. 10:00", "standup 09. 10:00",
        ]  # fmt: skip
        assert await calendar.cancel([once.id, standup.id, EventId(7)]) == 2
        for gone in (calendar.rename(once.id, "x"), calendar.move(once.id, NOON, NOON)):
            with pytest.raises(InputError):
                await gone


@pytest.mark.parametrize(
    "bad",
    [
        event(hours=-1),
        replace(event(), zone="Mars/Olympus"),
        event(label="x" * 5000),
        event(rule="FREQ=SECONDLY"),
        event(rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        event(start=datetime(1500, 1, 1)),
        event(start=datetime(2026, 3, 3, tzinfo=UTC)),
        event(hours=24 * 5000),
        event(source=""),
    ],
)
async def test_an_event_that_can_not_be_is_refused_alone_and_in_a_crowd(tmp_path: Path, bad: NewEvent) -> None:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        calendar = schedule.calendar
        with pytest.raises(InputError):
            await calendar.add(bad)
        good = event(uid="good", source="work")
        await calendar.replace_source("work", [good])
        if bad.source:
            with pytest.raises(InputError):
                await calendar.replace_source("work", [event(uid="other"), bad])
        assert [each.uid for each in await calendar.events()] == ["good"]


async def test_a_source_is_replaced_as_a_whole_and_what_stays_keeps_its_id(tmp_path: Path) -> None:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        calendar = schedule.calendar
        mine = await calendar.add(event("mine"))
        assert await calendar.replace_source("work", [event("a", uid="1"), event("b", uid="2")]) == 2
        ids = {each.uid: each.id for each in await calendar.events("work")}
        assert await calendar.replace_source("work", [event("b2", uid="2"), event("c", uid="3")]) == 2
        now = {each.uid: each for each in await calendar.events("work")}
        assert {uid: each.label for uid, each in now.items()} == {"2": "b2", "3": "c"}
        assert now["2"].id == ids["2"]
        assert await calendar.events("local") == [mine]
        with pytest.raises(InputError, match="already"):
            await calendar.add(event(uid="3", source="work"))
        await calendar.replace_source("work", [])
        assert await calendar.events() == [mine]


async def test_a_reminder_hangs_on_its_event(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        kept = await schedule.calendar.add(event())
        item = await schedule.add(before(kept.id))
        assert item.due_at == berlin(3, 14, 30)
        await schedule.calendar.move(kept.id, datetime(2026, 3, 3, 17), datetime(2026, 3, 3, 18))
        assert schedule.pending()[0].due_at == berlin(3, 16, 30)
    async with schedule_on(tmp_path, clock, step_check_s=86_400) as (schedule, told):
        assert schedule.pending()[0].due_at == berlin(3, 16, 30)
        await schedule.calendar.move(kept.id, datetime(2026, 3, 3, 18), datetime(2026, 3, 3, 19))
        await clock.advance(berlin(3, 17, 30) - clock.now())
        assert told.labels == ["go"]
        await schedule.calendar.move(kept.id, datetime(2026, 3, 3, 20), datetime(2026, 3, 3, 21))
        assert schedule.pending() == []


async def test_a_reminder_ends_with_its_event(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        calendar = schedule.calendar
        one, two = await calendar.add(event("one")), await calendar.add(event("two"))
        await calendar.replace_source("work", [event("three", uid="3")])
        three = (await calendar.events("work"))[0]
        for each in (one, two, three):
            await schedule.add(before(each.id))
        await calendar.cancel([one.id])
        await calendar.cancel_occurrence(two.id, two.start_local)
        assert len(schedule.pending()) == 1
        await calendar.replace_source("work", [])
        assert schedule.pending() == []
        with pytest.raises(InputError, match="no such event"):
            await schedule.add(before(one.id))
    async with schedule_on(tmp_path, clock) as (schedule, _):
        assert schedule.pending() == []


async def test_a_reminder_follows_each_time_of_an_event_that_repeats(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        standup = await schedule.calendar.add(event("standup", datetime(2026, 3, 2, 15), 1, "FREQ=DAILY"))
        item = await schedule.add(before(standup.id))
        assert len(schedule.occurrences(item.id, NOON, NOON + timedelta(days=3))) == 3
    async with schedule_on(tmp_path, clock, step_check_s=86_400) as (schedule, told):
        await schedule.calendar.cancel_occurrence(standup.id, datetime(2026, 3, 3, 15))
        await clock.advance(timedelta(days=2, hours=3))
        assert told.at == [berlin(2, 14, 30), berlin(4, 14, 30)]
    await clock.advance(timedelta(days=3))
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await clock.advance(0)
        assert [due.item.due_at for due in told.due] == [berlin(7, 14, 30)]
        assert schedule.pending()[0].due_at == berlin(8, 14, 30)


async def test_an_event_pulled_so_near_that_its_reminder_has_passed_is_told_at_once(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock, step_check_s=86_400) as (schedule, told):
        once = await schedule.calendar.add(event())
        standup = await schedule.calendar.add(event("standup", datetime(2026, 3, 2, 15), 1, "FREQ=DAILY"))
        await schedule.add(before(once.id))
        await schedule.add(before(standup.id))
        await schedule.calendar.move(once.id, datetime(2026, 3, 2, 13, 10), datetime(2026, 3, 2, 14))
        await clock.advance(1)
        assert told.labels == ["go"]
        await clock.advance(berlin(2, 14, 40) - clock.now())
        assert told.labels == ["go", "go"]
        await schedule.calendar.rename(standup.id, "daily")
        await clock.advance(1)
        assert told.labels == ["go", "go"]
        assert schedule.pending()[0].due_at == berlin(3, 14, 30)


async def test_two_changes_at_once_are_both_kept(tmp_path: Path) -> None:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        calendar = schedule.calendar
        kept = await calendar.add(event())
        await asyncio.gather(
            calendar.rename(kept.id, "doctor"),
            calendar.move(kept.id, datetime(2026, 3, 4, 9), datetime(2026, 3, 4, 10)),
        )
        assert lines(await calendar.between(berlin(1), berlin(9))) == ["doctor 04. 09:00"]


@pytest.mark.slow
async def test_fifty_thousand_events_are_taken_and_more_are_refused(tmp_path: Path) -> None:
    many = [event(str(each), datetime(2026, 3, 1) + HALF * each, uid=str(each)) for each in range(50_001)]
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        with pytest.raises(InputError, match="too long"):
            await schedule.calendar.replace_source("work", many)
        assert await schedule.calendar.events() == []
        await schedule.calendar.replace_source("work", many[1:])
        began = time.perf_counter()
        assert len(await schedule.calendar.between(berlin(9), berlin(10))) == 49
        assert time.perf_counter() - began < 1
