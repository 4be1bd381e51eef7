"""Sounds that tests make and look for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.core.audio import RATE_HZ, PcmChunk


class StillClock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def sine(seconds: float, rate_hz: int = RATE_HZ, pitch_hz: float = 440.0, peak: int = 8000) -> bytes:
    """A tone."""
    return (peak * np.sin(2 * np.pi * pitch_hz * np.arange(int(rate_hz * seconds)) / rate_hz)).astype("<i2").tobytes()


def clicks(count: int, every_s: float) -> bytes:
    """Clicks of 1 ms, the first after `every_s`."""
    samples = np.zeros(int((count + 1) * every_s * RATE_HZ), dtype="<i2")
    for number in range(1, count + 1):
        start = int(number * every_s * RATE_HZ)
        samples[start : start + 16] = 20_000
    return samples.tobytes()


def samples_of(pcm: bytes) -> NDArray[np.int64]:
    """Mono int16 PCM as numbers; a torn last sample is left out."""
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.int64)


def onsets(pcm: bytes, above: int = 5000, apart: int = 1600) -> list[int]:
    """Where it becomes loud after it was quiet for `apart` samples."""
    loud = np.nonzero(np.abs(samples_of(pcm)) > above)[0]
    return [int(at) for at, gap in zip(loud, np.diff(loud, prepend=-apart), strict=True) if gap >= apart]


def loud_s(path: Path, above: int = 100) -> float:
    """Seconds from the first to the last sample that can be heard in a recording."""
    loud = np.nonzero(np.abs(samples_of(path.read_bytes())) > above)[0]
    return float(loud[-1] - loud[0]) / RATE_HZ if loud.size else 0.0


def pitch_of(pcm: bytes) -> float:
    """The strongest frequency in Hz."""
    samples = samples_of(pcm).astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE_HZ / len(samples))


async def in_chunks(pcm: bytes, rate_hz: int = RATE_HZ, chunk_s: float = 0.1) -> AsyncIterator[PcmChunk]:
    """A sound as a voice brings it."""
    size = int(chunk_s * rate_hz) * 2
    for start in range(0, len(pcm), size):
        yield PcmChunk(pcm[start : start + size], rate_hz)
