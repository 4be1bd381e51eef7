"""Numbers, ordinals and lengths in German: another language is a set of tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.values import Grain, Length, Number, Ordinal
from tests.language.quantities import found, only

_ONES = ["", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
_TENS = ["", "zehn", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]


def spelled(number: int) -> str:
    """A number below a million in one German word."""
    if number >= 1000:
        return f"{spelled(number // 1000)}tausend{spelled(number % 1000)}"
    if number >= 100:
        return f"{_ONES[number // 100]}hundert{spelled(number % 100)}"
    if number < 13:
        return _ONES[number]
    ones, ten = _ONES[number % 10], _TENS[number // 10]
    if number < 20:
        return {16: "sechzehn", 17: "siebzehn"}.get(number, f"{ones}zehn")
    return f"{ones}und{ten}" if ones else ten


@given(st.integers(1, 999_999))
@settings(deadline=None, max_examples=50)
def test_every_number_in_one_word_reads_back(number: int) -> None:
    assert only(spelled(number), "number", "de") == Number(number)


@given(st.integers(20, 999_999).filter(lambda number: number % 100 >= 20))
@settings(deadline=None, max_examples=50)
def test_every_ordinal_in_one_word_reads_back(number: int) -> None:
    assert only(f"{spelled(number)}ste", "ordinal", "de") == Ordinal(number)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("drei komma null vier", 3.04),
        ("2.500,75", 2500.75),
        ("vier millionen zweihunderttausend", 4_200_000),
        ("minus acht", -8),
        ("siebeneinhalb", 7.5),
        ("sechs und ein halb", 6.5),
        ("zwei dutzend", 24),
    ],
)
def test_a_number_is_read(text: str, value: float) -> None:
    assert only(text, "number", "de") == Number(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("erste", 1), ("dritter", 3), ("achten", 8), ("zwölfter", 12), ("hundertdritte", 103), ("17.", 17)],
)
def test_an_ordinal_is_read(text: str, value: int) -> None:
    assert only(text, "ordinal", "de") == Ordinal(value)


MINUTE, HOUR, DAY = Grain.MINUTE, Grain.HOUR, Grain.DAY


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("zwölf Minuten", ((12, MINUTE),)),
        ("eine halbe Stunde", ((30, MINUTE),)),
        ("zwei Viertelstunden", ((30, MINUTE),)),
        ("eine Dreiviertelstunde", ((45, MINUTE),)),
        ("zweieinhalb Stunden", ((2, HOUR), (30, MINUTE))),
        ("anderthalb Stunden", ((1, HOUR), (30, MINUTE))),
        ("eine Stunde vierzig", ((1, HOUR), (40, MINUTE))),
        ("drei Tage, vier Stunden und fünf Minuten", ((3, DAY), (4, HOUR), (5, MINUTE))),
        ("ungefähr 0,25 Stunden", ((15, MINUTE),)),
    ],
)
def test_a_length_is_read(text: str, amounts: tuple[tuple[float, Grain], ...]) -> None:
    assert only(text, "length", "de") == Length(amounts)


def test_lengths_that_share_a_unit_are_several() -> None:
    assert found("drei, fünf und zehn Minuten", "length", "de") == [Length(((each, MINUTE),)) for each in (3, 5, 10)]


@pytest.mark.parametrize("text", ["Stunden", "Hunderte", "Einheit", "1.2.3", "erst", "Tag"])
def test_what_is_neither_is_none(text: str) -> None:
    assert [*found(text, "number", "de"), *found(text, "ordinal", "de"), *found(text, "length", "de")] == []
