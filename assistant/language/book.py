"""The tables of a language → a dataclass, strictly: a key too many or too few is an error.

Not pydantic, which alone would cost more time and memory at import than this whole room.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
_HERE = Path(__file__).parent
"""Not importlib.resources, which costs more to import than all the tables to read."""


def book_from(kind: type[T], *path: str) -> T | None:
    """A frozen dataclass from a TOML file of this package; None when there is no such file.

    Arrays become tuples or frozensets and keys of `Mapping[int, …]` numbers, as its fields say. Raises ValueError for
    an unknown or a missing key."""
    file = _HERE.joinpath(*path)
    if not file.is_file():
        return None
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]  # any dataclass; T can't say so
    needed = {name for name, each in known.items() if each.default is MISSING and each.default_factory is MISSING}
    wrong = (table.keys() - known.keys()) | (needed - table.keys())
    if wrong:
        raise ValueError(f"{'/'.join(path)}: unknown or missing {', '.join(sorted(wrong))}")
    hints = get_type_hints(kind)
    return kind(**{name: _shaped(value, hints[name]) for name, value in table.items()})


def _shaped(value: Any, hint: Any) -> Any:
    if isinstance(value, list):
        return frozenset(value) if get_origin(hint) is frozenset else tuple(value)
    if isinstance(value, dict):
        key, inner = get_args(hint) or (str, None)
        return {int(name) if key is int else name: _shaped(each, inner) for name, each in value.items()}
    return value


def needed(book: T | None, language: str) -> T:
    """The book. Raises LookupError where there is none."""
    if book is None:
        raise LookupError(f"no table for {language!r}")
    return book
