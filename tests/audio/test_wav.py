"""WAV files in and out."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.audio import read_wav, read_wav_16k, write_wav
from assistant.core.errors import InputError
from tests.audio.sounds import pitch_of, samples_of, sine


def _write(path: Path, body: bytes, *, width: int = 2, channels: int = 1, rate_hz: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate_hz)
        sound.writeframes(body)
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", sine(0.1), 22_050)
    sound = read_wav(tmp_path / "a.wav")
    assert (sound.pcm, sound.rate_hz) == (sine(0.1), 22_050)


@pytest.mark.parametrize(
    ("width", "body"),
    [(1, bytes([128, 192, 64])), (3, b"\0\0\0\0\0\x40\0\0\xc0"), (4, struct.pack("<3i", 0, 1 << 30, -(1 << 30)))],
)
def test_other_integer_widths_become_16_bit(tmp_path: Path, width: int, body: bytes) -> None:
    sound = read_wav(_write(tmp_path / "a.wav", body, width=width))
    assert samples_of(sound.pcm).tolist() == [0, 16_384, -16_384]


def test_stereo_at_48_khz_becomes_mono_at_16_khz(tmp_path: Path) -> None:
    stereo = np.repeat(np.frombuffer(sine(1.0, 48_000), "<i2"), 2).tobytes()
    pcm = read_wav_16k(_write(tmp_path / "a.wav", stereo, channels=2, rate_hz=48_000))
    assert abs(len(pcm) // 2 - 16_000) <= 1
    assert pitch_of(pcm) == pytest.approx(440, abs=1)


def test_a_float_file_is_refused_with_the_way_to_convert_it(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.wav", bytes(400), width=4)
    body = bytearray(path.read_bytes())
    body[20:22] = struct.pack("<H", 3)  # WAVE_FORMAT_IEEE_FLOAT
    path.write_bytes(body)
    with pytest.raises(InputError, match="unknown format: 3") as caught:
        read_wav(path)
    assert "sox" in caught.value.fix


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-such"):
        read_wav(tmp_path / "no-such.wav")


def test_a_folder_can_not_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be written"):
        write_wav(tmp_path, b"")


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.wav", sine(1.0))
    path.write_bytes(path.read_bytes()[:1001])
    assert read_wav(path).pcm == sine(1.0)[: (1001 - 44) // 2 * 2]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=80), st.integers(0, 60))
def test_no_bytes_make_anything_but_sound_or_an_input_error(tmp_path: Path, noise: bytes, at: int) -> None:
    path = _write(tmp_path / "a.wav", sine(0.01))
    body = path.read_bytes()
    path.write_bytes(body[:at] + noise + body[at + len(noise) :])
    try:
        sound = read_wav(path)
    except InputError:
        return
    assert len(sound.pcm) % 2 == 0
    assert sound.rate_hz > 0
