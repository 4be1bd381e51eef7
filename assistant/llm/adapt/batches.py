"""Texts to learn from as tokens, in batches of about the same length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol, TypeVar


class Row(Protocol):
    """Something to learn from."""

    @property
    def length(self) -> int:
        """In tokens."""
        ...


AnyRow = TypeVar("AnyRow", bound=Row)
Encode = Callable[[str], list[int]]
_MEGABATCH = 16
"""So many batches are sorted by length together: little padding, and still in random order."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What the model reads, and what it is to answer."""

    prefix: str
    """Shared by all."""
    prompt: str
    answer: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair as tokens: only those from `start` on are learnt."""

    ids: tuple[int, ...]
    start: int

    @property
    def length(self) -> int:
        """In tokens."""
        return len(self.ids)


def tokens_of(pair: Pair, encode: Encode, end: int) -> Tokens:
    """Each part is turned into tokens by itself, as when the model is used; `end` follows the answer."""
    read = [*encode(pair.prefix), *encode(pair.prompt)]
    return Tokens((*read, *encode(pair.answer), end), len(read))


def batches(rows: Sequence[AnyRow], size: int, seed: int) -> Iterator[list[AnyRow]]:
    """Batches without end: every row once in each round, in another order each time; the same for the same seed."""
    for number in _count():
        random = Random(f"{seed}/{number}")  # noqa: S311 – must be repeatable, guards nothing
        order = random.sample(range(len(rows)), len(rows))
        yield from _round([rows[at] for at in order], size, random)


def _round(rows: Sequence[AnyRow], size: int, random: Random) -> Iterable[list[AnyRow]]:
    many = size * _MEGABATCH
    for start in range(0, len(rows), many):
        ordered = sorted(rows[start : start + many], key=lambda row: row.length)
        cut = [ordered[at : at + size] for at in range(0, len(ordered), size)]
        yield from random.sample(cut, len(cut))


def _count() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1
