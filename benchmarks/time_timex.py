"""Whether times repeat as a TIMEX expression of a set says ("P2W", "T15", "XXXX-WXX-1T16", "XXXX-04-15")."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

_PERIOD = re.compile(r"P(?P<n>\d+(?:\.\d+)?)(?P<unit>D|W|M|Y|WD|BD|WE)")
_TIME = re.compile(r"T(?P<hour>\d\d)(?::(?P<minute>\d\d))?")
_PARTS = {"MO": (0, 12), "AF": (12, 19), "EV": (16, 24), "NI": (18, 24), "DT": (6, 18)}
"""Hours of the parts of the day."""
_SATURDAY = 5
_WEEK_DAYS = 7
_SOME_WEEKDAYS = 5


def repeats_as(times: Sequence[datetime], timex: str, is_every_other: bool) -> bool:
    """True when the times have the distance, the days and the time of day of the expression."""
    if len(times) < 2:
        return False
    days, clock = _split(timex)
    if clock and not all(_is_clock(at.time(), clock) for at in times):
        return False
    if not days:
        return _are_apart(times, timedelta(days=2 if is_every_other else 1))
    if period := _PERIOD.fullmatch(days):
        return _has_period(times, float(period["n"]), period["unit"])
    return _are_dates(times, days, 2 if is_every_other else 1)


def _split(timex: str) -> tuple[str, str]:
    """Days and clock of the expression; the T of a period of hours stays with it."""
    if timex.startswith("P"):
        return timex, ""
    days, _, clock = timex.partition("T")
    return days, f"T{clock}" if clock else ""


def _is_clock(at: time, clock: str) -> bool:
    if said := _TIME.fullmatch(clock):
        return (at.hour, at.minute) == (int(said["hour"]), int(said["minute"] or 0))
    first, end = _PARTS.get(clock[1:], (0, 24))
    return first <= at.hour < end


def _are_apart(times: Sequence[datetime], gap: timedelta) -> bool:
    return all(later - at == gap for at, later in itertools.pairwise(times))


def _months_apart(times: Sequence[datetime], months: float) -> bool:
    counts = [at.year * 12 + at.month for at in times]
    return all(later - at == months for at, later in itertools.pairwise(counts))


def _has_period(times: Sequence[datetime], n: float, unit: str) -> bool:
    match unit:
        case "D":
            return _are_apart(times, timedelta(days=n))
        case "W":
            return _are_apart(times, timedelta(weeks=n))
        case "M":
            return _months_apart(times, n)
        case "Y":
            return _months_apart(times, n * 12)
        case "WE":
            return _are_weekends(times, int(n))
        case _:
            return all(at.weekday() < _SATURDAY for at in times) and len({at.weekday() for at in times}) == (
                _SOME_WEEKDAYS
            )


def _are_weekends(times: Sequence[datetime], every: int) -> bool:
    """Saturdays, or both days of the weekend, of every so many-th week."""
    weeks = sorted({(at.date() - timedelta(days=at.weekday())) for at in times})
    return all(at.weekday() >= _SATURDAY for at in times) and all(
        later - week == timedelta(weeks=every) for week, later in itertools.pairwise(weeks)
    )


def _are_dates(times: Sequence[datetime], days: str, every: int) -> bool:
    if days == "XXXX-WXX-WE":
        return _are_weekends(times, every)
    if weekly := re.fullmatch(r"XXXX-WXX-(\d)", days):
        is_day = all(at.isoweekday() == int(weekly[1]) for at in times)
        return is_day and _are_apart(times, timedelta(days=_WEEK_DAYS * every))
    if yearly := re.fullmatch(r"XXXX-(\d\d)-(\d\d)", days):
        return all((at.month, at.day) == (int(yearly[1]), int(yearly[2])) for at in times)
    if monthly := re.fullmatch(r"XXXX-XX-(\d\d)", days):
        return all(at.day == int(monthly[1]) for at in times)
    return False
