"""What rings, was missed, is put off or is done: kept on disk, and told no more than once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.errors import InputError
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, NewItem, Repeat
from assistant.core.settings import ScheduleSettings
from assistant.schedule import Schedule
from assistant.testing.clock import FakeClock
from tests.schedule.parts import FILE, NOON, files_limited_to, reminder, schedule_on, timer

FIVE = timedelta(minutes=5)


class Bell:
    """Rings until it is silenced."""

    def __init__(self) -> None:
        self.due: list[DueItem] = []
        self._silence = asyncio.Event()

    async def __call__(self, due: DueItem) -> None:
        self.due.append(due)
        await self._silence.wait()

    async def silence(self, clock: FakeClock) -> None:
        self._silence.set()
        await clock.advance(0)
        self._silence.clear()

    @property
    def labels(self) -> list[str]:
        return [due.item.label for due in self.due]


@asynccontextmanager
async def ringing_on(folder: Path, clock: FakeClock) -> AsyncIterator[tuple[Schedule, Bell]]:
    bell = Bell()
    async with Schedule(folder / FILE, clock, ScheduleSettings(), bell) as schedule:
        yield schedule, bell


def daily() -> NewItem:
    return NewItem(ItemKind.ALARM, "wake", repeat=Repeat("FREQ=DAILY", datetime(2026, 3, 1, 12, 1)))


def labels(items: object) -> list[str]:
    return [item.label for item in items]  # type: ignore[attr-defined]  # a sequence of items


async def test_what_rings_is_known_until_it_was_told(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        await schedule.add(timer(5, "tea"))
        await schedule.add(daily())
        await clock.advance(61)
        assert labels(schedule.ringing()) == ["tea", "wake"]
        assert labels(schedule.pending()) == ["wake"]
        assert schedule.ringing()[1].due_at == NOON + timedelta(minutes=1)
        await bell.silence(clock)
        assert (schedule.ringing(), schedule.missed()) == ([], [])
        assert labels(await schedule.recent()) == ["tea"]
        assert await schedule.recent(ItemKind.ALARM) == []


async def test_what_still_rings_when_its_next_time_comes_goes_on_ringing_once(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        await schedule.add(NewItem(ItemKind.REMINDER, "often", repeat=Repeat("FREQ=MINUTELY", datetime(2026, 3, 1))))
        await clock.advance(181)
        assert (bell.labels, len(schedule.ringing())) == (["often"], 1)
        assert schedule.pending()[0].due_local == datetime(2026, 3, 2, 12, 4)
        await bell.silence(clock)
        await clock.advance(60)
        assert bell.labels == ["often", "often"]
        await bell.silence(clock)


async def test_an_alarm_rings_though_the_disk_is_full_and_is_written_down_when_it_was_told(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        await schedule.add(daily())
        await schedule.add(timer(60, "tea"))
        with files_limited_to((tmp_path / f"{FILE}-wal").stat().st_size):
            await clock.advance(61)
            assert sorted(bell.labels) == ["tea", "wake"]
        await bell.silence(clock)
        assert schedule.ringing() == []
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await clock.advance(0)
        assert told.due == []
        assert [item.due_local for item in schedule.pending()] == [datetime(2026, 3, 3, 12, 1)]


async def test_a_snooze_rings_again_and_survives_a_restart(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        item = await schedule.add(reminder(datetime(2026, 3, 2, 12, 1), "call"))
        await clock.advance(61)
        [later] = await schedule.snooze([item.id, item.id], FIVE)
        assert (later.snoozed, later.due_at, later.due_local) == (
            True, NOON + timedelta(seconds=361), datetime(2026, 3, 2, 12, 6, 1),
        )  # fmt: skip
        assert schedule.ringing() == []
        await bell.silence(clock)
        assert schedule.pending() == [later]
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        assert schedule.pending() == [later]
        await clock.advance(299)
        assert bell.due == []
        await clock.advance(1)
        assert (bell.labels, bell.due[0].reason, bell.due[0].item.snoozed) == (["call"], DueReason.ON_TIME, True)
        await bell.silence(clock)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await clock.advance(0)
        assert (told.due, schedule.pending()) == ([], [])


async def test_a_snoozed_alarm_keeps_its_rule(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        item = await schedule.add(daily())
        await clock.advance(60)
        await schedule.snooze([item.id], FIVE)
        await bell.silence(clock)
        await clock.advance(FIVE)
        assert bell.labels == ["wake", "wake"]
        await bell.silence(clock)
        [pending] = schedule.pending()
        assert (pending.due_local, pending.snoozed) == (datetime(2026, 3, 3, 12, 1), False)


async def test_a_snooze_is_elapsed_time_whatever_the_clock_says(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        item = await schedule.add(reminder(datetime(2026, 3, 2, 12, 1)))
        await clock.advance(60)
        await schedule.snooze([item.id], FIVE)
        await bell.silence(clock)
        clock.step_wall(timedelta(hours=3))
        await clock.advance(298)
        assert len(bell.due) == 1
        await clock.advance(2)
        assert len(bell.due) == 2


async def test_a_snoozed_item_may_be_put_off_again_skipped_or_cancelled(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        item = await schedule.add(daily())
        await clock.advance(60)
        await schedule.snooze([item.id], FIVE)
        await bell.silence(clock)
        [later] = await schedule.snooze([item.id], 2 * FIVE)
        assert later.due_at == NOON + timedelta(minutes=11)
        skipped = await schedule.skip_next(item.id)
        assert (skipped.snoozed, skipped.due_local) == (False, datetime(2026, 3, 3, 12, 1))
        assert await schedule.cancel([item.id]) == 1
        with pytest.raises(InputError):
            await schedule.snooze([item.id], FIVE)


@pytest.mark.parametrize("by", [timedelta(), timedelta(minutes=-1), timedelta(days=2)])
async def test_only_what_rings_is_snoozed_and_for_a_time_that_makes_sense(tmp_path: Path, by: timedelta) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        quiet = await schedule.add(timer(600))
        with pytest.raises(InputError):
            await schedule.snooze([quiet.id], FIVE)
        loud = await schedule.add(timer(5))
        await clock.advance(6)
        with pytest.raises(InputError):
            await schedule.snooze([loud.id], by)
        assert [item.id for item in schedule.ringing()] == [loud.id]
        await bell.silence(clock)


async def test_what_nobody_answered_stays_listed_until_someone_knows(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        item = await schedule.add(reminder(datetime(2026, 3, 2, 12, 1), "call"))
        alarm = await schedule.add(daily())
        await clock.advance(60)
        await schedule.miss([item.id, alarm.id])
        await bell.silence(clock)
        assert labels(schedule.missed()) == ["call", "wake"]
        assert schedule.ringing() == []
    for _ in range(2):
        async with ringing_on(tmp_path, clock) as (schedule, bell):
            await clock.advance(0)
            assert labels(schedule.missed()) == ["call", "wake"]
            assert [each.due_at for each in schedule.missed()] == [NOON + timedelta(minutes=1)] * 2
            assert bell.due == []
    async with ringing_on(tmp_path, clock) as (schedule, _):
        await schedule.acknowledge([item.id])
        assert labels(schedule.missed()) == ["wake"]
        assert labels(await schedule.recent()) == ["call"]
        [later] = await schedule.snooze([alarm.id], FIVE)
        assert later.snoozed
    async with ringing_on(tmp_path, clock) as (schedule, _):
        assert schedule.missed() == []


async def test_what_fell_due_while_off_is_listed_until_it_is_told(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await schedule.add(timer(60, "pasta"))
    await clock.advance(3600)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        await clock.advance(0)
        assert labels(schedule.missed()) == ["pasta"]
        await bell.silence(clock)
        assert schedule.missed() == []


async def test_an_alarm_that_rang_when_the_process_died_is_told_once_with_its_latest_time(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, _):
        await schedule.add(daily())
        await clock.advance(60)
    await clock.advance(timedelta(days=2))
    for many in (1, 0):
        async with schedule_on(tmp_path, clock) as (schedule, told):
            await clock.advance(0)
            assert [due.item.due_at for due in told.due] == [datetime(2026, 3, 4, 12, 1, tzinfo=UTC)] * many
            assert len(schedule.pending()) == 1


async def test_a_reminder_is_ticked_off_before_while_and_after_it_rings(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        early, loud, told = [
            await schedule.add(reminder(datetime(2026, 3, 2, 12, minute), label))
            for minute, label in ((9, "early"), (2, "loud"), (1, "told"))
        ]
        await clock.advance(60)
        await bell.silence(clock)
        await clock.advance(60)
        assert labels(schedule.ringing()) == ["loud"]
        for item in (early, loud, told):
            await schedule.complete(item.id)
        await bell.silence(clock)
        assert (schedule.ringing(), schedule.pending(), await schedule.recent()) == ([], [], [])
        with pytest.raises(InputError):
            await schedule.complete(ItemId(99))
    async with schedule_on(tmp_path, clock) as (schedule, again):
        await clock.advance(3600)
        assert again.due == []


async def test_done_ends_the_time_that_rings_or_else_the_next_of_what_repeats(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        item = await schedule.add(daily())
        await clock.advance(60)
        await schedule.complete(item.id)
        await bell.silence(clock)
        assert schedule.pending()[0].due_local == datetime(2026, 3, 3, 12, 1)
        await schedule.complete(item.id)
        assert schedule.pending()[0].due_local == datetime(2026, 3, 4, 12, 1)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        assert schedule.pending()[0].due_local == datetime(2026, 3, 4, 12, 1)
        assert schedule.missed() == []


async def test_a_paused_timer_may_be_done(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        tea = await schedule.add(timer(60))
        await schedule.pause(tea.id)
        await schedule.complete(tea.id)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        assert schedule.pending() == []


async def test_cancelling_what_rings_ends_it_for_good(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with ringing_on(tmp_path, clock) as (schedule, bell):
        item = await schedule.add(daily())
        await clock.advance(60)
        assert await schedule.cancel([item.id]) == 1
        assert (schedule.ringing(), schedule.pending()) == ([], [])
        await bell.silence(clock)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await clock.advance(0)
        assert told.due == []
