"""Days that are meant by their name or number, seen from today."""

from __future__ import annotations

from datetime import date, timedelta

_YEARS_AHEAD = 20


def coming_weekday(today: date, weekday: int, with_today: bool = False) -> date:
    """The next such weekday (Monday is 0) after today, or today itself."""
    ahead = (weekday - today.weekday()) % 7
    return today + timedelta(days=ahead if ahead or with_today else 7)


def weekday_of_next_week(today: date, weekday: int) -> date:
    """That weekday in the week after this one; weeks begin on Monday."""
    return today + timedelta(days=7 - today.weekday() + weekday)


def coming_month_day(today: date, month: int, day: int, year: int | None = None) -> date | None:
    """That date this year, or the next year that has it; with a year, only there. None if there is none to come."""
    years = range(today.year, today.year + 9) if year is None else [year]
    for each in years:
        if each > today.year + _YEARS_AHEAD:
            return None
        found = _date(each, month, day)
        if found is not None and found >= today:
            return found
    return None


def coming_day_of_month(today: date, day: int) -> date | None:
    """The next day with that number in its month, from today on."""
    for ahead in range(13):
        months = today.month - 1 + ahead
        found = _date(today.year + months // 12, months % 12 + 1, day)
        if found is not None and found >= today:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
