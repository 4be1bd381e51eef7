"""The microphone made of files, and the speaker that keeps what it plays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.audio import BufferSpeaker, FileSource, write_wav
from assistant.core.audio import FRAME_SAMPLES, PcmChunk
from assistant.core.clock import SystemClock
from assistant.core.errors import InputError, SpeechError
from tests.audio.sounds import StillClock, in_chunks, pitch_of, sine


async def test_files_come_as_frames_with_silence_after_each(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", sine(0.5, 48_000), 48_000)
    source = FileSource([tmp_path / "a.wav", sine(0.5)], StillClock(), gap_s=0.5)
    frames = [frame async for frame in source.frames()]
    assert {len(frame.pcm) for frame in frames} == {2 * FRAME_SAMPLES}
    pcm = b"".join(frame.pcm for frame in frames)
    assert len(pcm) / 32_000 == pytest.approx(2.0, abs=0.064)
    assert pitch_of(pcm[:16_000]) == pytest.approx(440, abs=3)
    assert not any(pcm[18_000:31_000])


async def test_moments_count_the_samples_whatever_the_speed() -> None:
    for is_realtime in (False, True):
        source = FileSource([sine(0.5)], StillClock(), is_realtime=is_realtime, gap_s=0)
        at = [frame.at_s async for frame in source.frames()]
        assert at[0] == pytest.approx(100.032)
        assert at[-1] == pytest.approx(100.512)


async def test_in_real_time_frames_come_when_they_would_have_been_heard() -> None:
    clock = StillClock()
    source = FileSource([sine(1.0)], clock, is_realtime=True, gap_s=0)
    async for frame in source.frames():
        assert clock.monotonic() == pytest.approx(frame.at_s)


async def test_a_source_that_stays_open_is_silent_until_more_is_added() -> None:
    source = FileSource([], StillClock(), stays_open=True, gap_s=0)
    heard = bytearray()
    async for frame in source.frames():
        heard += frame.pcm
        if len(heard) == 10 * 1024:
            source.add(sine(0.32))
        if len(heard) == 25 * 1024:
            await source.close()
    assert not any(heard[: 10 * 1024])
    assert heard[10 * 1024 : 20 * 1024] == sine(0.32)
    assert len(heard) == 25 * 1024


async def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError):
        _ = [frame async for frame in FileSource([Path("no-such.wav")], StillClock()).frames()]


async def test_the_speaker_keeps_each_sound_at_16_khz() -> None:
    speaker = BufferSpeaker(StillClock())
    await speaker.play(in_chunks(sine(0.5)))
    played = await speaker.play(in_chunks(sine(1.0, 22_050), 22_050))
    assert [round(len(sound) / 32_000, 2) for sound in speaker.sounds] == [0.5, 1.0]
    assert pitch_of(speaker.sounds[1]) == pytest.approx(440, abs=1)
    assert played.seconds == pytest.approx(1.0, abs=0.001)
    assert played.first_sound_at_s == 100.0
    assert not played.was_stopped


async def test_in_real_time_a_play_lasts_as_long_as_its_sound() -> None:
    clock = StillClock()
    await BufferSpeaker(clock, is_realtime=True).play(in_chunks(sine(1.5)))
    assert clock.monotonic() == pytest.approx(101.5)


async def test_stop_ends_a_play_that_waits_for_its_voice() -> None:
    async def slow() -> AsyncIterator[PcmChunk]:
        yield PcmChunk(sine(0.1), 16_000)
        await asyncio.sleep(60)

    speaker = BufferSpeaker(SystemClock())
    playing = asyncio.create_task(speaker.play(slow()))
    await asyncio.sleep(0.01)
    speaker.stop()
    played = await playing
    assert played.was_stopped
    assert played.seconds == pytest.approx(0.1)


async def test_a_voice_that_fails_raises_from_play() -> None:
    async def broken() -> AsyncIterator[PcmChunk]:
        yield PcmChunk(sine(0.1), 16_000)
        raise SpeechError("no more words")

    with pytest.raises(SpeechError):
        await BufferSpeaker(StillClock()).play(broken())
