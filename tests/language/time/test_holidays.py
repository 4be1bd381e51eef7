"""Holidays: when they come, and how they are told."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.values import Reading
from assistant.language.found import _tables, grammar_of
from assistant.language.ops.holidays import when
from assistant.language.time.fields import Here
from tests.language.time.reading import WEDNESDAY, at, times, told


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("christmas eve", "2026-12-24"),
        ("new year's day", "2027-01-01"),
        ("good friday", "2027-03-26"),
        ("whit monday", "2027-05-17"),
        ("easter sunday 2031", "2031-04-13"),
        ("orthodox easter 2027", "2027-05-02"),
        ("labor day", "2026-09-07"),
        ("the coming memorial day", "2027-05-31"),
        ("the previous thanksgiving", "2025-11-27"),
        ("veterans day in two years", "2028-11-11"),
        ("tax day 2023", "2023-04-18"),
        ("mother's day", "2027-05-09"),
        ("three days before halloween", "2026-10-28"),
    ],
)
def test_a_holiday_has_its_day(text: str, day: str) -> None:
    assert told(text) == f"{day} day"


@pytest.mark.parametrize(("locale", "day"), [("en-GB", "2027-03-07"), ("en-AU", "2027-05-09"), ("en-US", "2027-05-09")])
def test_countries_differ(locale: str, day: str) -> None:
    assert told("mother's day", at("2026-06-10 09:20", locale=locale)) == f"{day} day"


def test_a_holiday_knows_its_name() -> None:
    assert times("boxing day at noon")[0].meaning.holiday == "Boxing Day"  # type: ignore[union-attr]  # an Instant


def test_a_time_of_the_year_may_last() -> None:
    assert told("lent 2027") == "2027-02-10 to 2027-03-28"
    assert told("labor day weekend") == "2026-09-04 18:00 to 2026-09-08"


@pytest.mark.parametrize(
    ("spec", "day"),
    [
        ("12-25", "2026-12-25"),
        ("4 thu 11", "2026-11-26"),
        ("last mon 8", "2026-08-31"),
        ("mon near 6-24", "2026-06-22"),
        ("mon before 5-25", "2027-05-24"),
        ("tue from 7-1", "2026-07-07"),
        ("workday near 10-16", "2026-10-16"),
        ("easter+1", "2027-03-29"),
        ("4 thu 11 +1", "2026-11-27"),
        ("12-25 unless fri from 12-25 then 12-28", "2026-12-28"),
        ("every 4 1 tue 3", "2028-03-07"),
    ],
)
def test_a_few_words_tell_when(spec: str, day: str) -> None:
    now = WEDNESDAY.now.replace(tzinfo=None)
    span = next(iter(when(spec).forward(now, Here(now, WEDNESDAY))))
    assert f"{span.start:%Y-%m-%d}" == day


def test_what_tells_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="does not tell"):
        when("some day")


def test_every_holiday_of_the_tables_comes() -> None:
    now = datetime(2026, 6, 10)
    here = Here(now, Reading(WEDNESDAY.now))
    specs = {
        value.partition(": ")[2]
        for table in _tables("en")
        for entry in table.get("lexicon", ())
        if entry["do"] == "holiday"
        for value in entry["phrases"].values()
    }
    assert len(specs) > 200
    for spec in specs:
        series = when(spec)
        assert next(iter(series.forward(now, here)), None) or next(iter(series.backward(now, here)), None), spec


@pytest.mark.parametrize("region", ["US", "GB", "CA", "AU", "IE", "IN", "NZ", "ZA"])
def test_every_country_has_a_grammar(region: str) -> None:
    assert grammar_of(f"en-{region}") is not None


@given(st.integers(1600, 4000))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    moment = datetime(year, 1, 1)
    span = next(iter(when("easter").forward(moment, Here(moment, WEDNESDAY))))
    assert span.start.weekday() == 6
    assert (3, 22) <= (span.start.month, span.start.day) <= (4, 25)
