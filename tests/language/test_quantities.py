"""Numbers, ordinals and lengths of time, read by the chart over the English tables."""

from __future__ import annotations

import pytest

from assistant.core.values import Grain, Length, Meaning, Number, Ordinal
from tests.language.quantities import found, only


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seven", 7),
        ("fifty-six", 56),
        ("four thousand two hundred and nineteen", 4219),
        ("a hundred and one", 101),
        ("nineteen hundred", 1900),
        ("three point oh four", 3.04),
        ("2,500", 2500),
        ("2.5k", 2500),
        ("minus eighty", -80),
        ("-7.25", -7.25),
        ("a couple", 2),
        ("three dozen", 36),
        ("six and three quarters", 6.75),
        ("4 1/2", 4.5),
        ("two thirds", 2 / 3),
        ("0", 0),
    ],
)
def test_a_number_in_words_or_figures_is_read(text: str, value: float) -> None:
    assert only(text, "number") == Number(pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [("fifth", 5), ("thirty-second", 32), ("22nd", 22), ("sixtyfourth", 64), ("two hundred and third", 203)],
)
def test_an_ordinal_is_read(text: str, value: int) -> None:
    assert only(text, "ordinal") == Ordinal(value)


SECOND, MINUTE, HOUR, DAY, WEEK = Grain.SECOND, Grain.MINUTE, Grain.HOUR, Grain.DAY, Grain.WEEK


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("twelve minutes", ((12, MINUTE),)),
        ("four and a half hours", ((4, HOUR), (30, MINUTE))),
        ("a day and a half", ((1, DAY), (12, HOUR))),
        ("three quarters of an hour", ((45, MINUTE),)),
        ("two hours forty", ((2, HOUR), (40, MINUTE))),
        ("2h45", ((2, HOUR), (45, MINUTE))),
        ("45 s", ((45, SECOND),)),
        ("three weeks and a day", ((3, WEEK), (1, DAY))),
        ("about 6 hours", ((6, HOUR),)),
        ("0 seconds", ((0, SECOND),)),
        ("minus ten minutes", ((-10, MINUTE),)),
    ],
)
def test_a_length_is_read(text: str, amounts: tuple[tuple[float, Grain], ...]) -> None:
    assert only(text, "length") == Length(amounts)


@pytest.mark.parametrize("text", ["in weeks", "for years", "hours", "sectarian", "the second one", "minute by minute"])
def test_a_unit_alone_is_no_length(text: str) -> None:
    assert found(text, "length") == []


def test_numbers_in_a_row_stay_apart() -> None:
    expected: list[Meaning] = [Number(each) for each in (3, 1, 4, 5)]
    assert found("three one four five", "number") == expected


def test_lengths_that_share_a_unit_are_several() -> None:
    assert found("three six and nine minutes", "length") == [Length(((each, MINUTE),)) for each in (3, 6, 9)]
