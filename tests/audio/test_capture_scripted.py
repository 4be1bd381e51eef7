"""What the microphone does when the device misbehaves in ways that no real one does on command."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing
from itertools import pairwise

import pytest

from assistant.audio import Microphone, MicrophoneChange, PortAudioSpeaker
from assistant.core.audio import AudioFrame
from assistant.core.clock import SystemClock
from assistant.core.errors import DeviceMissing
from assistant.core.settings import AudioSettings
from tests.audio.scripted import MISSING, ScriptedLibrary
from tests.audio.sounds import in_chunks, sine

BLOCK = sine(0.032)


class Listener:
    """Takes frames in a task, as the hearing room does."""

    def __init__(self, library: ScriptedLibrary, stall_s: float = 5.0, microphone: str = "") -> None:
        self.changes: list[MicrophoneChange] = []
        self.frames: asyncio.Queue[AudioFrame] = asyncio.Queue()
        settings = AudioSettings(stall_s=stall_s, microphone=microphone)
        self.microphone = Microphone(settings, SystemClock(), self.changes.append, library)
        self.task = asyncio.create_task(self._take())

    async def _take(self) -> None:
        async for frame in self.microphone.frames():
            self.frames.put_nowait(frame)

    async def close(self) -> None:
        await self.microphone.close()
        await self.task


def only(rate_hz: int, channels: int) -> ScriptedLibrary:
    return ScriptedLibrary(accepts=lambda form: (form.rate_hz, form.channels) == (rate_hz, channels))


async def test_a_device_that_knows_only_stereo_at_44100_hz_is_used() -> None:
    library = only(44_100, 2)
    listener = Listener(library)
    await library.until_open()
    for _ in range(4):
        library.opened[0].bring(bytes(1411 * 2 * 2))
    frame = await listener.frames.get()
    await listener.close()
    assert len(frame.pcm) == 1024
    assert listener.microphone.status.rate_hz == 44_100
    assert library.opened[0].is_closed


async def test_a_device_that_refuses_every_rate_is_told_and_tried_again() -> None:
    library = ScriptedLibrary(accepts=lambda form: False)
    listener = Listener(library)
    await library.until(lambda: len(library.asked) >= 15)
    library.accepts = lambda form: True
    await library.until_open()
    assert "refuses every sample rate" in listener.microphone.status.last_error
    assert listener.changes == [MicrophoneChange.LOST]
    library.opened[0].bring(sine(0.1, 48_000))
    await listener.frames.get()
    await listener.close()
    assert listener.changes == [MicrophoneChange.LOST, MicrophoneChange.BACK]
    assert listener.microphone.status.last_error == ""


async def test_the_microphone_is_lost_once_however_often_opening_fails(caplog: pytest.LogCaptureFixture) -> None:
    library = ScriptedLibrary(failure=MISSING)
    listener = Listener(library)
    await asyncio.sleep(0.4)
    await listener.close()
    assert listener.changes == [MicrophoneChange.LOST]
    assert [record.levelname for record in caplog.records if record.levelno > 20] == ["WARNING"]
    assert listener.microphone.status.last_error == str(MISSING)


async def test_a_stream_without_sound_is_opened_anew() -> None:
    library = only(16_000, 1)
    listener = Listener(library, stall_s=0.05)
    await library.until_open(2)
    library.opened[1].bring(BLOCK)
    await listener.frames.get()
    assert library.opened[0].is_closed
    assert listener.microphone.status.reopened == 1
    assert listener.changes == [MicrophoneChange.LOST, MicrophoneChange.BACK]
    await listener.close()


async def test_a_stream_that_ends_by_itself_is_opened_anew_without_waiting_for_the_watchdog() -> None:
    library = only(16_000, 1)
    listener = Listener(library, stall_s=60)
    await library.until_open()
    library.opened[0].on_end()
    await library.until_open(2)
    await listener.close()


async def test_a_slow_listener_loses_the_oldest_sound_and_it_is_counted() -> None:
    library = only(16_000, 1)
    microphone = Microphone(AudioSettings(), SystemClock(), library=library)
    async with aclosing(microphone.frames()) as frames:
        first = asyncio.create_task(anext(frames))
        await library.until_open()
        library.opened[0].bring(sine(0.032, peak=100))
        await first
        for number in range(100):
            library.opened[0].bring(sine(0.032, peak=200 + number))
        second = await anext(frames)
    assert second.pcm == sine(0.032, peak=200 + 38)
    assert microphone.status.dropped == 38  # 62 blocks wait


async def test_lost_samples_are_counted() -> None:
    library = only(16_000, 1)
    listener = Listener(library)
    await library.until_open()
    library.opened[0].bring(BLOCK, has_lost=True)
    library.opened[0].bring(BLOCK)
    await listener.frames.get()
    await listener.frames.get()
    await listener.close()
    assert listener.microphone.status.overflows == 1


async def test_nothing_but_zeros_makes_it_open_anew_ever_more_rarely() -> None:
    library = only(16_000, 1)
    listener = Listener(library)
    openings: list[int] = []
    for block in range(1000):  # 32 s of zeros: after 5 s, after 10 more, and not yet after 20 more
        stream = await library.until_open(len(openings) + 1)
        stream.bring(bytes(1024))
        await listener.frames.get()
        if stream.is_closed or not listener.microphone.status.is_open:
            openings.append(block)
    assert [round(block * 0.032) for block in openings] == [5, 15]
    assert listener.microphone.status.is_silent
    (await library.until_open(3)).bring(BLOCK)
    await listener.frames.get()
    assert not listener.microphone.status.is_silent
    assert listener.changes == []
    await listener.close()


async def test_closing_while_the_device_hangs_ends_at_once_and_leaks_no_stream() -> None:
    library = only(16_000, 1)
    library.hang = threading.Event()
    listener = Listener(library)
    await library.until(lambda: bool(library.asked))
    listener.task.cancel()
    await asyncio.gather(listener.task, return_exceptions=True)
    library.hang.set()
    await library.until(lambda: bool(library.opened) and library.opened[-1].is_closed)


async def test_a_microphone_that_is_switched_off_waits_and_asks_for_no_device() -> None:
    library = ScriptedLibrary()
    listener = Listener(library, microphone="none")
    await asyncio.sleep(0.02)
    assert not listener.task.done()
    await listener.close()
    assert library.asked == []


async def test_it_lets_go_for_a_moment_when_the_speaker_misses_a_device() -> None:
    library = ScriptedLibrary()
    listener = Listener(library)
    stream = await library.until_open()
    library.unseen = ["Jabra"]
    speaker = PortAudioSpeaker(AudioSettings(speaker="jabra"), SystemClock(), library)
    with pytest.raises(DeviceMissing):
        await speaker.play(in_chunks(BLOCK))
    stream.bring(sine(0.064, 48_000))
    again = await library.until_open(2)
    playing = asyncio.create_task(speaker.play(in_chunks(BLOCK)))
    assert (await library.until_open(3)).form.device.name == "Jabra"
    again.bring(sine(0.064, 48_000))
    await listener.frames.get()
    assert listener.changes == []
    assert len(library.opened) == 3
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    await speaker.close()
    await listener.close()


async def test_frames_carry_the_moment_of_their_last_sample() -> None:
    library = only(16_000, 1)
    listener = Listener(library)
    await library.until_open()
    before = SystemClock().monotonic()
    library.opened[0].bring(sine(0.096))
    got = [await listener.frames.get() for _ in range(3)]
    await listener.close()
    assert [round(later.at_s - earlier.at_s, 6) for earlier, later in pairwise(got)] == [0.032, 0.032]
    assert before <= got[-1].at_s <= SystemClock().monotonic()
