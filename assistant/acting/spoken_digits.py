"""Digits as people say them, one by one or in pairs: read where a PIN is asked for, and hidden afterwards."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from assistant.core.actions import HIDDEN

MIN_DIGITS = 4
"""Fewer are no PIN: somebody said a number."""
MIN_HIDDEN = 3
"""So many are hidden, since one of a PIN may not have been heard."""
MAX_CHARACTERS = 200
_GAP = re.compile(r"[\s,.;:!?\-–]*")


@dataclass(frozen=True, slots=True)
class _Book:
    """How a language says digits, from its file in `words/`."""

    digits: dict[str, str]
    tens: dict[str, str] = field(default_factory=dict)
    """Begin a pair: "thirty" four."""
    again: dict[str, int] = field(default_factory=dict)
    """Say the next one more than once: "double" seven."""
    fillers: tuple[str, ...] = ()
    joined: bool = False
    """True where words are written without spaces between them."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a text: what it says, and where it stands."""

    text: str
    start: int
    end: int


def digits_of(text: str, language: str) -> str | None:
    """The digits that the whole text is, but for words around them; None when it is anything else."""
    book = _book(language)
    tokens = _whole(text.casefold(), language)
    digits = None if tokens is None else _said([token.text for token in tokens if token.text not in book.fillers], book)
    return digits if digits is not None and len(digits) >= MIN_DIGITS else None


def without_digits(text: str, language: str) -> str:
    """The text with every run of digits, in figures or words, hidden that is long enough to be a PIN."""
    book, folded = _book(language), text.casefold()
    if len(folded) != len(text):
        folded = text.lower() if len(text.lower()) == len(text) else text
    shown, at = "", 0
    for run in _runs(folded, language):
        if len(_said([token.text for token in run], book) or "") >= MIN_HIDDEN:
            shown, at = shown + text[at : run[0].start] + HIDDEN, run[-1].end
    return shown + text[at:]


def _whole(text: str, language: str) -> list[_Token] | None:
    tokens: list[_Token] = []
    at = _skip(text, 0)
    while at < len(text):
        match = _pattern(language, with_fillers=True).match(text, at)
        if match is None or len(text) > MAX_CHARACTERS:
            return None
        tokens.append(_Token(match[0], *match.span()))
        at = _skip(text, match.end())
    return tokens


def _runs(text: str, language: str) -> Iterator[list[_Token]]:
    run: list[_Token] = []
    for match in _pattern(language, with_fillers=False).finditer(text):
        if run and _skip(text, run[-1].end) < match.start():
            yield run
            run = []
        run.append(_Token(match[0], *match.span()))
    if run:
        yield run


def _skip(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _said(words: list[str], book: _Book) -> str | None:
    digits, times, ten = "", 1, False
    for word in words:
        if word in book.again:
            times = book.again[word]
            continue
        said = book.tens.get(word) or book.digits.get(word) or word
        if ten and (len(said) > 1 or said == "0" or word in book.tens):
            digits += "0"
        digits, times, ten = digits + said * times, 1, word in book.tens
    digits += "0" if ten else ""
    return digits if digits.isascii() and digits.isdigit() else None


@lru_cache(maxsize=16)
def _pattern(language: str, *, with_fillers: bool) -> re.Pattern[str]:
    book = _book(language)
    words = [*book.digits, *book.tens, *book.again, *(book.fillers if with_fillers else ())]
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    edges = ("", "") if book.joined else (r"(?<!\w)", r"(?!\w)")
    return re.compile(rf"[0-9]+|{edges[0]}(?:{choices}){edges[1]}" if words else "[0-9]+")


@lru_cache(maxsize=8)
def _book(language: str) -> _Book:
    """Where a language has no words for it, figures are read all the same."""
    file = files(__package__) / "words" / f"{language}.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8")).get("pin", {}) if file.is_file() else {}
    return _Book(**{"digits": {}, **table, "fillers": tuple(table.get("fillers", ()))})
