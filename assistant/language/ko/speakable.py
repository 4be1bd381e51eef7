"""Korean dates, times and fractions in figures → words."""

from __future__ import annotations

import re
from datetime import date

_SLASHED = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_YEAR_FIRST = re.compile(r"(?<![\d-])(\d{4})[-/.]\s?(\d{1,2})[-/.]\s?(\d{1,2})\.?(?![\d-])")
_CLOCK = re.compile(r"(?<![\d:.])(\d{1,2}):(\d\d)(?::\d\d)?(?![\d:])(?:\s?([ap])\.?m\b\.?)?", re.IGNORECASE)
_FRACTION = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?![\d/])")
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")


def dates_and_times(text: str, language: str) -> str:
    """2023-01-31, 1/31/2023, 8:00, 12:01am."""
    del language  # dates are written one way in Korean
    text = _YEAR_FIRST.sub(lambda match: _date(int(match[1]), int(match[2]), int(match[3])) or match[0], text)
    text = _SLASHED.sub(lambda match: _date(int(match[3]), int(match[1]), int(match[2])) or match[0], text)
    return _CLOCK.sub(_clock, text)


def counts(text: str) -> str:
    """2/3, 1st."""
    text = _FRACTION.sub(
        lambda match: f"{match[2]}분의 {match[1]}" if 0 < int(match[1]) < int(match[2]) else match[0], text
    )
    return _ORDINAL.sub(r"\1번째", text)


def _date(year: int, month: int, day: int) -> str | None:
    try:
        date(year, month, day)
    except ValueError:
        return None
    return f"{year}년 {month}월 {day}일"


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    if hour > 23 or minute > 59:
        return match[0]
    half = {"a": "오전 ", "p": "오후 "}.get((match[3] or "").lower(), "")
    return f"{half}{hour}시" + (f" {minute}분" if minute else "")
