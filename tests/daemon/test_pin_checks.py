"""The doctor's words about the PIN."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.acting.pin import hashed
from assistant.daemon.config import Config, load_config
from assistant.daemon.doctor import Grade
from assistant.daemon.pin_checks import pin_findings


def config(tmp_path: Path, **environ: str) -> Config:
    names: Mapping[str, str] = {f"ASSISTANT_{key}": value for key, value in environ.items()}
    return load_config({"ASSISTANT_DATA_DIR": str(tmp_path), **names})


def with_pin(tmp_path: Path, text: str, mode: int = 0o600) -> Config:
    file = tmp_path / "secret"
    file.write_text(text)
    file.chmod(mode)
    return config(tmp_path, SAFETY_PIN_FILE=str(file), SAFETY_PIN="lock")


def told(config: Config) -> list[tuple[Grade, str]]:
    return [(each.grade, each.fix) for each in pin_findings(config)]


def test_no_pin_is_fine_where_nothing_needs_one(tmp_path: Path) -> None:
    assert told(config(tmp_path)) == [(Grade.GOOD, "")]


@pytest.mark.parametrize("text", [None, "\n"])
def test_a_pin_that_is_needed_and_not_set_is_a_fault(tmp_path: Path, text: str | None) -> None:
    made = config(tmp_path, SAFETY_PIN="lock") if text is None else with_pin(tmp_path, text)
    ((grade, fix),) = told(made)
    assert (grade, "assistant home pin" in fix) == (Grade.FAULT, True)


def test_a_good_pin_is_told_with_its_place_and_use_and_never_itself(tmp_path: Path) -> None:
    (finding,) = pin_findings(with_pin(tmp_path, hashed("830517")))
    assert finding.grade is Grade.GOOD
    assert str(tmp_path / "secret") in finding.text
    assert "lock" in finding.text
    assert "830517" not in str(finding)


@pytest.mark.parametrize(
    ("text", "mode", "fixes"),
    [
        ("830517", 0o600, ["keep a hash"]),
        (hashed("830517"), 0o644, ["chmod 600"]),
        (hashed("1234"), 0o600, ["choose another"]),
        ("0000", 0o604, ["chmod 600", "keep a hash", "choose another"]),
        ("scrypt:damaged", 0o600, ["set it again"]),
        ("open sesame", 0o600, ["set it again"]),
    ],
    ids=["digits", "readable", "guessed", "all", "damaged", "no pin"],
)
def test_each_fault_of_a_pin_has_its_fix(tmp_path: Path, text: str, mode: int, fixes: list[str]) -> None:
    found = told(with_pin(tmp_path, text, mode))
    assert [fix.startswith(wanted) for (_, fix), wanted in zip(found, fixes, strict=True)] == [True] * len(fixes)
    assert all(grade is not Grade.GOOD for grade, _ in found)


def test_a_pin_that_cannot_be_read_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "pin").mkdir()
    ((grade, fix),) = told(config(tmp_path))
    assert (grade, str(tmp_path / "pin") in fix) == (Grade.FAULT, True)
