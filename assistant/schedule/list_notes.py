"""The lists in the notebook of the skill `lists`, for those who bring them from a file or show them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.core.errors import StoreError
from assistant.core.ports import Notebook

SKILL = "lists"
PREFIX = "list:"
"""A list is a note of that skill: under its name in small letters, rows of text, is_done and count."""


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list."""

    text: str
    is_done: bool = False
    count: int = 1

    @property
    def key(self) -> str:
        """By this two lines are the same thing."""
        return " ".join(self.text.casefold().split())


class ListNotes:
    """Reads and writes whole lists. All calls raise StoreError."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    async def lists(self) -> Mapping[str, Sequence[ListLine]]:
        """Every list by its name; one that is damaged raises StoreError."""
        names = [key.removeprefix(PREFIX) for key in await self._notebook.keys() if key.startswith(PREFIX)]
        return {name: await self.lines(name) for name in names}

    async def lines(self, name: str) -> Sequence[ListLine]:
        """The lines of a list; none if there is no such list."""
        text = await self._notebook.get(PREFIX + name)
        if text is None:
            return ()
        try:
            return [ListLine(str(row["text"]), bool(row["is_done"]), int(row.get("count", 1))) for row in _rows(text)]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(f"the list {name!r} can't be read", why="its text is damaged") from error

    async def add(self, wanted: Mapping[str, Iterable[ListLine]]) -> int:
        """Put on lists what isn't on them yet, all of it or nothing; returns how many lines were new."""
        before = {name: await self.lines(name) for name in wanted}
        new = {name: _new(before[name], lines) for name, lines in wanted.items()}
        put: list[str] = []
        try:
            for name, lines in new.items():
                if lines:
                    await self._put(name, [*before[name], *lines])
                    put.append(name)
        except StoreError:
            for name in put:
                await self._put(name, before[name])
            raise
        return sum(map(len, new.values()))

    async def remove(self, name: str, text: str | None) -> int:
        """Take a line off a list, or (None) remove the list; returns how many lines went."""
        lines = await self.lines(name)
        if text is None:
            await self._notebook.delete(PREFIX + name)
            return len(lines)
        gone = ListLine(text).key
        rest = [line for line in lines if line.key != gone]
        if len(rest) < len(lines):
            await self._put(name, rest)
        return len(lines) - len(rest)

    async def _put(self, name: str, lines: Sequence[ListLine]) -> None:
        rows = [{"text": line.text, "is_done": line.is_done, "count": line.count} for line in lines]
        await self._notebook.put(PREFIX + name, json.dumps(rows, ensure_ascii=False))


def name_of_list(called: str) -> str:
    """A list's name as it is kept: the skill hears no capitals and no hyphens."""
    return " ".join(called.casefold().replace("-", " ").split())


def _new(there: Sequence[ListLine], lines: Iterable[ListLine]) -> Sequence[ListLine]:
    known = {line.key for line in there}
    return [line for line in {each.key: each for each in lines}.values() if line.key not in known]


def _rows(text: str) -> list[Any]:
    rows = json.loads(text)
    if not isinstance(rows, list):
        raise TypeError("a list is kept as a list of rows")
    return rows
