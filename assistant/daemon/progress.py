"""Whether the audio really flows: what the watchdog is fed by."""

from __future__ import annotations

from assistant.audio import Microphone
from assistant.core.clock import Clock

STALL_S = 10.0
"""A microphone that is open but gave no frame for so long is stuck, and so are we."""


class Progress:
    """Compares the microphone's frame count between two looks."""

    def __init__(self, microphone: Microphone | None, clock: Clock) -> None:
        self._microphone = microphone
        self._clock = clock
        self._frames = -1
        self._moved_at_s = clock.monotonic()

    def is_alive(self) -> bool:
        """True while frames come, or while there is no open microphone to wait for (it heals by itself)."""
        now = self._clock.monotonic()
        if self._microphone is None or not self._microphone.status.is_open:
            self._moved_at_s = now
            return True
        if self._microphone.status.frames != self._frames:
            self._frames = self._microphone.status.frames
            self._moved_at_s = now
        return now - self._moved_at_s < STALL_S
