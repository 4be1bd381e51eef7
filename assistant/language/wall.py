"""Wall time: spans added to a moment, and clock times put on a day, right across changes of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

DAY_S = 86_400
UNIT_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": DAY_S, "week": 7 * DAY_S}
LONGEST = timedelta(days=3660)
"""Longer spans are not believed."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: whole days follow the wall clock, the rest is elapsed time."""

    days: int = 0
    elapsed: timedelta = timedelta()

    @property
    def total(self) -> timedelta:
        """The length with days of 24 hours."""
        return timedelta(days=self.days) + self.elapsed


def span_from(amounts: list[tuple[float, str]]) -> Span | None:
    """A span from (amount, unit) pairs; None unless it is positive and believable."""
    days, seconds = 0, 0.0
    for amount, unit in amounts:
        if amount < 0 or amount * UNIT_SECONDS[unit] > LONGEST.total_seconds():
            return None
        whole = amount * UNIT_SECONDS[unit] / DAY_S
        if unit in ("day", "week") and whole == int(whole):
            days += int(whole)
        else:
            seconds += amount * UNIT_SECONDS[unit]
    span = Span(days, timedelta(seconds=seconds))
    return span if timedelta() < span.total <= LONGEST else None


class Part(StrEnum):
    """What a language says beside a clock time to tell which half of the day is meant."""

    AM = "am"
    PM = "pm"
    DAWN = "dawn"
    MORNING = "morning"
    NOONTIDE = "noontide"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time on a clock face; `is_24h` when the hour alone says which half of the day it is."""

    hour: int
    minute: int = 0
    is_24h: bool = False


MIDNIGHT = ClockTime(24, is_24h=True)
"""The end of a day."""

_HOURS: dict[Part, dict[int, int]] = {
    Part.AM: {h: h % 12 for h in range(1, 13)},
    Part.PM: {h: h % 12 + 12 for h in range(1, 13)},
    Part.DAWN: {12: 0} | {h: h for h in range(1, 8)},
    Part.MORNING: {h: h for h in range(1, 13)} | {12: 0},
    Part.NOONTIDE: {11: 11, 12: 12} | {h: h + 12 for h in range(1, 6)},
    Part.AFTERNOON: {12: 12} | {h: h + 12 for h in range(1, 8)},
    Part.EVENING: {h: h + 12 for h in range(4, 12)},
    Part.NIGHT: {h: h + 12 for h in range(6, 12)} | {12: 24} | {h: h + 24 for h in range(1, 6)},
}
"""Part → hour on the clock face → hour of the day; 24 and more lie after that day's midnight."""

_WAKING = {h: h for h in range(7, 13)} | {h: h + 12 for h in range(1, 7)}
"""What an hour on a named day means when nothing else is said."""


def after(now: datetime, span: Span) -> datetime:
    """The moment `span` after `now`: days by the wall clock, the rest as elapsed time."""
    start = on_wall(now.date() + timedelta(days=span.days), now.time(), now) if span.days else now
    return (start.astimezone(UTC) + span.elapsed).astimezone(now.tzinfo)


def on_wall(day: date, at: time, now: datetime) -> datetime:
    """`at` on `day` in the zone of `now`; in a gap, by the offset before it (RFC 5545); twice, the first."""
    wall = datetime.combine(day, at.replace(fold=0), now.tzinfo)
    return wall.astimezone(UTC).astimezone(now.tzinfo)


def is_later(moment: datetime, now: datetime) -> bool:
    """True when `moment` comes after `now`, as instants (aware datetimes of one zone compare by wall time)."""
    return moment.astimezone(UTC) > now.astimezone(UTC)


def resolve(clock: ClockTime, day: date | None, part: Part | None, now: datetime) -> datetime | None:
    """The moment that is meant by a clock time, perhaps with a day and a part of the day; None if none is to come."""
    hours = _hours(clock, part)
    today = now.date()
    if day is None:
        days = [today - timedelta(days=1), today, today + timedelta(days=1)]
    elif day == today and part is Part.NIGHT:
        days = [today - timedelta(days=1), today]
    else:
        days = [day]
        hours = _on_named_day(clock, hours, day == today)
    moments = [_moment(each, hour, clock.minute, now) for each in days for hour in hours]
    coming = [moment for moment in moments if is_later(moment, now)]
    return min(coming, key=lambda moment: moment.astimezone(UTC), default=None)


def _hours(clock: ClockTime, part: Part | None) -> list[int]:
    """Hours of the day that a clock time can mean."""
    if part is not None:
        face = clock.hour % 12 or 12
        hour = _HOURS[part].get(face)
        if hour is None or (clock.is_24h and hour % 24 != clock.hour % 24):
            return []
        return [hour]
    if clock.is_24h:
        return [clock.hour]
    return [clock.hour % 12, clock.hour % 12 + 12]


def _on_named_day(clock: ClockTime, hours: list[int], is_today: bool) -> list[int]:
    if len(hours) == 2 and not is_today:
        return [_WAKING[clock.hour % 12 or 12]]
    if hours == [24] and clock is MIDNIGHT and not is_today:
        return []  # "friday at midnight" can be either end of friday
    return hours


def _moment(day: date, hour: int, minute: int, now: datetime) -> datetime:
    at = time(hour % 24, minute)
    moment = on_wall(day + timedelta(days=hour // 24), at, now)
    again = moment.replace(fold=1)
    if not is_later(moment, now) and again.utcoffset() != moment.utcoffset():
        return again
    return moment
