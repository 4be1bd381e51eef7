"""English durations → spans."""

from __future__ import annotations

from datetime import timedelta

from assistant.language.en.numbers import read_number
from assistant.language.en.tokens import tokens
from assistant.language.wall import UNIT_SECONDS, Span, span_from
from assistant.language.words import words_for

Amount = tuple[float, str]
_ORDER = tuple(reversed(UNIT_SECONDS))
"""Units from the longest to the shortest."""
_BARE = ("hour", "minute")
"""Units that stand for one of them without a number ("set an hour timer")."""
_SMALLER = {"hour": "minute", "minute": "second"}


def duration_from(text: str) -> timedelta | None:
    """The positive duration that the whole text is, else None."""
    words = tokens(text)
    start = 1 if words[:1] == ["for"] else 0
    found = read_span(words, start)
    return found[0].total if found is not None and found[1] == len(words) else None


def read_span(words: list[str], at: int) -> tuple[Span, int] | None:
    """The longest duration that starts at a token, and the index after it."""
    amounts: list[Amount] = []
    end = at
    while end < len(words):
        start = end + 1 if amounts and words[end] == "and" else end
        found = _read_amount(words, start, is_first=not amounts)
        if found is None or (amounts and not _is_smaller(found[0][1], amounts[-1][1])):
            break
        amounts.append(found[0])
        end = found[1]
    if not amounts:
        return None
    end = _read_tail(words, end, amounts)
    span = span_from(amounts)
    return (span, end) if span is not None else None


def _is_smaller(unit: str, than: str) -> bool:
    return _ORDER.index(unit) > _ORDER.index(than)


def _read_amount(words: list[str], at: int, is_first: bool) -> tuple[Amount, int] | None:
    """One amount with its unit, and what may follow it ("and a half")."""
    found = _read_share_of_unit(words, at) or _read_count(words, at)
    if found is None and is_first and words[at : at + 1] and words[at] in _BARE:
        found = (1, words[at]), at + 1
    if found is None:
        return None
    (amount, unit), end = found
    fraction = _read_and_fraction(words, end)
    if fraction is not None and amount == int(amount):
        return (amount + fraction[0], unit), fraction[1]
    return found


def _read_and_fraction(words: list[str], at: int) -> tuple[float, int] | None:
    """ "… and a half", not followed by a unit of its own ("an hour and a quarter of an hour" stays two amounts)."""
    if words[at : at + 1] != ["and"]:
        return None
    found = read_number(words, at + 1)
    if found is None or not 0 < found[0] < 1 or _unit(words, found[1]) is not None:
        return None
    if words[found[1] : found[1] + 1] in (["of"], ["a"], ["an"]):
        return None
    return found


def _read_share_of_unit(words: list[str], at: int) -> tuple[Amount, int] | None:
    """ "Half an hour", "half hour", "a quarter of an hour", "three quarters of an hour"."""
    found = read_number(words, at)
    if found is None and words[at : at + 1] == ["quarter"]:
        found = 0.25, at + 1
    if found is None or not 0 < found[0] < 1 or words[at : at + 1] == ["0"]:
        return None
    value, end = found
    if words[end : end + 1] == ["of"]:
        end += 1
    if words[end : end + 1] in (["a"], ["an"]):
        end += 1
    unit = _unit(words, end)
    return ((value, unit), end + 1) if unit is not None else None


def _read_count(words: list[str], at: int) -> tuple[Amount, int] | None:
    """ "Ten minutes", "an hour", "a couple of hours", "2h"."""
    found = read_number(words, at)
    if found is None and words[at : at + 1] in (["a"], ["an"]):
        found = 1, at + 1
        if words[at + 1 : at + 2] == ["couple"]:
            found = 2, at + (3 if words[at + 2 : at + 3] == ["of"] else 2)
    if found is None:
        return None
    unit = _unit(words, found[1])
    is_letter = unit is not None and len(words[found[1]]) == 1
    if unit is None or (is_letter and not words[found[1] - 1][-1].isdigit()):
        return None
    return (found[0], unit), found[1] + 1


def _read_tail(words: list[str], at: int, amounts: list[Amount]) -> int:
    """ "An hour thirty", "1h30": a bare number after whole hours or minutes counts the next smaller unit."""
    amount, unit = amounts[-1]
    smaller = _SMALLER.get(unit)
    if smaller is None or amount != int(amount):
        return at
    start = at + 1 if unit == "hour" and words[at : at + 1] == ["and"] else at
    found = read_number(words, start)
    if found is None or found[0] != int(found[0]) or not 1 <= found[0] <= 59:
        return at
    amounts.append((found[0], smaller))
    return found[1]


def _unit(words: list[str], at: int) -> str | None:
    return words_for("en").units.get(words[at]) if at < len(words) else None
