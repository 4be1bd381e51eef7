"""What is really heard of a ringing: the bundled tone, whatever becomes of the voice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import numpy as np
import pytest

from assistant.acting.ringing import Ringer
from assistant.acting.speaking import WORDS_S, DeafEars, Speaking
from assistant.audio import BufferSpeaker, resample
from assistant.core.audio import PcmChunk
from assistant.core.ports import Played
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, ScheduledItem
from assistant.core.settings import ScheduleSettings
from assistant.speech import SentenceQueue
from assistant.speech.tone import ring_tone
from assistant.testing.voice import ScriptedVoice
from tests.acting.parts import HandClock

pytestmark = pytest.mark.timeout(10)
AT = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
SOUP = DueItem(ScheduledItem(ItemId(1), ItemKind.TIMER, "soup", AT, "UTC", AT), DueReason.ON_TIME)
TONE = resample(ring_tone().pcm, ring_tone().rate_hz)


class GapClock(HandClock):
    """Gaps pass at once; the voice is never late."""

    async def sleep(self, seconds: float) -> None:
        if seconds >= WORDS_S:
            await asyncio.Event().wait()
        await super().sleep(seconds)


class LoudSpeaker(BufferSpeaker):
    """Keeps how loud each sound was."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock)
        self.gains: list[float] = []

    async def play(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        self.gains.append(self.gain)
        return await super().play(chunks)


async def rung(voice: ScriptedVoice, times: int = 3) -> LoudSpeaker:
    """What the speaker was given while it rang to its end."""
    clock, over = GapClock(), asyncio.Event()
    speaker = LoudSpeaker(clock)
    speaking = Speaking(DeafEars(), SentenceQueue(voice, speaker), clock)
    settings = ScheduleSettings(ring_times=times, ring_gap_s=1, ring_first_percent=20, ring_steps=2)
    ringer = Ringer(speaking, lambda due: f"The {due.item.label} is ready.", settings, lambda *_: over.set())
    await ringer.ring(SOUP)
    running = asyncio.create_task(ringer.run())
    await asyncio.wait_for(over.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return speaker


async def test_tone_and_words_come_in_turn_and_louder_each_time() -> None:
    voice = ScriptedVoice()
    speaker = await rung(voice)
    assert voice.texts == ["The soup is ready."] * 3
    assert speaker.sounds[::2] == [TONE] * 3
    assert speaker.gains == pytest.approx([0.2, 0.2, 0.6, 0.6, 1.0, 1.0])


async def test_a_voice_that_fails_leaves_the_tone_as_loud_as_ever() -> None:
    voice = ScriptedVoice(fail_on="soup")
    speaker = await rung(voice)
    assert voice.texts == ["The soup is ready."]
    assert [gain for gain, sound in zip(speaker.gains, speaker.sounds, strict=True) if sound == TONE] == pytest.approx(
        [0.2, 0.6, 1.0]
    )


async def test_without_a_voice_it_rings_all_the_same() -> None:
    voice = ScriptedVoice()
    await voice.close()
    assert (await rung(voice)).sounds.count(TONE) == 3


def test_the_tone_is_loud_and_does_not_clip() -> None:
    samples = np.abs(np.frombuffer(TONE, "<i2").astype(int))
    assert 9_000 < samples.max() < 32_000
    assert 1.5 < len(samples) / 16_000 < 2.5
