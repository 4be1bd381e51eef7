"""Numbers, ordinals and measures, read by the chart over the English tables."""

from __future__ import annotations

import pytest

from assistant.core.values import Meaning, Measure, Number, Ordinal, Unit
from assistant.language.ops import operations
from tests.language.quantities import found, only


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("seven", 7),
        ("fifty-six", 56),
        ("four thousand two hundred and nineteen", 4219),
        ("a hundred and one", 101),
        ("hundred thousand", 100_000),
        ("nineteen hundred", 1900),
        ("one forty", 140),
        ("2,500", 2500),
        ("2.5k", 2500),
        ("half a million", 500_000),
        ("two million and a half", 2_500_000),
        ("three dozen", 36),
        ("a couple of", 2),
        ("eighty-one (81)", 81),
    ],
)
def test_a_whole_number_is_read(text: str, value: int) -> None:
    assert only(text, "number") == Number(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("three point oh four", 3.04),
        ("three point fourteen", 3.14),
        ("nought point two five", 0.25),
        ("point 05", 0.05),
        (".625", 0.625),
        ("1.50", 1.5),
        ("minus eighty", -80),
        ("-7.25", -7.25),
        ("negative six point five", -6.5),
        ("six and three quarters", 6.75),
        ("4 1/2", 4.5),
        ("7¼", 7.25),
        ("two thirds", 2 / 3),
        ("one twentieth", 0.05),
        ("one hundred and eight and a half", 108.5),
        ("5/8", 0.625),
    ],
)
def test_a_broken_or_negative_number_is_read(text: str, value: float) -> None:
    assert only(text, "number") == Number(pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("three one four five", (3, 1, 4, 5)),
        ("31, 32 and 33", (31, 32, 33)),
        ("twenty eleven", (20, 11)),
        ("four 9", (4, 9)),
        ("set it to -6", (-6,)),
        ("7 - 6", (7, 6)),
    ],
)
def test_numbers_in_a_row_stay_apart(text: str, values: tuple[int, ...]) -> None:
    expected: list[Meaning] = [Number(each) for each in values]
    assert found(text, "number") == expected


@pytest.mark.parametrize("text", ["", "and", "mp3", "thousand", "to", "for", "point", "tenor", "99999999999999999999"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert found(text, "number") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("fifth", 5),
        ("thirty-second", 32),
        ("22nd", 22),
        ("sixtyfourth", 64),
        ("two hundred and third", 203),
        ("five hundredth", 500),
    ],
)
def test_an_ordinal_is_read(text: str, value: int) -> None:
    assert only(text, "ordinal") == Ordinal(value)


@pytest.mark.parametrize(
    ("text", "value"), [("last", 0), ("second to last", -1), ("the penultimate", -1), ("third last", -2)]
)
def test_an_ordinal_may_count_from_the_end(text: str, value: int) -> None:
    assert found(text, "from_end") == [Ordinal(value)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("minus four degrees", -4, Unit.DEGREE),
        ("21.5°C", 21.5, Unit.CELSIUS),
        ("68 degrees fahrenheit", 68, Unit.FAHRENHEIT),
        ("thirty five percent", 35, Unit.PERCENT),
        ("half a litre", 0.5, Unit.LITRE),
        ("250 ml", 250, Unit.MILLILITRE),
        ("a mile and a half", 1.5, Unit.MILE),
        ("five feet six", 5.5, Unit.FOOT),
        ("six pounds eight ounces", 6.5, Unit.POUND),
        ("2kg", 2, Unit.KILOGRAM),
        ("$12.50", 12.5, Unit.DOLLAR),
        ("four dollars and five cents", 4.05, Unit.DOLLAR),
        ("€3 million", 3_000_000, Unit.EURO),
        ("80 pence", 0.8, Unit.STERLING),
        ("$7 usd", 7, Unit.DOLLAR),
        ("nine dollars thirty", 9.3, Unit.DOLLAR),
    ],
)
def test_a_measure_is_read(text: str, value: float, unit: Unit) -> None:
    assert only(text, "measure") == Measure(value, unit)


def test_what_is_counted_after_a_price_is_no_part_of_it() -> None:
    assert found("six dollars and four apples", "measure") == [Measure(6, Unit.DOLLAR)]


@pytest.mark.parametrize("text", ["five", "percent", "degrees", "five o'clock", "the pound", "two in the box", "g"])
def test_a_number_or_a_unit_alone_is_no_measure(text: str) -> None:
    assert found(text, "measure") == []


def test_operations_are_collected_from_all_modules() -> None:
    assert {"figure", "count_of", "measured"} <= operations().keys()
