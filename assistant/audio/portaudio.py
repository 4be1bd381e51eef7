"""The process's one PortAudio: loaded late, called by one thread at a time, begun anew so that plugging is noticed."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from assistant.audio.alsa import check_alsa
from assistant.core.errors import AudioError, DeviceMissing, RateRefused

LOCK_LIMIT_S = 10.0
"""PortAudio is not safe for threads: calls wait for each other, but not for ever."""

_INVALID_CHANNELS = -9998
_INVALID_RATE = -9997
_INVALID_DEVICE = -9996
_DEVICE_UNAVAILABLE = -9985
_ILLEGAL_DEVICES = -9993
"""What ALSA's layer says when the sound server behind a device does not answer."""
_GONE = (_INVALID_DEVICE, _DEVICE_UNAVAILABLE, _ILLEGAL_DEVICES)


class Direction(StrEnum):
    """Which way sound goes through a device."""

    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Device:
    """One way in or out, as PortAudio names it; `index` holds only until PortAudio is begun anew."""

    index: int
    host: str
    name: str
    direction: Direction
    channels: int
    rate_hz: int
    is_default: bool


@dataclass(frozen=True, slots=True)
class StreamForm:
    """How a stream is to be opened; a block is what one callback gets."""

    device: Device
    rate_hz: int
    channels: int
    block_samples: int


class OpenStream(Protocol):
    """A running stream; only `SoundLibrary.close` ends it."""

    @property
    def latency(self) -> float:
        """Seconds between the device and the callback."""
        ...


OnBlock = Callable[[bytes, bool], None]
"""Called in PortAudio's thread with interleaved int16 PCM, and whether samples were lost before it. Must not block."""
Fill = Callable[[int, float, bool], bytes]
"""Called in PortAudio's thread: so many samples are wanted, which will sound so many seconds from now; True: too late
the last time. Gives interleaved int16 PCM. Must not block."""
OnEnd = Callable[[], None]
"""Called in PortAudio's thread when the stream ended, whoever ended it."""


class SoundLibrary(Protocol):
    """What capture and playback need of PortAudio. All calls block, so they run off the event loop."""

    wants_refresh: bool
    """Somebody misses a device that may have been plugged in since; whoever holds a stream for long should let go of
    it for a moment."""

    def devices(self, direction: Direction) -> list[Device]:
        """All devices of that direction. Raises AudioError without PortAudio."""
        ...

    def refresh(self) -> bool:
        """Look for devices anew; False (and nothing done) while a stream is open."""
        ...

    def open_input(self, form: StreamForm, on_block: OnBlock, on_end: OnEnd) -> OpenStream:
        """Start recording. Raises RateRefused (also for the channels), DeviceMissing or AudioError."""
        ...

    def open_output(self, form: StreamForm, fill: Fill, on_end: OnEnd) -> OpenStream:
        """Start playing. Raises RateRefused (also for the channels), DeviceMissing or AudioError."""
        ...

    def close(self, stream: OpenStream) -> None:
        """Stop at once and give the device back."""
        ...


