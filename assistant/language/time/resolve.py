"""A series against now and a Reading: what moment, interval or side of a moment it means, in the reading's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from assistant.core.values import Direction, Grain, Instant, Interval, Open, Reading
from assistant.language.time.derived import ELAPSED, Between, Shifted
from assistant.language.time.fields import Fields, Here
from assistant.language.time.series import NOW, TODAY, All, Series, all_of
from assistant.language.time.spans import Span, floor

_YEAR = timedelta(days=366)


def resolved(
    series: Series, reading: Reading, direction: Direction | None = None, holiday: str | None = None
) -> Instant | Interval | Open | None:
    """What the series means now; None where the calendar has nothing of the kind."""
    zone = reading.now.tzinfo or UTC
    try:
        span = _chosen(series, Here(reading.now.replace(tzinfo=None, fold=0), reading))
        if span is None:
            return None
        is_elapsed = is_counted_from_now(series)
        at = _elapsed(reading, series) if is_elapsed else _zoned(span.start, zone)
        if not is_elapsed and isinstance(series, Fields):
            at = _second_of_two(at, series, reading.now)
        if direction is not None:
            return Open(direction, at, span.grain)
        if span.is_interval:
            return Interval(at, _zoned(span.end, zone), span.grain, holiday)
        return Instant(at, span.grain, holiday, is_elapsed)
    except (OverflowError, ValueError):  # before the year 1 or after 9999
        return None


def is_counted_from_now(series: Series) -> bool:
    """It is so many hours, minutes or seconds from now, in elapsed time."""
    return (
        isinstance(series, Shifted)
        and series.base == NOW
        and series.is_from_now
        and all(grain in ELAPSED for _, grain in series.amounts)
    )


def _chosen(series: Series, here: Here) -> Span | None:
    ahead = list(islice(series.forward(_horizon(series, here), here), 2))
    is_begun = bool(ahead) and ahead[0].start <= here.now and (_is_clock(series) or _is_week_range(series))
    if here.reading.is_past_wanted:
        past = ahead[0] if is_begun else next(series.backward(here.now, here), None)
        if past is not None:
            return past
    if not ahead and here.reading.is_passed_part_moved and isinstance(series, All) and TODAY in series.parts:
        rest = all_of(*(each for each in series.parts if each != TODAY))
        return None if rest is None else _chosen(rest, here)
    if not ahead:
        return next(series.backward(here.now, here), None)
    if is_begun and not here.reading.is_present_unit_kept:
        return ahead[-1]
    if isinstance(series, Fields) and series.weekday is not None and series.day and series.month:
        return _nearest(series, ahead[0], here)
    is_weekday_alone = isinstance(series, Fields) and series == Fields(weekday=series.weekday)
    if is_weekday_alone and ahead[0].start <= here.now:
        return ahead[-1]
    return ahead[0]


def _is_clock(series: Series) -> bool:
    """A time of the day: "at nine" at twenty past nine is the next nine."""
    if isinstance(series, All):
        return any(_is_clock(each) for each in series.parts)
    return isinstance(series, Fields) and series.hour is not None


def _is_week_range(series: Series) -> bool:
    """ "Monday to friday" on a wednesday is that of next week."""
    return (
        isinstance(series, Between)
        and isinstance(series.base, Fields)
        and series.base == Fields(weekday=series.base.weekday)
    )


def _nearest(series: Fields, ahead: Span, here: Here) -> Span:
    """ "Sunday, june 7": the one that is near, though it be over; if none is, people know the date better."""
    if series.year is not None or ahead.start - here.now < 2 * _YEAR:
        return ahead
    past = next(series.backward(here.now, here), None)
    if past is not None and here.now - past.start < _YEAR:
        return past
    return next(series._replace(weekday=None).forward(here.now, here), ahead)


def _horizon(series: Series, here: Here) -> datetime:
    if not here.reading.is_present_unit_kept or not isinstance(series, Fields):
        return here.now
    if series.minute is not None and not series.has_day:
        return floor(here.now, Grain.HOUR)
    return floor(here.now, Grain.MONTH) if series.month is not None and series.day is not None else here.now


def _elapsed(reading: Reading, series: Series) -> datetime:
    assert isinstance(series, Shifted)
    seconds = {Grain.SECOND: 1, Grain.MINUTE: 60, Grain.HOUR: 3600}
    length = timedelta(seconds=sum(count * seconds[grain] for count, grain in series.amounts))
    return (reading.now.astimezone(UTC) + length).astimezone(reading.now.tzinfo)


def _second_of_two(at: datetime, series: Fields, now: datetime) -> datetime:
    """A time of the day that comes twice today, when the first has passed: the second."""
    if series.has_day or series.hour is None:
        return at
    again = datetime.combine(now.date(), at.time(), now.tzinfo).replace(fold=1)
    is_twice = again.utcoffset() != again.replace(fold=0).utcoffset()
    now_utc, again_utc = now.astimezone(UTC), again.astimezone(UTC)
    return again if is_twice and now_utc < again_utc < at.astimezone(UTC) else at


def _zoned(local: datetime, zone: tzinfo) -> datetime:
    """In the zone; a time that the clocks skip takes the offset before the gap, one that comes twice is the first."""
    at = local.replace(tzinfo=zone)
    back = at.astimezone(UTC).astimezone(zone)
    return back if back.replace(tzinfo=None) != local else at
