"""What the doctor says of the language model and of the notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.settings import GeneralSettings, LlmSettings, Settings
from assistant.daemon.config import Config
from assistant.daemon.doctor import Finding, Grade
from assistant.daemon.llm_checks import llm_findings
from assistant.daemon.paths import Paths
from assistant.llm.form import GRAPH_FILE, TOKENIZER_FILE, WEIGHTS_FILE, Form, Origin, Quantization

FAST, SLOW = "flags : fpu avx2", "Features : fp asimd crc32"


def put_model(home: Path) -> Path:
    """A folder that looks like a built model."""
    folder = home / "models" / "mine"
    folder.mkdir(parents=True)
    for name in (GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE):
        (folder / name).write_bytes(b"x" * 1000)
    Form("llama", Quantization.Q8, 8, 1, 1, 1, 8, 16, 32, "float32", (2,), Origin("test", "0" * 64)).write(folder)
    return folder


def findings(home: Path, language: str = "en", free: int = 10**9, board: str = FAST, **llm: object) -> list[Finding]:
    settings = Settings(general=GeneralSettings(language=language), llm=LlmSettings(**llm))  # type: ignore[arg-type]
    config = Config(settings, Paths(home, home / "models", home / "run"), home / "config.toml", False, ())
    return list(llm_findings(config, lambda: free, lambda: board))


def test_a_model_that_was_never_pulled_is_a_note_with_its_fix(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path)
    assert finding.grade is Grade.NOTE
    assert "assistant models pull" in finding.fix


def test_a_model_that_can_be_used_is_good(tmp_path: Path) -> None:
    put_model(tmp_path)
    (finding,) = findings(tmp_path, model="mine")
    assert (finding.grade, "mine (q8" in finding.text) == (Grade.GOOD, True)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"free": 1200}, "MB are free"),
        ({"board": SLOW}, "without int8 dot products"),
        ({"language": "ko"}, "it speaks en, not ko"),
    ],
)
def test_a_model_that_serves_badly_is_a_note(tmp_path: Path, asked: dict[str, object], said: str) -> None:
    put_model(tmp_path)
    (finding,) = findings(tmp_path, model="mine", **asked)  # type: ignore[arg-type]  # as the case says
    assert finding.grade is Grade.NOTE
    assert said in finding.text
    assert finding.fix


@pytest.mark.parametrize("name", ["form.json", WEIGHTS_FILE])
def test_a_damaged_model_is_a_fault(tmp_path: Path, name: str) -> None:
    (put_model(tmp_path) / name).unlink()
    (finding,) = findings(tmp_path, model="mine")
    assert finding.grade is Grade.FAULT


def test_what_is_switched_off_and_unknown_models_are_told(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, planner=False, chat=False)
    assert (finding.grade, "switched off" in finding.text) == (Grade.NOTE, True)
    (finding,) = findings(tmp_path, model="nowhere")
    assert finding.grade is Grade.FAULT


def test_notes_are_counted_and_missing_ones_told(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    assert findings(tmp_path, notes=notes)[-1].grade is Grade.FAULT
    notes.mkdir()
    assert findings(tmp_path, notes=notes)[-1].grade is Grade.NOTE
    (notes / "a.md").write_text("hello")
    assert findings(tmp_path, notes=notes)[-1] == Finding("notes", Grade.GOOD, f"{notes}: 1 notes")
    assert "is not used" in findings(tmp_path, notes=notes, chat=False)[-1].text
