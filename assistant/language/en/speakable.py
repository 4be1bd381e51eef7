"""English dates, times, fractions and ordinals in figures → words."""

from __future__ import annotations

import re
from datetime import date

from assistant.language.en.say import ordinal, spelt
from assistant.language.words import words_for

_SLASHED = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-])")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2}):(\d\d)(?::\d\d)?(?![\d:])(?:\s?([ap])\.?m\b(\.(?=\s+[a-z]))?)?", re.IGNORECASE
)
_MERIDIEM = re.compile(r"(?<![\d:.])(\d{1,2})\s?([ap])\.?m\b(\.(?=\s+[a-z]))?", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_FRACTION = re.compile(r"(?<![\d/.])(?:(\d+) )?(\d{1,2})/(\d{1,2})(?![\d/])")
_SIGNS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}


def dates_and_times(text: str, language: str) -> str:
    """1/31/2023, 2023-01-31, 8:00, 12:01am; days come first but in American English ("en", "en-US")."""
    is_month_first = language.lower().replace("_", "-") in ("en", "en-us")

    def slashed(match: re.Match[str]) -> str:
        first, second = int(match[1]), int(match[2])
        month, day = (first, second) if is_month_first else (second, first)
        return _date(int(match[3]), month, day) or match[0]

    text = _SLASHED.sub(slashed, text)
    text = _ISO.sub(lambda match: _date(int(match[1]), int(match[2]), int(match[3])) or match[0], text)
    text = _CLOCK.sub(_clock, text)
    return _MERIDIEM.sub(_whole_hour, text)


def counts(text: str) -> str:
    """1st, 2/3, 1 1/2."""
    for sign, figures in _SIGNS.items():
        text = re.sub(rf"(?<=\d){sign}", f" {figures}", text).replace(sign, figures)
    text = _FRACTION.sub(_fraction, text)
    return _ORDINAL.sub(lambda match: ordinal(int(match[1])), text)


def _date(year: int, month: int, day: int) -> str | None:
    try:
        date(year, month, day)
    except ValueError:
        return None
    name = next(name for name, each in words_for("en").months.items() if each == month)
    return f"{name.capitalize()} {ordinal(day)}, {_year(year)}"


def _year(year: int) -> str:
    """2023 → "twenty twenty three"; 2000 to 2009 and figures outside 1100–2099 as they are."""
    high, low = divmod(year, 100)
    if not 1100 <= year < 2100 or 2000 <= year < 2010:
        return str(year)
    if low == 0:
        return f"{spelt(high)} hundred"
    return f"{spelt(high)} {'oh ' if low < 10 else ''}{spelt(low)}"


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    if hour > 23 or minute > 59:
        return match[0]
    half = f" {match[3].lower()} m" if match[3] else ""
    if minute:
        said = f"{spelt(hour)} {'oh ' if minute < 10 else ''}{spelt(minute)}"
    elif half:
        said = spelt(hour)
    else:
        said = f"{spelt(hour)} o'clock" if 1 <= hour <= 12 else f"{spelt(hour)} hundred"
    return said + half


def _whole_hour(match: re.Match[str]) -> str:
    hour = int(match[1])
    return f"{spelt(hour)} {match[2].lower()} m" if 1 <= hour <= 12 else match[0]


def _fraction(match: re.Match[str]) -> str:
    top, bottom = int(match[2]), int(match[3])
    if not 0 < top < bottom <= 20:
        return match[0]
    name = {2: "half", 4: "quarter"}.get(bottom) or ordinal(bottom)
    plural = {"half": "halves"}.get(name, f"{name}s")
    said = f"{spelt(top)} {name if top == 1 else plural}"
    if match[1] is None:
        return said
    return f"{match[1]} and {'a half' if (top, bottom) == (1, 2) else said}"
