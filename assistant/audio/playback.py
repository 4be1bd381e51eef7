"""The speaker: plays PCM of any rate, one sound at a time, stopped within one block."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from assistant.audio.devices import OFF
from assistant.audio.held import HeldOutput, PlaybackStatus
from assistant.audio.output import Output, Sound
from assistant.audio.portaudio import PORTAUDIO, SoundLibrary
from assistant.audio.resample import Resampler
from assistant.core.audio import PcmChunk
from assistant.core.clock import Clock
from assistant.core.errors import AudioError, DeviceMissing
from assistant.core.ports import Played
from assistant.core.settings import AudioSettings

AHEAD_S = 1.0
"""So much sound waits in the queue at most, but for the last chunk; more is asked for when half is gone."""
STALL_S = 2.0
"""A device that takes no block for so long does not play."""


class PortAudioSpeaker:
    """Speaker on PortAudio. A device that fails makes `play` raise AudioError; the next `play` tries again."""

    def __init__(self, settings: AudioSettings, clock: Clock, library: SoundLibrary = PORTAUDIO) -> None:
        self.status = PlaybackStatus()
        self._is_off = settings.speaker == OFF
        self._held = HeldOutput(settings.speaker, clock, library, self.status)
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._sound: Sound | None = None
        self._is_stopped = False
        self._gain = 1.0
        self._volume = settings.volume_percent / 100

    async def play(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        """Play to the end of `chunks`, or until `stop`. Raises AudioError, and what `chunks` raises."""
        async with self._turn:
            self._is_stopped = False
            try:
                return await (self._discard(chunks) if self._is_off else self._play(chunks))
            except AudioError as error:
                self.status.last_error = str(error)
                raise
            finally:
                self._sound = None
                self._held.release_later()

    def stop(self) -> None:
        """Silence within a block; a running `play` returns with was_stopped. Does not touch later plays."""
        self._is_stopped = True
        if self._sound:
            self._sound.is_stopped = True
        self._changed.set()

    def duck(self, gain: float) -> None:
        """Scale what is playing and what comes, 0–1."""
        self._gain = min(1.0, max(0.0, gain))
        self._apply_gain()

    def set_volume(self, percent: int) -> None:
        """Loudness of all that is played, 0–100; linear in amplitude."""
        self._volume = min(100, max(0, percent)) / 100
        self._apply_gain()

    async def close(self) -> None:
        """Stop, and give the device back."""
        self.stop()
        async with self._turn:
            await self._held.release()

    def _apply_gain(self) -> None:
        self._held.set_gain(self._gain * self._volume)

    async def _play(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        output = await self._held.take()
        sound = Sound(output.rate_hz, self._progress_teller())
        sound.is_stopped = self._is_stopped
        self._sound = sound
        feeder = asyncio.create_task(self._feed(chunks, sound), name="speaker-feed")
        output.start(sound, self._gain * self._volume, AHEAD_S / 2)
        try:
            await self._until_done(output, sound)
        finally:
            output.sound = None
            feeder.cancel()
            await asyncio.wait((feeder,))
            self._note_play(sound)
        if not feeder.cancelled():
            feeder.result()
        return Played(sound.seconds, sound.first_at_s, was_stopped=sound.is_stopped)

    def _progress_teller(self) -> Callable[[], None]:
        """What PortAudio's thread calls when sound is wanted, or the last of it has left."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            self._changed.set()
            self._room.set()

        return lambda: _post(loop, wake)

    async def _feed(self, chunks: AsyncIterator[PcmChunk], sound: Sound) -> None:
        """Bring the chunks to the device's rate and queue them, not too far ahead."""
        rate_hz = sound.rate_hz
        resampler = Resampler(rate_hz, sound.rate_hz)
        try:
            async for chunk in chunks:
                if chunk.rate_hz != rate_hz:
                    sound.append(resampler.feed(b"", is_last=True))
                    rate_hz = chunk.rate_hz
                    resampler = Resampler(rate_hz, sound.rate_hz)
                sound.append(resampler.feed(chunk.pcm))
                while sound.waiting_s > AHEAD_S:
                    self._room.clear()
                    await self._room.wait()
            sound.append(resampler.feed(b"", is_last=True))
        finally:
            sound.is_complete = True
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()

    async def _until_done(self, output: Output, sound: Sound) -> None:
        """Wait until the last sample has left. Raises DeviceMissing, with the stream closed, if the device fails."""
        while not sound.is_done:
            blocks = output.blocks
            is_stuck = False
            try:
                async with asyncio.timeout(STALL_S):
                    await self._changed.wait()
            except TimeoutError:
                is_stuck = output.blocks == blocks
            self._changed.clear()
            if is_stuck or output.has_ended:
                await self._held.release()
                raise DeviceMissing(
                    f"the speaker {self.status.device!r} stopped playing",
                    why="it takes no more sound" if is_stuck else "its stream ended by itself",
                    fix="plug it in, or check that the sound server runs",
                    may_retry=True,
                )

    async def _discard(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        """The speaker is switched off: the sound is made, and nothing is heard."""
        async for _ in chunks:
            if self._is_stopped:
                break
        return Played(0.0, None, was_stopped=self._is_stopped)

    def _note_play(self, sound: Sound) -> None:
        self.status.plays += 1
        self.status.underruns += sound.underruns
        self.status.starved += sound.starved


def _post(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    loop.call_soon_threadsafe(call)