class PortAudio:
    """SoundLibrary on the sounddevice package."""

    def __init__(self) -> None:
        self.wants_refresh = False
        self._lock = threading.Lock()
        self._open: set[int] = set()

    def devices(self, direction: Direction) -> list[Device]:
        """All devices of that direction. Raises AudioError without PortAudio."""
        with self._turn() as sound:
            hosts = sound.query_hostapis()
            key = f"max_{direction}_channels"
            default = next((i for i in (host[f"default_{direction}_device"] for host in hosts) if i >= 0), -1)
            return [
                Device(
                    index=int(entry["index"]),
                    host=str(hosts[entry["hostapi"]]["name"]),
                    name=str(entry["name"]),
                    direction=direction,
                    channels=int(entry[key]),
                    rate_hz=int(entry["default_samplerate"]),
                    is_default=entry["index"] == default,
                )
                for entry in sound.query_devices()
                if entry[key] > 0
            ]

    def refresh(self) -> bool:
        """Look for devices anew; False (and nothing done) while a stream is open."""
        with self._turn() as sound:
            if self._open:
                return False
            check_alsa()
            # The package offers no public way to begin PortAudio anew; it lists devices only once.
            sound._terminate()
            sound._initialize()
            return True

    def open_input(self, form: StreamForm, on_block: OnBlock, on_end: OnEnd) -> OpenStream:
        """Start recording."""

        def callback(data: Any, _samples: int, _time: Any, status: Any) -> None:
            on_block(bytes(data), bool(status.input_overflow))

        return self._start("RawInputStream", form, callback, on_end)

    def open_output(self, form: StreamForm, fill: Fill, on_end: OnEnd) -> OpenStream:
        """Start playing."""

        def callback(data: Any, samples: int, time: Any, status: Any) -> None:
            delay_s = float(time.outputBufferDacTime - time.currentTime)
            data[:] = fill(samples, delay_s, bool(status.output_underflow))

        return self._start("RawOutputStream", form, callback, on_end)

    def close(self, stream: OpenStream) -> None:
        """Stop at once and give the device back."""
        with self._turn():
            self._open.discard(id(stream))
            raw: Any = stream
            raw.close(ignore_errors=True)

    def _start(self, kind: str, form: StreamForm, callback: Callable[..., None], on_end: OnEnd) -> OpenStream:
        with self._turn() as sound:
            try:
                raw = getattr(sound, kind)(
                    samplerate=form.rate_hz,
                    blocksize=form.block_samples,
                    device=form.device.index,
                    channels=form.channels,
                    dtype="int16",
                    latency="low",
                    callback=callback,
                    finished_callback=on_end,
                )
            except sound.PortAudioError as error:
                raise _to_audio_error(error, form) from error
            try:
                raw.start()
            except sound.PortAudioError as error:
                raw.close(ignore_errors=True)
                raise _to_audio_error(error, form) from error
            stream: OpenStream = raw
            self._open.add(id(stream))
            return stream

    @contextmanager
    def _turn(self) -> Iterator[Any]:
        if not self._lock.acquire(timeout=LOCK_LIMIT_S):
            raise AudioError(
                "the sound system does not answer",
                why=f"another call to it has taken more than {LOCK_LIMIT_S:.0f} seconds",
                fix="restart the sound server, then the assistant",
                may_retry=True,
            )
        try:
            sound = _load()
            try:
                yield sound
            except sound.PortAudioError as error:
                raise AudioError(
                    "the sound system failed", why=str(error), fix="restart the sound server", may_retry=True
                ) from error
        finally:
            self._lock.release()


def _load() -> Any:
    if "sounddevice" not in sys.modules:
        check_alsa()
    try:
        import sounddevice
    except OSError as error:
        raise AudioError(
            "PortAudio is not installed", why=str(error), fix="apt install libportaudio2 (on Debian and Ubuntu)"
        ) from error
    return sounddevice


def _to_audio_error(error: Exception, form: StreamForm) -> AudioError:
    code = error.args[1] if len(error.args) > 1 else 0
    why = str(error.args[0]) if error.args else str(error)
    name = f"{form.device.direction} device {form.device.name!r}"
    if code in (_INVALID_RATE, _INVALID_CHANNELS):
        return RateRefused(f"the {name} refuses {form.rate_hz} Hz with {form.channels} channel(s)", why=why)
    if code in _GONE:
        fix = "plug it in, or check that the sound server runs"
        return DeviceMissing(f"the {name} can't be opened", why=why, fix=fix, may_retry=True)
    fix = "close other programs that use it, and check that this user is in the group audio"
    return AudioError(f"the {name} can't be opened", why=why, fix=fix, may_retry=True)


PORTAUDIO = PortAudio()
"""There is one such library in a process, so there is one of these."""
