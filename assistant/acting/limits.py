"""How often a thing may be commanded: so many times in any minute."""

from __future__ import annotations

from collections import deque

from assistant.core.clock import Clock

MINUTE_S = 60.0
MAX_THINGS = 10_000
"""More than any home has; those commanded longest ago are forgotten first."""


class MinuteLimit:
    """Counts per key over the last minute."""

    def __init__(self, clock: Clock, per_minute: int) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._times: dict[str, deque[float]] = {}

    def is_spent(self, key: str, wanted: int = 1) -> bool:
        """True when `wanted` more would be too many now."""
        return len(self._recent(key)) + wanted > self._per_minute

    def note(self, key: str) -> None:
        """It was done once more."""
        times = self._recent(key)
        times.append(self._clock.monotonic())
        self._times.pop(key, None)
        self._times[key] = times
        if len(self._times) > MAX_THINGS:
            del self._times[next(iter(self._times))]

    def _recent(self, key: str) -> deque[float]:
        times = self._times.get(key) or deque[float]()
        while times and self._clock.monotonic() - times[0] >= MINUTE_S:
            times.popleft()
        return times
