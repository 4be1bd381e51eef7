"""What a clock can do beside telling the time: stand while the disk is written, and know of a suspended machine."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, runtime_checkable

from assistant.core.clock import Clock


@runtime_checkable
class HeldClock(Protocol):
    """What a test's clock can do beside telling the time."""

    def hold(self) -> AbstractContextManager[None]:
        """Time stands inside this context."""
        ...


def hold(clock: Clock) -> AbstractContextManager[None]:
    """A context in which a clock moved by hand stands; the machine's clock goes on."""
    return clock.hold() if isinstance(clock, HeldClock) else nullcontext()


@runtime_checkable
class SuspendedClock(Protocol):
    """A clock that knows how long the machine was suspended."""

    def suspended_s(self) -> float:
        """Seconds since some start in which `monotonic` stood still."""
        ...


def suspended_s(clock: Clock) -> float:
    """Seconds that the machine has been suspended so far; a clock moved by hand never is unless it says so."""
    if isinstance(clock, SuspendedClock):
        return clock.suspended_s()
    if isinstance(clock, HeldClock):
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
