"""Both wakers keep one contract."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from assistant.core.clock import Clock, SystemClock
from assistant.schedule.wakeup import SchedulerWaker, SleepingWaker, Waker, waker_for
from assistant.testing.clock import FakeClock
from tests.schedule.parts import NOON


@dataclass
class Bench:
    """A waker, its clock, a way to let time pass, and the moments of its calls."""

    clock: Clock
    wait: Callable[[float], Awaitable[None]]
    woken: list[datetime] = field(default_factory=list)
    waker: Waker = field(init=False)

    def __post_init__(self) -> None:
        self.waker = waker_for(self.clock, lambda: self.woken.append(self.clock.now()))

    def at(self, seconds: float) -> datetime:
        return self.clock.now() + timedelta(seconds=seconds)


@pytest.fixture(params=["scheduler", "sleeping"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    fake = FakeClock(NOON)
    real = request.param == "scheduler"
    made = Bench(SystemClock(), asyncio.sleep) if real else Bench(fake, fake.advance)
    assert isinstance(made.waker, SchedulerWaker if real else SleepingWaker)
    made.waker.start()
    yield made
    await made.waker.stop()


async def test_it_wakes_once_and_not_before_its_time(bench: Bench) -> None:
    at = bench.at(0.05)
    bench.waker.arm(at)
    assert bench.woken == []
    await bench.wait(0.2)
    assert len(bench.woken) == 1
    assert bench.woken[0] >= at


async def test_a_new_wish_replaces_the_old_one(bench: Bench) -> None:
    bench.waker.arm(bench.at(0.02))
    bench.waker.arm(bench.at(3600))
    await bench.wait(0.1)
    assert bench.woken == []
    bench.waker.arm(bench.at(0.01))
    await bench.wait(0.1)
    assert len(bench.woken) == 1


async def test_what_has_passed_wakes_at_once(bench: Bench) -> None:
    bench.waker.arm(bench.at(-86_400))
    await bench.wait(0.1)
    assert len(bench.woken) == 1


async def test_no_wish_wakes_nobody(bench: Bench) -> None:
    bench.waker.arm(bench.at(0.02))
    bench.waker.arm(None)
    bench.waker.arm(None)
    await bench.wait(0.1)
    assert bench.woken == []


async def test_it_wakes_again_after_it_woke(bench: Bench) -> None:
    for _ in range(2):
        bench.waker.arm(bench.at(0.01))
        await bench.wait(0.1)
    assert len(bench.woken) == 2


async def test_a_stopped_waker_is_silent() -> None:
    clock = FakeClock(NOON)
    woken: list[int] = []
    waker = waker_for(clock, lambda: woken.append(1))
    waker.start()
    waker.arm(NOON + timedelta(seconds=1))
    await waker.stop()
    await clock.advance(5)
    assert woken == []
