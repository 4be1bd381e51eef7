"""When each sample of a stream was heard, from the uneven moments at which its blocks arrive."""

from __future__ import annotations

CREEP = 0.001
"""Share of a block's length by which the timeline may move later per block: 1 ms/s, more than any crystal drifts."""
JUMP_S = 0.5
"""Blocks so much later than expected mean that samples were lost: the timeline starts anew."""


class Timeline:
    """Sample counts → monotonic seconds.

    A block can arrive late (a busy machine) but never early, so the earliest arrivals tell the truth: the origin
    moves back at once when a block arrives before its time, and forward only slowly.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._samples = 0
        self._origin_s: float | None = None

    def note(self, samples: int, arrived_at_s: float) -> None:
        """A block of so many samples arrived; its last sample was heard then, or a little before."""
        self._samples += samples
        implied_s = arrived_at_s - self._samples / self._rate_hz
        if self._origin_s is None or implied_s < self._origin_s or implied_s - self._origin_s > JUMP_S:
            self._origin_s = implied_s
        else:
            self._origin_s += min(implied_s - self._origin_s, CREEP * samples / self._rate_hz)

    def restart(self) -> None:
        """Trust the next arrival alone."""
        self._origin_s = None

    def at(self, seconds: float) -> float:
        """The monotonic second of the moment `seconds` into the stream."""
        return (self._origin_s or 0.0) + seconds
