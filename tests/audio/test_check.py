"""What the check says about a recording, and the commands that show it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant.audio.check import Fault, judge, tone
from assistant.cli.audio import app
from tests.audio.sounds import sine
from tests.support.pulse import Pulse

NOISE = np.random.default_rng(5).normal(0, 300, 32_000).astype("<i2")


def test_a_recording_with_speech_in_it_has_no_fault() -> None:
    assert judge(NOISE.tobytes(), had_tone=False).faults == ()


def test_the_tone_is_heard_through_noise() -> None:
    heard = NOISE.copy()
    heard[8000:24_000] += np.frombuffer(tone().pcm, "<i2") // 20
    assert judge(heard.tobytes(), had_tone=True).faults == ()
    assert judge(NOISE.tobytes(), had_tone=True).faults == (Fault.TONE_NOT_HEARD,)


@pytest.mark.parametrize(
    ("pcm", "fault"),
    [
        (b"", Fault.NOTHING_RECORDED),
        (bytes(64_000), Fault.ONLY_ZEROS),
        (sine(2.0, peak=10), Fault.QUIET),
        (sine(2.0, peak=32_767), Fault.CLIPPED),
    ],
)
def test_each_fault_is_told(pcm: bytes, fault: Fault) -> None:
    assert judge(pcm, had_tone=False).faults == (fault,)


@pytest.fixture
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.mark.audio
@pytest.mark.usefixtures("own_config")
def test_the_list_marks_what_is_used(pulse: Pulse) -> None:
    result = CliRunner().invoke(app, ["list", "--json"])
    devices = json.loads(result.stdout)["devices"]
    assert result.exit_code == 0
    used = [(device["direction"], device["name"]) for device in devices if device["is_used"]]
    assert used == [("input", "ALSA: default"), ("output", "ALSA: default")]


@pytest.mark.audio
@pytest.mark.usefixtures("own_config")
def test_the_test_fails_and_says_why_when_the_tone_is_not_heard(pulse: Pulse) -> None:
    result = CliRunner().invoke(app, ["test", "--json"])
    assert result.exit_code == 1
    assert "tone_not_heard" in json.loads(result.stdout)["recorded"]["faults"]
    with pulse.near():
        assert CliRunner().invoke(app, ["test"]).exit_code == 0


@pytest.mark.audio
@pytest.mark.usefixtures("own_config")
def test_the_meter_ends_after_its_time(pulse: Pulse) -> None:
    result = CliRunner().invoke(app, ["level", "--seconds", "1"])
    assert result.exit_code == 0
    assert "ALSA: default" in result.stdout


@pytest.mark.process
def test_without_portaudio_the_package_imports_and_the_error_names_the_fix(tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text('raise OSError("PortAudio library not found")')
    script = (
        "import assistant.audio\n"
        "from assistant.audio.portaudio import PORTAUDIO, Direction\n"
        "from assistant.core.errors import AudioError\n"
        "try:\n    PORTAUDIO.devices(Direction.INPUT)\n"
        "except AudioError as error:\n    print(error.fix)\n"
    )
    path = os.pathsep.join((str(tmp_path), str(Path(__file__).parents[2])))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert "apt install libportaudio2" in done.stdout, done.stderr
