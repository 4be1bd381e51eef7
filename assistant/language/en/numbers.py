"""English numbers in words and figures → values."""

from __future__ import annotations

import re

from assistant.language.en.tokens import tokens
from assistant.language.words import words_for

Found = tuple[float, int]
"""A value and the index after its last token."""

_FIGURE = re.compile(r"\d+(?:,\d{3})+|\d+\.\d+|\d+")
_RATIO = re.compile(r"(\d+)/(\d+)")


def number_from(text: str) -> float | int | None:
    """The number that the whole text is, else None."""
    words = tokens(text)
    sign = 1
    if words and words[0] in ("minus", "negative"):
        sign, words = -1, words[1:]
    found = read_number(words, 0)
    if found is None or found[1] != len(words):
        return None
    value = sign * found[0]
    return int(value) if value == int(value) else value


def read_number(words: list[str], at: int) -> Found | None:
    """The number that starts at a token: "two hundred and five", "2.5", "two and a half", "three quarters"."""
    whole = _read_whole(words, at)
    if whole is None:
        return _read_fraction(words, at) or _read_dozen(words, at)
    value, end = whole
    if words[end : end + 1] == ["dozen"]:
        return value * 12, end + 1
    if words[end : end + 1] == ["and"]:
        fraction = _read_fraction(words, end + 1)
        if fraction is not None:
            return value + fraction[0], fraction[1]
    if end < len(words) and value == int(value) and words[end - 1].isdigit():
        ratio = _ratio(words[end])
        if ratio is not None and ratio < 1:
            return value + ratio, end + 1
    return _read_share(words, at, value, end) or (value, end)


def _read_share(words: list[str], at: int, value: float, end: int) -> Found | None:
    """ "Three quarters", "two thirds": a small number before the plural of a fraction."""
    if end < len(words) and end == at + 1 and words[end].endswith("s"):
        share = words_for("en").counts.get(words[end][:-1])
        if share is not None and share < 1:
            return value * share, end + 1
    return None


def _read_fraction(words: list[str], at: int) -> Found | None:
    """ "(a) half", "a quarter", "three quarters", "1/2"."""
    rest = words[at:]
    if not rest:
        return None
    ratio = _ratio(rest[0])
    if ratio is not None:
        return ratio, at + 1
    counts = words_for("en").counts
    if rest[0] in ("a", "an", "one") and len(rest) > 1 and 0 < counts.get(rest[1], 1) < 1:
        return counts[rest[1]], at + 2
    if rest[0] == "half":
        return 0.5, at + 1
    if rest[0] in ("three", "two", "3") and len(rest) > 1:
        share = counts.get(rest[1].removesuffix("s"))
        if share is not None and share < 1:
            return words_for("en").numbers.get(rest[0], 3) * share, at + 2
    return None


def _read_dozen(words: list[str], at: int) -> Found | None:
    return (12, at + 2) if words[at : at + 2] == ["a", "dozen"] else None


def _ratio(word: str) -> float | None:
    match = _RATIO.fullmatch(word)
    if match is None or int(match[2]) == 0:
        return None
    return int(match[1]) / int(match[2])


def _read_whole(words: list[str], at: int) -> Found | None:
    """Groups with falling scales, then decimals after "point"."""
    total, end, ceiling = 0.0, at, float("inf")
    while end < len(words):
        group = _read_group(words, end + 1 if end > at and words[end] == "and" else end)
        if group is None or (end > at and ceiling == 1):
            break
        value, after, scale = group
        if scale >= ceiling or value >= ceiling or (value == 0 and end > at):
            break
        total, end, ceiling = total + value, after, scale
    if end == at:
        return None
    return _read_decimals(words, total, end)


def _read_group(words: list[str], at: int) -> tuple[float, int, float] | None:
    """One group with its scale ("two hundred" thousand): value, end, scale."""
    scales = words_for("en").scales
    found = _read_hundreds(words, at)
    if found is None:
        return None
    value, end = found
    scale = 1.0
    if end < len(words) and scales.get(words[end], 0) >= 1000:
        scale = scales[words[end]]
        end += 1
    return value * scale, end, scale


def _read_hundreds(words: list[str], at: int) -> Found | None:
    if words[at : at + 1] == ["a"] and at + 1 < len(words) and words[at + 1] in words_for("en").scales:
        found: Found | None = (1, at + 1)
    else:
        found = read_small(words, at)
    if found is None or words[found[1] : found[1] + 1] != ["hundred"] or not 1 <= found[0] < 100:
        return found
    value, end = found[0] * 100, found[1] + 1
    rest = read_small(words, end + 1 if words[end : end + 1] == ["and"] else end)
    if rest is not None and 0 < rest[0] < 100:
        return value + rest[0], rest[1]
    return value, end


def read_small(words: list[str], at: int) -> Found | None:
    """A figure, or words below a hundred."""
    if at >= len(words):
        return None
    word, book = words[at], words_for("en")
    if _FIGURE.fullmatch(word):
        return float(word.replace(",", "")), at + 1
    if word in book.numbers:
        return book.numbers[word], at + 1
    if word in book.tens:
        unit = book.numbers.get(words[at + 1], 0) if at + 1 < len(words) else 0
        return (book.tens[word] + unit, at + 2) if 1 <= unit <= 9 else (book.tens[word], at + 1)
    return None


def _read_decimals(words: list[str], whole: float, end: int) -> Found:
    if words[end : end + 1] != ["point"]:
        return whole, end
    digits, at = "", end + 1
    numbers = words_for("en").numbers
    while at < len(words):
        word = words[at]
        if word.isdecimal() and not digits:
            digits, at = word, at + 1
            break
        if numbers.get(word, 10) > 9 and word != "oh":
            break
        digits, at = digits + str(numbers.get(word, 0)), at + 1
    return (float(f"{int(whole)}.{digits}"), at) if digits else (whole, end)
