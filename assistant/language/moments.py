"""The moment at which one is told of a time that was said less exactly."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from assistant.core.values import Grain, Instant, Interval
from assistant.language.time.defaults import DAY_AT, PART_AT
from assistant.language.time.fields import HOURS, Part
from assistant.language.wall import on_wall

CLOCK = (Grain.SECOND, Grain.MINUTE, Grain.HOUR)
"""Grains of a time of day."""
_PARTS = {
    (first, last - first): PART_AT[part]
    for part, (first, last) in HOURS.items()
    if part in PART_AT and part is not Part.NIGHT
}
"""Part of the day by its first hour and its length in hours → when one is told in it."""
_REST_OF_DAY = (12, 15, 18, 21, 22, 23)
_HOURS_OF_DAY = 24


def moment_of(meaning: Instant | Interval, now: datetime) -> Instant:
    """A day without a time means 09:00, a part of the day an hour in it; of what has begun, what is left of it."""
    if isinstance(meaning, Interval):
        return _moment_in(meaning, now)
    if meaning.grain in CLOCK:
        return meaning
    moment = on_wall(meaning.at.date(), DAY_AT, now)
    end = on_wall(meaning.at.date() + timedelta(days=1), time(), now)
    return Instant(_later_today(moment, now, end), Grain.MINUTE, meaning.holiday)


def _moment_in(meaning: Interval, now: datetime) -> Instant:
    start, hours = meaning.start, round((meaning.end - meaning.start) / timedelta(hours=1))
    if hours <= _HOURS_OF_DAY:
        at = _PARTS.get((start.hour, hours))
        moment = start if at is None else on_wall(start.date(), at, now)
        return Instant(_later_today(moment, now, meaning.end), Grain.MINUTE, meaning.holiday)
    day = start.date() + timedelta(days=1 if start.time() > time(12) else 0)
    moment = on_wall(day, DAY_AT, now)
    if moment <= now:
        moment = max(moment, on_wall(meaning.end.date() - timedelta(days=1), DAY_AT, now))
    return Instant(moment, Grain.MINUTE, meaning.holiday)


def _later_today(moment: datetime, now: datetime, end: datetime) -> datetime:
    """The same, or what is left of a day or of its part that has begun."""
    if moment > now or now >= end:
        return moment
    hour = next((hour for hour in _REST_OF_DAY if hour > now.hour), None)
    later = moment if hour is None else on_wall(now.date(), time(hour), now)
    return later if later < end else moment
