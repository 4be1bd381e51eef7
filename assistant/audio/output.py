"""What PortAudio's thread does for the speaker: fill blocks from the queued PCM, with gain ramps and a soft stop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from assistant.audio.resample import to_channels
from assistant.core.audio import SAMPLE_BYTES

RAMP_S = 0.005
"""A change of gain takes so long, so that it does not click."""

LONGEST_DELAY_S = 0.5
"""PortAudio's figures jump when the wall clock is set; no device holds more than this."""


class Sound:
    """One sound on its way out. The loop appends; PortAudio's thread takes; each field has one writer."""

    def __init__(self, rate_hz: int, notify: Callable[[], None]) -> None:
        self.rate_hz = rate_hz
        self.is_complete = False
        """Set by the loop: nothing more will be appended."""
        self.is_stopped = False
        """Set by the loop: fade out now."""
        self.is_done = False
        """Set by PortAudio's thread: the last sample has left the device."""
        self.first_at_s: float | None = None
        self.starved = 0
        self.underruns = 0
        self.taken = 0
        self.added = 0
        self.notify = notify
        self._parts: deque[bytes] = deque()
        self._rest = b""
        self._tail_samples: int | None = None

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that are appended but not yet taken."""
        return (self.added - self.taken) / self.rate_hz

    @property
    def seconds(self) -> float:
        """Seconds of sound that were taken."""
        return self.taken / self.rate_hz

    def append(self, pcm: bytes) -> None:
        """Bring more mono int16 PCM at the device's rate."""
        self._parts.append(pcm)
        self.added += len(pcm) // SAMPLE_BYTES

    def take(self, samples: int) -> bytes:
        """At most so many samples; fewer when no more wait."""
        wanted = samples * SAMPLE_BYTES
        got = [self._rest]
        size = len(self._rest)
        while size < wanted and self._parts:
            got.append(self._parts.popleft())
            size += len(got[-1])
        whole = b"".join(got)
        self._rest = whole[wanted:]
        given = whole[:wanted]
        self.taken += len(given) // SAMPLE_BYTES
        return given

    def note_tail(self, samples: int, delay_s: float) -> None:
        """A block without sound follows the last sound; done when what was given before it has left the device."""
        if self._tail_samples is None:
            self._tail_samples = 0 if self.is_stopped else round(min(LONGEST_DELAY_S, max(0.0, delay_s)) * self.rate_hz)
        self._tail_samples -= samples
        if self._tail_samples <= 0:
            self.is_done = True
            self.notify()


class Output:
    """Fills the blocks of one opened stream."""

    def __init__(self, rate_hz: int, channels: int, monotonic: Callable[[], float]) -> None:
        self.rate_hz = rate_hz
        self.sound: Sound | None = None
        self.gain = 1.0
        """Where the gain is to go, 0–1."""
        self.blocks = 0
        self.has_ended = False
        self._channels = channels
        self._monotonic = monotonic
        self._gain_now = 1.0
        self._low_s = 0.0

    def start(self, sound: Sound, gain: float, low_s: float) -> None:
        """Play this from the next block on; `sound.notify` is called when less than `low_s` waits."""
        self._low_s = low_s
        self.gain = self._gain_now = gain
        self.sound = sound

    def end(self) -> None:
        """PortAudio's thread says that the stream ended."""
        self.has_ended = True
        if self.sound:
            self.sound.notify()

    def fill(self, samples: int, delay_s: float, is_late: bool) -> bytes:
        """The next block. Runs in PortAudio's thread."""
        self.blocks += 1
        sound = self.sound
        if sound is None or sound.is_done:
            return bytes(samples * SAMPLE_BYTES * self._channels)
        if sound.first_at_s is not None and is_late:
            sound.underruns += 1
        pcm = self._next(sound, samples, delay_s)
        if sound.waiting_s < self._low_s:
            sound.notify()
        return to_channels(pcm.ljust(samples * SAMPLE_BYTES, b"\0"), self._channels)

    def _next(self, sound: Sound, samples: int, delay_s: float) -> bytes:
        if sound.is_stopped and self._gain_now == 0.0:
            sound.note_tail(samples, delay_s)
            return b""
        # Read before taking: what the loop appends in between is not the end of the sound.
        is_complete = sound.is_complete
        pcm = sound.take(samples)
        if pcm and sound.first_at_s is None:
            sound.first_at_s = self._monotonic() + min(LONGEST_DELAY_S, max(0.0, delay_s))
        if not pcm and (is_complete or sound.is_stopped):
            sound.note_tail(samples, delay_s)
            return b""
        if len(pcm) < samples * SAMPLE_BYTES and not is_complete and sound.first_at_s is not None:
            sound.starved += 1
        return self._scaled(pcm, 0.0 if sound.is_stopped else self.gain)

    def _scaled(self, pcm: bytes, target: float) -> bytes:
        if target == self._gain_now == 1.0 or not pcm:
            return pcm
        samples: Any = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
        ramp = min(len(samples), round(RAMP_S * self.rate_hz))
        samples[:ramp] *= np.linspace(self._gain_now, target, ramp, dtype=np.float32)
        samples[ramp:] *= target
        self._gain_now = target
        scaled: bytes = samples.astype("<i2").tobytes()
        return scaled
