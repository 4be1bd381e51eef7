"""The fake clock: order, steps, holding."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from assistant.testing.clock import FakeClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_sleepers_wake_in_order_each_at_its_own_moment() -> None:
    clock = FakeClock(NOON)
    woken: list[tuple[str, datetime]] = []

    async def sleeper(name: str, *seconds: float) -> None:
        for each in seconds:
            await clock.sleep(each)
            woken.append((name, clock.now()))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sleeper("slow", 5))
        tasks.create_task(sleeper("quick", 1, 3))
        await clock.advance(10)

    at = [(name, (when - NOON).total_seconds()) for name, when in woken]
    assert at == [("quick", 1), ("quick", 4), ("slow", 5)]
    assert clock.now() == NOON + timedelta(seconds=10)


async def test_nobody_wakes_early() -> None:
    clock = FakeClock(NOON)
    task = asyncio.create_task(clock.sleep(2))
    await clock.advance(1.999)
    assert not task.done()
    assert clock.sleepers == 1
    await clock.advance(timedelta(milliseconds=1))
    assert task.done()


async def test_a_step_moves_the_wall_and_not_the_sleepers() -> None:
    clock = FakeClock(NOON)
    task = asyncio.create_task(clock.sleep(60))
    await clock.advance(0)
    before = clock.monotonic()
    clock.step_wall(timedelta(hours=-2))
    assert clock.now() == NOON - timedelta(hours=2)
    assert clock.monotonic() == before
    await clock.advance(60)
    assert task.done()


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = FakeClock(NOON)
    task = asyncio.create_task(clock.sleep(1))
    await clock.advance(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert clock.sleepers == 0
    await clock.advance(2)
    assert clock.monotonic() == 2


async def test_time_stands_while_somebody_holds_it() -> None:
    clock = FakeClock(NOON)
    done_at: list[float] = []

    async def wake_and_work_in_a_thread() -> None:
        await clock.sleep(1)
        with clock.hold():
            await asyncio.to_thread(lambda: sum(range(200_000)))
            done_at.append(clock.monotonic())

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(wake_and_work_in_a_thread())
        await clock.advance(100)
    assert done_at == [1]


async def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        await FakeClock(NOON).advance(-1)


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        FakeClock(datetime(2026, 1, 1))
