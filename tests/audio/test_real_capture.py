"""The microphone on a real sound server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from assistant.audio import Microphone, MicrophoneChange, dbfs
from assistant.audio.portaudio import PORTAUDIO, Direction
from assistant.core.audio import FRAME_SAMPLES, RATE_HZ, AudioFrame
from assistant.core.clock import SystemClock
from assistant.core.settings import AudioSettings
from tests.audio.sounds import clicks, onsets, pitch_of, sine
from tests.support.pulse import ROOM, Pulse

pytestmark = pytest.mark.audio
ALSA_RATES_HZ = (44_100, 48_000)


class Ear:
    """Takes all frames in a task, as the hearing room does."""

    def __init__(self, settings: AudioSettings) -> None:
        self.changes: list[MicrophoneChange] = []
        self.frames: list[AudioFrame] = []
        self.microphone = Microphone(settings, SystemClock(), self._note)
        self._heard = asyncio.Event()

    @property
    def pcm(self) -> bytes:
        return b"".join(frame.pcm for frame in self.frames)

    async def listen(self) -> None:
        async for frame in self.microphone.frames():
            self.frames.append(frame)
            self._heard.set()

    async def until_frames(self, more: int, limit_s: float = 15.0) -> None:
        goal = len(self.frames) + more
        async with asyncio.timeout(limit_s):
            while len(self.frames) < goal:
                self._heard.clear()
                await self._heard.wait()

    async def until_change(self, change: MicrophoneChange, limit_s: float = 20.0) -> None:
        async with asyncio.timeout(limit_s):
            while change not in self.changes:
                self._heard.clear()
                await self._heard.wait()

    def _note(self, change: MicrophoneChange) -> None:
        self.changes.append(change)
        self._heard.set()


@asynccontextmanager
async def ear(**settings: object) -> AsyncIterator[Ear]:
    listener = Ear(AudioSettings.model_validate(settings))
    task = asyncio.create_task(listener.listen())
    try:
        await listener.until_frames(1)
        yield listener
    finally:
        await listener.microphone.close()
        await task


@asynccontextmanager
async def said(pulse: Pulse, sound: bytes) -> AsyncIterator[None]:
    """Somebody speaks in the room, until the end of the block or of what they say, whichever is later."""
    player = pulse.play(sound)
    try:
        yield
    finally:
        await asyncio.to_thread(player.wait)


async def test_frames_are_continuous_and_no_sample_is_lost(pulse: Pulse) -> None:
    with pulse.hear(ROOM) as reference:
        async with ear() as listener, said(pulse, clicks(4, 0.5)):
            await listener.until_frames(95)
    # On a busy machine the player stutters; what the microphone brings must stutter in just the same way.
    found, sounded = onsets(listener.pcm), onsets(reference.read_bytes())
    assert len(found) == 4
    assert np.abs(np.diff(found) - np.diff(sounded)).max() <= 1
    assert {len(frame.pcm) for frame in listener.frames} == {2 * FRAME_SAMPLES}
    status = listener.microphone.status
    assert (status.dropped, status.overflows, status.reopened) == (0, 0, 0)
    assert status.frames == len(listener.frames)


async def test_moments_of_frames_follow_the_clock(pulse: Pulse) -> None:
    clock = SystemClock()
    async with ear() as listener:
        await listener.until_frames(90)
        now = clock.monotonic()
    at = np.array([frame.at_s for frame in listener.frames[30:]])
    steps = np.diff(at)
    assert steps.min() > 0.02
    assert steps.max() < 0.05
    assert 0 <= now - at[-1] < 0.15


async def test_the_devices_own_rate_becomes_16_khz_at_the_right_pitch(pulse: Pulse) -> None:
    async with ear() as listener, said(pulse, sine(1.5, peak=8000)):
        await listener.until_frames(50)
    begun = onsets(listener.pcm, above=2000)[0] + 3200
    middle = listener.pcm[2 * begun : 2 * (begun + RATE_HZ // 2)]
    assert listener.microphone.status.rate_hz in ALSA_RATES_HZ
    assert pitch_of(middle) == pytest.approx(440, abs=3)
    assert dbfs(middle) == pytest.approx(dbfs(sine(1.0, peak=8000)), abs=0.2)


async def test_a_microphone_whose_name_is_not_there_is_waited_for(pulse: Pulse) -> None:
    listener = Ear(AudioSettings(microphone="jabra"))
    task = asyncio.create_task(listener.listen())
    await listener.until_change(MicrophoneChange.LOST)
    assert "no microphone is named 'jabra'" in listener.microphone.status.last_error
    assert "ALSA: default" in listener.microphone.status.last_error
    await listener.microphone.close()
    await task


@pytest.mark.slow
async def test_a_microphone_that_vanishes_and_returns_is_heard_again(pulse: Pulse) -> None:
    async with ear() as listener:
        pulse.unplug_microphone()
        try:
            await listener.until_change(MicrophoneChange.LOST)
            assert not listener.microphone.status.is_open
        finally:
            pulse.plug_microphone()
        await listener.until_change(MicrophoneChange.BACK)
        listener.frames.clear()
        async with said(pulse, sine(1.0)):
            await listener.until_frames(30)
        assert pitch_of(listener.pcm[-16_000:]) == pytest.approx(440, abs=3)
        assert listener.changes == [MicrophoneChange.LOST, MicrophoneChange.BACK]


@pytest.mark.slow
async def test_a_sound_server_that_dies_and_comes_back_is_found_again(pulse: Pulse) -> None:
    async with ear() as listener:
        await asyncio.to_thread(pulse.stop)
        try:
            await listener.until_change(MicrophoneChange.LOST)
        finally:
            await asyncio.to_thread(pulse.start)
        await listener.until_change(MicrophoneChange.BACK)
        await listener.until_frames(20)
    assert listener.microphone.status.reopened >= 1


async def test_opening_and_closing_often_leaves_no_threads_and_no_files(pulse: Pulse) -> None:
    async with ear():
        pass
    threads, files = _held()
    for _ in range(20):
        async with ear():
            pass
    # The thread that closed the last one may be about to end.
    assert _held()[0] <= threads + 1
    assert _held()[1] == files


async def test_devices_are_listed_with_the_default_one_marked(pulse: Pulse) -> None:
    devices = PORTAUDIO.devices(Direction.INPUT)
    assert [device.name for device in devices if device.is_default] == ["default"]
    assert {"pulse", "default"} <= {device.name for device in devices}


async def test_devices_are_not_looked_for_anew_under_an_open_stream(pulse: Pulse) -> None:
    async with ear() as listener:
        assert not PORTAUDIO.refresh()
        await listener.until_frames(5)
    assert PORTAUDIO.refresh()


def _held() -> tuple[int, int]:
    """How many threads and open files this process has."""
    return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))
