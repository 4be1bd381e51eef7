"""The occurrences of a rule as instants: wall time in a zone, or elapsed time; pure, and bounded in what it costs."""

from __future__ import annotations

import heapq
from calendar import isleap, monthrange
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, takewhile
from zoneinfo import ZoneInfo

from assistant.core.errors import InputError
from assistant.core.schedule import Repeat
from assistant.schedule.rules import Frequency, Rule, rule_from_text
from assistant.schedule.wall import instant_from_local, local_from_instant

QUIET = timedelta(days=3660)
"""A rule without an occurrence for so long has ended."""
MAX_STEPS = 6_000
"""Periods of elapsed time that are looked at for the next one that fits."""
YEARS = (1900, 2200)
"""A rule starts within these years."""
_LAST_YEAR = 9000
_LONGEST_GAP = timedelta(days=1)
"""No zone ever left out more of its wall time than one day."""
_WINDOWS = (timedelta(hours=2), timedelta(days=2), timedelta(days=64), timedelta(days=800))


def check(repeat: Repeat) -> None:
    """Raises InputError for a rule that can't be used, or a start beyond belief."""
    rule_from_text(repeat.rule)
    if repeat.start_local.tzinfo is not None or not YEARS[0] <= repeat.start_local.year <= YEARS[1]:
        raise InputError("a rule starts at a wall time without zone", why=f"between {YEARS[0]} and {YEARS[1]}")


