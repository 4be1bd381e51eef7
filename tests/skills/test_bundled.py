"""What holds for every bundled skill: its replies compile, and no language has keys of its own."""

import tomllib
from pathlib import Path

import pytest

from assistant.acting.template import check
from assistant.skillhost.load import bundled_places

FOLDERS = [place.path for place in bundled_places()]


def replies(file: Path) -> dict[str, list[str]]:
    table = tomllib.loads(file.read_text(encoding="utf-8")).get("replies", {})
    return {key: [words] if isinstance(words, str) else words for key, words in table.items()}


def test_there_are_skills_to_check() -> None:
    assert {folder.name for folder in FOLDERS} >= {"clock", "help", "home", "lists", "reminders", "smalltalk", "timers"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_reply_can_be_used(folder: Path) -> None:
    files = sorted(folder.glob("*.toml"))
    assert files
    for file in files:
        for variants in replies(file).values():
            for words in variants:
                check(words)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_language_has_replies_of_its_own(folder: Path) -> None:
    assert set(replies(folder / "ko.toml")) <= set(replies(folder / "en.toml"))
