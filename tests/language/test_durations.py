"""Durations: all of the text, positive, or nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import duration_from, say

MINUTE = 60
HOUR = 3600
DAY = 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("half an hour", 30 * MINUTE),
        ("half hour", 30 * MINUTE),
        ("an hour and a half", 90 * MINUTE),
        ("hour and a half", 90 * MINUTE),
        ("two and a half hours", 150 * MINUTE),
        ("three and a quarter hours", 195 * MINUTE),
        ("one and three quarter hours", 105 * MINUTE),
        ("ninety seconds", 90),
        ("one hour thirty", 90 * MINUTE),
        ("an hour thirty", 90 * MINUTE),
        ("two minutes thirty", 150),
        ("a quarter of an hour", 15 * MINUTE),
        ("quarter of an hour", 15 * MINUTE),
        ("three quarters of an hour", 45 * MINUTE),
        ("half a minute", 30),
        ("10 min", 10 * MINUTE),
        ("10 min.", 10 * MINUTE),
        ("ten-minute", 10 * MINUTE),
        ("1h30", 90 * MINUTE),
        ("1h 30m", 90 * MINUTE),
        ("1.5 hours", 90 * MINUTE),
        ("five minutes and ten seconds", 310),
        ("two hours, 20 minutes", 140 * MINUTE),
        ("a couple of hours", 2 * HOUR),
        ("for ten minutes", 10 * MINUTE),
        ("a day and a half", 36 * HOUR),
        ("one week", 7 * DAY),
        ("a second", 1),
    ],
)
def test_english_durations(text: str, seconds: int) -> None:
    assert duration_from(text, "en") == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "five",
        "second",
        "0 minutes",
        "zero seconds",
        "minus five minutes",
        "-5 minutes",
        "two months",
        "one two and four minutes",
        "ten minutes ten minutes",
        "ten seconds five minutes",
        "five minutes pasta",
        "five m and m",
        "in ten minutes",
        "seven thirty",
        "999999999999 weeks",
        "half past six",
    ],
)
def test_what_is_no_english_duration_is_none(text: str) -> None:
    assert duration_from(text, "en") is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5분", 5 * MINUTE),
        ("오 분", 5 * MINUTE),
        ("한 시간 반", 90 * MINUTE),
        ("한시간반", 90 * MINUTE),
        ("반 시간", 30 * MINUTE),
        ("십 분 삼십 초", 630),
        ("1시간 30분", 90 * MINUTE),
        ("구십 초", 90),
        ("스무 시간", 20 * HOUR),
        ("일 분 반", 90),
        ("오 분 동안", 5 * MINUTE),
        ("이틀", 2 * DAY),
        ("삼 일", 3 * DAY),
        ("이십일 일", 21 * DAY),
        ("일주일", 7 * DAY),
    ],
)
def test_korean_durations(text: str, seconds: int) -> None:
    assert duration_from(text, "ko") == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "다섯", "0분", "오후 세 시", "십 분 뒤", "삼십 초 십 분", "분", "반"])
def test_what_is_no_korean_duration_is_none(text: str) -> None:
    assert duration_from(text, "ko") is None


@given(st.integers(1, 3600 * DAY), st.sampled_from(["en", "ko"]))
def test_durations_come_back_from_their_spoken_form(seconds: int, language: str) -> None:
    duration = timedelta(seconds=seconds)
    assert duration_from(say(duration, language), language) == duration


@given(st.integers(1, 300), st.integers(1, 59), st.integers(1, 59))
def test_three_units_add_up(hours: int, minutes: int, seconds: int) -> None:
    text = f"{hours} hours, {minutes} minutes and {seconds} seconds"
    assert duration_from(text, "en") == timedelta(hours=hours, minutes=minutes, seconds=seconds)
