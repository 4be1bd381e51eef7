"""The speaker on a real sound server: what is heard is recorded from its monitor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from assistant.audio import Microphone, PortAudioSpeaker
from assistant.audio.check import Fault, play_and_record
from assistant.core.clock import SystemClock
from assistant.core.errors import AudioError, DeviceMissing
from assistant.core.settings import AudioSettings
from tests.audio.sounds import in_chunks, loud_s, pitch_of, samples_of, sine
from tests.support.pulse import Pulse

pytestmark = pytest.mark.audio


@asynccontextmanager
async def speaker(**settings: object) -> AsyncIterator[PortAudioSpeaker]:
    part = PortAudioSpeaker(AudioSettings.model_validate(settings), SystemClock())
    try:
        yield part
    finally:
        await part.close()


@asynccontextmanager
async def heard(pulse: Pulse) -> AsyncIterator[Path]:
    """A recording that begins before and ends after what is played inside."""
    with pulse.hear() as path:
        await asyncio.sleep(0.3)
        yield path
        await asyncio.sleep(0.3)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 48_000])
async def test_a_tone_of_any_rate_is_heard_whole_and_at_its_pitch(pulse: Pulse, rate_hz: int) -> None:
    async with speaker() as part, heard(pulse) as path:
        played = await part.play(in_chunks(sine(0.8, rate_hz), rate_hz))
    assert played.seconds == pytest.approx(0.8, abs=0.002)
    assert 0.79 <= loud_s(path) < 0.95  # a busy machine may let it stutter
    assert pitch_of(path.read_bytes()) == pytest.approx(440, abs=2)


async def test_stop_silences_within_what_the_device_holds(pulse: Pulse) -> None:
    clock = SystemClock()
    async with speaker() as part, heard(pulse) as path:
        playing = asyncio.create_task(part.play(in_chunks(sine(5.0))))
        await asyncio.sleep(0.8)
        part.stop()
        stopped_at_s = clock.monotonic()
        played = await playing
        returned_at_s = clock.monotonic()
    assert played.was_stopped
    assert played.first_sound_at_s is not None
    assert returned_at_s - stopped_at_s < 0.1
    # One block of 20 ms, and two that the device had already.
    assert loud_s(path) - (stopped_at_s - played.first_sound_at_s) < 0.1


async def test_ducking_lowers_what_is_heard_and_what_comes(pulse: Pulse) -> None:
    async with speaker() as part, heard(pulse) as path:
        playing = asyncio.create_task(part.play(in_chunks(sine(1.2))))
        await asyncio.sleep(0.6)
        part.duck(0.2)
        await playing
        await part.play(in_chunks(sine(0.2)))
    loud = np.abs(samples_of(path.read_bytes()))
    sound = loud[np.nonzero(loud > 100)[0][0] :]
    assert sound[:3200].max() == pytest.approx(8000, rel=0.03)
    assert sound[-8000:].max() == pytest.approx(1600, rel=0.05)


async def test_the_next_sentence_starts_sooner_than_the_first(pulse: Pulse) -> None:
    clock = SystemClock()
    async with speaker() as part:
        await part.play(in_chunks(sine(0.1)))
        asked_at_s = clock.monotonic()
        played = await part.play(in_chunks(sine(0.1)))
    assert played.first_sound_at_s is not None
    assert played.first_sound_at_s - asked_at_s < 0.12


@pytest.mark.slow
async def test_two_hundred_sounds_leave_no_threads_and_no_files(pulse: Pulse) -> None:
    async with speaker() as part:
        await part.play(in_chunks(sine(0.02)))
        threads, files = _held()
        for number in range(200):
            played = await part.play(in_chunks(sine(0.02)))
            assert played.seconds == pytest.approx(0.02, abs=0.001), number
        # The thread that opened the stream may have been about to end.
        assert _held()[0] <= threads
        assert _held()[1] == files
        assert part.status.plays == 201


async def test_the_device_is_given_back_when_nothing_was_played_for_a_while(pulse: Pulse) -> None:
    async with speaker() as part:
        await part.play(in_chunks(sine(0.05)))
        assert part.status.is_open
        await asyncio.sleep(2.4)
        assert not part.status.is_open
        assert (await part.play(in_chunks(sine(0.05)))).seconds == pytest.approx(0.05, abs=0.001)


async def test_a_speaker_whose_name_is_not_there_lists_those_that_are(pulse: Pulse) -> None:
    async with speaker(speaker="jabra") as part:
        with pytest.raises(DeviceMissing, match="ALSA: default"):
            await part.play(in_chunks(sine(0.1)))


@pytest.mark.slow
async def test_a_sound_server_that_dies_fails_one_play_and_the_next_one_after_it_is_back_sounds(pulse: Pulse) -> None:
    async with speaker() as part:
        playing = asyncio.create_task(part.play(in_chunks(sine(5.0))))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(pulse.stop)
        try:
            with pytest.raises(AudioError) as caught:
                await playing
            assert caught.value.fix
            with pytest.raises(AudioError):
                await part.play(in_chunks(sine(0.1)))
        finally:
            await asyncio.to_thread(pulse.start)
        async with heard(pulse) as path:
            await part.play(in_chunks(sine(0.5)))
    assert 0.49 <= loud_s(path) < 0.65


async def test_the_check_hears_its_tone_when_the_microphone_stands_by_the_speaker(pulse: Pulse) -> None:
    microphone = Microphone(AudioSettings(), SystemClock())
    async with speaker() as part:
        with pulse.near():
            near = await play_and_record(part, microphone)
        far = await play_and_record(part, Microphone(AudioSettings(), SystemClock()))
    assert near.faults == ()
    assert near.seconds >= 2.0
    assert Fault.TONE_NOT_HEARD in far.faults


def _held() -> tuple[int, int]:
    """How many threads and open files this process has."""
    return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))
