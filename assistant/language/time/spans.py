"""Stretches of naive wall time and the units of the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from assistant.core.values import Grain

ORDER = (Grain.SECOND, Grain.MINUTE, Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
"""From fine to coarse."""
RANK = {grain: place for place, grain in enumerate(ORDER)}
_FIXED = {
    Grain.SECOND: timedelta(seconds=1),
    Grain.MINUTE: timedelta(minutes=1),
    Grain.HOUR: timedelta(hours=1),
    Grain.DAY: timedelta(days=1),
    Grain.WEEK: timedelta(weeks=1),
}
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


class Span(NamedTuple):
    """From `start` to `end` (exclusive), said to the `grain`; `is_interval` when it is not one unit of that grain."""

    start: datetime
    end: datetime
    grain: Grain
    is_interval: bool = False


def finer(one: Grain, other: Grain) -> Grain:
    """The finer of two grains."""
    return one if RANK[one] <= RANK[other] else other


def below(grain: Grain) -> Grain:
    """How exactly an amount of that unit is meant when it is counted from now: an hour to the minute, a year to the
    month."""
    if grain in (Grain.MONTH, Grain.QUARTER, Grain.WEEK):
        return Grain.DAY if grain is not Grain.QUARTER else Grain.MONTH
    if grain is Grain.YEAR:
        return Grain.MONTH
    return ORDER[max(RANK[grain] - 1, 0)]


def floor(moment: datetime, grain: Grain) -> datetime:
    """The start of the unit that holds the moment."""
    if grain is Grain.SECOND:
        return moment.replace(microsecond=0)
    if grain is Grain.MINUTE:
        return moment.replace(second=0, microsecond=0)
    if grain is Grain.HOUR:
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    if grain is Grain.MONTH:
        return day.replace(day=1)
    if grain is Grain.QUARTER:
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day if grain is Grain.DAY else day.replace(month=1, day=1)


def plus(moment: datetime, grain: Grain, count: int) -> datetime:
    """So many units later; a day that the month lacks becomes its last. Raises OverflowError or ValueError beyond the
    years 1 to 9999."""
    if grain in _FIXED:
        return moment + count * _FIXED[grain]
    months = moment.year * 12 + moment.month - 1 + count * _MONTHS[grain]
    year, month = divmod(months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, days_in(year, month + 1)))


def days_in(year: int, month: int) -> int:
    """How many days the month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def unit(moment: datetime, grain: Grain) -> Span:
    """The unit that holds the moment."""
    start = floor(moment, grain)
    return Span(start, plus(start, grain, 1), grain)


def meet(one: Span, other: Span) -> Span | None:
    """What two spans share: a unit where one lies in the other, else an interval of the finer grain."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    if start >= end:
        return None
    grain = finer(one.grain, other.grain)
    same = [each for each in (one, other) if (each.start, each.end) == (start, end)]
    if any(each.is_interval for each in same) or not same:
        return Span(start, end, grain, True)
    return min(same, key=lambda each: RANK[each.grain])
