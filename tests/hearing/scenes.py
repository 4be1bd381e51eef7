"""Scenes for the ears: frames that carry what the scripted detectors are to find in them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

from assistant.core.audio import FRAME_SAMPLES, AudioFrame
from assistant.core.clock import SystemClock
from assistant.core.ports import EarEvent, Recogniser, SpeechDetector, WakeDetector, WakeHit
from assistant.core.settings import EndpointSettings
from assistant.hearing import EarParts, Listener
from tests.hearing.sounds import FRAME_S

_WAKE = 5000
SPEECH, HUSH, FAN = 950, 20, 400


def part(seconds: float, sample: int) -> list[int]:
    """So many frames of one kind: the sample is the speech probability in thousandths."""
    return [sample] * round(seconds / FRAME_S)


WAKE = [_WAKE]
"""The frame in which the wake word is found."""


class MarkedWake(WakeDetector):
    """Finds its word in frames marked with it."""

    words = ("hey_jarvis",)

    def feed(self, frame: AudioFrame) -> WakeHit | None:
        return WakeHit("hey_jarvis", 0.9) if _sample(frame) == _WAKE else None

    def reset(self) -> None:
        """Nothing is kept."""


class MarkedSpeech(SpeechDetector):
    """Reads the probability from the frame; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def probability(self, frame: AudioFrame) -> float:
        self.asked += 1
        return min(1.0, _sample(frame) / 1000)

    def reset(self) -> None:
        """Nothing is kept."""


def _sample(frame: AudioFrame) -> int:
    return int.from_bytes(frame.pcm[:2], "little")


@dataclass
class Scene:
    """Frames with things done at some of them: number of frame → call."""

    samples: list[int]
    doings: dict[int, Callable[[], None]] = field(default_factory=dict)

    async def frames(self) -> AsyncIterator[AudioFrame]:
        for number, sample in enumerate(self.samples):
            if number in self.doings:
                self.doings[number]()
            if number % 8 == 0:
                await asyncio.sleep(0)
            yield AudioFrame(sample.to_bytes(2, "little") * FRAME_SAMPLES, 100 + (number + 1) * FRAME_S)


def listener(scene: Scene, recogniser: Recogniser, speech: SpeechDetector | None = None) -> Listener:
    """Ears over a scene."""
    parts = EarParts(MarkedWake(), speech or MarkedSpeech(), recogniser)
    return Listener(scene, parts, EndpointSettings(), SystemClock())


async def events_of(ears: Listener) -> list[EarEvent]:
    """All that is heard until the scene ends."""
    try:
        return [event async for event in ears.events()]
    finally:
        ears.close()


def joined(*parts: Iterable[int]) -> list[int]:
    """Parts one after another."""
    return [sample for part_ in parts for sample in part_]
