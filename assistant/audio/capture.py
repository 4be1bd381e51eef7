"""The microphone: one stream, 16 kHz frames, and healing by itself when the device stalls, vanishes or comes back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from enum import StrEnum

from assistant.audio.devices import OFF, find, first_accepted, forms, stable_name
from assistant.audio.errand import off_loop
from assistant.audio.portaudio import PORTAUDIO, Direction, OpenStream, SoundLibrary, StreamForm
from assistant.audio.recording import Block, Framer, Inbox
from assistant.core.audio import FRAME_SAMPLES, RATE_HZ, AudioFrame
from assistant.core.clock import Clock
from assistant.core.errors import AudioError, DeviceMissing
from assistant.core.settings import AudioSettings

_LOGGER = logging.getLogger(__name__)

BLOCK_S = 2 * FRAME_SAMPLES / RATE_HZ
"""One callback brings two frames: that takes a third less CPU than one, and comes 16 ms later on average."""
QUEUE_S = 4.0
"""Sound that may wait for a slow listener; then the oldest is dropped and counted."""
OPEN_LIMIT_S = 8.0
CLOSE_LIMIT_S = 3.0
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 10.0
DEAD_AIR_S = 5.0
"""A microphone always hears some noise. Nothing but zeros for so long is a muted one, or one whose sound server lost
its source and sends silence in its place (PulseAudio does), which opening anew cures."""
LONGEST_DEAD_AIR_S = 80.0


class MicrophoneChange(StrEnum):
    """What the daemon may want to announce."""

    LOST = "lost"
    BACK = "back"


@dataclass(slots=True)
class CaptureStatus:
    """How the microphone is doing, for the doctor and the metrics."""

    device: str = ""
    rate_hz: int = 0
    is_open: bool = False
    is_silent: bool = False
    """True while it sends nothing but zeros: muted, or its source is gone."""
    frames: int = 0
    dropped: int = 0
    """Blocks of BLOCK_S that the listener was too slow to take."""
    overflows: int = 0
    """How often the device lost samples before they came to us."""
    reopened: int = 0
    last_error: str = ""


@dataclass(slots=True)
class _Recording:
    """One opening of the device."""

    stream: OpenStream
    form: StreamForm
    inbox: Inbox
    framer: Framer
    heard_at_s: float
    """The loop's time when the last block was taken."""
    is_stalled: bool = False
    dropped: int = 0
    """How many of the inbox's dropped blocks are already counted."""


