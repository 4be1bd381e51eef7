"""The demonstration, as a person starts it: a process that speaks, listens, acts and ends well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.models import ModelStore

pytestmark = [pytest.mark.models, pytest.mark.process, pytest.mark.slow, pytest.mark.timeout(300)]

_START = "from assistant.cli.main import main; main()"


def demo(models_dir: Path, folder: Path, language: str) -> dict[str, Any]:
    """What `assistant demo --json` prints; it must end with 0."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")},
        "ASSISTANT_CONFIG": str(folder / "none.toml"),
        "ASSISTANT_DATA_DIR": str(folder),
        "ASSISTANT_MODELS_DIR": str(models_dir),
        "ASSISTANT_LANGUAGE": language,
    }
    done = subprocess.run(
        [sys.executable, "-c", _START, "demo", "--json"],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout)
    assert "Traceback" not in done.stderr
    return result


def failed(result: dict[str, Any]) -> str:
    return "\n".join(
        f"{row['said']} → {row['heard']} → {row['answered']}" for row in result["sentences"] if not row["good"]
    )


def test_spoken_sentences_go_the_whole_road(models_dir: Path, tmp_path: Path) -> None:
    for model in ("piper-joe-us", "moonshine-tiny-en"):
        if not ModelStore(models_dir).is_installed(model):
            pytest.skip(f"{model} is not installed (run: make setup)")
    result = demo(models_dir, tmp_path, "en")
    print(failed(result))
    assert any("recogniser" in remark for remark in result["remarks"]), "the sentences were typed, not spoken"
    assert result["good"] >= 12, failed(result)
    heard = [row for row in result["sentences"] if row["heard"]]
    assert all({"endpoint", "transcript", "plan", "first_sound"} <= row["stage_ms"].keys() for row in heard)


def test_where_no_voice_is_understood_the_sentences_are_typed(models_dir: Path, tmp_path: Path) -> None:
    result = demo(models_dir, tmp_path, "ko")
    print(failed(result))
    assert any("typed" in remark for remark in result["remarks"])
    assert result["good"] >= 6, failed(result)
