"""WAV in and out, in memory: what comes from the broker is believed in nothing that it says of itself."""

from __future__ import annotations

import io
import struct
import wave
from dataclasses import dataclass

from assistant.core.audio import SAMPLE_BYTES, PcmChunk

MAX_CHANNELS = 2
MIN_RATE_HZ, MAX_RATE_HZ = 8_000, 48_000
MAX_CHUNKS = 64
"""Parts of one file that are looked at."""
_PCM, _EXTENSIBLE = 0x0001, 0xFFFE
_FORMAT = struct.Struct("<HHIIHH")
_WIDTHS = (1, 2, 3, 4)
_HIGH_BYTE = bytes((each - 128) & 0xFF for each in range(256))
"""Unsigned samples of 8 bits → the upper byte of signed ones."""


class WavFault(ValueError):
    """It is no sound that we take."""


@dataclass(frozen=True, slots=True)
class Sound:
    """int16 little-endian PCM, channels interleaved."""

    pcm: bytes
    rate_hz: int
    channels: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.pcm) / SAMPLE_BYTES / self.channels / self.rate_hz


@dataclass(frozen=True, slots=True)
class _Format:
    channels: int
    rate_hz: int
    width: int


def read_wav(data: bytes, max_s: float) -> Sound:
    """A WAV of integer PCM, 8 to 32 bits, mono or stereo, 8 to 48 kHz, and at most so long. Raises WavFault.

    Sizes that the header claims are never more than what is there: programs that stream write zero or the largest
    number, and so does whoever wants to do harm."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise WavFault("it is no WAV")
    form: _Format | None = None
    at = 12
    for _ in range(MAX_CHUNKS):
        if at + 8 > len(data):
            break
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = memoryview(data)[at + 8 :]
        if name == b"fmt ":
            form = _format_of(bytes(body[: min(size, 40)]))
        elif name == b"data":
            return _sound(form, body[:size] if 0 < size <= len(body) else body, max_s)
        at += 8 + size + size % 2
    raise WavFault("it holds no sound")


def write_wav(chunk: PcmChunk) -> bytes:
    """Mono int16 PCM as a WAV."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(SAMPLE_BYTES)
        sound.setframerate(chunk.rate_hz)
        sound.writeframes(chunk.pcm)
    return stream.getvalue()


def _format_of(body: bytes) -> _Format:
    if len(body) < _FORMAT.size:
        raise WavFault("its format is cut off")
    tag, channels, rate_hz, _, _, bits = _FORMAT.unpack_from(body)
    if tag == _EXTENSIBLE and len(body) >= 26:
        tag = int.from_bytes(body[24:26], "little")
    if tag != _PCM:
        raise WavFault("it is not integer PCM")
    if not 1 <= channels <= MAX_CHANNELS or bits % 8 or bits // 8 not in _WIDTHS:
        raise WavFault("it has too many channels, or samples of an odd width")
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise WavFault("its rate is out of range")
    return _Format(channels, rate_hz, bits // 8)


def _sound(form: _Format | None, body: memoryview, max_s: float) -> Sound:
    if form is None:
        raise WavFault("its sound comes before its format")
    step = form.width * form.channels
    whole = body[: len(body) - len(body) % step]
    if len(whole) > max_s * form.rate_hz * step:
        raise WavFault(f"it is longer than {max_s:g} s")
    return Sound(_to_16_bit(bytes(whole), form.width), form.rate_hz, form.channels)


def _to_16_bit(body: bytes, width: int) -> bytes:
    """The two upper bytes of every sample."""
    if width == SAMPLE_BYTES:
        return body
    made = bytearray(len(body) // width * SAMPLE_BYTES)
    made[1::2] = body.translate(_HIGH_BYTE) if width == 1 else body[width - 1 :: width]
    if width > SAMPLE_BYTES:
        made[0::2] = body[width - 2 :: width]
    return bytes(made)
