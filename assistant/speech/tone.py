"""Tones made here: the two-tone that rings, and the low one that says that speaking failed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from assistant.core.audio import PcmChunk

RATE_HZ = 22_050
_RING_HZ = (880.0, 1174.7)
_ERROR_HZ = (330.0, 247.0)
_RING_PAIRS = 3
_EDGE_S = 0.01
"""Rise and fall of each note, so that it doesn't click."""
_LOUDNESS = 0.4


@lru_cache(maxsize=1)
def ring_tone() -> PcmChunk:
    """Three bright pairs of notes with a pause after each: 1.8 s."""
    pair = [_note(hz, 0.2) for hz in _RING_HZ] + [_pause(0.2)]
    return _chunk(pair * _RING_PAIRS)


@lru_cache(maxsize=1)
def error_tone() -> PcmChunk:
    """Two falling low notes: 0.35 s."""
    return _chunk([_note(_ERROR_HZ[0], 0.15), _note(_ERROR_HZ[1], 0.2)])


def _note(hz: float, seconds: float) -> npt.NDArray[np.float64]:
    """A note with one overtone; it fades like something struck."""
    at = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    wave = np.sin(2 * np.pi * hz * at) + 0.3 * np.sin(4 * np.pi * hz * at)
    envelope = np.exp(-4 * at) * np.minimum(1, np.minimum(at, seconds - at) / _EDGE_S)
    return np.asarray(wave * envelope / 1.3, dtype=np.float64)


def _pause(seconds: float) -> npt.NDArray[np.float64]:
    return np.zeros(int(seconds * RATE_HZ))


def _chunk(parts: list[npt.NDArray[np.float64]]) -> PcmChunk:
    samples = np.concatenate(parts) * _LOUDNESS * np.iinfo(np.int16).max
    return PcmChunk(samples.astype("<i2").tobytes(), RATE_HZ)
