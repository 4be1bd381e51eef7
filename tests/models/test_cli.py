"""`assistant models …` as a person or a script calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.models import app
from assistant.core.errors import ModelError, ModelMissing


def call(*arguments: str, models_dir: Path) -> str:
    """Standard output of a command that succeeds; its error is raised."""
    result = CliRunner().invoke(app, [*arguments, "--models-dir", str(models_dir)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_list_shows_licences_and_what_is_bundled(tmp_path: Path) -> None:
    listed = json.loads(call("list", "--json", models_dir=tmp_path))
    assert listed["models_dir"] == str(tmp_path)
    states = {model["id"]: model["state"] for model in listed["models"]}
    assert states["microwakeword"] == states["silero-vad"] == "bundled"
    assert states["vosk-ko"] == "missing"
    words = {model["id"]: model["non_commercial"] for model in listed["models"]}
    assert words["openwakeword"] is True
    table = call("list", models_dir=tmp_path)
    assert "moonshine-tiny-en" in table
    assert "non-comm" in table


def test_a_damaged_model_is_listed_as_damaged_and_fails_verify(tmp_path: Path) -> None:
    (tmp_path / "moonshine-tiny-en").mkdir()
    (tmp_path / "moonshine-tiny-en" / "tokenizer.bin").write_bytes(b"x")
    listed = json.loads(call("list", "--json", models_dir=tmp_path))
    assert next(m["state"] for m in listed["models"] if m["id"] == "moonshine-tiny-en") == "damaged"
    result = CliRunner().invoke(app, ["verify", "--json", "--models-dir", str(tmp_path)])
    assert result.exit_code == 1
    verdict = json.loads(result.stdout)
    assert verdict["moonshine-tiny-en"]["sound"] is False
    assert "decoder_model_merged.ort is missing" in verdict["moonshine-tiny-en"]["fault"]
    assert verdict["silero-vad"]["sound"] is True


def test_recommend_says_what_the_set_costs(tmp_path: Path) -> None:
    told = json.loads(call("recommend", "--language", "ko", "--json", models_dir=tmp_path))
    assert told["models"][0]["ids"] == ["vosk-ko-small", "vosk-ko"]
    assert told["ram_mb"] > 0
    assert "MB on disk" in call("recommend", "--language", "en", "--demo", models_dir=tmp_path)


def test_the_language_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANGUAGE", "ko")
    assert json.loads(call("recommend", "--json", models_dir=tmp_path))["language"] == "ko"


def test_the_folder_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS_DIR", str(tmp_path / "mine"))
    result = CliRunner().invoke(app, ["list", "--json"])
    assert json.loads(result.stdout)["models_dir"] == str(tmp_path / "mine")


def test_remove_deletes_and_then_misses(tmp_path: Path) -> None:
    (tmp_path / "vosk-ko").mkdir()
    assert "removed" in call("remove", "vosk-ko", models_dir=tmp_path)
    with pytest.raises(ModelMissing):
        call("remove", "vosk-ko", models_dir=tmp_path)


def test_an_unknown_model_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="did you mean moonshine-tiny-en"):
        call("pull", "moonshine-tiny", models_dir=tmp_path)


@pytest.mark.process
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["list"], 0), (["pull", "nope"], 1), (["verify", "vosk-ko"], 1), (["pull", "--colour"], 2), (["paint"], 2)],
)
def test_exit_codes(tmp_path: Path, arguments: list[str], code: int) -> None:
    command = [str(Path(sys.executable).with_name("assistant")), "models", *arguments]
    if arguments[0] != "paint":
        command += ["--models-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.network
@pytest.mark.slow
def test_a_pull_from_the_real_registry_gives_a_sound_model(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["pull", "openwakeword", "--models-dir", str(tmp_path)])
    if result.exit_code != 0 and "the network" in f"{result.exception}":
        pytest.skip(f"no registry answers: {result.exception}")
    assert result.exit_code == 0, result.exception
    assert "sound" in call("verify", "openwakeword", models_dir=tmp_path)
