"""Days, weeks, months and years: named, written, counted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.values import Instant
from tests.language.time.reading import at, times, told


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-06-10"),
        ("yesterday", "2026-06-09"),
        ("on friday", "2026-06-12"),
        ("wednesday", "2026-06-17"),
        ("this saturday", "2026-06-13"),
        ("next thursday", "2026-06-18"),
        ("last monday", "2026-06-08"),
        ("thursday week", "2026-06-18"),
        ("a week from friday", "2026-06-19"),
        ("the saturday after next", "2026-06-20"),
        ("saturday of next week", "2026-06-20"),
        ("next week on thursday", "2026-06-18"),
        ("the nineteenth", "2026-06-19"),
        ("on the fourth", "2026-07-04"),
        ("the 3rd of august", "2026-08-03"),
        ("september twenty second", "2026-09-22"),
        ("5 november 2027", "2027-11-05"),
        ("the ninth of next month", "2026-07-09"),
        ("monday the 15th", "2026-06-15"),
        ("friday the thirteenth", "2026-11-13"),
        ("the first sunday in july", "2026-07-05"),
        ("the last thursday of this month", "2026-06-25"),
        ("second to last day of february", "2027-02-27"),
        ("four days after easter 2027", "2027-04-01"),
        ("two tuesdays from now", "2026-06-23"),
        ("the closest sunday to august 20th", "2026-08-23"),
        ("2026-12-03", "2026-12-03"),
        ("20261203", "2026-12-03"),
        ("12/3/26", "2026-12-03"),
        ("3-dec-2026", "2026-12-03"),
        ("dec3", "2026-12-03"),
        ("january sixth nineteen ninety nine", "1999-01-06"),
        ("29 february", "2028-02-29"),
        ("sunday, june 7", "2026-06-07"),
        ("next year on may 3rd", "2027-05-03"),
        ("tuesday, july 8 2026", "2026-07-08"),
    ],
)
def test_a_day_is_named_in_many_ways(text: str, day: str) -> None:
    assert told(text) == f"{day} day"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("next week", "2026-06-15 week"),
        ("the month after next", "2026-08-01 month"),
        ("in october", "2026-10-01 month"),
        ("last march", "2026-03-01 month"),
        ("november 2031", "2031-11-01 month"),
        ("this quarter", "2026-04-01 quarter"),
        ("the second quarter of 2028", "2028-04-01 quarter"),
        ("27q3", "2027-07-01 quarter"),
        ("in 2030", "2030-01-01 year"),
        ("in twenty twenty nine", "2029-01-01 year"),
        ("the first week of september", "2026-09-07 week"),
    ],
)
def test_longer_units_have_their_grain(text: str, unit: str) -> None:
    assert told(text) == unit


@pytest.mark.parametrize(("locale", "day"), [("en-US", "2026-07-08"), ("en-GB", "2026-08-07"), ("en-IN", "2026-08-07")])
def test_the_country_says_which_figure_is_the_month(locale: str, day: str) -> None:
    assert told("7/8", at("2026-06-10 09:20", locale=locale)) == f"{day} day"


@pytest.mark.parametrize("locale", ["en-US", "en-GB"])
def test_a_month_above_twelve_is_a_day(locale: str) -> None:
    assert told("23/7/2026", at("2026-06-10 09:20", locale=locale)) == "2026-07-23 day"


def test_next_sunday_may_be_the_coming_one() -> None:
    assert told("next sunday", at("2026-06-10 09:20", is_next_weekday_in_next_week=False)) == "2026-06-14 day"


def test_a_question_about_the_past_looks_back() -> None:
    assert told("friday", at("2026-06-10 09:20", is_past_wanted=True)) == "2026-06-05 day"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("in two hours", "2026-06-10 11:20 minute"),
        ("in an hour and a half", "2026-06-10 10:50 second"),
        ("ninety seconds from now", "2026-06-10 09:21:30 second"),
        ("in 25", "2026-06-10 09:45 second"),
        ("three days ago", "2026-06-07 09:20 minute"),
        ("in three weeks", "2026-07-01 day"),
        ("five months ago", "2026-01-10 day"),
        ("in six years", "2032-06-01 month"),
        ("in ten days at noon", "2026-06-20 12:00 hour"),
        ("in five to ten minutes", "2026-06-10 09:25 second"),
        ("in two centuries", "2226-06-01 month"),
    ],
)
def test_so_long_from_now_is_as_exact_as_its_unit(text: str, moment: str) -> None:
    assert told(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "30 february",
        "february 29th 2027",
        "the 31st of april at noon",
        "13/13",
        "in 12 rooms",
        "the first thing",
        "may i go",
        "march along",
        "the sun rises",
        "sat down",
        "call 555-0123",
        "2000 pieces",
        "a second opinion",
        "flight 1230",
        "in 300 bc",
        "chinese new year",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert told(text) == ""


def test_words_keep_their_place() -> None:
    text = "ring dad tomorrow at four about the party on saturday"
    assert [text[each.start : each.end] for each in times(text)] == ["tomorrow at four", "on saturday"]


def test_days_that_can_not_be_one_are_two() -> None:
    assert told("is today christmas") == "2026-06-10 day; 2026-12-25 day"


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_a_written_date_is_that_date(day: date) -> None:
    for text in (day.isoformat(), f"{day.month}/{day.day}/{day.year}", f"{day:%B} {day.day}, {day.year}"):
        meaning = times(text)[0].meaning
        assert isinstance(meaning, Instant)
        assert meaning.at.date() == day
