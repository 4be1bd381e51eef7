"""A scripted stand-in for PortAudio, for what no sound server can be made to do: refuse rates, hang, lose samples."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.audio.portaudio import Device, Direction, Fill, OnBlock, OnEnd, OpenStream, StreamForm
from assistant.core.errors import AudioError, DeviceMissing, RateRefused


def device(name: str, direction: Direction = Direction.INPUT, *, rate_hz: int = 48_000, channels: int = 2) -> Device:
    """A device as PortAudio would list it."""
    return Device(0, "ALSA", name, direction, channels, rate_hz, is_default=False)


@dataclass
class ScriptedStream:
    """An open stream; the test drives its callbacks by hand."""

    form: StreamForm
    on_block: OnBlock | None = None
    fill: Fill | None = None
    on_end: OnEnd = lambda: None
    is_closed: bool = False
    latency: float = 0.04

    def bring(self, pcm: bytes, *, has_lost: bool = False) -> None:
        """The device hears this."""
        assert self.on_block
        self.on_block(pcm, has_lost)


@dataclass
class ScriptedLibrary:
    """SoundLibrary that does what the test says."""

    accepts: Callable[[StreamForm], bool] = lambda form: True
    names: list[str] = field(default_factory=lambda: ["USB Mic: Audio (hw:1,0)"])
    failure: AudioError | None = None
    opened: list[ScriptedStream] = field(default_factory=list)
    asked: list[StreamForm] = field(default_factory=list)
    wants_refresh: bool = False
    unseen: list[str] = field(default_factory=list)
    """Devices that were plugged in since PortAudio looked."""
    hang: threading.Event | None = None
    """While set to an unset event, opening blocks until it is set."""

    def __post_init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something that opening or closing brings about."""
        async with asyncio.timeout(4):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

    async def until_open(self, times: int = 1) -> ScriptedStream:
        """Wait until so many streams were opened; the newest of them."""
        await self.until(lambda: len(self.opened) >= times)
        return self.opened[times - 1]

    def devices(self, direction: Direction) -> list[Device]:
        if self.failure:
            raise self.failure
        return [device(name, direction) for name in self.names]

    def refresh(self) -> bool:
        if not all(stream.is_closed for stream in self.opened):
            return False
        self.names += self.unseen
        self.unseen = []
        return True

    def open_input(self, form: StreamForm, on_block: OnBlock, on_end: OnEnd) -> OpenStream:
        return self._open(ScriptedStream(form, on_block=on_block, on_end=on_end))

    def open_output(self, form: StreamForm, fill: Fill, on_end: OnEnd) -> OpenStream:
        return self._open(ScriptedStream(form, fill=fill, on_end=on_end))

    def close(self, stream: OpenStream) -> None:
        assert isinstance(stream, ScriptedStream)
        stream.is_closed = True
        self._tell()

    def _open(self, stream: ScriptedStream) -> ScriptedStream:
        self.asked.append(stream.form)
        self._tell()
        if self.hang:
            self.hang.wait(5)
        if not self.accepts(stream.form):
            raise RateRefused("no")
        self.opened.append(stream)
        self._tell()
        return stream

    def _tell(self) -> None:
        self._loop.call_soon_threadsafe(self._changed.set)


MISSING = DeviceMissing("the input device 'x' can't be opened", may_retry=True)
