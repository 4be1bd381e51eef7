"""The speaker: plays PCM of any rate, one sound at a time, stopped within one block."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass

from assistant.audio.devices import OFF, find, first_accepted, forms, stable_name
from assistant.audio.errand import off_loop
from assistant.audio.output import Output, Sound
from assistant.audio.portaudio import PORTAUDIO, Direction, OpenStream, SoundLibrary, StreamForm
from assistant.audio.resample import Resampler
from assistant.core.audio import PcmChunk
from assistant.core.clock import Clock
from assistant.core.errors import AudioError, DeviceMissing
from assistant.core.ports import Played
from assistant.core.settings import AudioSettings

_LOGGER = logging.getLogger(__name__)

BLOCK_S = 0.02
AHEAD_S = 1.0
"""So much sound waits in the queue at most, but for the last chunk; more is asked for when half is gone."""
OPEN_LIMIT_S = 8.0
CLOSE_LIMIT_S = 3.0
STALL_S = 2.0
"""A device that takes no block for so long does not play."""
LINGER_S = 2.0
"""The stream stays open for so long after a sound: the next sentence starts sooner."""


@dataclass(slots=True)
class PlaybackStatus:
    """How the speaker is doing, for the doctor and the metrics."""

    device: str = ""
    rate_hz: int = 0
    is_open: bool = False
    plays: int = 0
    underruns: int = 0
    """How often the device wanted a block before it was ready."""
    starved: int = 0
    """How often a block had gaps because the sound was not made in time."""
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class _Opened:
    stream: OpenStream
    output: Output
    name: str


class PortAudioSpeaker:
    """Speaker on PortAudio. A device that fails makes `play` raise AudioError; the next `play` tries again."""

    def __init__(self, settings: AudioSettings, clock: Clock, library: SoundLibrary = PORTAUDIO) -> None:
        self.status = PlaybackStatus()
        self._settings = settings
        self._clock = clock
        self._library = library
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._opened: _Opened | None = None
        self._sound: Sound | None = None
        self._is_stopped = False
        self._gain = 1.0
        self._volume = settings.volume_percent / 100
        self._closer: asyncio.Task[None] | None = None

    async def play(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        """Play to the end of `chunks`, or until `stop`. Raises AudioError, and what `chunks` raises."""
        async with self._turn:
            self._is_stopped = False
            await self._keep_open()
            try:
                return await (self._discard(chunks) if self._settings.speaker == OFF else self._play(chunks))
            except AudioError as error:
                self.status.last_error = str(error)
                raise
            finally:
                self._sound = None
                self._close_later()

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
            await self._keep_open()
            await self._release()

    def _apply_gain(self) -> None:
        if self._opened:
            self._opened.output.gain = self._gain * self._volume

    async def _play(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        opened = self._opened or await self._open()
        output = opened.output
        sound = Sound(output.rate_hz, self._progress_teller())
        sound.is_stopped = self._is_stopped
        self._sound = sound
        feeder = asyncio.create_task(self._feed(chunks, sound), name="speaker-feed")
        output.start(sound, self._gain * self._volume, AHEAD_S / 2)
        try:
            await self._until_done(opened, sound)
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

    async def _until_done(self, opened: _Opened, sound: Sound) -> None:
        """Wait until the last sample has left. Raises DeviceMissing, with the stream closed, if the device fails."""
        while not sound.is_done:
            blocks = opened.output.blocks
            is_stuck = False
            try:
                async with asyncio.timeout(STALL_S):
                    await self._changed.wait()
            except TimeoutError:
                is_stuck = opened.output.blocks == blocks
            self._changed.clear()
            if is_stuck or opened.output.has_ended:
                await self._release()
                raise DeviceMissing(
                    f"the speaker {opened.name!r} stopped playing",
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

    async def _open(self) -> _Opened:
        self._opened = await off_loop(
            "speaker-open", self._open_stream, OPEN_LIMIT_S, lambda opened: self._library.close(opened.stream)
        )
        self.status.device, self.status.rate_hz = self._opened.name, self._opened.output.rate_hz
        self.status.is_open, self.status.last_error = True, ""
        return self._opened

    def _open_stream(self) -> _Opened:
        """Blocks; runs in a thread of its own."""
        device = find(self._library, self._settings.speaker, Direction.OUTPUT)

        def open_one(form: StreamForm) -> _Opened:
            output = Output(form.rate_hz, form.channels, self._clock.monotonic)
            return _Opened(self._library.open_output(form, output.fill, output.end), output, stable_name(device))

        return first_accepted(open_one, forms(device, BLOCK_S))[0]

    def _note_play(self, sound: Sound) -> None:
        self.status.plays += 1
        self.status.underruns += sound.underruns
        self.status.starved += sound.starved

    def _close_later(self) -> None:
        if self._opened:
            self._closer = asyncio.create_task(self._close_after(LINGER_S), name="speaker-linger")

    async def _close_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._release()

    async def _keep_open(self) -> None:
        """Call off the closing that the last play ordered; a stream that died meanwhile is closed."""
        closer, self._closer = self._closer, None
        if closer:
            closer.cancel()
            await asyncio.wait((closer,))
        if self._opened and self._opened.output.has_ended:
            await self._release()

    async def _release(self) -> None:
        opened, self._opened = self._opened, None
        self.status.is_open = False
        if opened is None:
            return
        try:
            await off_loop("speaker-close", lambda: self._library.close(opened.stream), CLOSE_LIMIT_S)
        except AudioError as error:
            # The thread that closes it is left behind; a new stream may still be opened.
            _LOGGER.warning("the speaker could not be closed", extra={"error": str(error)})


def _post(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    loop.call_soon_threadsafe(call)