def instants(repeat: Repeat, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Occurrences later than `after` as aware UTC, in order, each instant once. May go on for centuries."""
    rule = rule_from_text(repeat.rule)
    if rule.until is not None and rule.until.tzinfo is not None:
        rule = replace(rule, until=local_from_instant(rule.until, zone).replace(fold=0))
    if rule.step is not None:
        found = _elapsed(rule, rule.step, repeat, zone, after)
    else:
        since = local_from_instant(after, zone) - _LONGEST_GAP
        left_out = frozenset(repeat.except_local)
        walls = (wall for wall in _walls(rule, repeat.start_local, since) if wall not in left_out)
        found = _in_order(walls, zone)
    return (at for at in found if at > after)


def next_after(repeat: Repeat, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first occurrence later than `after`; None when there is none for ten years."""
    return next(instants(repeat, zone, after), None)


def latest_until(repeat: Repeat, zone: ZoneInfo, after: datetime, until: datetime) -> datetime | None:
    """The last occurrence later than `after` and not later than `until`."""
    is_counted = rule_from_text(repeat.rule).count is not None
    for window in (until - after,) if is_counted else (*_WINDOWS, until - after):
        since = max(after, until - window)
        latest = deque(takewhile(lambda at: at <= until, instants(repeat, zone, since)), maxlen=1)
        if latest or since == after:
            return latest[0] if latest else None
    return None


def is_occurrence(repeat: Repeat, start_local: datetime) -> bool:
    """True when the rule has an occurrence at that wall time."""
    at = start_local.replace(tzinfo=UTC)
    return next_after(repeat, ZoneInfo("UTC"), at - timedelta(microseconds=1)) == at


def _in_order(walls: Iterator[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    """Wall times in a gap move behind it, where others may be before them or at the same instant."""
    moved: list[datetime] = []
    for wall in walls:
        at = instant_from_local(wall, zone)
        if local_from_instant(at, zone).replace(fold=0) != wall:
            heapq.heappush(moved, at)
            continue
        while moved and moved[0] < at:
            yield heapq.heappop(moved)
        while moved and moved[0] == at:
            heapq.heappop(moved)
        yield at
    yield from sorted(set(moved))


# ── wall time ────────────────────────────────────────────────────────────────────────────────────


def _walls(rule: Rule, start: datetime, since: datetime) -> Iterator[datetime]:
    """Wall times not before `since`, in order. Where they have to be counted, it begins at the start."""
    rule = _completed(rule, start)
    times = sorted(time(h, m, s) for h in rule.hours for m in rule.minutes for s in rule.seconds)
    left = rule.count
    first = 0 if left is not None else _period_of(rule, start, max(start, since))
    heard = max(start, since) if left is None else start
    for number in count(first):
        begin, days = _period(rule, start.date(), number)
        if begin is None or datetime.combine(begin, time()) > heard + QUIET:
            return
        for wall in _picked(rule, days, times):
            if wall < start:
                continue
            if (rule.until is not None and wall > rule.until) or left == 0:
                return
            left = None if left is None else left - 1
            heard = max(heard, wall)
            if wall >= since:
                yield wall


def _completed(rule: Rule, start: datetime) -> Rule:
    """What a rule doesn't say is taken from its start."""
    months, month_days, weekdays = rule.months, rule.month_days, rule.weekdays
    if not rule.names_days:
        if rule.frequency is Frequency.YEARLY:
            months, month_days = months or frozenset({start.month}), frozenset({start.day})
        elif rule.frequency is Frequency.MONTHLY:
            month_days = frozenset({start.day})
        elif rule.frequency is Frequency.WEEKLY:
            weekdays = frozenset({(0, start.weekday())})
    return replace(
        rule,
        months=months,
        month_days=month_days,
        weekdays=weekdays,
        hours=rule.hours or frozenset({start.hour}),
        minutes=rule.minutes or frozenset({start.minute}),
        seconds=rule.seconds or frozenset({start.second}),
    )


def _period_of(rule: Rule, start: datetime, moment: datetime) -> int:
    """The number of the last period that begins at or before `moment`."""
    match rule.frequency:
        case Frequency.YEARLY:
            units = moment.year - start.year
        case Frequency.MONTHLY:
            units = (moment.year - start.year) * 12 + moment.month - start.month
        case Frequency.WEEKLY:
            units = (moment.date() - _week_begin(start.date(), rule.week_start)).days // 7
        case _:
            units = (moment.date() - start.date()).days
    return units // rule.interval


def _period(rule: Rule, start: date, number: int) -> tuple[date | None, list[date]]:
    """First day of a period, and those of its days that fit; None after the end of the calendar."""
    units = number * rule.interval
    try:
        match rule.frequency:
            case Frequency.YEARLY:
                begin = date(start.year + units, 1, 1)
                months = sorted(rule.months) or range(1, 13)
                days = [day for month in months for day in _month(begin.year, month)]
            case Frequency.MONTHLY:
                years, month = divmod(start.month - 1 + units, 12)
                begin = date(start.year + years, month + 1, 1)
                days = _month(begin.year, begin.month)
            case Frequency.WEEKLY:
                begin = _week_begin(start, rule.week_start) + timedelta(weeks=units)
                days = [begin + timedelta(days=each) for each in range(7)]
            case _:
                begin = start + timedelta(days=units)
                days = [begin]
    except (OverflowError, ValueError):
        return None, []
    return (begin, [day for day in days if _fits(rule, day)]) if begin.year < _LAST_YEAR else (None, [])


def _picked(rule: Rule, days: Sequence[date], times: Sequence[time]) -> Iterator[datetime]:
    """All times on all days, or those whose places in the period are asked for."""
    walls = (datetime.combine(day, at) for day in days for at in times)
    if not rule.positions:
        yield from walls
        return
    listed = list(walls)
    places = {place - 1 if place > 0 else len(listed) + place for place in rule.positions}
    yield from (listed[place] for place in sorted(places) if 0 <= place < len(listed))


def _fits(rule: Rule, day: date) -> bool:
    """Whether a day is one of those that the rule's day parts leave."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days and not _either(rule.month_days, day.day, monthrange(day.year, day.month)[1]):
        return False
    if rule.year_days and not _either(rule.year_days, day.timetuple().tm_yday, _year_length(day.year)):
        return False
    if rule.week_numbers and not _either(rule.week_numbers, *_week_of(day)):
        return False
    return not rule.weekdays or _is_weekday(rule, day)


def _either(wanted: frozenset[int], place: int, length: int) -> bool:
    """Whether a place is wanted, counted from the front or (negative) from the end."""
    return place in wanted or place - length - 1 in wanted


def _is_weekday(rule: Rule, day: date) -> bool:
    weekday = day.weekday()
    if (0, weekday) in rule.weekdays:
        return True
    if rule.frequency is Frequency.MONTHLY or rule.months:
        place, length = day.day, monthrange(day.year, day.month)[1]
    else:
        place, length = day.timetuple().tm_yday, _year_length(day.year)
    from_front, from_end = (place - 1) // 7 + 1, -((length - place) // 7 + 1)
    return (from_front, weekday) in rule.weekdays or (from_end, weekday) in rule.weekdays


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _week_begin(day: date, week_start: int) -> date:
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def _week_of(day: date) -> tuple[int, int]:
    """ISO week, and how many its year has."""
    year, week, _ = day.isocalendar()
    return week, date(year, 12, 28).isocalendar().week


def _year_length(year: int) -> int:
    return 366 if isleap(year) else 365


# ── elapsed time ─────────────────────────────────────────────────────────────────────────────────


def _elapsed(rule: Rule, step: timedelta, repeat: Repeat, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Instants a fixed time apart; those whose wall time doesn't fit are left out."""
    start = instant_from_local(repeat.start_local, zone)
    left_out = frozenset(repeat.except_local)
    end = None if rule.count is None else start + (rule.count - 1) * step
    number, misses, heard = max(0, (after - start) // step), 0, max(start, after)
    while misses < MAX_STEPS and (at := start + number * step) <= heard + QUIET:
        wall = local_from_instant(at, zone)
        if (end is not None and at > end) or (rule.until is not None and wall.replace(fold=0) > rule.until):
            return
        wait = _until_it_may_fit(rule, wall)
        if wait is None:
            misses, heard = 0, at
            number += 1
            if wall.replace(fold=0) not in left_out:
                yield at
        else:
            misses += 1
            number += max(1, -(-wait // step))


def _until_it_may_fit(rule: Rule, wall: datetime) -> timedelta | None:
    """None when a wall time fits; else a time before whose end it can't, whatever the clocks are set to meanwhile.

    Clocks are set at full and half hours, by at most two hours but for the day that a few islands left out."""
    to_half_hour = timedelta(minutes=30 - wall.minute % 30) - timedelta(seconds=wall.second)
    if rule.months and wall.month not in rule.months:
        next_month = datetime(wall.year + wall.month // 12, wall.month % 12 + 1, 1)
        return max(next_month - wall.replace(fold=0) - _LONGEST_GAP, to_half_hour)
    if not _fits(rule, wall.date()):
        to_midnight = datetime.combine(wall.date() + timedelta(days=1), time()) - wall.replace(fold=0)
        return max(to_midnight - timedelta(hours=2), to_half_hour)
    if rule.hours and wall.hour not in rule.hours:
        return to_half_hour
    if rule.minutes and wall.minute not in rule.minutes:
        return timedelta(minutes=1)
    return None
