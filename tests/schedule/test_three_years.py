"""Three years on the wall of six zones, against dateutil's expansion: each occurrence once, at its wall time.

All six run without a disk. On a disk, two of them do; `ASSISTANT_TEST_ZONES=all` takes all six (five minutes)."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, NewItem, Repeat, ScheduledItem
from assistant.core.settings import ScheduleSettings
from assistant.schedule import Schedule
from assistant.schedule.due import Waiting, at_instant, fall_due, first_due
from assistant.schedule.recurrence import next_after
from assistant.testing.clock import FakeClock
from tests.schedule.parts import FILE, quick_folder

PLACES = [
    ("Europe/Berlin", 2026),
    ("America/New_York", 2006),  # its rules changed in 2007
    ("Australia/Lord_Howe", 2026),  # half an hour
    ("Asia/Kolkata", 2026),
    ("Africa/Casablanca", 2017),  # winter time only in Ramadan, since 2018
    ("Pacific/Apia", 2010),  # summer time for the first time, and no 30 December 2011
]
ON_DISK = PLACES if os.environ.get("ASSISTANT_TEST_ZONES") == "all" else [PLACES[0], PLACES[-1]]
RULES = [
    ("FREQ=DAILY", (2, 30)),  # in many a gap, and twice in many an autumn
    ("FREQ=DAILY;INTERVAL=3", (1, 45)),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", (7, 0)),
    ("FREQ=WEEKLY;BYDAY=SU;BYHOUR=0,2,3;BYMINUTE=0,15", (0, 0)),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", (18, 20)),
    ("FREQ=MONTHLY;BYDAY=-1FR", (23, 59)),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", (0, 0)),
    ("FREQ=MONTHLY;BYMONTHDAY=30,31", (9, 0)),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", (8, 0)),
    ("FREQ=HOURLY;INTERVAL=35", (6, 10)),
    ("FREQ=DAILY;INTERVAL=5;COUNT=120", (12, 0)),
]
YEARS = timedelta(days=3 * 365 + 1)


def repeat_of(rule: str, at: tuple[int, int], year: int) -> Repeat:
    return Repeat(rule, datetime(year, 1, 1, *at))


def wanted_of(repeat: Repeat, zone: ZoneInfo, begin: datetime, end: datetime) -> list[datetime]:
    """The other implementation's instants: gap and overlap as RFC 5545, 3.3.5, hours in UTC."""
    if repeat.rule.startswith("FREQ=HOURLY"):
        start = repeat.start_local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        found = {wall.replace(tzinfo=UTC) for wall in _walls(repeat.rule, start)}
    else:
        found = {wall.replace(tzinfo=zone, fold=0).astimezone(UTC) for wall in _walls(repeat.rule, repeat.start_local)}
    return sorted(at for at in found if begin < at <= end)


def _walls(rule: str, start: datetime) -> list[datetime]:
    return list(rrulestr(rule, dtstart=start).between(start, start + YEARS + timedelta(days=3), inc=True))


@pytest.mark.parametrize(("zone_name", "year"), PLACES)
@pytest.mark.parametrize(("rule", "at"), RULES)
def test_each_time_follows_the_one_before(zone_name: str, year: int, rule: str, at: tuple[int, int]) -> None:
    zone, repeat = ZoneInfo(zone_name), repeat_of(rule, at, year)
    begin = datetime(year, 1, 1, tzinfo=zone).astimezone(UTC) - timedelta(days=1)
    new = NewItem(ItemKind.REMINDER, rule, zone=zone_name, repeat=repeat)
    wanted = wanted_of(repeat, zone, begin, begin + YEARS)
    if not wanted:  # no leap day in these years
        assert (next_after(repeat, zone, begin) or begin + YEARS * 2) > begin + YEARS
        return
    due_at = first_due(new, begin, {})
    item: ScheduledItem | None = at_instant(
        ScheduledItem(ItemId(1), new.kind, rule, due_at, zone_name, begin, repeat=repeat), due_at
    )
    told = []
    while item is not None and item.due_at is not None and item.due_at <= begin + YEARS:
        fallen = fall_due(Waiting(item), item.due_at + timedelta(milliseconds=3), 0, {})
        told.append(fallen.told.due_at)
        assert fallen.told.due_local is not None
        assert fallen.reason is DueReason.ON_TIME
        item = fallen.next
    assert told == wanted


@pytest.mark.slow
@pytest.mark.parametrize(("zone_name", "year"), ON_DISK)
@pytest.mark.timeout(240)
async def test_three_years_of_a_schedule_that_starts_anew_each_year(zone_name: str, year: int) -> None:
    with quick_folder() as folder:
        told = await _three_years(folder, zone_name, year)
    zone = ZoneInfo(zone_name)
    begin = datetime(year, 1, 1, tzinfo=zone).astimezone(UTC) - timedelta(days=1)
    for rule, at in RULES:
        wanted = wanted_of(repeat_of(rule, at, year), zone, begin, begin + YEARS)
        assert told[rule] == [(each, each) for each in wanted], rule


async def _three_years(folder: Path, zone_name: str, year: int) -> dict[str, list[tuple[datetime | None, datetime]]]:
    """What was told: the instant it was for, and when."""
    zone = ZoneInfo(zone_name)
    begin = datetime(year, 1, 1, tzinfo=zone).astimezone(UTC) - timedelta(days=1)
    clock = FakeClock(begin)
    told: dict[str, list[tuple[datetime | None, datetime]]] = defaultdict(list)

    async def tell(due: DueItem) -> None:
        assert due.reason is DueReason.ON_TIME
        told[due.item.label].append((due.item.due_at, clock.now()))

    for number in range(3):
        async with Schedule(folder / FILE, clock, ScheduleSettings(), tell, step_check_s=40 * 86_400) as schedule:
            if number == 0:
                for rule, at in RULES:
                    new = NewItem(ItemKind.REMINDER, rule, zone=zone_name, repeat=repeat_of(rule, at, year))
                    await schedule.add(new)
            await clock.advance(YEARS / 3)
    return told
