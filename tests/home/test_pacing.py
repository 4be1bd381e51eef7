"""Commands to one device: a burst goes through, then so many a second, and of a slider the latest."""

from __future__ import annotations

import asyncio

from assistant.home.pacing import BURST, PER_S, Pacer, Turn
from assistant.testing.clock import FakeClock


async def _turns(pacer: Pacer, *sliders: str, device: str = "strip") -> list[asyncio.Task[Turn]]:
    tasks = [asyncio.create_task(pacer.turn(device, slider)) for slider in sliders]
    await asyncio.sleep(0)
    return tasks


def _went(tasks: list[asyncio.Task[Turn]]) -> list[Turn]:
    return [task.result() for task in tasks if task.done()]


async def test_a_burst_goes_through_at_once_and_the_rest_one_after_another() -> None:
    clock = FakeClock()
    tasks = await _turns(Pacer(clock), *(str(number) for number in range(BURST + 3)))
    assert _went(tasks) == [Turn.GO] * BURST
    for more in (1, 2, 3):
        await clock.advance(1 / PER_S)
        assert _went(tasks) == [Turn.GO] * (BURST + more)


async def test_devices_do_not_wait_for_each_other() -> None:
    pacer = Pacer(FakeClock())
    tasks = [task for number in range(50) for task in await _turns(pacer, "on", device=str(number))]
    assert _went(tasks) == [Turn.GO] * 50


async def test_of_a_slider_the_latest_is_sent_in_the_place_of_the_first_that_waited() -> None:
    clock = FakeClock()
    pacer = Pacer(clock)
    await _turns(pacer, *(str(number) for number in range(BURST)))
    first, second, latest = await _turns(pacer, "level", "level", "level")
    await clock.advance(1 / PER_S)
    assert [task.result() for task in (first, second, latest)] == [Turn.SUPERSEDED, Turn.SUPERSEDED, Turn.GO]


async def test_a_command_that_would_come_too_late_is_not_sent() -> None:
    clock = FakeClock()
    tasks = await _turns(Pacer(clock), *(str(number) for number in range(500)))
    assert Turn.EXPIRED in _went(tasks)
    await clock.advance(60)
    results = _went(tasks)
    assert len(results) == 500
    assert 0 < results.count(Turn.GO) < 60


async def test_a_device_that_was_left_alone_takes_a_burst_again() -> None:
    clock = FakeClock()
    pacer = Pacer(clock)
    await _turns(pacer, *(str(number) for number in range(BURST)))
    await clock.advance(BURST / PER_S)
    assert _went(await _turns(pacer, *(str(number) for number in range(BURST)))) == [Turn.GO] * BURST


async def test_a_wait_that_is_given_up_leaves_nothing_behind() -> None:
    clock = FakeClock()
    pacer = Pacer(clock)
    await _turns(pacer, *(str(number) for number in range(BURST)))
    (given_up,) = await _turns(pacer, "level")
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    (next_one,) = await _turns(pacer, "level")
    await clock.advance(2 / PER_S)
    assert next_one.result() is Turn.GO
