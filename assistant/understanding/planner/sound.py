"""How words sound, roughly: a key that is the same for words which a recogniser takes for each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_RULES: tuple[tuple[str, str], ...] = (
    # silent letters and groups of letters that are one sound, longest first
    (r"^kn|^gn|^pn", "n"),
    (r"^wr", "r"),
    (r"^ps", "s"),
    (r"^who", "ho"),
    (r"^wh", "w"),
    (r"ng", "n"),
    (r"^x", "s"),
    (r"mb$", "m"),
    (r"tch|ch|sh|sch|[cst]io|[cst]ia|dg|j|g(?=[eiy])", "1"),
    (r"th|d|tt?", "t"),
    (r"augh|ough", "o"),
    (r"gh", ""),
    (r"ph|v|f+", "f"),
    (r"ck|q|c(?![eiy])|k+|g+", "k"),
    (r"x", "ks"),
    (r"[csz]+", "s"),
    (r"p+|b+", "p"),
    (r"l+", "l"),
    (r"n+|m+", "n"),
    (r"(?<=.)[wh]", ""),
    (r"r+", "r"),
)
_COMPILED = tuple((re.compile(pattern), sound) for pattern, sound in _RULES)
_VOWELS = re.compile(r"[aeiouy]+")
_TWICE = re.compile(r"(.)\1+")
_LETTERS = re.compile(r"[^a-z]")


@lru_cache(maxsize=20_000)
def key_of(word: str) -> str:
    """The consonants of an English word as sounds ("desk", "dusk" → "tsk"), "a" for a vowel at the start.

    Voiced and unvoiced ones are the same, so are m and n. Empty for a word of other letters."""
    left = _LETTERS.sub("", word.casefold())
    for pattern, sound in _COMPILED:
        left = pattern.sub(sound, left)
    first = "a" if _VOWELS.match(left) else left[:1]
    return _TWICE.sub(r"\1", first + _VOWELS.sub("", left[1:]))


def near_keys(key: str) -> Iterator[str]:
    """The key and all that lack one of its sounds: two keys that share one differ in one sound at most."""
    yield key
    if len(key) > 2:
        for at in range(len(key)):
            yield key[:at] + key[at + 1 :]


def likeness(word: str, other: str) -> float:
    """How alike two words are to the ear, 0 to 1: mostly by their sounds, a little by their letters."""
    sounds = _share(key_of(word), key_of(other))
    return 0.7 * sounds + 0.3 * _share(word, other) if sounds else 0.0


def _share(one: str, two: str) -> float:
    longest = max(len(one), len(two))
    return 1.0 - _distance(one, two) / longest if longest else 0.0


def _distance(one: str, two: str) -> int:
    """Levenshtein's, of short words."""
    row = list(range(len(two) + 1))
    for at, letter in enumerate(one, start=1):
        next_row = [at]
        for place, each in enumerate(two, start=1):
            next_row.append(min(row[place] + 1, next_row[-1] + 1, row[place - 1] + (letter != each)))
        row = next_row
    return row[-1]
