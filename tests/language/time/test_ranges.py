"""Stretches of time: from here to there, until, by, after, for so long; parts of days, weeks and months."""

from __future__ import annotations

import pytest

from tests.language.time.reading import at, told


@pytest.mark.parametrize(
    ("text", "range_"),
    [
        ("from ten to twelve", "2026-06-10 10:00 to 2026-06-10 12:00"),
        ("from nine to five tomorrow", "2026-06-11 09:00 to 2026-06-11 17:00"),
        ("between two and four on friday", "2026-06-12 14:00 to 2026-06-12 16:00"),
        ("11-1 pm", "2026-06-10 11:00 to 2026-06-10 13:00"),
        ("2:30 to 4 p m", "2026-06-10 14:30 to 2026-06-10 16:00"),
        ("saturday morning from nine to eleven", "2026-06-13 09:00 to 2026-06-13 11:00"),
        ("monday six to eight", "2026-06-15 18:00 to 2026-06-15 20:00"),
        ("july 3 to 9", "2026-07-03 to 2026-07-10"),
        ("from the 3rd to the 9th of july", "2026-07-03 to 2026-07-10"),
        ("friday to monday", "2026-06-12 to 2026-06-16"),
        ("sunday a m", "2026-06-14 to 2026-06-14 12:00"),
        ("2 til 3pm", "2026-06-10 14:00 to 2026-06-10 15:00"),
        ("the rest of the day", "2026-06-10 09:20 to 2026-06-11"),
        ("monday to friday", "2026-06-15 to 2026-06-20"),
        ("from may to october 2028", "2028-05-01 to 2028-11-01"),
        ("between 2031 and 2035", "2031-01-01 to 2036-01-01"),
        ("from five for two hours", "2026-06-10 17:00 to 2026-06-10 19:00"),
        ("the next two weeks", "2026-06-15 to 2026-06-29"),
        ("the last three days", "2026-06-07 to 2026-06-10"),
        ("this weekend", "2026-06-12 18:00 to 2026-06-15"),
        ("the rest of the month", "2026-06-10 to 2026-07-01"),
        ("late next month", "2026-07-21 to 2026-08-01"),
        ("the end of august", "2026-08-21 to 2026-09-01"),
        ("this autumn", "2026-09-23 to 2026-12-22"),
        ("saturday afternoon", "2026-06-13 12:00 to 2026-06-13 19:00"),
        ("last night", "2026-06-09 18:00 to 2026-06-10"),
        ("by friday", "2026-06-10 09:20 to 2026-06-12"),
        ("tomorrow by noon", "2026-06-10 09:20 to 2026-06-11 12:00"),
        ("within half an hour", "2026-06-10 09:20 to 2026-06-10 09:50"),
    ],
)
def test_a_range_has_two_ends(text: str, range_: str) -> None:
    assert told(text) == range_


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("until friday", "before 2026-06-12"),
        ("after six", "after 2026-06-10 18:00"),
        ("tomorrow after six", "after 2026-06-11 18:00"),
        ("since january", "after 2026-01-01"),
        ("since friday", "after 2026-06-05"),
        ("since last tuesday", "after 2026-06-09"),
        ("saturday before noon", "before 2026-06-13 12:00"),
        ("no later than the 20th", "before 2026-06-20"),
        ("until the end of august", "before 2026-09-01"),
        ("before the end of the week", "before 2026-06-15"),
        ("as soon as possible", "after 2026-06-10 09:20"),
    ],
)
def test_an_open_range_has_one(text: str, side: str) -> None:
    assert told(text) == side


def test_the_last_hour_may_be_counted_in() -> None:
    reading = at("2026-06-10 09:20", is_last_unit_included=True)
    assert told("from ten to twelve", reading) == "2026-06-10 10:00 to 2026-06-10 13:00"


@pytest.mark.parametrize(
    ("text", "clock"),
    [("at ten to eight", "2026-06-10 19:50 minute"), ("at five to nine pm", "2026-06-10 20:55 minute")],
)
def test_minutes_to_the_hour_are_no_range(text: str, clock: str) -> None:
    assert told(text) == clock


@pytest.mark.parametrize(
    "text", ["two to four people", "a number between three and nine", "a ratio of 3 to 4", "nine to five"]
)
def test_bare_numbers_are_no_range(text: str) -> None:
    assert told(text) == ""
