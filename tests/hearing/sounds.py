"""Recordings and frames for the tests of hearing: found in the shared folder, cut into frames."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.core.audio import FRAME_SAMPLES, RATE_HZ, SAMPLE_BYTES, AudioFrame

SHARED = Path(os.environ.get("ASSISTANT_SHARED", Path(__file__).parents[3] / "shared")) / "audio"
FRAME_BYTES = FRAME_SAMPLES * SAMPLE_BYTES
FRAME_S = FRAME_SAMPLES / RATE_HZ


def recordings(folder: str) -> list[dict[str, object]]:
    """Lines of a manifest; skips the test where the recordings are not there."""
    manifest = SHARED / folder / "manifest.jsonl"
    if not manifest.is_file():
        pytest.skip(f"no recordings in {SHARED / folder}")
    return [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]


def pcm_of(folder: str, file: str) -> bytes:
    """PCM of one recording."""
    command = ["flac", "-dcs", "--force-raw-format", "--endian=little", "--sign=signed", str(SHARED / folder / file)]
    return subprocess.run(command, capture_output=True, check=True).stdout


def silence(seconds: float, level: int = 8) -> bytes:
    """Near silence: a real microphone never gives zeros."""
    noise = np.random.default_rng(7).integers(-level, level + 1, int(seconds * RATE_HZ))
    return noise.astype("<i2").tobytes()


def frames_of(pcm: bytes, start_s: float = 100.0) -> Iterator[AudioFrame]:
    """Whole frames of FRAME_SAMPLES, as a microphone gives them."""
    for count, start in enumerate(range(0, len(pcm) - FRAME_BYTES + 1, FRAME_BYTES), 1):
        yield AudioFrame(pcm[start : start + FRAME_BYTES], start_s + count * FRAME_S)


class PcmSource:
    """A frame source over PCM; gives frames as fast as they are taken."""

    def __init__(self, pcm: bytes) -> None:
        self._pcm = pcm

    async def frames(self) -> AsyncIterator[AudioFrame]:
        """All frames, then the end."""
        for frame in frames_of(self._pcm):
            yield frame
