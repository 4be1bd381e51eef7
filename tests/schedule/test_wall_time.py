"""Reminders on the nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.testing.clock import FakeClock
from tests.schedule.parts import reminder, schedule_on, timer


@pytest.mark.parametrize(
    ("zone", "evening", "at", "told_at"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 22), datetime(2026, 3, 29, 2, 30), "03:30 +0200"),
        ("Europe/Berlin", datetime(2026, 3, 28, 22), datetime(2026, 3, 29, 7), "07:00 +0200"),
        ("Europe/Berlin", datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 2, 30), "02:30 +0200"),
        ("Europe/Berlin", datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 2, 30, fold=1), "02:30 +0100"),
        ("Europe/Berlin", datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 7), "07:00 +0100"),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 22), datetime(2026, 4, 5, 1, 45), "01:45 +1100"),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 22), datetime(2026, 10, 4, 2, 15), "02:45 +1100"),
    ],
)
async def test_a_reminder_is_told_once_at_its_wall_time(
    tmp_path: Path, zone: str, evening: datetime, at: datetime, told_at: str
) -> None:
    clock = FakeClock(evening.replace(tzinfo=ZoneInfo(zone)))
    async with schedule_on(tmp_path, clock, step_check_s=3600) as (schedule, _):
        await schedule.add(reminder(at, zone=zone))
    async with schedule_on(tmp_path, clock, step_check_s=3600) as (_, told):
        await clock.advance(timedelta(hours=14))
    assert [f"{moment.astimezone(ZoneInfo(zone)):%H:%M %z}" for moment in told.at] == [told_at]


async def test_a_timer_over_the_change_of_the_clocks_lasts_as_long_as_it_says(tmp_path: Path) -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    clock = FakeClock(start)
    async with schedule_on(tmp_path, clock, step_check_s=3600) as (schedule, told):
        await schedule.add(timer(2 * 3600))
        await clock.advance(timedelta(hours=3))
    assert told.at == [start.astimezone(UTC) + timedelta(hours=2)]
