"""The watchdog is fed while frames come, or while there is no microphone to wait for."""

from __future__ import annotations

from assistant.audio import Microphone
from assistant.core.settings import AudioSettings
from assistant.daemon.progress import STALL_S, Progress
from assistant.testing.clock import FakeClock


async def test_frames_that_come_are_life_and_frames_that_stop_are_not() -> None:
    clock = FakeClock()
    microphone = Microphone(AudioSettings(), clock)
    progress = Progress(microphone, clock)
    microphone.status.is_open = True
    for _ in range(3):
        microphone.status.frames += 1
        assert progress.is_alive()
        await clock.advance(STALL_S)
    assert not progress.is_alive()
    microphone.status.frames += 1
    assert progress.is_alive()


async def test_a_microphone_that_is_away_is_waited_for_without_end() -> None:
    clock = FakeClock()
    microphone = Microphone(AudioSettings(), clock)
    progress = Progress(microphone, clock)
    for _ in range(3):
        assert progress.is_alive()
        await clock.advance(10 * STALL_S)
    microphone.status.is_open = True
    assert progress.is_alive(), "one that has just been opened has time to send its first frame"
    await clock.advance(STALL_S)
    assert not progress.is_alive()


async def test_without_a_microphone_it_is_alive() -> None:
    clock = FakeClock()
    progress = Progress(None, clock)
    await clock.advance(10 * STALL_S)
    assert progress.is_alive()
