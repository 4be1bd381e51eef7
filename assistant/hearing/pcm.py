"""16 kHz mono int16 PCM as numbers, and cut into the lengths that models want."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from assistant.core.audio import RATE_HZ, SAMPLE_BYTES

Samples = NDArray[np.float32]

_FULL_SCALE = 32768.0


def samples_from_pcm(pcm: bytes) -> Samples:
    """Samples as float32 in -1..1; an odd last byte is left out."""
    whole = pcm[: len(pcm) - len(pcm) % SAMPLE_BYTES]
    return np.frombuffer(whole, dtype="<i2").astype(np.float32) / _FULL_SCALE


def seconds_of(pcm: bytes | bytearray) -> float:
    """Length in seconds."""
    return len(pcm) / SAMPLE_BYTES / RATE_HZ


class Chunker:
    """Cuts a stream of PCM of any lengths into chunks of one length."""

    def __init__(self, samples: int) -> None:
        self._chunk_bytes = samples * SAMPLE_BYTES
        self._rest = b""

    def feed(self, pcm: bytes) -> Iterator[bytes]:
        """Every whole chunk there is now; the rest is kept for the next call."""
        audio = self._rest + pcm
        whole = len(audio) - len(audio) % self._chunk_bytes
        self._rest = audio[whole:]
        for start in range(0, whole, self._chunk_bytes):
            yield audio[start : start + self._chunk_bytes]

    def reset(self) -> None:
        """Forget the rest."""
        self._rest = b""
