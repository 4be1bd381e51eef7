"""Numbers in words and figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import number_from, say


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seven", 7),
        ("twenty-five", 25),
        ("twenty five", 25),
        ("a hundred", 100),
        ("two hundred and five", 205),
        ("nineteen hundred", 1900),
        ("two thousand twenty six", 2026),
        ("one hundred twenty three thousand four hundred fifty six", 123_456),
        ("two million", 2_000_000),
        ("2 million", 2_000_000),
        ("1,000", 1000),
        ("3.5", 3.5),
        ("zero", 0),
        ("zero point two five", 0.25),
        ("ninety nine point nine", 99.9),
        ("two and a half", 2.5),
        ("1 1/2", 1.5),
        ("half", 0.5),
        ("a quarter", 0.25),
        ("three quarters", 0.75),
        ("minus five", -5),
        ("-5", -5),
        ("a dozen", 12),
    ],
)
def test_english_numbers(text: str, value: float) -> None:
    assert number_from(text, "en") == value


@pytest.mark.parametrize(
    "text",
    ["", "and", "one two", "hundred", "twenty zero", "five lamps", "the second", "to", "for", "1/0", "1.2.3"],
)
def test_what_is_no_english_number_is_none(text: str) -> None:
    assert number_from(text, "en") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("오", 5),
        ("이십오", 25),
        ("백이십", 120),
        ("천이백", 1200),
        ("만 오천", 15_000),
        ("서른다섯", 35),
        ("스물 하나", 21),
        ("열둘", 12),
        ("삼점오", 3.5),
        ("마이너스 오", -5),
        ("반", 0.5),
        ("3.5", 3.5),
        ("하나", 1),
    ],
)
def test_korean_numbers(text: str, value: float) -> None:
    assert number_from(text, "ko") == value


@pytest.mark.parametrize("text", ["네", "세", "", "두 개", "불", "점"])
def test_what_is_no_korean_number_is_none(text: str) -> None:
    assert number_from(text, "ko") is None


def test_whole_numbers_are_int() -> None:
    assert isinstance(number_from("3.0", "en"), int)


def test_an_unknown_language_has_no_numbers() -> None:
    assert number_from("7", "xx") is None


@given(st.integers(-(10**9), 10**9))
def test_english_integers_come_back_from_their_spoken_form(value: int) -> None:
    assert number_from(say(value, "en"), "en") == value


@given(st.decimals(-1000, 1000, places=2))
def test_decimals_come_back_from_their_spoken_form(value: object) -> None:
    number = float(str(value))
    assert number_from(say(number, "en"), "en") == number
    assert number_from(say(number, "ko"), "ko") == number


_SINO = "영일이삼사오육칠팔구"


def _korean(value: int) -> str:
    words, scales = "", ("천", "백", "십", "")
    for digit, scale in zip(f"{value:04}", scales, strict=True):
        if digit != "0":
            words += ("" if digit == "1" and scale else _SINO[int(digit)]) + scale
    return words or "영"


@given(st.integers(0, 9999))
def test_every_sino_korean_number_below_ten_thousand(value: int) -> None:
    assert number_from(_korean(value), "ko") == value
