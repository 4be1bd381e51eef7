"""The cases of a folder: texts about times, lengths and numbers, and what each should mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.core.errors import InputError
from assistant.core.values import Kind, Reading, Unit
from benchmarks.time_wanted import Wanted

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One text, how it is read, what is asked for, and what it should mean: None where nothing may be found.

    `part` is its part of the set ("instant", "holiday"); the cases with `is_headline` make the set's own figures."""

    set: str
    part: str
    text: str
    reading: Reading
    kinds: frozenset[Kind]
    wanted: Wanted | None
    language: str = "en"
    is_headline: bool = True
    units: frozenset[Unit] = frozenset()
    """Measures in other units are none of its business."""
    excluded: str = ""
    """By which kind of exclusion it isn't counted."""


MakeCase = Callable[[str, Row, str], Case | None]


def names_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name and file of each set: the file's name up to its first dot."""
    for path in sorted(folder.glob("*.jsonl")):
        yield path.name.partition(".")[0], path


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a file. Raises InputError for a line that is no JSON object."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path.name} line {number} can't be read", why=str(error)) from error
        if not isinstance(row, dict):
            raise InputError(f"{path.name} line {number} is no JSON object")
        yield row


def cases_of(
    folder: Path, makers: Iterable[tuple[Callable[[str, Row], bool], MakeCase]], language: str
) -> Iterator[Case]:
    """The cases of all sets; the first maker that knows the form of a set's first row makes its cases."""
    known = tuple(makers)
    for name, path in names_of(folder):
        rows = list(rows_of(path))
        make = next((make for knows, make in known if rows and knows(name, rows[0])), None)
        if make is not None:
            yield from (case for case in (make(name, row, language) for row in rows) if case is not None)
