"""What a rule that repeats means now: its RFC 5545 text, its first time and its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from assistant.core.values import Grain, Instant, Interval, Kind, Length, Reading, Recurrence
from assistant.language.ops.recurrences import RepeatValue
from assistant.language.ops.senses import Sense
from assistant.language.ops.times import Form, TimeValue
from assistant.language.recurring import Bounds, Frequency, Pattern, repeat_from
from assistant.language.time.defaults import DAY_AT, PART_AT
from assistant.language.time.derived import Between
from assistant.language.time.fields import Fields
from assistant.language.time.resolve import resolved
from assistant.language.time.series import DayPart
from assistant.language.time.spans import plus

_ENDS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


def _read(value: RepeatValue, reading: Reading) -> tuple[Recurrence, ...]:
    """What the chart's value means now; nothing for a rule that never comes."""
    now = reading.now.replace(tzinfo=None, fold=0)
    try:
        at, bounds = _times_of_day(value, reading), _bounds(value, reading)
        if at is None or bounds is None:
            return ()
        pattern = value.pattern
        each = Length(value.each.amounts) if value.each else None
        if value.hours is not None and value.is_elapsed:
            pattern, at = _hours_within(value.hours, pattern.interval, reading)
        elif value.hours is not None:
            start, each = _from_to(value.hours, reading)
            at = (start,)
        repeat = repeat_from(pattern, at, bounds, now)
    except (OverflowError, ValueError):  # beyond the calendar
        return ()
    if repeat is None:
        return ()
    return (Recurrence(repeat, each),)


def _times_of_day(value: RepeatValue, reading: Reading) -> tuple[time, ...] | None:
    clocks = value.at or ((value.since,) if value.since is not None and value.since.form is Form.DATED_CLOCK else ())
    times = tuple(_time_of_day(each, reading) for each in clocks)
    found = tuple(each for each in times if each is not None)
    if len(found) != len(times) or len({each.minute for each in found}) > 1:
        return None
    return found or (DAY_AT,)


def _time_of_day(value: TimeValue, reading: Reading) -> time | None:
    series = value.series
    if isinstance(series, DayPart):
        return PART_AT.get(series.part, DAY_AT)
    if isinstance(series, Fields):
        series = series._replace(is_on_day=True)
    found = resolved(series, reading)
    return found.at.time().replace(fold=0) if isinstance(found, Instant) else None


def _bounds(value: RepeatValue, reading: Reading) -> Bounds | None:
    since = _edge(value.since, reading) if value.since is not None else None
    until = _edge(value.until, reading, _ENDS if value.is_through else (Grain.DAY,)) if value.until else None
    days = tuple(_edge(each, reading) for each in value.without)
    if (value.since and since is None) or (value.until and until is None) or None in days:
        return None
    lasting = tuple((int(amount), grain) for amount, grain in value.lasting.amounts) if value.lasting else ()
    without: tuple[date, ...] = tuple(day.date() for day in days if day is not None)
    return Bounds(since, until, lasting, value.count, without)


def _edge(value: TimeValue, reading: Reading, with_all_of: Collection[Grain] = ()) -> datetime | None:
    """The start of a time, or its end if it is one of those units."""
    found = resolved(value.series, reading)
    match found:
        case Instant():
            at = found.at.replace(tzinfo=None, fold=0)
            return plus(at, found.grain, 1) if found.grain in with_all_of else at
        case Interval():
            return (found.end if with_all_of else found.start).replace(tzinfo=None, fold=0)
        case _:
            return None


def _hours_within(hours: TimeValue, interval: int, reading: Reading) -> tuple[Pattern, tuple[time, ...]]:
    """ "Every two hours between nine and five" as hours of each day."""
    span = _span_of(hours, reading)
    first, last = span.start.hour, span.start.hour + (span.end - span.start) // timedelta(hours=1)
    within = tuple(hour % 24 for hour in range(first, last + 1, interval))
    return Pattern(Frequency.DAILY, hours=tuple(sorted(within))), (time(first, span.start.minute),)


def _from_to(hours: TimeValue, reading: Reading) -> tuple[time, Length]:
    """ "From nine to half past ten": when it begins, and how long it lasts."""
    span = _span_of(hours, reading)
    minutes = (span.end - span.start) // timedelta(minutes=1)
    return span.start.time().replace(fold=0), Length(((minutes, Grain.MINUTE),))


def _span_of(hours: TimeValue, reading: Reading) -> Interval:
    """Raises ValueError where no such span of a day exists."""
    series = hours.series
    if isinstance(series, Between) and isinstance(series.base, Fields):
        series = replace(series, base=series.base._replace(is_on_day=True))
    span = resolved(series, reading)
    if not isinstance(span, Interval) or span.end - span.start > timedelta(days=1):
        raise ValueError("hours between two clock times are needed")
    return span


SENSES: Sequence[Sense] = (Sense(Kind.RECURRENCE, frozenset({"repeat"}), _read),)
