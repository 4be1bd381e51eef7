"""A clock moved by hand, which stands while the disk is written."""

from __future__ import annotations

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
