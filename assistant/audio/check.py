"""Try the devices out: play a tone, record meanwhile, and say what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from assistant.audio.level import FULL_SCALE, SILENCE_DBFS, dbfs, peak
from assistant.core.audio import RATE_HZ, SAMPLE_BYTES, PcmChunk
from assistant.core.ports import FrameSource, Speaker

TONE_HZ = 880.0
TONE_S = 1.0
RECORD_S = 2.0
FIRST_FRAME_LIMIT_S = 5.0
QUIET_DBFS = -60.0
"""A room with somebody speaking is well above this."""
CLIPPED = 0.99
HEARD_RATIO = 4.0
"""The tone counts as heard when its pitch is so much stronger than its neighbours (amplitudes)."""


class Fault(StrEnum):
    """What may be wrong with a recording."""

    NOTHING_RECORDED = "nothing_recorded"
    ONLY_ZEROS = "only_zeros"
    QUIET = "quiet"
    CLIPPED = "clipped"
    TONE_NOT_HEARD = "tone_not_heard"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the microphone heard."""

    seconds: float
    level_dbfs: float
    peak: float
    faults: tuple[Fault, ...]


def tone(rate_hz: int = RATE_HZ, seconds: float = TONE_S) -> PcmChunk:
    """A soft tone of TONE_HZ that fades in and out."""
    count = round(rate_hz * seconds)
    fade = np.minimum(1.0, np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.02 * rate_hz))
    wave: Any = 0.25 * FULL_SCALE * fade * np.sin(2 * np.pi * TONE_HZ * np.arange(count) / rate_hz)
    return PcmChunk(wave.astype("<i2").tobytes(), rate_hz)


async def play_and_record(speaker: Speaker | None, source: FrameSource) -> Recorded:
    """Record RECORD_S, with the tone played meanwhile. Raises AudioError if the speaker fails."""
    pcm = bytearray()
    playing: asyncio.Task[object] | None = None
    try:
        async with aclosing(_pcm(source)) as parts:
            async for part in parts:
                if speaker and playing is None:
                    playing = asyncio.create_task(speaker.play(_once(tone())), name="check-tone")
                pcm += part
                if len(pcm) >= RECORD_S * RATE_HZ * SAMPLE_BYTES:
                    break
    finally:
        if playing:
            await playing
    return judge(bytes(pcm), had_tone=speaker is not None)


def judge(pcm: bytes, *, had_tone: bool) -> Recorded:
    """What is wrong with 16 kHz mono int16 PCM recorded while somebody spoke or the tone was played."""
    level, highest = dbfs(pcm), peak(pcm)
    faults: list[Fault] = []
    if not pcm:
        faults.append(Fault.NOTHING_RECORDED)
    elif level <= SILENCE_DBFS:
        faults.append(Fault.ONLY_ZEROS)
    else:
        if level < QUIET_DBFS:
            faults.append(Fault.QUIET)
        if highest >= CLIPPED:
            faults.append(Fault.CLIPPED)
        if had_tone and not _has_tone(pcm):
            faults.append(Fault.TONE_NOT_HEARD)
    return Recorded(len(pcm) / SAMPLE_BYTES / RATE_HZ, level, highest, tuple(faults))


async def _pcm(source: FrameSource) -> AsyncGenerator[bytes, None]:
    """The source's PCM; ends when no frame comes in time."""
    frames = source.frames()
    while True:
        try:
            async with asyncio.timeout(FIRST_FRAME_LIMIT_S):
                frame = await anext(frames)
        except (TimeoutError, StopAsyncIteration):
            return
        yield frame.pcm


async def _once(chunk: PcmChunk) -> AsyncIterator[PcmChunk]:
    yield chunk


def _has_tone(pcm: bytes) -> bool:
    """Compare the strength around TONE_HZ with that on both sides."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    pitch = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    inside = spectrum[np.abs(pitch - TONE_HZ) < 10]
    beside = spectrum[(np.abs(pitch - TONE_HZ) > 50) & (np.abs(pitch - TONE_HZ) < 300)]
    return bool(inside.size and beside.size and inside.max() > HEARD_RATIO * max(1.0, float(beside.max())))
