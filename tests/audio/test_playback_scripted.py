"""What goes into each block that the speaker is asked for, driven block by block."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from assistant.audio import PortAudioSpeaker
from assistant.core.audio import PcmChunk
from assistant.core.clock import SystemClock
from assistant.core.errors import AudioError, DeviceMissing, SpeechError
from assistant.core.ports import Played
from assistant.core.settings import AudioSettings
from tests.audio.scripted import MISSING, ScriptedLibrary, ScriptedStream
from tests.audio.sounds import in_chunks, samples_of, sine

BLOCK = 320
"""20 ms at 16 kHz."""


class Stage:
    """A speaker on a scripted device of 16 kHz mono, playing one sound in a task."""

    def __init__(self, chunks: AsyncIterator[PcmChunk], **settings: int) -> None:
        self.library = ScriptedLibrary(accepts=lambda form: (form.rate_hz, form.channels) == (16_000, 1))
        self.speaker = PortAudioSpeaker(AudioSettings(**settings), SystemClock(), self.library)
        self.playing = asyncio.create_task(self.speaker.play(chunks))

    async def stream(self) -> ScriptedStream:
        stream = await self.library.until_open()
        for _ in range(20):  # let the sound be queued: a stream is opened on a thread of its own
            await asyncio.sleep(0.005)
        return stream

    async def end(self, stream: ScriptedStream) -> Played:
        """Ask for blocks until the play is over."""
        while not self.playing.done():
            ask(stream)
            await asyncio.sleep(0)
        played = await self.playing
        await self.speaker.close()
        return played


def ask(stream: ScriptedStream, *, delay_s: float = 0.0) -> list[int]:
    assert stream.fill
    return [int(sample) for sample in samples_of(stream.fill(BLOCK, delay_s, False))]


def level(value: int, seconds: float) -> bytes:
    return np.full(int(seconds * 16_000), value, dtype="<i2").tobytes()


async def test_stop_silences_the_next_block_by_a_ramp() -> None:
    stage = Stage(in_chunks(level(10_000, 0.5)))
    stream = await stage.stream()
    assert ask(stream) == [10_000] * BLOCK
    stage.speaker.stop()
    block = ask(stream)
    assert block[0] == 10_000
    assert block[80:] == [0] * (BLOCK - 80)
    assert max(abs(step) for step in np.diff(block)) <= 130
    assert ask(stream) == [0] * BLOCK
    played = await stage.end(stream)
    assert played.was_stopped
    assert played.seconds == pytest.approx(0.04)


async def test_ducking_is_a_ramp_to_a_share_of_the_level() -> None:
    stage = Stage(in_chunks(level(10_000, 0.2)))
    stream = await stage.stream()
    ask(stream)
    stage.speaker.duck(0.2)
    block = ask(stream)
    assert block[0] == 10_000
    assert block[100:] == [2000] * (BLOCK - 100)
    stage.speaker.duck(1.0)
    assert ask(stream)[-1] == 10_000
    await stage.end(stream)


async def test_the_volume_of_the_settings_is_used_from_the_first_sample() -> None:
    stage = Stage(in_chunks(level(10_000, 0.1)), volume_percent=50)
    stream = await stage.stream()
    assert ask(stream) == [5000] * BLOCK
    stage.speaker.set_volume(25)
    assert ask(stream)[-1] == 2500
    await stage.end(stream)


async def test_play_returns_only_when_the_device_has_played_what_it_holds() -> None:
    stage = Stage(in_chunks(level(10_000, 0.02)))
    stream = await stage.stream()
    ask(stream, delay_s=0.1)
    for _ in range(4):
        ask(stream, delay_s=0.1)
        await asyncio.sleep(0)
    assert not stage.playing.done()
    ask(stream, delay_s=0.1)
    played = await stage.playing
    assert (played.seconds, played.was_stopped) == (0.02, False)
    await stage.speaker.close()


async def test_stop_while_the_voice_is_still_thinking_returns_at_once() -> None:
    is_closed = asyncio.Event()

    async def slow() -> AsyncIterator[PcmChunk]:
        try:
            await asyncio.sleep(60)
            yield PcmChunk(b"", 16_000)
        finally:
            is_closed.set()

    stage = Stage(slow())
    stream = await stage.stream()
    stage.speaker.stop()
    played = await stage.end(stream)
    assert played == Played(0.0, None, was_stopped=True)
    assert is_closed.is_set()


async def test_a_voice_that_fails_is_heard_to_its_last_sound_and_then_raises() -> None:
    async def broken() -> AsyncIterator[PcmChunk]:
        yield PcmChunk(level(9000, 0.04), 16_000)
        raise SpeechError("no more words")

    stage = Stage(broken())
    stream = await stage.stream()
    assert ask(stream) == [9000] * BLOCK
    assert ask(stream) == [9000] * BLOCK
    with pytest.raises(SpeechError):
        await stage.end(stream)
    await stage.speaker.close()


async def test_gaps_in_what_the_voice_brings_are_counted() -> None:
    go_on = asyncio.Event()

    async def halting() -> AsyncIterator[PcmChunk]:
        yield PcmChunk(level(9000, 0.03), 16_000)
        await go_on.wait()
        yield PcmChunk(level(9000, 0.02), 16_000)

    stage = Stage(halting())
    stream = await stage.stream()
    ask(stream)
    assert ask(stream) == [9000] * 160 + [0] * 160
    go_on.set()
    await asyncio.sleep(0.01)
    played = await stage.end(stream)
    assert played.seconds == pytest.approx(0.05)
    assert stage.speaker.status.starved >= 1


async def test_no_more_than_a_second_or_so_is_made_ahead() -> None:
    taken = 0

    async def endless() -> AsyncIterator[PcmChunk]:
        nonlocal taken
        while True:
            taken += 1
            yield PcmChunk(level(100, 0.1), 16_000)

    stage = Stage(endless())
    stream = await stage.stream()
    await asyncio.sleep(0.01)
    assert taken <= 12
    for _ in range(40):  # 0.8 s
        ask(stream)
    await asyncio.sleep(0.01)
    assert 15 <= taken <= 20
    stage.speaker.stop()
    await stage.end(stream)


async def test_a_device_that_goes_away_makes_play_fail_and_the_next_play_tries_again() -> None:
    stage = Stage(in_chunks(level(100, 0.1)))
    stream = await stage.stream()
    stream.on_end()
    with pytest.raises(DeviceMissing, match="stopped playing"):
        await stage.playing
    assert stream.is_closed
    again = asyncio.create_task(stage.speaker.play(in_chunks(level(100, 0.02))))
    stage.playing = again
    played = await stage.end(await stage.library.until_open(2))
    assert played.seconds == pytest.approx(0.02)


async def test_no_speaker_is_told_with_its_fix() -> None:
    library = ScriptedLibrary(failure=MISSING)
    speaker = PortAudioSpeaker(AudioSettings(), SystemClock(), library)
    with pytest.raises(AudioError):
        await speaker.play(in_chunks(sine(0.1)))
    assert speaker.status.last_error == str(MISSING)
    await speaker.close()


async def test_a_speaker_that_is_switched_off_takes_the_sound_and_opens_nothing() -> None:
    library = ScriptedLibrary()
    speaker = PortAudioSpeaker(AudioSettings(speaker="none"), SystemClock(), library)
    assert await speaker.play(in_chunks(sine(0.1))) == Played(0.0, None)
    assert library.asked == []
    await speaker.close()


async def test_sounds_wait_for_each_other() -> None:
    stage = Stage(in_chunks(level(100, 0.02)))
    stream = await stage.stream()
    second = asyncio.create_task(stage.speaker.play(in_chunks(level(200, 0.02))))
    await asyncio.sleep(0)
    assert ask(stream) == [100] * BLOCK
    assert ask(stream) == [0] * BLOCK
    await stage.playing
    for _ in range(10):
        await asyncio.sleep(0)
    assert ask(stream) == [200] * BLOCK
    stage.playing = second
    await stage.end(stream)
    assert len(stage.library.opened) == 1
