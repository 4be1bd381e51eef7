"""What requests look like in a language: the words that stand around what is wished and when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.language.book import book_from


@dataclass(frozen=True, slots=True)
class Book:
    """What a language's requests look like; every entry is lower case."""

    markers: frozenset[str]
    topics: frozenset[str]
    leads: frozenset[str]
    slot_leads: frozenset[str]
    determiners: frozenset[str]
    closed: frozenset[str]
    before: tuple[str, ...]
    after: tuple[str, ...]
    earlier: frozenset[str]
    later: frozenset[str]
    days_before: tuple[str, ...]
    label_start: tuple[str, ...]
    label_end: tuple[str, ...]
    owners: tuple[str, ...]
    counting: frozenset[str]
    doubtful: tuple[str, ...]
    of_today: tuple[str, ...]
    deadline: str
    """A regular expression for words that make a time the last one, and what they are read as, of the same length."""
    deadline_as: str


@lru_cache(maxsize=8)
def book_of(language: str) -> Book | None:
    """What requests look like in a language ("en"); None where that is not written down."""
    return book_from(Book, language, "request.toml")
