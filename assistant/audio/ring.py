"""Pre-roll: the newest audio, so that speech which began before it was noticed is not lost."""

from __future__ import annotations

from collections import deque

from assistant.core.audio import AudioFrame


class PreRoll:
    """Keeps whole frames, the newest `seconds` of them at least; older ones are forgotten."""

    def __init__(self, seconds: float) -> None:
        self._limit_s = seconds
        self._frames: deque[AudioFrame] = deque()
        self._held_s = 0.0

    @property
    def seconds(self) -> float:
        """How much is held."""
        return self._held_s

    def add(self, frame: AudioFrame) -> None:
        """Take the next frame, and let go of those that are no longer needed."""
        self._frames.append(frame)
        self._held_s += frame.seconds
        while self._frames and self._held_s - self._frames[0].seconds >= self._limit_s:
            self._held_s -= self._frames.popleft().seconds

    def take(self) -> list[AudioFrame]:
        """All that is held, oldest first; the ring is empty afterwards."""
        taken = list(self._frames)
        self.clear()
        return taken

    def clear(self) -> None:
        """Forget everything."""
        self._frames.clear()
        self._held_s = 0.0
