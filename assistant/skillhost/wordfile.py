"""The words that lie beside a folder skill, one TOML file per language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.core.errors import SkillLoadError

TABLES = ("sentences", "replies", "examples")


@dataclass(frozen=True, slots=True)
class WordFile:
    """One language of one skill."""

    path: Path
    language: str
    text: str
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    replies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: tuple[str, ...] = ()

    def line_of(self, words: str) -> int:
        """The line, from 1, on which these words first stand; 1 when they are written in another form."""
        return next((number for number, line in enumerate(self.text.splitlines(), 1) if words in line), 1)

    def fault(self, near: str, why: str, fix: str = "") -> SkillLoadError:
        """An error that names the file and the line where `near` stands."""
        return SkillLoadError(f"{self.path}, line {self.line_of(near)}", why=why, fix=fix)


def read_word_files(folder: Path) -> tuple[WordFile, ...]:
    """All `<language>.toml` of a skill's folder, sorted by language. Raises SkillLoadError."""
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> WordFile:
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SkillLoadError(str(path), why=str(error), fix="write it as TOML in UTF-8") from error
    empty = WordFile(path, path.stem, text)
    for table, content in tables.items():
        if table not in TABLES:
            raise empty.fault(table, f"{table!r} is no table of a words file", f"use {', '.join(TABLES)}")
        if not isinstance(content, dict):
            raise empty.fault(table, f"{table!r} must be a table: [{table}]")
    examples = _strings(empty, tables.get("examples", {}))
    if stray := next((key for key in examples if key != "try"), None):
        raise empty.fault(stray, f"[examples] has no key {stray!r}", 'write: try = ["…"]')
    return WordFile(
        path,
        path.stem,
        text,
        _strings(empty, tables.get("sentences", {})),
        _strings(empty, tables.get("replies", {})),
        examples.get("try", ()),
    )


def _strings(file: WordFile, table: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Each value as a tuple of strings; one string counts as a list of one."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in table.items():
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not items or not all(isinstance(item, str) and item for item in items):
            raise file.fault(key, f"{key!r} must be words or a list of words")
        found[key] = tuple(items)
    return found
