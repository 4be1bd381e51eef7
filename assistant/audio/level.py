"""How loud a stretch of PCM is."""

from __future__ import annotations

import numpy as np

FULL_SCALE = 32_768.0
SILENCE_DBFS = -96.0
"""The lowest level there is: digital silence, and the floor of 16 bits."""


def dbfs(pcm: bytes) -> float:
    """Root mean square level of mono int16 PCM in dB under full scale, from SILENCE_DBFS to 0."""
    if not pcm:
        return SILENCE_DBFS
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    power = float(np.mean(np.square(samples))) / FULL_SCALE**2
    return max(SILENCE_DBFS, 10.0 * float(np.log10(power))) if power > 0.0 else SILENCE_DBFS


def peak(pcm: bytes) -> float:
    """The largest sample of mono int16 PCM, 0–1; 1 means clipped."""
    if not pcm:
        return 0.0
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.int32)
    return min(1.0, float(np.max(np.abs(samples))) / (FULL_SCALE - 1))
