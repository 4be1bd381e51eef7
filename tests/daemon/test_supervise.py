"""A part that fails is started again with growing pauses, and its health tells how it is doing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from assistant.core.errors import BrokerError
from assistant.daemon.supervise import LONGEST_PAUSE_S, STEADY_S, Health, PartHealth, supervise
from assistant.testing.clock import FakeClock


class Part:
    """Fails with what a test says, else runs for `lasts_s` and then fails, or ends when `fails` is false."""

    def __init__(self, clock: FakeClock, error: Exception, lasts_s: float = 0.0) -> None:
        self._clock = clock
        self.error: Exception | None = error
        self.lasts_s = lasts_s
        self.began_at_s: list[float] = []

    async def run(self) -> None:
        self.began_at_s.append(self._clock.monotonic())
        await self._clock.sleep(self.lasts_s)
        if self.error is not None:
            raise self.error

    @property
    def pauses_s(self) -> list[float]:
        ends = [began + self.lasts_s for began in self.began_at_s]
        return [began - end for end, began in zip(ends, self.began_at_s[1:], strict=False)]


@asynccontextmanager
async def supervised(run: Callable[[], Awaitable[None]], clock: FakeClock) -> AsyncIterator[PartHealth]:
    health = Health().part("part")
    task = asyncio.create_task(supervise("part", run, clock, health))
    await clock.settle()
    try:
        yield health
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_pauses_double_up_to_the_longest() -> None:
    clock = FakeClock()
    part = Part(clock, BrokerError("away"))
    async with supervised(part.run, clock) as health:
        await clock.advance(200)
        assert part.pauses_s[:7] == [0.5, 1, 2, 4, 8, 16, 30]
        assert set(part.pauses_s[6:]) == {LONGEST_PAUSE_S}
        assert health.restarts == len(part.began_at_s) - 1
        assert health.last_error == "away."
        assert not health.is_up


async def test_a_part_that_ran_for_long_starts_with_the_first_pause_again() -> None:
    clock = FakeClock()
    part = Part(clock, BrokerError("away"))
    async with supervised(part.run, clock) as health:
        await clock.advance(20)
        part.lasts_s = STEADY_S + 1
        await clock.advance(40)
        assert health.is_up
        began = len(part.began_at_s)
        await clock.advance(STEADY_S)
        assert len(part.began_at_s) == began + 1
        assert part.began_at_s[-1] - part.began_at_s[-2] == STEADY_S + 1 + 0.5


async def test_a_part_that_returns_is_done() -> None:
    clock = FakeClock()
    part = Part(clock, BrokerError("never raised"))
    part.error = None
    async with supervised(part.run, clock) as health:
        await clock.advance(100)
        assert len(part.began_at_s) == 1
        assert not health.is_up
        assert health.restarts == 0


async def test_a_known_error_that_repeats_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    part = Part(clock, BrokerError("the port is taken", fix="choose another"))
    with caplog.at_level(logging.INFO):
        async with supervised(part.run, clock):
            await clock.advance(100)
    lines = [record for record in caplog.records if record.message == "a part failed"]
    assert len(lines) == 1
    assert lines[0].levelno == logging.WARNING
    assert "Fix: choose another" in str(vars(lines[0])["error"])


async def test_an_unexpected_error_keeps_its_traceback_and_the_part_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    part = Part(clock, ZeroDivisionError("by zero"))
    async with supervised(part.run, clock):
        await clock.advance(1)
    assert len(part.began_at_s) == 2
    assert caplog.records[0].exc_info is not None
    assert caplog.records[0].levelno == logging.ERROR


async def test_whoever_supervises_it_hears_of_each_failure() -> None:
    clock = FakeClock()
    error = BrokerError("away")
    heard: list[Exception] = []
    task = asyncio.create_task(supervise("part", Part(clock, error).run, clock, PartHealth("part"), heard.append))
    await clock.advance(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert heard == [error, error]


async def test_cancelling_ends_the_part() -> None:
    clock = FakeClock()
    part = Part(clock, BrokerError("away"), lasts_s=1000)
    async with supervised(part.run, clock) as health:
        assert health.is_up
    assert not health.is_up
    assert len(part.began_at_s) == 1


def test_a_parts_record_is_made_once() -> None:
    health = Health()
    assert health.part("home") is health.part("home")
    assert list(health.parts) == ["home"]
