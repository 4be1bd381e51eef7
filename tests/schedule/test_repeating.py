"""Items that repeat: told each time, once after an outage, changed, skipped, and never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.core.errors import InputError
from assistant.core.schedule import Change, DueReason, ItemId, ItemKind, NewItem, Repeat
from assistant.testing.clock import FakeClock
from tests.schedule.parts import NOON, reminder, schedule_on, timer

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def daily(hour: int, label: str = "pills", kind: ItemKind = ItemKind.ALARM, rule: str = "FREQ=DAILY") -> NewItem:
    """From 1 March 2026 on; NOON is the 2nd, 13 o'clock in Berlin."""
    return NewItem(kind, label, zone="Europe/Berlin", repeat=Repeat(rule, datetime(2026, 3, 1, hour)))


def walls(instants: list[datetime]) -> list[str]:
    return [f"{at.astimezone(BERLIN):%d.%m. %H:%M}" for at in instants]


async def test_a_daily_alarm_keeps_its_wall_time_over_the_change_of_the_clocks(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 3, 27, 12, tzinfo=UTC))
    async with schedule_on(tmp_path, clock, step_check_s=86_400) as (schedule, told):
        kept = await schedule.add(daily(7))
        assert kept.due_local == datetime(2026, 3, 28, 7)
        await clock.advance(timedelta(days=3))
        assert walls(told.at) == ["28.03. 07:00", "29.03. 07:00", "30.03. 07:00"]
        assert [due.item.due_at for due in told.due] == told.at
        [next_one] = schedule.pending()
        assert (next_one.id, next_one.due_local) == (kept.id, datetime(2026, 3, 31, 7))


