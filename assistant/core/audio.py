"""Audio as values: 16 kHz mono int16 everywhere inside, unless the type says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

RATE_HZ = 16_000
SAMPLE_BYTES = 2
FRAME_SAMPLES = 512
"""Samples in one captured frame (32 ms): what Silero's voice activity detector takes."""


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """A stretch of 16 kHz mono int16 little-endian PCM; `at_s` is the monotonic clock at its last sample."""

    pcm: bytes
    at_s: float

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.pcm) / SAMPLE_BYTES / RATE_HZ


@dataclass(frozen=True, slots=True)
class PcmChunk:
    """A stretch of mono int16 PCM to be played, at the voice's own rate."""

    pcm: bytes
    rate_hz: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.pcm) / SAMPLE_BYTES / self.rate_hz


@dataclass(frozen=True, slots=True)
class Utterance:
    """The audio of one request, pre-roll included; times are on the monotonic clock, in seconds."""

    pcm: bytes
    wake_word: str | None
    started_at_s: float
    speech_ended_at_s: float
    endpoint_at_s: float
    is_cut: bool = False
    """True when the length limit ended it, not silence."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.pcm) / SAMPLE_BYTES / RATE_HZ
