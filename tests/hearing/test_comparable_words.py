"""Texts are compared by what is said, not by how it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.report import percentile
from benchmarks.words import comparable, distance, number_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What's the time?", "what is the time"),
        ("Set it to 50%.", "set it to fifty percent"),
        ("OK, nevermind!", "okay never mind"),
        ("I can't, I won't, don't", "i can not i will not do not"),
        ("at 7:30", "at seven thirty"),
        ("at 7:00", "at seven"),
        ("1,250 steps", "one thousand two hundred fifty steps"),
        ("twenty-one", "21"),
        ("O’Brien's", "obriens"),
    ],
)
def test_the_same_words_written_differently_are_the_same(one: str, other: str) -> None:
    assert comparable(one, "en") == comparable(other, "en")


def test_korean_is_compared_by_letters_without_spaces() -> None:
    assert comparable("거실 불 켜줘!", "ko") == comparable("거실불 켜 줘", "ko") == list("거실불켜줘")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (42, "forty two"),
        (305, "three hundred five"),
        (2000, "two thousand"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert number_words(number) == words


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_distance_is_a_distance(one: list[str], other: list[str]) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


def test_percentiles_lie_between_the_values() -> None:
    assert percentile([], 50) is None
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([1.0, 2.0], 95) == pytest.approx(1.95)