async def test_what_was_missed_again_and_again_is_told_once_with_its_latest_time(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await schedule.add(daily(7))
        await schedule.add(NewItem(ItemKind.REMINDER, "often", repeat=Repeat("FREQ=MINUTELY", datetime(2026, 3, 1))))
    await clock.advance(timedelta(days=5))
    for told_now in (["pills", "often"], []):
        async with schedule_on(tmp_path, clock) as (schedule, told):
            await clock.advance(0)
            assert told.labels == told_now
            assert told.reasons == [DueReason.MISSED] * len(told_now)
            assert (
                walls([due.item.due_at or NOON for due in told.due])
                == ["07.03. 07:00", "07.03. 13:00"][: len(told_now)]
            )
            pending = schedule.pending()
            assert walls([item.due_at or NOON for item in pending]) == ["07.03. 13:01", "08.03. 07:00"]
            assert schedule.missed() == []


async def test_what_was_missed_beyond_the_horizon_comes_again_untold(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await schedule.add(daily(7, rule="FREQ=WEEKLY"))
    await clock.advance(timedelta(days=10))
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await clock.advance(0)
        assert told.due == []
        assert walls([item.due_at or NOON for item in schedule.pending()]) == ["15.03. 07:00"]


async def test_a_rule_that_is_used_up_ends_its_item(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock, step_check_s=86_400) as (schedule, told):
        await schedule.add(daily(7, rule="FREQ=DAILY;COUNT=4"))
        await clock.advance(timedelta(days=20))
        assert walls(told.at) == ["03.03. 07:00", "04.03. 07:00"]
        assert schedule.pending() == []
        assert [item.label for item in await schedule.recent()] == ["pills"]
    async with schedule_on(tmp_path, clock) as (schedule, _):
        assert schedule.pending() == []


@pytest.mark.parametrize(
    "new",
    [
        daily(7, rule="FREQ=SECONDLY"),
        daily(7, rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        daily(7, rule="FREQ=DAILY;UNTIL=20260301"),
        daily(7, kind=ItemKind.TIMER),
        daily(7, label="x" * 10_000),
        NewItem(ItemKind.ALARM, duration=timedelta(1), repeat=Repeat("FREQ=DAILY", datetime(2026, 3, 1))),
        NewItem(ItemKind.ALARM, repeat=Repeat("FREQ=DAILY", datetime(2026, 3, 1)), zone="Mars/Olympus"),
        NewItem(ItemKind.ALARM, repeat=Repeat("FREQ=DAILY", datetime(2026, 3, 1, tzinfo=UTC))),
    ],
)
async def test_a_rule_that_can_not_be_kept_is_refused_and_nothing_is_stored(tmp_path: Path, new: NewItem) -> None:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        with pytest.raises(InputError):
            await schedule.add(new)
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        assert schedule.pending() == []


async def test_the_next_time_alone_is_skipped(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        item = await schedule.add(daily(7))
        skipped = await schedule.skip_next(item.id)
        assert skipped.due_local == datetime(2026, 3, 4, 7)
    async with schedule_on(tmp_path, clock, step_check_s=86_400) as (schedule, told):
        await clock.advance(timedelta(days=3))
        assert walls(told.at) == ["04.03. 07:00", "05.03. 07:00"]
        lonely = await schedule.add(reminder(datetime(2026, 4, 1)))
        last = await schedule.add(daily(7, rule="FREQ=DAILY;UNTIL=20260306"))
        for refused in (lonely.id, last.id, ItemId(77)):
            with pytest.raises(InputError):
                await schedule.skip_next(refused)


async def test_what_was_left_out_years_ago_is_forgotten(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    old = (datetime(2020, 3, 3, 7), datetime(2026, 2, 3, 7))
    async with schedule_on(tmp_path, clock) as (schedule, _):
        repeat = Repeat("FREQ=DAILY", datetime(2019, 1, 1, 7), old)
        item = await schedule.add(NewItem(ItemKind.ALARM, zone="Europe/Berlin", repeat=repeat))
        skipped = await schedule.skip_next(item.id)
        assert skipped.repeat is not None
        assert skipped.repeat.except_local == (old[1], datetime(2026, 3, 3, 7))


async def test_the_next_time_alone_is_moved(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        item = await schedule.add(daily(7))
        await schedule.change(item.id, Change(due_local=datetime(2026, 3, 3, 6, 30)))
        with pytest.raises(InputError, match="comes sooner"):
            await schedule.change(item.id, Change(due_local=datetime(2026, 3, 9, 6)))
    async with schedule_on(tmp_path, clock, step_check_s=86_400) as (schedule, told):
        await clock.advance(timedelta(days=2))
        assert walls(told.at) == ["03.03. 06:30", "04.03. 07:00"]


async def test_a_new_rule_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        item = await schedule.add(daily(7))
        weekly = Repeat("FREQ=WEEKLY;BYDAY=SA", datetime(2026, 3, 1, 9))
        changed = await schedule.change(item.id, Change(label="sleep in", repeat=weekly))
        assert (changed.id, changed.label, changed.due_local) == (item.id, "sleep in", datetime(2026, 3, 7, 9))
    async with schedule_on(tmp_path, clock, step_check_s=86_400) as (schedule, told):
        assert schedule.pending()[0].repeat == weekly
        await schedule.change(item.id, Change(repeat=None))
        await clock.advance(timedelta(days=20))
        assert walls(told.at) == ["07.03. 09:00"]
        assert schedule.pending() == []


async def test_a_change_touches_only_what_it_names(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        call = await schedule.add(reminder(datetime(2026, 3, 3, 9), "call", "Europe/Berlin"))
        renamed = await schedule.change(call.id, Change(label="call mom"))
        assert (renamed.due_at, renamed.zone) == (call.due_at, call.zone)
        travelled = await schedule.change(call.id, Change(zone="America/New_York"))
        assert travelled.due_at == datetime(2026, 3, 3, 14, tzinfo=UTC)
        tea = await schedule.add(timer(60, "tea"))
        longer = await schedule.change(tea.id, Change(duration=timedelta(minutes=5)))
        assert (longer.due_at, longer.label) == (NOON + timedelta(minutes=5), "tea")


@pytest.mark.parametrize(
    ("is_timer", "change"),
    [
        (True, Change(due_local=datetime(2026, 4, 1))),
        (True, Change(repeat=Repeat("FREQ=DAILY", datetime(2026, 3, 1)))),
        (True, Change(duration=timedelta())),
        (True, Change(label="x" * 2000)),
        (False, Change(duration=timedelta(5))),
        (False, Change(due_local=datetime(2026, 3, 1))),
        (False, Change(due_local=datetime.max)),
        (False, Change(due_local=datetime(2026, 4, 1, tzinfo=UTC))),
        (False, Change(zone="Mars/Olympus")),
        (False, Change(repeat=Repeat("FREQ=NEVER", datetime(2026, 3, 1)))),
    ],
)
async def test_a_change_that_can_not_be_is_refused_and_changes_nothing(
    tmp_path: Path, is_timer: bool, change: Change
) -> None:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        item = await schedule.add(timer(60) if is_timer else reminder(datetime(2026, 3, 3)))
        with pytest.raises(InputError):
            await schedule.change(item.id, change)
        assert schedule.pending() == [item]


async def test_a_rule_without_end_is_listed_in_bounds(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        item = await schedule.add(daily(7))
        assert len(schedule.occurrences(item.id, NOON, NOON + 10_000 * DAY, 12)) == 12
        within = schedule.occurrences(item.id, NOON + 2 * DAY, NOON + 4 * DAY)
        assert walls(list(within)) == ["05.03. 07:00", "06.03. 07:00"]
        assert schedule.occurrences(item.id, NOON + DAY, NOON) == []
        assert schedule.occurrences(ItemId(99), NOON, NOON + DAY) == []
        once = await schedule.add(reminder(datetime(2026, 3, 3)))
        assert schedule.occurrences(once.id, NOON, NOON + 9 * DAY) == [once.due_at]


async def test_a_clock_that_was_weeks_ahead_does_not_silence_what_repeats(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await schedule.add(daily(7))
        clock.step_wall(timedelta(days=40))
        await clock.advance(3)
        assert told.reasons == [DueReason.MISSED]
        clock.step_wall(timedelta(days=-40))
        await clock.advance(3)
        assert walls([item.due_at or NOON for item in schedule.pending()]) == ["03.03. 07:00"]
    async with schedule_on(tmp_path, clock) as (schedule, _):
        assert walls([item.due_at or NOON for item in schedule.pending()]) == ["03.03. 07:00"]


async def test_a_small_step_back_tells_nothing_twice(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await schedule.add(NewItem(ItemKind.REMINDER, repeat=Repeat("FREQ=DAILY", datetime(2026, 3, 1, 12, 5))))
        await clock.advance(302)
        clock.step_wall(timedelta(minutes=-10))
        await clock.advance(1200)
        assert len(told.due) == 1


class SleepyClock(FakeClock):
    """A machine that is suspended: the wall goes on, its own count does not."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._suspended = timedelta()

    def suspended_s(self) -> float:
        return self._suspended.total_seconds()

    def suspend(self, by: timedelta) -> None:
        self.step_wall(by)
        self._suspended += by


async def test_time_goes_on_while_the_machine_is_suspended(tmp_path: Path) -> None:
    clock = SleepyClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await schedule.add(timer(600, "pasta"))
        await schedule.add(reminder(datetime(2026, 3, 2, 12, 20), "call"))
        clock.suspend(timedelta(seconds=599))
        await clock.advance(2)
        assert (told.labels, told.reasons) == (["pasta"], [DueReason.ON_TIME])
        assert told.at[0] <= NOON + timedelta(seconds=602)
        clock.suspend(timedelta(hours=2))
        await clock.advance(2)
        assert (told.labels[1:], told.reasons[1:]) == (["call"], [DueReason.MISSED])
