"""Number words written as one: "zweihundertfünfundzwanzig", and ordinals and halves made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from assistant.language.chart import Op, Value
from assistant.language.ops.quantities import NumberValue, OrdinalValue

MOST_LETTERS = 90


class Pieces(TypedDict):
    """What number words of a language are made of; `scales`, from the largest down, multiply what is before them."""

    units: Mapping[str, int]
    """Below twenty."""
    tens: Mapping[str, int]
    scales: Mapping[str, int]
    joint: str
    """Between unit and ten, and sometimes after a scale."""
    half: str
    """The end of "two and a half"."""
    ordinal_ends: Sequence[str]
    ordinals: Mapping[str, int]
    """Stems of ordinals that no cardinal is part of; they take `ordinal_stem_ends`."""
    ordinal_stem_ends: Sequence[str]


def _glued(word: str, pieces: Pieces) -> Value | None:
    """A number, an ordinal, or a number and a half, in one word."""
    if len(word) > MOST_LETTERS:
        return None
    number = _number(word, pieces, pieces["units"])
    if number is not None:
        return NumberValue(number, "digit" if number < 10 else "")
    half = pieces["half"]
    if word.endswith(half):
        whole = _number(word.removesuffix(half).removesuffix(pieces["joint"]), pieces, pieces["units"])
        return NumberValue(whole + 0.5) if whole is not None else None
    return _ordinal(word, pieces)


def _ordinal(word: str, pieces: Pieces) -> Value | None:
    for end in pieces["ordinal_stem_ends"]:
        if word.endswith(end):
            nth = _number(word.removesuffix(end), pieces, pieces["ordinals"], has_tens=False)
            if nth is not None:
                return OrdinalValue(nth)
    for end in pieces["ordinal_ends"]:
        if word.endswith(end):
            nth = _number(word.removesuffix(end), pieces, pieces["units"])
            if nth is not None:
                return OrdinalValue(nth)
    return None


def _number(word: str, pieces: Pieces, last: Mapping[str, int], has_tens: bool = True) -> int | None:
    """The value of a word whose last piece is one of `last`, or of the tens and scales."""
    for name, scale in pieces["scales"].items():
        before, found, after = word.partition(name)
        if not found:
            continue
        count = _number(before, pieces, pieces["units"]) if before else 1
        after = after.removeprefix(pieces["joint"])
        rest = _number(after, pieces, last, has_tens) if after else (0 if has_tens else None)
        return count * scale + rest if count is not None and rest is not None and rest < scale else None
    if word in last:
        return last[word]
    return _below_hundred(word, pieces) if has_tens else None


def _below_hundred(word: str, pieces: Pieces) -> int | None:
    if word in pieces["tens"]:
        return pieces["tens"][word]
    unit, _, ten = word.rpartition(pieces["joint"])
    ones = pieces["units"].get(unit, 0)
    return pieces["tens"][ten] + ones if 0 < ones < 10 and ten in pieces["tens"] else None


OPS: Mapping[str, Op] = {"glued": _glued}
