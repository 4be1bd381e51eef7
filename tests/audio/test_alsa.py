"""A configuration of ALSA that can't be used is told, and doesn't end the process."""

from __future__ import annotations

import ctypes.util
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not ctypes.util.find_library("asound"), reason="this system has no ALSA"),
]
LIST = """
from assistant.audio import input_devices
from assistant.core.errors import AudioError
try:
    input_devices()
except AudioError as error:
    print(error)
"""


def listed(tmp_path: Path, **environ: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", LIST], env={"HOME": str(tmp_path), **environ}, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_broken_file_of_the_user_is_told(tmp_path: Path) -> None:
    (tmp_path / ".asoundrc").write_text("pcm.!default { type pulse")
    assert "correct ~/.asoundrc" in listed(tmp_path)


@pytest.mark.skipif(bool(list(Path("/proc/asound").glob("card[0-9]*"))), reason="this machine has a sound card")
@pytest.mark.parametrize("name", ["missing.conf", "empty.conf"])
def test_without_alsas_own_files_no_device_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.conf").touch()
    assert "names no device" in listed(tmp_path, ALSA_CONFIG_PATH=str(tmp_path / name))


def test_a_good_configuration_is_no_news(tmp_path: Path) -> None:
    assert listed(tmp_path) == ""
