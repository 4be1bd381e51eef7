"""Clock times: hours, minutes, halves and quarters, am and pm, parts of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.values import HourPolicy, Instant
from tests.language.time.reading import WEDNESDAY, at, times, told

TODAY, TOMORROW = "2026-06-10", "2026-06-11"


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("at ten", f"{TODAY} 10:00 hour"),
        ("at 9", f"{TODAY} 21:00 hour"),
        ("at half four", f"{TODAY} 16:30 minute"),
        ("a quarter past eleven", f"{TODAY} 11:15 minute"),
        ("quarter to twelve", f"{TODAY} 11:45 minute"),
        ("at twenty five to six", f"{TODAY} 17:35 minute"),
        ("three minutes past nine", f"{TODAY} 21:03 minute"),
        ("at eight oh six p m", f"{TODAY} 20:06 minute"),
        ("six fifteen a . m .", f"{TOMORROW} 06:15 minute"),
        ("at 18.45", f"{TODAY} 18:45 minute"),
        ("at 0715", f"{TOMORROW} 07:15 minute"),
        ("sixteen hundred hours", f"{TODAY} 16:00 minute"),
        ("22:05:30", f"{TODAY} 22:05:30 second"),
        ("eleven o clock", f"{TODAY} 11:00 hour"),
        ("about noon", f"{TODAY} 12:00 hour"),
        ("at midnight", f"{TOMORROW} hour"),
        ("ten to midnight", f"{TODAY} 23:50 minute"),
        ("at ten to three", f"{TODAY} 14:50 minute"),
        ("four in the morning", f"{TOMORROW} 04:00 hour"),
        ("at seven this evening", f"{TODAY} 19:00 hour"),
        ("tonight at midnight", f"{TOMORROW} hour"),
        ("at eighteen hundred", f"{TODAY} 18:00 minute"),
        ("tonight at half past nine", f"{TODAY} 21:30 minute"),
    ],
)
def test_a_clock_time_is_the_next_one(text: str, clock: str) -> None:
    assert told(text) == clock


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("tomorrow at four", f"{TOMORROW} 16:00 hour"),
        ("tomorrow at eight", f"{TOMORROW} 08:00 hour"),
        ("saturday at twelve", "2026-06-13 12:00 hour"),
        ("tomorrow evening at eight", f"{TOMORROW} 20:00 hour"),
        ("at six tomorrow morning", f"{TOMORROW} 06:00 hour"),
        ("tomorrow at four a m", f"{TOMORROW} 04:00 hour"),
        ("today at five", f"{TODAY} 17:00 hour"),
        ("today at eight", f"{TODAY} 20:00 hour"),
    ],
)
def test_with_a_day_waking_hours_are_meant(text: str, clock: str) -> None:
    assert told(text) == clock


def test_without_that_taste_the_first_of_the_day_is_meant() -> None:
    assert told("tomorrow at four", at("2026-06-10 09:20", is_waking_on_named_day=False)) == f"{TOMORROW} 04:00 hour"


@pytest.mark.parametrize("text", ["at six", "at six tomorrow"])
def test_to_wake_up_morning_is_meant(text: str) -> None:
    assert told(text, at("2026-06-10 09:20", hours=HourPolicy.MORNING)) == f"{TOMORROW} 06:00 hour"


def test_to_wake_up_the_evening_may_be_said() -> None:
    evening = at("2026-06-10 09:20", hours=HourPolicy.MORNING)
    assert told("at six in the evening", evening) == f"{TODAY} 18:00 hour"


@pytest.mark.parametrize(
    ("text", "clock"),
    [("tonight at one", f"{TOMORROW} 01:00 hour"), ("friday night at two", "2026-06-13 02:00 hour")],
)
def test_the_small_hours_belong_to_the_night_before(text: str, clock: str) -> None:
    assert told(text) == clock


def test_a_part_of_the_day_only_tells_am_from_pm_if_so_wished() -> None:
    reading = at("2026-06-10 09:20", is_hour_inside_part_of_day=False)
    assert told("tonight at one", reading) == f"{TODAY} 13:00 hour"


def test_a_minute_just_past_is_the_next_to_come_or_that_of_this_hour() -> None:
    assert told("at 9:10", at("2026-06-10 09:20")) == f"{TODAY} 21:10 minute"
    assert told("at 9:10", at("2026-06-10 09:20", is_present_unit_kept=True)) == f"{TODAY} 09:10 minute"


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("at 10 gmt", f"{TODAY} 12:00 minute"),
        ("six pm est", f"{TOMORROW} 01:00 minute"),
        ("friday at 9 am new york time", "2026-06-12 15:00 minute"),
    ],
)
def test_the_time_of_another_zone_is_told_in_ours(text: str, clock: str) -> None:
    assert told(text) == clock


@pytest.mark.parametrize(
    "text", ["at 25 o clock", "at 7:75", "at 14 am", "at ate", "half", "a quarter", "8 rooms", "room 1830", "24 7"]
)
def test_what_no_clock_shows_is_none(text: str) -> None:
    assert told(text) == ""


@pytest.mark.parametrize("text", ["seven", "seven thirty", "1815", "morning", "8 p"])
def test_bare_words_are_a_time_only_in_an_answer(text: str) -> None:
    assert told(text) == ""
    assert times(text, at("2026-06-10 09:20", is_latent_wanted=True))[0].is_latent


@given(st.integers(0, 23), st.integers(0, 59), st.datetimes(datetime(2000, 1, 1), datetime(2999, 12, 30)))
def test_a_written_clock_time_comes_within_a_day(hour: int, minute: int, now: datetime) -> None:
    reading = replace(WEDNESDAY, now=now.replace(tzinfo=ZoneInfo("Asia/Kolkata")))  # where no clock ever changes
    (found,) = times(f"at {hour}:{minute:02}", reading)
    assert isinstance(found.meaning, Instant)
    assert timedelta() <= found.meaning.at - reading.now <= timedelta(days=1)
    half = 720 if 0 < hour < 13 else 1440
    assert (found.meaning.at.hour * 60 + found.meaning.at.minute - hour * 60 - minute) % half == 0
