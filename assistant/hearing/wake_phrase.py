"""Takes the wake word off the front of a transcript, by the way the wake word itself is spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_ALIKE = 0.78
"""Likeness of letters from which words are the wake word, misheard."""
_FRAGMENT_LETTERS = 3
"""An end of the wake word with at least so many letters is no word of the request."""
_WORD = re.compile(r"\w+", re.UNICODE)


def without_wake_phrase(text: str, wake_words: Iterable[str]) -> str:
    """The request alone; the text as it was when no wake word leads it."""
    starts = [match.end() for match in _WORD.finditer(text)]
    cut = max((_led_by(text, starts, word.replace("_", " ").split()) for word in wake_words), default=0)
    if cut == 0:
        return text
    return text[cut:].lstrip(" ,.!?;:-–—…")


def _led_by(text: str, ends: list[int], spoken: list[str]) -> int:
    """Where the wake phrase at the front of the text ends; 0 when there is none."""
    phrase = "".join(spoken).casefold()
    best, cut = _ALIKE, 0
    for end in ends[: len(spoken) + 2]:
        heard = _letters(text[:end])
        likeness = SequenceMatcher(None, heard, phrase, autojunk=False).ratio()
        if likeness > best:
            best, cut = likeness, end
    if cut == 0 and ends and _is_fragment(_letters(text[: ends[0]]), spoken[-1].casefold()):
        return ends[0]
    return cut


def _is_fragment(heard: str, last: str) -> bool:
    return len(heard) >= _FRAGMENT_LETTERS and last.endswith(heard)


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text)).casefold()
