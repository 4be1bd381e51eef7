"""Levels, pre-roll, timeline, resampling: what needs no device."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio import PreRoll, dbfs, resample
from assistant.audio.level import SILENCE_DBFS, peak
from assistant.audio.resample import Resampler, to_channels, to_mono
from assistant.audio.timeline import Timeline
from assistant.core.audio import AudioFrame
from tests.audio.sounds import pitch_of, samples_of, sine


def test_a_full_scale_sine_is_three_decibels_below_full_scale() -> None:
    assert dbfs(sine(1.0, peak=32_767)) == pytest.approx(-3.01, abs=0.01)


def test_half_the_amplitude_is_six_decibels_less() -> None:
    assert dbfs(sine(1.0, peak=16_000)) - dbfs(sine(1.0, peak=8000)) == pytest.approx(6.02, abs=0.02)


@pytest.mark.parametrize("pcm", [b"", bytes(1024)])
def test_silence_has_a_level_too(pcm: bytes) -> None:
    assert dbfs(pcm) == SILENCE_DBFS


def test_the_peak_of_the_lowest_sample_is_full_scale() -> None:
    assert peak(np.array([0, -32_768], dtype="<i2").tobytes()) == 1.0


def _frame(number: int, samples: int = 512) -> AudioFrame:
    return AudioFrame(bytes([number]) * (2 * samples), float(number))


def test_preroll_keeps_at_least_what_was_asked_for_and_at_most_a_frame_more() -> None:
    ring = PreRoll(0.1)
    for number in range(20):
        ring.add(_frame(number))
    assert 0.1 <= ring.seconds < 0.132
    assert [frame.at_s for frame in ring.take()] == [16.0, 17.0, 18.0, 19.0]


def test_preroll_is_empty_once_taken() -> None:
    ring = PreRoll(1.0)
    ring.add(_frame(1))
    ring.take()
    assert ring.take() == []
    assert ring.seconds == 0.0


def test_preroll_of_nothing_keeps_nothing() -> None:
    ring = PreRoll(0.0)
    ring.add(_frame(1))
    assert ring.take() == []


@given(st.lists(st.integers(1, 2000), max_size=60), st.floats(0, 2))
def test_preroll_never_forgets_what_is_still_needed(sizes: list[int], limit_s: float) -> None:
    ring = PreRoll(limit_s)
    for size in sizes:
        ring.add(_frame(1, size))
    total_s = sum(sizes) / 16_000
    assert ring.seconds >= min(limit_s, total_s) - 1e-9
    assert ring.seconds == pytest.approx(sum(frame.seconds for frame in ring.take()), abs=1e-9)


@pytest.mark.parametrize("rate_hz", [8000, 22_050, 44_100, 48_000, 96_000])
def test_resampling_keeps_length_pitch_and_level(rate_hz: int) -> None:
    changed = resample(sine(1.0, rate_hz), rate_hz)
    assert abs(len(changed) // 2 - 16_000) <= 1
    assert pitch_of(changed) == pytest.approx(440, abs=1)
    assert dbfs(changed) == pytest.approx(dbfs(sine(1.0)), abs=0.1)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from([22_050, 44_100, 48_000]), st.lists(st.integers(0, 5000), min_size=1, max_size=20))
def test_blocks_of_any_size_give_the_same_sound_as_the_whole(rate_hz: int, sizes: list[int]) -> None:
    whole = sine(sum(sizes) / rate_hz, rate_hz)
    stream, parts, start = Resampler(rate_hz), [], 0
    for size in sizes:
        parts.append(stream.feed(whole[2 * start : 2 * (start + size)]))
        start += size
    parts.append(stream.feed(whole[2 * start :], is_last=True))
    once, pieces = samples_of(resample(whole, rate_hz)), samples_of(b"".join(parts))
    assert len(once) == len(pieces)
    assert np.all(np.abs(once - pieces) <= 2)


def test_resampling_takes_away_what_would_fold_back() -> None:
    assert dbfs(resample(sine(1.0, 48_000, pitch_hz=15_000), 48_000)) < -70


def test_nothing_changes_at_the_same_rate() -> None:
    assert resample(b"\1\2\3\4", 16_000) == b"\1\2\3\4"


def test_stereo_becomes_its_average_and_mono_is_repeated() -> None:
    stereo = np.array([100, 300, -50, 50], dtype="<i2").tobytes()
    assert samples_of(to_mono(stereo, 2)).tolist() == [200, 0]
    assert samples_of(to_channels(to_mono(stereo, 2), 2)).tolist() == [200, 200, 0, 0]


def test_late_blocks_do_not_move_the_timeline() -> None:
    line = Timeline(16_000)
    for number, late_s in enumerate([0.0, 0.05, 0.0, 0.12, 0.01], start=1):
        line.note(512, 10.0 + number * 0.032 + late_s)
    assert line.at(5 * 0.032) == pytest.approx(10.16, abs=0.001)


def test_the_timeline_follows_a_slow_crystal() -> None:
    line, heard_s = Timeline(16_000), 0.0
    for number in range(1, 3000):
        heard_s = number * 0.032 * 1.0002
        line.note(512, heard_s)
    assert line.at(2999 * 0.032) == pytest.approx(heard_s, abs=0.005)


def test_lost_samples_begin_the_timeline_anew() -> None:
    line = Timeline(16_000)
    line.note(512, 1.0)
    line.note(512, 4.0)
    assert line.at(0.064) == pytest.approx(4.0)
