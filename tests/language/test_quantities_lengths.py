"""Lengths of time in the many ways in which they are said."""

from __future__ import annotations

import pytest

from assistant.core.values import Grain, Length
from assistant.language.ops.quantities import LengthValue
from tests.language.quantities import edges_found, found, only

SECOND, MINUTE, HOUR, DAY = Grain.SECOND, Grain.MINUTE, Grain.HOUR, Grain.DAY
WEEK, MONTH, QUARTER, YEAR = Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR
Amounts = tuple[tuple[float, Grain], ...]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("twelve minutes", ((12, MINUTE),)),
        ("35 secs", ((35, SECOND),)),
        ("45 s", ((45, SECOND),)),
        ("a ninety-minute", ((90, MINUTE),)),
        ("five quarters", ((5, QUARTER),)),
        ("a fortnight", ((14, DAY),)),
        ("three decades", ((30, YEAR),)),
        ("four nights", ((4, DAY),)),
        ("two weekends", ((4, DAY),)),
        ("hundred days", ((100, DAY),)),
    ],
)
def test_a_count_of_a_unit(text: str, amounts: Amounts) -> None:
    assert found(text, "length") == [Length(amounts)]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("four and a half hours", ((4, HOUR), (30, MINUTE))),
        ("seven and a quarter hours", ((7, HOUR), (15, MINUTE))),
        ("three hours and three quarters", ((3, HOUR), (45, MINUTE))),
        ("a day and a half", ((1, DAY), (12, HOUR))),
        ("minute and a half", ((1, MINUTE), (30, SECOND))),
        ("half a minute", ((30, SECOND),)),
        ("a half day", ((12, HOUR),)),
        ("quarter of an hour", ((15, MINUTE),)),
        ("three quarters of an hour", ((45, MINUTE),)),
        ("a third of an hour", ((20, MINUTE),)),
        ("3/4 of an hour", ((45, MINUTE),)),
        ("2½ hours", ((2, HOUR), (30, MINUTE))),
        ("6.25 hours", ((6, HOUR), (15, MINUTE))),
        ("half a year", ((6, MONTH),)),
        ("two and a half years", ((2, YEAR), (6, MONTH))),
        ("two point five seconds", ((2.5, SECOND),)),
    ],
)
def test_a_part_of_a_unit_is_told_in_smaller_ones(text: str, amounts: Amounts) -> None:
    assert only(text, "length") == Length(amounts)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("two hours forty", ((2, HOUR), (40, MINUTE))),
        ("two hours and forty", ((2, HOUR), (40, MINUTE))),
        ("three minutes twenty", ((3, MINUTE), (20, SECOND))),
        ("2h45", ((2, HOUR), (45, MINUTE))),
        ("2h5m9s", ((2, HOUR), (5, MINUTE), (9, SECOND))),
        ("three weeks and a day", ((3, WEEK), (1, DAY))),
        ("4 hours, 5 minutes, and 6 seconds", ((4, HOUR), (5, MINUTE), (6, SECOND))),
        ("half an hour and ten minutes", ((40, MINUTE),)),
        ("day and six hours", ((1, DAY), (6, HOUR))),
        ("4:05 hours", ((4, HOUR), (5, MINUTE))),
        ("4:05 minutes", ((4, MINUTE), (5, SECOND))),
        ("hundred and eighty seconds", ((180, SECOND),)),
        ("3 hours 3/4", ((3, HOUR), (45, MINUTE))),
        ("an hour and a second", ((1, HOUR), (1, SECOND))),
        ("""3' 20\"""", ((3, MINUTE), (20, SECOND))),
    ],
)
def test_lengths_add_up(text: str, amounts: Amounts) -> None:
    assert only(text, "length") == Length(amounts)


@pytest.mark.parametrize(
    "text", ["about six hours", "exactly six hours", "six hours or so", "six more hours", "at least six hours"]
)
def test_how_sure_it_was_said_changes_nothing(text: str) -> None:
    assert only(text, "length") == Length(((6, HOUR),))


@pytest.mark.parametrize(
    ("text", "hours"), [("a couple of hours", 2), ("a few hours", 3), ("some hours", 3), ("a dozen hours", 12)]
)
def test_words_for_some_count(text: str, hours: int) -> None:
    assert only(text, "length") == Length(((hours, HOUR),))


@pytest.mark.parametrize(("text", "grain"), [("all day", DAY), ("the whole week", WEEK), ("a full month", MONTH)])
def test_all_of_a_unit_is_one(text: str, grain: Grain) -> None:
    assert found(text, "length") == [Length(((1, grain),))]


@pytest.mark.parametrize(("text", "amounts"), [("0 seconds", ((0, SECOND),)), ("minus two hours", ((-2, HOUR),))])
def test_nothing_and_less_are_lengths_too(text: str, amounts: Amounts) -> None:
    assert only(text, "length") == Length(amounts)


@pytest.mark.parametrize(
    "text",
    [
        "in weeks",
        "for years",
        "hours",
        "sectarian",
        "the second one",
        "minute by minute",
        "room m",
        "five ten",
        "third week",
        "a third day",
        "a fifth week",
        "",
    ],
)
def test_a_unit_or_a_number_alone_is_no_length(text: str) -> None:
    assert found(text, "length") == []


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("three six and nine minutes", (3, 6, 9)),
        ("five, ten, and twenty minutes", (5, 10, 20)),
        ("six and nine minutes", (6, 9)),
        ("five ten and thirty minutes", (5, 10, 30)),
    ],
)
def test_lengths_that_share_a_unit_are_several(text: str, minutes: tuple[int, ...]) -> None:
    assert found(text, "length") == [Length(((each, MINUTE),)) for each in minutes]


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("six minutes and eight minutes", (((6, MINUTE),), ((8, MINUTE),))),
        ("a six and an eight minute", (((6, MINUTE),), ((8, MINUTE),))),
        ("six minutes, two hours and four hours", (((6, MINUTE),), ((2, HOUR),), ((4, HOUR),))),
        ("an hour and six minutes and two hours", (((1, HOUR), (6, MINUTE)), ((2, HOUR),))),
        ("six minutes eight minutes", (((6, MINUTE),), ((8, MINUTE),))),
    ],
)
def test_lengths_that_do_not_add_up_are_several(text: str, lengths: tuple[Amounts, ...]) -> None:
    assert found(text, "length") == [Length(each) for each in lengths]


@pytest.mark.parametrize("text", ["twenty minutes and thirteen people", "twenty minutes a day"])
def test_what_is_said_after_a_length_is_no_part_of_it(text: str) -> None:
    assert found(text, "length")[0] == Length(((20, MINUTE),))


@pytest.mark.parametrize(
    ("text", "amounts"),
    [("to minutes", ((2, MINUTE),)), ("ate hours", ((8, HOUR),)), ("thirty for seconds", ((34, SECOND),))],
)
def test_a_word_that_sounds_like_a_number_counts_before_a_unit_and_is_doubtful(text: str, amounts: Amounts) -> None:
    (edge,) = edges_found(text, "length")
    assert isinstance(edge.value, LengthValue)
    assert edge.value.is_doubtful
    assert edge.value.amounts == amounts
    assert edge.rank < 0


@pytest.mark.parametrize("text", ["for ten minutes", "to one hour", "too few minutes"])
def test_it_is_no_number_where_one_follows(text: str) -> None:
    assert not any(
        isinstance(each.value, LengthValue) and each.value.is_doubtful for each in edges_found(text, "length")
    )
