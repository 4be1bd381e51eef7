"""What repeats, as said → an RFC 5545 rule and its first time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from dateutil.rrule import rrulestr

from assistant.core.schedule import Repeat
from assistant.core.values import Grain
from assistant.language.time.spans import plus

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SEARCHED = 2000
"""So many occurrences are looked at for the first that is to come; a rule that has none by then has none."""
_MOMENT = timedelta(seconds=1)


class Frequency(StrEnum):
    """RFC 5545, 3.3.10; no one means seconds."""

    MINUTELY = "MINUTELY"
    HOURLY = "HOURLY"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


ELAPSED = {Frequency.MINUTELY: timedelta(minutes=1), Frequency.HOURLY: timedelta(hours=1)}
"""These count elapsed time, from now or from a start."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The days that a rule names. `weekdays` holds (nth, weekday): nth 0 is every one, -1 the last of its month."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    month: int | None = None
    hours: tuple[int, ...] = ()
    """Of the day; for "every two hours between nine and five"."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a rule begins and ends, in naive local time. At most one of `until`, `lasting` and `count` is set."""

    since: datetime | None = None
    """Nothing comes before it. Midnight for a day; a pattern without days of its own starts exactly here."""
    until: datetime | None = None
    """Nothing comes at or after it."""
    lasting: tuple[tuple[int, Grain], ...] = ()
    """Whole units, counted from the first time, exclusive."""
    count: int | None = None
    without: tuple[date, ...] = ()
    """Days on which it does not come."""


def without_weekdays(pattern: Pattern, left_out: tuple[int, ...]) -> Pattern | None:
    """ "Every day except sunday": the other days of the week. None if no day is left, or weeks are not what is said."""
    if pattern.frequency is Frequency.DAILY and pattern.interval == 1:
        days = tuple((0, day) for day in range(7) if day not in left_out)
        pattern = replace(pattern, frequency=Frequency.WEEKLY)
    elif pattern.frequency is Frequency.WEEKLY:
        days = tuple(each for each in pattern.weekdays if each[1] not in left_out)
    else:
        return None
    return replace(pattern, weekdays=days) if days else None


def repeat_from(pattern: Pattern, at: tuple[time, ...], bounds: Bounds, now: datetime) -> Repeat | None:
    """The rule with its first time after `now` (naive local); None if it never comes.

    `at` are the times of day, at least one, with the same minute; it is ignored by rules of elapsed time."""
    elapsed = ELAPSED.get(pattern.frequency)
    if elapsed is not None:
        first: datetime | None = bounds.since or now + elapsed * pattern.interval
    else:
        first = _first(pattern, at, bounds, now)
    if first is None or (bounds.until is not None and first >= bounds.until):
        return None
    rule = rule_text(pattern, tuple(each.hour for each in at) if len(at) > 1 else ())
    end = _end(bounds, first)
    if end is not None:
        rule += end
    skipped = _skipped(rule, first, bounds)
    return Repeat(rule, first, skipped)


def rule_text(pattern: Pattern, hours: tuple[int, ...] = ()) -> str:
    """The RRULE without DTSTART and end."""
    parts = [f"FREQ={pattern.frequency.value}"]
    if pattern.interval != 1:
        parts.append(f"INTERVAL={pattern.interval}")
    if pattern.month is not None:
        parts.append(f"BYMONTH={pattern.month}")
    if pattern.month_days:
        parts.append("BYMONTHDAY=" + ",".join(map(str, pattern.month_days)))
    if pattern.weekdays:
        parts.append("BYDAY=" + ",".join(f"{nth or ''}{WEEKDAYS[day]}" for nth, day in pattern.weekdays))
    if hours := pattern.hours or hours:
        parts.append("BYHOUR=" + ",".join(map(str, sorted(hours))))
    return ";".join(parts)


def _first(pattern: Pattern, at: tuple[time, ...], bounds: Bounds, now: datetime) -> datetime | None:
    """The first time after now that fits; with every second week or day, counting begins there."""
    begin = max(now, bounds.since) if bounds.since is not None else now
    every = replace(pattern, interval=1)
    hours = pattern.hours or tuple(sorted(each.hour for each in at))
    midnight = datetime.combine(begin.date(), time(hours[0], at[0].minute))
    text = rule_text(replace(every, hours=hours if len(hours) > 1 else ()))
    for found in _expanded(text, midnight, _SEARCHED):
        if found >= begin and found > now and found.date() not in bounds.without:
            return found
    return None


def _end(bounds: Bounds, first: datetime) -> str | None:
    if bounds.count is not None:
        return f";COUNT={bounds.count}"
    until = bounds.until
    if bounds.lasting:
        until = first
        for amount, grain in bounds.lasting:
            until = plus(until, grain, amount)
    return None if until is None else f";UNTIL={until - _MOMENT:%Y%m%dT%H%M%S}"


def _skipped(rule: str, first: datetime, bounds: Bounds) -> tuple[datetime, ...]:
    """Occurrences on the days that were left out."""
    if not bounds.without:
        return ()
    last = max(bounds.without) + timedelta(days=1)
    found: list[datetime] = []
    for each in _expanded(rule, first, _SEARCHED):
        if each.date() >= last:
            break
        if each.date() in bounds.without:
            found.append(each)
    return tuple(found)


def _expanded(rule: str, start: datetime, limit: int) -> Iterator[datetime]:
    return islice(iter(rrulestr(rule, dtstart=start)), limit)
