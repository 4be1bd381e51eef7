"""What holds for all numbers and lengths: what is spelled out reads back, and nothing breaks or slows the reading."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.core.values import Grain, Length, Number
from tests.language.quantities import edges_found, grammar, only

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = (("billion", 10**9), ("million", 10**6), ("thousand", 1000))


def spelled(number: int, and_: str, dash: str) -> str:
    """An integer in English words, with or without "and" and dashes."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10 - 2] + (dash + _ONES[number % 10] if number % 10 else "")
    if number < 1000:
        rest = f"{and_}{spelled(number % 100, and_, dash)}" if number % 100 else ""
        return f"{_ONES[number // 100]} hundred{rest}"
    name, scale = next(each for each in _SCALES if number >= each[1])
    left = number % scale
    rest = (and_ if left < 100 else " ") + spelled(left, and_, dash) if left else ""
    return f"{spelled(number // scale, and_, dash)} {name}{rest}"


@given(st.integers(0, 10**12 - 1) | st.integers(0, 10**5), st.sampled_from([" ", " and "]), st.sampled_from([" ", "-"]))
@example(110_101_100_000, " and ", "-")
@settings(deadline=None, max_examples=50)
def test_every_integer_spelled_out_reads_back(number: int, and_: str, dash: str) -> None:
    assert only(spelled(number, and_, dash), "number") == Number(number)


@given(st.integers(0, 10**12))
@settings(deadline=None, max_examples=50)
def test_every_integer_in_figures_reads_back(number: int) -> None:
    assert only(str(number), "number") == only(f"{number:,}", "number") == Number(number)


@given(st.decimals(-10_000, 10_000, places=3))
@settings(deadline=None, max_examples=50)
def test_every_decimal_reads_back(number: object) -> None:
    assert only(f"{number:f}", "number") == Number(pytest.approx(float(str(number))))


def _words(hours: int, minutes: int, seconds: int) -> list[str]:
    amounts = ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return [f"{spelled(amount, ' ', ' ')} {unit}{'' if amount == 1 else 's'}" for amount, unit in amounts]


@given(st.integers(1, 99), st.integers(1, 59), st.integers(1, 59))
@settings(deadline=None, max_examples=50)
def test_hours_minutes_and_seconds_read_back_however_they_are_joined(hours: int, minutes: int, seconds: int) -> None:
    h, m, s = _words(hours, minutes, seconds)
    expected = Length(((hours, Grain.HOUR), (minutes, Grain.MINUTE), (seconds, Grain.SECOND)))
    ways = (
        f"{h} {m} {s}",
        f"{h} {m} and {s}",
        f"{h}, {m}, and {s}",
        f"{hours}h {minutes}m {seconds}s",
        f"{hours}h{minutes}m{seconds}s",
        f"{hours} hrs {minutes} mins {seconds} secs",
    )
    for way in ways:
        assert only(way, "length") == expected


@given(st.integers(1, 99), st.integers(1, 59))
@settings(deadline=None, max_examples=50)
def test_minutes_after_hours_need_no_unit(hours: int, minutes: int) -> None:
    h, m, _ = _words(hours, minutes, 1)
    for way in (f"{h} {spelled(minutes, ' ', ' ')}", f"{h} and {minutes}", f"{hours}h{minutes:02}", f"{h} and {m}"):
        assert only(way, "length") == Length(((hours, Grain.HOUR), (minutes, Grain.MINUTE)))


_WORDS = [
    "a",
    "an",
    "and",
    "half",
    "quarter",
    "quarters",
    "third",
    "of",
    "one",
    "two",
    "ten",
    "twenty",
    "hundred",
    "thousand",
    "million",
    "point",
    "oh",
    "minus",
    "dozen",
    "first",
    "second",
    "seconds",
    "minutes",
    "hour",
    "hours",
    "days",
    "for",
    "to",
    "ate",
    ",",
    "(",
    ")",
    "-",
    "'",
    '"',
    "%",
    "$",
    "°",
    "5",
    "0",
    "12",
    "1/2",
    ".5",
    "1,000",
    "2h",
    "m",
    "s",
    "feet",
    "percent",
    "more",
]


@given(st.lists(st.sampled_from(_WORDS), max_size=25).map(" ".join) | st.text(max_size=80))
@settings(deadline=None, max_examples=50)
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for tag in ("number", "ordinal", "length", "measure"):
        for edge in edges_found(text, tag):
            assert edge.start < edge.end


@pytest.mark.parametrize(
    "words",
    ["one", "one hundred", "five and a half", "two hours ten", "a third of a", "point five", "two hours ten and"],
)
def test_a_row_of_the_same_words_is_read_quickly(words: str) -> None:
    grammar()
    text = f"{words} " * 12
    times_s = []
    for _ in range(3):
        started = perf_counter()
        grammar().edges(text)
        times_s.append(perf_counter() - started)
    assert min(times_s) < 0.02
