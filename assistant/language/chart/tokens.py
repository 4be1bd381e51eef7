"""Text cut into words, figures and signs that know their place in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")
_SAME = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-"})


@dataclass(frozen=True, slots=True)
class Token:
    """One run of letters, one run of digits, or one sign; `start` and `end` in characters."""

    text: str
    start: int
    end: int


def folded(text: str) -> str:
    """Lower case, one form of quotes and dashes, the length unchanged."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := each.lower()) == 1 else each for each in text)
    return lower.translate(_SAME)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text that is `folded` already."""
    return [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
