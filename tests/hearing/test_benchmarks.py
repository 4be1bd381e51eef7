"""The benchmarks of hearing run from the command line, and say what is wrong with their data."""

from __future__ import annotations

import json
import shutil
import wave
from pathlib import Path

import pytest

from benchmarks.__main__ import main, names
from benchmarks.recordings import decoded, frames_of, read_manifest
from tests.hearing.sounds import FRAME_BYTES, SHARED

needs_sox = pytest.mark.skipif(shutil.which("sox") is None, reason="sox is not installed")


def wav(path: Path, seconds: float, rate_hz: int = 16_000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate_hz, 0, "NONE", ""))
        file.writeframes(bytes(int(seconds * rate_hz) * 2))


def test_the_benchmarks_of_hearing_are_found_by_name() -> None:
    assert {"asr", "wake", "endpoint"} <= set(names())


def test_a_folder_that_does_not_exist_is_a_wrong_argument(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["endpoint", "--data", str(tmp_path / "none")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_folder_without_manifest_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["endpoint", "--data", str(tmp_path)]) == 1
    assert "no manifest" in capsys.readouterr().err


def test_a_broken_manifest_names_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "manifest.jsonl").write_text('{"file": "a.wav"}\n{"file":\n')
    assert main(["endpoint", "--data", str(tmp_path)]) == 1
    assert "line 2" in capsys.readouterr().err


@needs_sox
def test_recordings_of_any_rate_become_16_khz(tmp_path: Path) -> None:
    wav(tmp_path / "a.wav", 1.0, 44_100)
    assert len(decoded(tmp_path / "a.wav")) == pytest.approx(32_000, abs=8)


@needs_sox
def test_a_silent_recording_is_counted_as_not_heard(tmp_path: Path) -> None:
    wav(tmp_path / "a.wav", 1.0)
    (tmp_path / "manifest.jsonl").write_text('{"file": "a.wav", "transcript": "hello"}\n')
    figures = tmp_path / "figures.json"
    assert main(["endpoint", "--data", str(tmp_path), "--json", str(figures)]) == 0
    assert json.loads(figures.read_text())["not_heard"] == 1.0


def test_a_limit_takes_recordings_from_the_whole_list(tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl").write_text("".join(f'{{"file": "{n}.wav"}}\n' for n in range(10)))
    assert [one.path.stem for one in read_manifest(tmp_path, 3)] == ["0", "3", "6"]


def test_an_incomplete_last_frame_is_filled_with_silence() -> None:
    assert [len(frame.pcm) for frame in frames_of(b"\x01" * (FRAME_BYTES + 2))] == [FRAME_BYTES, FRAME_BYTES]


@needs_sox
@pytest.mark.models
@pytest.mark.skipif(not (SHARED / "commands").is_dir(), reason="no shared recordings")
def test_endpoint_figures_of_people_stay_within_the_budget(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    assert main(["endpoint", "--data", str(SHARED / "commands"), "--limit", "20", "--json", str(figures)]) == 0
    found = json.loads(figures.read_text())
    assert found["cut_off"] <= 0.05
    assert found["delay_p50_ms"] <= 460
    assert found["delay_p95_ms"] <= 700
