"""What a schedule promises: on time, once, and through a restart."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.errors import InputError
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, NewItem, Repeat
from assistant.core.settings import ScheduleSettings
from assistant.schedule import Schedule
from assistant.testing.clock import FakeClock
from tests.schedule.parts import FILE, NOON, reminder, schedule_on, timer


async def test_timers_ring_at_their_seconds_in_order(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await schedule.add(timer(90, "pasta"))
        await schedule.add(timer(30, "eggs"))
        assert [item.label for item in schedule.pending()] == ["eggs", "pasta"]
        await clock.advance(300)
        assert schedule.pending() == []
    assert told.labels == ["eggs", "pasta"]
    assert told.seconds_after(NOON) == [30, 90]
    assert told.reasons == [DueReason.ON_TIME] * 2


async def test_a_reminder_is_told_at_its_wall_time(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        kept = await schedule.add(reminder(datetime(2026, 3, 2, 21, 15), "bins", zone="Asia/Seoul"))
        assert kept.due_at == datetime(2026, 3, 2, 12, 15, tzinfo=UTC)
        await clock.advance(3600)
    assert told.at == [datetime(2026, 3, 2, 12, 15, tzinfo=UTC)]


async def test_what_repeats_never_ceases_to_be_pending_while_its_firing_is_written(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    daily = NewItem(ItemKind.ALARM, "up", repeat=Repeat("FREQ=DAILY", datetime(2026, 3, 2, 13)))
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await schedule.add(daily)
        other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # the disk is busy
        advancing = asyncio.create_task(clock.advance(3600))
        async with asyncio.timeout(1.5):
            while [item.due_local for item in schedule.pending()] == [datetime(2026, 3, 2, 13)]:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        meanwhile = [item.due_local for item in schedule.pending()]
        assert told.due == []
        other.execute("ROLLBACK")
        other.close()
        await advancing
    assert meanwhile == [datetime(2026, 3, 3, 13)]
    assert told.labels == ["up"]


async def test_everything_survives_a_restart(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await schedule.add(NewItem(ItemKind.TIMER, "tea", timedelta(minutes=5), area_id=None, language="ko"))
        paused = await schedule.add(timer(600, "cake"))
        await clock.advance(60)
        await schedule.pause(paused.id)
        await schedule.add(reminder(datetime(2026, 3, 3, 8), "call", "Europe/Berlin"))
        before = schedule.pending()
    async with schedule_on(tmp_path, clock) as (schedule, told):
        assert schedule.pending() == before
        assert before[-1].remaining == timedelta(minutes=9)
        await clock.advance(240)
    assert told.labels == ["tea"]
    assert told.due[0].item.language == "ko"


async def test_every_change_survives_a_restart(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        gone, longer, resumed = [await schedule.add(timer(60, label)) for label in ("gone", "longer", "resumed")]
        await schedule.cancel([gone.id])
        await schedule.extend(longer.id, timedelta(seconds=60))
        await schedule.pause(resumed.id)
        await clock.advance(30)
        await schedule.resume(resumed.id)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await clock.advance(200)
    assert told.labels == ["resumed", "longer"]
    assert told.seconds_after(NOON) == [90, 120]


async def test_what_was_missed_is_told_once(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await schedule.add(timer(120, "second"))
        await schedule.add(timer(60, "first"))
        await schedule.add(timer(7200, "later"))
    await clock.advance(3600)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await clock.advance(0)
        assert told.labels == ["first", "second"]
        assert told.reasons == [DueReason.MISSED] * 2
        assert told.due[0].item.due_at == NOON + timedelta(seconds=60)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await clock.advance(0)
        assert told.due == []
        assert [item.label for item in schedule.pending()] == ["later"]


async def test_what_was_missed_long_ago_is_not_told(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await schedule.add(timer(3600, "old"))
        await schedule.add(timer(2 * 3600, "new"))
    await clock.advance(timedelta(hours=6, minutes=30))
    async with schedule_on(tmp_path, clock, horizon_h=5) as (_, told):
        await clock.advance(0)
        assert told.labels == ["new"]
    async with schedule_on(tmp_path, clock, horizon_h=100) as (_, told):
        await clock.advance(0)
        assert told.due == []


async def test_a_timer_that_rang_when_the_process_ended_is_told_as_missed(tmp_path: Path) -> None:
    clock = FakeClock(NOON)

    async def ring_on(_: DueItem) -> None:
        await asyncio.Event().wait()

    async with Schedule(tmp_path / FILE, clock, ScheduleSettings(), ring_on) as schedule:
        await schedule.add(timer(5, "pasta"))
        await clock.advance(6)
        assert schedule.pending() == []
    async with schedule_on(tmp_path, clock) as (_, told):
        await clock.advance(0)
    assert (told.labels, told.reasons) == (["pasta"], [DueReason.MISSED])


async def test_telling_one_item_badly_harms_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock(NOON)
    told: list[str] = []

    async def stumble(due: DueItem) -> None:
        if due.item.label == "bad":
            raise RuntimeError("no voice")
        told.append(due.item.label)

    with caplog.at_level(logging.ERROR):
        async with Schedule(tmp_path / FILE, clock, ScheduleSettings(), stumble) as schedule:
            await schedule.add(timer(5, "bad"))
            await schedule.add(timer(5, "good"))
            await schedule.add(timer(9, "later"))
            await clock.advance(10)
    assert told == ["good", "later"]
    assert "no voice" in caplog.text


async def test_ringing_that_lasts_does_not_hold_up_the_next_one(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    began: list[tuple[str, float]] = []

    async def ring_long(due: DueItem) -> None:
        began.append((due.item.label, clock.monotonic()))
        await clock.sleep(60)

    async with Schedule(tmp_path / FILE, clock, ScheduleSettings(), ring_long) as schedule:
        await schedule.add(timer(5, "one"))
        await schedule.add(timer(10, "two"))
        await clock.advance(100)
    assert began == [("one", 5), ("two", 10)]


async def test_a_cancelled_item_never_rings(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        one, two = await schedule.add(timer(5)), await schedule.add(timer(6))
        assert await schedule.cancel([one.id, two.id, ItemId(999)]) == 2
        assert await schedule.cancel([one.id]) == 0
        await clock.advance(60)
        third = await schedule.add(timer(5))
        assert third.id > two.id
    assert told.due == []


async def test_a_paused_timer_waits(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        item = await schedule.add(timer(60))
        await clock.advance(20)
        paused = await schedule.pause(item.id)
        assert (paused.is_paused, paused.remaining) == (True, timedelta(seconds=40))
        await clock.advance(1000)
        resumed = await schedule.resume(item.id)
        assert resumed.due_at == NOON + timedelta(seconds=1060)
        await clock.advance(100)
    assert told.seconds_after(NOON) == [1060]


async def test_time_is_added_and_taken_off(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        item = await schedule.add(timer(60))
        longer = await schedule.extend(item.id, timedelta(seconds=30))
        assert longer.due_at == NOON + timedelta(seconds=90)
        assert longer.duration == timedelta(seconds=60)
        await schedule.extend(item.id, timedelta(seconds=-50))
        with pytest.raises(InputError, match="nothing would remain"):
            await schedule.extend(item.id, timedelta(seconds=-40))
        await schedule.pause(item.id)
        assert (await schedule.extend(item.id, timedelta(seconds=2))).remaining == timedelta(seconds=42)
        await schedule.resume(item.id)
        await clock.advance(100)
    assert told.seconds_after(NOON) == [42]


@pytest.mark.parametrize(
    "new",
    [
        timer(0),
        timer(-5),
        timer(10_000 * 86_400),
        reminder(datetime(2026, 3, 2, 12)),
        reminder(datetime(2026, 3, 2, 11, 59)),
        reminder(datetime(2099, 1, 1)),
        reminder(datetime(2026, 3, 3), zone="Mars/Olympus"),
        reminder(datetime(2026, 3, 3, tzinfo=UTC)),
        NewItem(ItemKind.REMINDER),
        NewItem(ItemKind.TIMER, due_local=datetime(2026, 3, 3)),
        NewItem(ItemKind.ALARM, duration=timedelta(1), due_local=datetime(2026, 3, 3)),
    ],
)
async def test_what_can_not_come_is_refused(tmp_path: Path, new: NewItem) -> None:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        with pytest.raises(InputError):
            await schedule.add(new)
        assert schedule.pending() == []


async def test_only_running_timers_are_paused_and_only_paused_ones_resumed(tmp_path: Path) -> None:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        call = await schedule.add(reminder(datetime(2026, 3, 3)))
        tea = await schedule.add(timer(60))
        for refused in (schedule.pause(call.id), schedule.resume(tea.id), schedule.extend(ItemId(77), timedelta(1))):
            with pytest.raises(InputError):
                await refused
        await schedule.pause(tea.id)
        with pytest.raises(InputError):
            await schedule.pause(tea.id)
        assert [item.label for item in schedule.pending(ItemKind.REMINDER)] == [call.label]


async def test_a_caller_that_gives_up_leaves_disk_and_memory_alike(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        adding = asyncio.create_task(schedule.add(timer(60, "tea")))
        await asyncio.sleep(0)
        adding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await adding
        assert [item.label for item in schedule.pending()] == ["tea"]
    async with schedule_on(tmp_path, clock) as (schedule, _):
        assert [item.label for item in schedule.pending()] == ["tea"]


async def test_a_timer_keeps_its_length_when_the_clock_is_set(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await schedule.add(timer(600))
        await clock.advance(60)
        clock.step_wall(timedelta(hours=5))
        await clock.advance(2)
        assert [item.due_at for item in schedule.pending()] == [NOON + timedelta(hours=5, seconds=600)]
        clock.step_wall(timedelta(days=-40))
        await clock.advance(537)
        assert told.due == []
        await clock.advance(1)
        assert told.reasons == [DueReason.ON_TIME]


async def test_the_new_end_of_a_timer_is_on_disk_after_the_clock_was_set(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await schedule.add(timer(600))
        clock.step_wall(timedelta(hours=5))
        await clock.advance(2)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await clock.advance(597)
        assert told.due == []
        await clock.advance(1)
        assert told.reasons == [DueReason.ON_TIME]


async def test_a_reminder_follows_the_wall_when_the_clock_is_set(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await schedule.add(reminder(datetime(2026, 3, 2, 13)))
        clock.step_wall(timedelta(minutes=59, seconds=59))
        await clock.advance(2)
        assert told.reasons == [DueReason.ON_TIME]
        await schedule.add(reminder(datetime(2026, 3, 2, 13, 5)))
        clock.step_wall(timedelta(minutes=-5))
        await clock.advance(300)
        assert len(told.due) == 1
        await clock.advance(300)
        assert len(told.due) == 2


async def test_a_reminder_that_a_set_clock_leaps_over_is_told_as_missed(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await schedule.add(reminder(datetime(2026, 3, 2, 13)))
        clock.step_wall(timedelta(hours=8))
        await clock.advance(2)
        assert told.reasons == [DueReason.MISSED]


async def test_nothing_is_watched_while_nothing_is_pending(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await clock.advance(5)
        asleep = clock.sleepers
        item = await schedule.add(timer(60))
        await clock.advance(5)
        assert clock.sleepers > asleep
        await schedule.cancel([item.id])
        await clock.advance(5)
        assert clock.sleepers == asleep


async def test_the_machines_own_clock_rings_too(tmp_path: Path) -> None:
    from assistant.core.clock import SystemClock

    rung = asyncio.Event()

    async def ring(_: DueItem) -> None:
        rung.set()

    async with Schedule(tmp_path / FILE, SystemClock(), ScheduleSettings(), ring) as schedule:
        await schedule.add(timer(0.05))
        async with asyncio.timeout(5):
            await rung.wait()
