"""Times: the coming moment that is meant, right across changes of the clock, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import say, when_from

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 10, 15, tzinfo=BERLIN)  # a wednesday


def _at(text: str, now: datetime = NOW, language: str = "en") -> str | None:
    when = when_from(text, now, language)
    return f"{when:%d.%m.%Y %H:%M}" if when else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in ten minutes", "25.11.2026 10:25"),
        ("in an hour and a half", "25.11.2026 11:45"),
        ("in two and a half hours", "25.11.2026 12:45"),
        ("ten minutes from now", "25.11.2026 10:25"),
        ("in three days", "28.11.2026 10:15"),
        ("in two days at noon", "27.11.2026 12:00"),
        ("at seven", "25.11.2026 19:00"),
        ("at ten", "25.11.2026 22:00"),
        ("at eleven", "25.11.2026 11:00"),
        ("for ten", "25.11.2026 22:00"),
        ("at 12", "25.11.2026 12:00"),
        ("7:30", "25.11.2026 19:30"),
        ("at 7:30 pm", "25.11.2026 19:30"),
        ("at 7.30 p.m.", "25.11.2026 19:30"),
        ("at 730", "25.11.2026 19:30"),
        ("at 07:30", "26.11.2026 07:30"),
        ("19:30", "25.11.2026 19:30"),
        ("seven thirty p m", "25.11.2026 19:30"),
        ("at seven oh five", "25.11.2026 19:05"),
        ("at nineteen hundred hours", "25.11.2026 19:00"),
        ("7 o'clock", "25.11.2026 19:00"),
        ("seven o clock", "25.11.2026 19:00"),
        ("5 pm", "25.11.2026 17:00"),
        ("12 am", "26.11.2026 00:00"),
        ("quarter past seven", "25.11.2026 19:15"),
        ("half past six", "25.11.2026 18:30"),
        ("half seven", "25.11.2026 19:30"),
        ("twenty to eight", "25.11.2026 19:40"),
        ("five past ten", "25.11.2026 22:05"),
        ("quarter to one", "25.11.2026 12:45"),
        ("noon", "25.11.2026 12:00"),
        ("at midnight", "26.11.2026 00:00"),
        ("tonight at 8", "25.11.2026 20:00"),
        ("tonight at 8 pm", "25.11.2026 20:00"),
        ("tonight at 2 am", "26.11.2026 02:00"),
        ("tomorrow morning at 7 am", "26.11.2026 07:00"),
        ("seven thirty tomorrow", "26.11.2026 07:30"),
        ("at eleven at night", "25.11.2026 23:00"),
        ("tonight at one", "26.11.2026 01:00"),
        ("at midnight tonight", "26.11.2026 00:00"),
        ("today at 9", "25.11.2026 21:00"),
        ("this evening at six", "25.11.2026 18:00"),
        ("in the morning at nine", "26.11.2026 09:00"),
        ("at seven in the morning", "26.11.2026 07:00"),
        ("tomorrow at five", "26.11.2026 17:00"),
        ("tomorrow at 8", "26.11.2026 08:00"),
        ("tomorrow at twelve", "26.11.2026 12:00"),
        ("tomorrow morning at 5", "26.11.2026 05:00"),
        ("at eight tomorrow evening", "26.11.2026 20:00"),
        ("day after tomorrow at 6 pm", "27.11.2026 18:00"),
        ("on friday at noon", "27.11.2026 12:00"),
        ("at noon on saturday", "28.11.2026 12:00"),
        ("next friday at 7 am", "04.12.2026 07:00"),
        ("next monday at 9 in the morning", "30.11.2026 09:00"),
        ("wednesday at noon", "25.11.2026 12:00"),
        ("june 5th at 7 pm", "05.06.2027 19:00"),
        ("the fifth of june at noon", "05.06.2027 12:00"),
        ("on the twenty first of december at noon", "21.12.2026 12:00"),
        ("on the 3rd at 8 am", "03.12.2026 08:00"),
        ("friday, november 27 at 7 am", "27.11.2026 07:00"),
        ("february 29 at noon", "29.02.2028 12:00"),
    ],
)
def test_english_times(text: str, expected: str) -> None:
    assert _at(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "seven",
        "25",
        "this one",
        "seven thirty",
        "three twenty",
        "tomorrow",
        "friday",
        "thursday november 27 at noon",
        "this morning at nine",
        "at 25:00",
        "at 7:75",
        "for ten minutes",
        "ring tom tomorrow at 4 about the game",
        "november 31 at noon",
        "14th april 15",
        "july 13-15",
        "tomorrow morning at 7 pm",
        "19:30 am",
        "may",
        "second",
        "june 5 2020 at noon",
        "in 999999999 weeks",
    ],
)
def test_what_is_no_english_time_to_come_is_none(text: str) -> None:
    assert _at(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10분 뒤", "25.11.2026 10:25"),
        ("십 분 후", "25.11.2026 10:25"),
        ("한 시간 반 뒤에", "25.11.2026 11:45"),
        ("삼일 뒤", "28.11.2026 10:15"),
        ("오후 세 시 반", "25.11.2026 15:30"),
        ("오후세시반", "25.11.2026 15:30"),
        ("내일 아침 일곱 시", "26.11.2026 07:00"),
        ("모레 저녁 7시", "27.11.2026 19:00"),
        ("이틀 뒤 저녁 일곱 시에", "27.11.2026 19:00"),
        ("오늘 밤 열한 시", "25.11.2026 23:00"),
        ("새벽 두 시에", "26.11.2026 02:00"),
        ("정오", "25.11.2026 12:00"),
        ("자정", "26.11.2026 00:00"),
        ("세 시", "25.11.2026 15:00"),
        ("십구 시 삼십 분", "25.11.2026 19:30"),
        ("7:30", "25.11.2026 19:30"),
        ("7:30pm", "25.11.2026 19:30"),
        ("금요일 오후 세 시", "27.11.2026 15:00"),
        ("다음 주 월요일 아침 9시", "30.11.2026 09:00"),
        ("6월 5일 정오에", "05.06.2027 12:00"),
        ("시월 삼일 낮 열두 시", "03.10.2027 12:00"),
    ],
)
def test_korean_times(text: str, expected: str) -> None:
    assert _at(text, language="ko") == expected


@pytest.mark.parametrize("text", ["", "내일", "오 분", "세 시간", "셋", "불 켜 줘", "25시", "오늘 아침 아홉 시"])
def test_what_is_no_korean_time_to_come_is_none(text: str) -> None:
    assert _at(text, language="ko") is None


def test_tonight_after_midnight_is_still_this_night() -> None:
    assert _at("tonight at two", datetime(2026, 11, 26, 1, 0, tzinfo=BERLIN)) == "26.11.2026 02:00"


def test_elapsed_time_is_elapsed_across_the_end_of_summer_time() -> None:
    now = datetime(2026, 10, 25, 0, 30, tzinfo=BERLIN)
    when = when_from("in three hours", now, "en")
    assert when is not None
    assert when.astimezone(UTC) - now.astimezone(UTC) == timedelta(hours=3)
    assert f"{when:%H:%M %z}" == "02:30 +0100"


def test_days_are_wall_days_across_the_end_of_summer_time() -> None:
    when = when_from("in one day", datetime(2026, 10, 24, 9, 0, tzinfo=BERLIN), "en")
    assert when is not None
    assert f"{when:%d %H:%M %z}" == "25 09:00 +0100"


def test_a_time_in_the_gap_goes_by_the_offset_before_it() -> None:
    when = when_from("tomorrow at 02:30", datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN), "en")
    assert when is not None
    assert when.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert f"{when:%H:%M}" == "03:30"


def test_a_time_that_comes_twice_is_the_first() -> None:
    when = when_from("tomorrow at 02:30", datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN), "en")
    assert when is not None
    assert f"{when:%H:%M %z}" == "02:30 +0200"


def test_the_second_of_two_when_the_first_has_passed() -> None:
    now = datetime(2026, 10, 25, 2, 40, tzinfo=BERLIN)
    when = when_from("at 02:30", now, "en")
    assert when is not None
    assert f"{when:%d %H:%M %z}" == "25 02:30 +0100"


def test_a_fixed_offset_will_do() -> None:
    now = datetime(2026, 11, 25, 10, 15, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert _at("at seven", now) == "25.11.2026 19:00"


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        when_from("noon", datetime(2026, 11, 25), "en")


_MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31))
_ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Seoul", "Australia/Lord_Howe", "UTC"])
_CLOCKS = st.sampled_from(
    ["at seven", "at 2:30", "noon", "midnight", "tomorrow at two thirty", "in an hour", "in a day", "tonight at one"]
)


@given(_MOMENTS, _ZONES, _CLOCKS)
def test_what_is_found_is_always_to_come(naive: datetime, zone: str, text: str) -> None:
    now = naive.replace(tzinfo=ZoneInfo(zone))
    when = when_from(text, now, "en")
    assert when is not None
    assert when.tzinfo is now.tzinfo
    assert timedelta() < when.astimezone(UTC) - now.astimezone(UTC) <= timedelta(hours=50)


@given(st.integers(1, 300 * 24 * 60), st.sampled_from(["en", "ko"]), st.booleans(), _ZONES)
def test_moments_come_back_from_their_spoken_form(minutes: int, language: str, is_24h: bool, zone: str) -> None:
    now = NOW.astimezone(ZoneInfo(zone))
    moment = (now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(now.tzinfo)
    text = say(moment, language, is_24h)
    found = when_from(text, now, language)
    is_half_unsaid = is_24h and 1 <= moment.hour <= 12
    assert found is not None, text
    if not is_half_unsaid:
        assert found.replace(tzinfo=None) == moment.replace(tzinfo=None), text