class Microphone:
    """FrameSource on PortAudio; for one listener. Times out and backs off in real time, stamps frames by `clock`."""

    def __init__(
        self,
        settings: AudioSettings,
        clock: Clock,
        on_change: Callable[[MicrophoneChange], None] | None = None,
        library: SoundLibrary = PORTAUDIO,
    ) -> None:
        self.status = CaptureStatus()
        self._settings = settings
        self._clock = clock
        self._on_change = on_change
        self._library = library
        self._recording: _Recording | None = None
        self._is_lost = False
        self._was_open = False
        self._arrived = asyncio.Event()
        self._closing = asyncio.Event()
        self._pause_s = 0.0
        self._zeros_s = 0.0
        self._dead_air_s = DEAD_AIR_S

    async def frames(self) -> AsyncGenerator[AudioFrame, None]:
        """Frames as they come, until `close`. A lost device is waited for."""
        try:
            while not self._closing.is_set():
                if self._settings.microphone == OFF:
                    await self._closing.wait()
                elif self._recording is None:
                    await self._open()
                else:
                    for frame in await self._listen(self._recording):
                        self.status.frames += 1
                        yield frame
        finally:
            await self._release()

    async def close(self) -> None:
        """End `frames` and give the device back."""
        self._closing.set()
        self._arrived.set()
        await self._release()

    async def _open(self) -> None:
        """Try once to open the device, after a pause if it is lost."""
        await self._rest()
        if self._closing.is_set():
            return
        loop = asyncio.get_running_loop()
        inbox = Inbox(round(QUEUE_S / BLOCK_S), self._clock.monotonic, lambda: _notify(loop, self._arrived))
        try:
            stream, form = await off_loop(
                "microphone-open",
                lambda: self._open_stream(inbox),
                OPEN_LIMIT_S,
                lambda opened: self._library.close(opened[0]),
            )
        except AudioError as error:
            self._lose(error)
            return
        self._recording = _Recording(stream, form, inbox, Framer(form), loop.time())
        self._watch(self._recording)
        self.status.device, self.status.rate_hz = stable_name(form.device), form.rate_hz
        self.status.is_open = True
        self.status.reopened += self._was_open
        self._was_open = True
        if self._closing.is_set():
            await self._release()

    def _open_stream(self, inbox: Inbox) -> tuple[OpenStream, StreamForm]:
        """Blocks; runs in a thread of its own."""
        device = find(self._library, self._settings.microphone, Direction.INPUT)
        return first_accepted(lambda form: self._library.open_input(form, inbox.put, inbox.end), forms(device, BLOCK_S))

    async def _listen(self, recording: _Recording) -> list[AudioFrame]:
        """The frames of the next block; none when the stream stalled or ended, which is then closed."""
        block = recording.inbox.take()
        while block is None:
            failure = self._failure(recording)
            if self._closing.is_set():
                return []
            if failure:
                await self._release()
                self._lose(failure)
                return []
            await self._arrived.wait()
            self._arrived.clear()
            block = recording.inbox.take()
        recording.heard_at_s = asyncio.get_running_loop().time()
        self._note_block(recording, block)
        if self._zeros_s >= self._dead_air_s:
            await self._try_anew()
        elif self._library.wants_refresh:
            # PortAudio notices new devices only while nothing is open: the speaker's turn to look.
            self._library.wants_refresh = False
            await self._release()
        return list(recording.framer.feed(block))

    def _failure(self, recording: _Recording) -> AudioError | None:
        if recording.inbox.has_ended:
            return DeviceMissing("the microphone went away", why="its stream ended by itself", may_retry=True)
        if recording.is_stalled:
            why = f"no sound came for {self._settings.stall_s:g} s"
            return AudioError("the microphone went quiet", why=why, may_retry=True)
        return None

    def _watch(self, recording: _Recording) -> None:
        """Wake the listener when no block came for `stall_s`. One timer, not one per frame: that costs less."""
        if recording is not self._recording:
            return
        loop = asyncio.get_running_loop()
        left_s = recording.heard_at_s + self._settings.stall_s - loop.time()
        if left_s <= 0 and recording.inbox.is_empty:
            recording.is_stalled = True
            self._arrived.set()
        else:
            loop.call_later(left_s if left_s > 0 else self._settings.stall_s, self._watch, recording)

    def _note_block(self, recording: _Recording, block: Block) -> None:
        dropped = recording.inbox.dropped
        if block.has_lost or dropped > recording.dropped:
            self.status.overflows += block.has_lost
            self.status.dropped += dropped - recording.dropped
            recording.dropped = dropped
            recording.framer.note_gap()
        if not block.is_zero:
            self._zeros_s, self._dead_air_s, self.status.is_silent = 0.0, DEAD_AIR_S, False
        else:
            self._zeros_s += block.seconds(recording.form)
        if self._is_lost:
            self._is_lost, self._pause_s, self.status.last_error = False, 0.0, ""
            _LOGGER.info("the microphone is back", extra={"device": self.status.device})
            self._tell(MicrophoneChange.BACK)

    async def _try_anew(self) -> None:
        """Only zeros for long: open anew, ever more rarely while that doesn't help."""
        if not self.status.is_silent:
            self.status.is_silent = True
            _LOGGER.warning("the microphone sends nothing but zeros", extra={"device": self.status.device})
        self._zeros_s = 0.0
        self._dead_air_s = min(self._dead_air_s * 2, LONGEST_DEAD_AIR_S)
        await self._release()

    def _lose(self, error: AudioError) -> None:
        is_news = not self._is_lost
        self._is_lost = True
        self._pause_s = min(max(self._pause_s * 2, FIRST_PAUSE_S), LONGEST_PAUSE_S)
        self.status.last_error = str(error)
        _LOGGER.log(
            logging.WARNING if is_news else logging.DEBUG, "the microphone is lost", extra={"error": str(error)}
        )
        if is_news:
            self._tell(MicrophoneChange.LOST)

    def _tell(self, change: MicrophoneChange) -> None:
        if self._on_change:
            self._on_change(change)

    async def _rest(self) -> None:
        """Wait before the next try, or until `close`."""
        if self._pause_s:
            try:
                async with asyncio.timeout(self._pause_s):
                    await self._closing.wait()
            except TimeoutError:
                return

    async def _release(self) -> None:
        recording, self._recording = self._recording, None
        self.status.is_open = False
        if recording is None:
            return
        try:
            await off_loop("microphone-close", lambda: self._library.close(recording.stream), CLOSE_LIMIT_S)
        except AudioError as error:
            # The thread that closes it is left behind; a new stream may still be opened.
            _LOGGER.warning("the microphone could not be closed", extra={"error": str(error)})


def _notify(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    loop.call_soon_threadsafe(event.set)
