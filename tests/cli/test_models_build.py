"""`assistant models build` as a person calls it, on a tiny model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gguf import GGMLQuantizationType as Kind
from typer.testing import CliRunner

from assistant.cli.models import app
from assistant.core.errors import ModelError
from assistant.llm.build.architecture import Family
from assistant.llm.form import Form, Quantization
from assistant.models import ModelStore
from tests.llm.build.tiny import tiny, write_gguf


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_gguf(tmp_path / "tiny.gguf", tiny(Family.LLAMA), Kind.Q4_0)


def call(source: Path, model_id: str, *arguments: str) -> str:
    """Standard output of a build that succeeds; its error is raised."""
    words = ["build", str(source), "--id", model_id, "--models-dir", str(source.parent / "models"), *arguments]
    result = CliRunner().invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_model_of_ones_own_is_built_told_and_can_be_verified(source: Path) -> None:
    told = call(source, "mine", "--check", "30", "--quantization", "q4", "--positions", "64")
    models = source.parent / "models"
    assert "mine: llama, q4" in told
    assert "over 30 tokens: KL 0.00" in told
    assert Form.read(models / "mine").quantization is Quantization.Q4
    assert ModelStore(models).path("mine") == models / "mine"
    assert (models / "mine" / ".manifest.json").exists()
    listed = CliRunner().invoke(app, ["list", "--models-dir", str(models)]).stdout
    assert "Built from files of your own: mine" in listed


def test_figures_come_as_json(source: Path) -> None:
    told = json.loads(call(source, "mine", "--check", "30", "--json"))
    assert told["checked"]["positions"] == 30
    assert told["size_bytes"] > 50_000
    assert json.loads(call(source, "mine", "--check", "0", "--json"))["checked"] is None


@pytest.mark.parametrize("model_id", ["silero-vad", "vosk-ko", "../mine", "taken"])
def test_nothing_else_is_overwritten(source: Path, model_id: str) -> None:
    (source.parent / "models/taken").mkdir(parents=True)
    (source.parent / "models/taken/notes.txt").write_text("mine")
    with pytest.raises(ModelError):
        call(source, model_id)
    assert (source.parent / "models/taken/notes.txt").read_text() == "mine"
