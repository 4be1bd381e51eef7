"""The speaker's stream: opened when sound comes, kept for a moment after it, then given back."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from assistant.audio.devices import find, first_accepted, forms, stable_name
from assistant.audio.errand import off_loop
from assistant.audio.output import Output
from assistant.audio.portaudio import Direction, OpenStream, SoundLibrary, StreamForm
from assistant.core.clock import Clock
from assistant.core.errors import AudioError

_LOGGER = logging.getLogger(__name__)

BLOCK_S = 0.02
OPEN_LIMIT_S = 8.0
CLOSE_LIMIT_S = 3.0
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


class HeldOutput:
    """Owns the one output stream of a speaker."""

    def __init__(self, wanted: str, clock: Clock, library: SoundLibrary, status: PlaybackStatus) -> None:
        self._wanted = wanted
        self._clock = clock
        self._library = library
        self._status = status
        self._opened: _Opened | None = None
        self._closer: asyncio.Task[None] | None = None

    async def take(self) -> Output:
        """The open stream, or a new one. Raises AudioError."""
        await self._call_off_closing()
        if self._opened and self._opened.output.has_ended:
            await self.release()
        if self._opened is None:
            self._opened = await off_loop(
                "speaker-open", self._open, OPEN_LIMIT_S, lambda opened: self._library.close(opened.stream)
            )
            self._status.device, self._status.rate_hz = self._opened.name, self._opened.output.rate_hz
            self._status.is_open, self._status.last_error = True, ""
        return self._opened.output

    def set_gain(self, gain: float) -> None:
        """Scale what is playing, 0–1."""
        if self._opened:
            self._opened.output.gain = gain

    def release_later(self) -> None:
        """Give the device back after LINGER_S, unless it is taken before."""
        if self._opened:
            self._closer = asyncio.create_task(self._linger(), name="speaker-linger")

    async def release(self) -> None:
        """Give the device back now."""
        await self._call_off_closing()
        await self._close()

    async def _linger(self) -> None:
        await asyncio.sleep(LINGER_S)
        await self._close()

    async def _call_off_closing(self) -> None:
        closer, self._closer = self._closer, None
        if closer:
            closer.cancel()
            await asyncio.wait((closer,))

    async def _close(self) -> None:
        opened, self._opened = self._opened, None
        self._status.is_open = False
        if opened is None:
            return
        try:
            await off_loop("speaker-close", lambda: self._library.close(opened.stream), CLOSE_LIMIT_S)
        except AudioError as error:
            # The thread that closes it is left behind; a new stream may still be opened.
            _LOGGER.warning("the speaker could not be closed", extra={"error": str(error)})

    def _open(self) -> _Opened:
        """Blocks; runs in a thread of its own."""
        device = find(self._library, self._wanted, Direction.OUTPUT)

        def open_one(form: StreamForm) -> _Opened:
            output = Output(form.rate_hz, form.channels, self._clock.monotonic)
            return _Opened(self._library.open_output(form, output.fill, output.end), output, stable_name(device))

        return first_accepted(open_one, forms(device, BLOCK_S))[0]
