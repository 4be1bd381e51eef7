"""Read and write WAV files as mono int16 PCM."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np

from assistant.audio.resample import resample, to_mono
from assistant.core.audio import RATE_HZ, SAMPLE_BYTES, PcmChunk
from assistant.core.errors import InputError

_FIX = "convert it to 16-bit PCM, e.g. with `sox in.wav -b 16 -e signed-integer out.wav`"


def read_wav(path: Path) -> PcmChunk:
    """A WAV file of integer PCM (8, 16, 24 or 32 bit, any channels) as mono int16 at its own rate.

    Raises InputError for anything else.
    """
    try:
        with path.open("rb") as stream, wave.open(stream, "rb") as sound:
            channels, width, rate_hz = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            body = sound.readframes(sound.getnframes())
    except OSError as error:
        raise InputError(f"{path} can't be read", why=error.strerror or str(error)) from error
    except (wave.Error, EOFError, RuntimeError, struct.error) as error:
        # The standard library raises the last two for chunk sizes that make no sense.
        raise InputError(
            f"{path} is no WAV file we can read", why=str(error) or "the file is cut off", fix=_FIX
        ) from error
    if rate_hz <= 0:
        raise InputError(f"{path} is no WAV file we can read", why="its sample rate is zero", fix=_FIX)
    whole = body[: len(body) - len(body) % (width * channels)]
    return PcmChunk(to_mono(_to_16_bit(whole, width), channels), rate_hz)


def read_wav_16k(path: Path) -> bytes:
    """A WAV file as 16 kHz mono int16 PCM. Raises InputError."""
    sound = read_wav(path)
    return resample(sound.pcm, sound.rate_hz, RATE_HZ)


def write_wav(path: Path, pcm: bytes, rate_hz: int = RATE_HZ) -> None:
    """Write mono int16 PCM. Raises InputError if the file can't be written."""
    try:
        with path.open("wb") as stream, wave.open(stream, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(SAMPLE_BYTES)
            sound.setframerate(rate_hz)
            sound.writeframes(pcm)
    except OSError as error:
        raise InputError(f"{path} can't be written", why=error.strerror or str(error)) from error


def _to_16_bit(body: bytes, width: int) -> bytes:
    """Integer samples of `width` bytes as int16; the lower bits are cut off."""
    if width == SAMPLE_BYTES:
        return body
    if width == 1:
        centred = np.frombuffer(body, dtype=np.uint8).astype(np.int16) - 128
        return bytes((centred << 8).astype("<i2").tobytes())
    rows = np.frombuffer(body, dtype=np.uint8).reshape(-1, width)
    return bytes(np.ascontiguousarray(rows[:, width - SAMPLE_BYTES :]).tobytes())
