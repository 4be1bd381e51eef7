"""Not more commands to one device than it can take: a burst is let through, the rest spaced, the latest wins."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, auto

from assistant.core.clock import Clock

PER_S = 10.0
"""Commands a second to one device, in the long run."""
BURST = 20
"""So many may come at once: a strip of sockets is one device."""
EXPIRES_S = 2.0
"""A command that would have to wait longer is not sent: late is wrong."""
ROUNDING_S = 1e-6
MAX_DEVICES = 2_000


class Turn(Enum):
    """What becomes of a command."""

    GO = auto()
    SUPERSEDED = auto()
    """A newer one of the same kind took its place while it waited."""
    EXPIRED = auto()


@dataclass(slots=True)
class _Waiting:
    due_s: float
    is_superseded: bool = False


class Pacer:
    """Ask for a `turn` before each command."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._free_at_s: dict[str, float] = {}
        """Device → when it has had so many that another may follow at the long-run rate."""
        self._waiting: dict[Hashable, _Waiting] = {}

    async def turn(self, device: str, slider: Hashable) -> Turn:
        """Wait until the device may get another command; `slider` is the same for commands of which only the latest
        counts."""
        now = self._clock.monotonic()
        due_s = self._due(device, slider, now)
        if due_s - now > EXPIRES_S:
            return Turn.EXPIRED
        if due_s <= now:
            return Turn.GO
        mine = self._waiting[slider] = _Waiting(due_s)
        try:
            await self._clock.sleep(due_s - now)
        finally:
            if self._waiting.get(slider) is mine:
                del self._waiting[slider]
        return Turn.SUPERSEDED if mine.is_superseded else Turn.GO

    def _due(self, device: str, slider: Hashable, now: float) -> float:
        older = self._waiting.get(slider)
        if older is not None:
            older.is_superseded = True
            return older.due_s
        free_at_s = max(now, self._free_at_s.get(device, now))
        due_s = free_at_s - (BURST - 1) / PER_S - ROUNDING_S
        if due_s - now <= EXPIRES_S:
            self._free_at_s[device] = free_at_s + 1 / PER_S
        if len(self._free_at_s) > MAX_DEVICES:
            self._free_at_s = {each: at for each, at in self._free_at_s.items() if at > now}
        return due_s
