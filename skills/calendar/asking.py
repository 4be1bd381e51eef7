"""What is on, what comes next, and when there is time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from assistant.sdk import (
    Context,
    Grain,
    Instant,
    Interval,
    Occurrence,
    Outcome,
    SlotValue,
    TimeValue,
    sayable,
    span_of,
    wall,
)

from .adding import USUAL, said_of
from .finding import Described, coming

TOLD = 4
"""So many events are told one by one; of the others only how many they are."""
FREE_TOLD = 3
SHORTEST = timedelta(minutes=30)
"""Less time than this between two events is no free time."""
DAY_FROM, DAY_TO = time(8), time(20)
"""The hours of a day in which somebody is asked for."""
A_DAY = timedelta(days=1)


async def agenda(ctx: Context, when: TimeValue | None) -> Outcome:
    """What takes place in a span of time; without one, today."""
    when = when or Instant(_midnight(ctx, ctx.local_now().date()), Grain.DAY)
    span = span_of(when)
    if span is None:
        return Outcome.refused("which_day")
    start, end = _widened(when, span)
    found = [each for each in await ctx.calendar.between(start, end) if each.end_at > min(ctx.clock.now(), end)]
    one_day = end - start <= A_DAY
    values: dict[str, SlotValue] = {"count": len(found), "more": max(0, len(found) - TOLD), "then": sayable(when)}
    for place in range(1, TOLD + 1):
        here = found[place - 1] if place <= len(found) else None
        values[f"label{place}"] = here.event.label if here else ""
        values[f"at{place}"] = _at(ctx, here, one_day) if here else None
    return Outcome.told("agenda", **values)


async def next_event(ctx: Context, described: Described) -> Outcome:
    """The next event that fits, and when it is."""
    found = [each for each in await coming(ctx, described) if each.end_at > ctx.clock.now()]
    if not found and (described.name or described.when):
        return Outcome.not_found("no_such", name=described.name, when=sayable(described.when))
    if not found:
        return Outcome.told("nothing_coming")
    ahead = [each for each in found if each.start_at >= ctx.clock.now()] or found
    first = ahead[0]
    ended = first.start_local + (first.event.end_local - first.event.start_local)
    left = first.start_at - ctx.clock.now()
    days = (first.start_local.date() - ctx.local_now().date()).days
    return Outcome.told("next", left=left, days=days, **said_of(ctx, first.event, first.start_local, ended))


async def free(ctx: Context, when: TimeValue | None) -> Outcome:
    """Whether there is time then; for a day or part of it, from when to when."""
    when = when or Instant(_midnight(ctx, ctx.local_now().date()), Grain.DAY)
    span = span_of(when)
    if span is None:
        return Outcome.refused("which_day")
    if isinstance(when, Instant) and when.grain in (Grain.SECOND, Grain.MINUTE, Grain.HOUR):
        busy = await _busy(ctx, when.at, when.at + USUAL)
        key = "busy_then" if busy else "free_then"
        return Outcome.told(key, then=when, label=busy[0].event.label if busy else "", is_free=not busy)
    if span[1] - span[0] > 8 * A_DAY:
        return Outcome.refused("which_day")
    return await _gaps(ctx, when, _waking(ctx, when, span))


async def _gaps(ctx: Context, when: TimeValue, stretches: Sequence[tuple[datetime, datetime]]) -> Outcome:
    gaps: list[Interval] = []
    is_any_busy = False
    for start, end in stretches:
        busy = await _busy(ctx, start, end)
        is_any_busy = is_any_busy or bool(busy)
        gaps += _between(start, end, busy)
    values: dict[str, SlotValue] = {f"free{place}": None for place in range(1, FREE_TOLD + 1)}
    values |= {f"free{place}": gap for place, gap in enumerate(gaps[:FREE_TOLD], 1)}
    key = "free_at" if gaps and is_any_busy else "free_all" if gaps else "busy_all"
    return Outcome.told(key, then=sayable(when), count=len(gaps), is_free=bool(gaps), **values)


def _between(start: datetime, end: datetime, busy: Sequence[Occurrence]) -> list[Interval]:
    """The time between those, in wall time of `start`'s zone."""
    gaps, free_from = [], start
    for each in busy:
        if each.start_at - free_from >= SHORTEST:
            gaps.append(Interval(free_from, each.start_at.astimezone(start.tzinfo), Grain.MINUTE))
        free_from = max(free_from, each.end_at.astimezone(start.tzinfo))
    if end - free_from >= SHORTEST:
        gaps.append(Interval(free_from, end, Grain.MINUTE))
    return gaps


async def _busy(ctx: Context, start: datetime, end: datetime) -> Sequence[Occurrence]:
    return [each for each in await ctx.calendar.between(start, end) if not each.event.is_all_day]


def _waking(ctx: Context, when: TimeValue, span: tuple[datetime, datetime]) -> Sequence[tuple[datetime, datetime]]:
    """The hours of each day that count, from now on; the very hours, where hours were said."""
    now = ctx.local_now()
    if isinstance(when, Interval) and span[1] - span[0] < A_DAY:
        morning = _on(ctx, wall(span[0], ctx).date(), DAY_FROM)
        start = max(span[0], morning) if morning < span[1] else span[0]
        return [(max(start, now), span[1])]
    first, last = wall(span[0], ctx).date(), wall(span[1] - timedelta(seconds=1), ctx).date()
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    stretches = [(max(_on(ctx, day, DAY_FROM), now), _on(ctx, day, DAY_TO)) for day in days]
    return [(start, end) for start, end in stretches if start < end]


def _widened(when: TimeValue, span: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """ "At three" asks for the hour, and a weekend has all of its friday evening and no more."""
    if isinstance(when, Instant) and when.grain in (Grain.SECOND, Grain.MINUTE, Grain.HOUR):
        return span[0], span[0] + timedelta(minutes=59)
    return span


def _at(ctx: Context, occurrence: Occurrence, one_day: bool) -> SlotValue:
    """A time of the day where the day is known, else day and time; the day alone for what lasts all day."""
    if occurrence.event.is_all_day:
        return None if one_day else occurrence.start_local.date()
    local = occurrence.start_at.astimezone(ctx.zone)
    return local.time() if one_day else local


def _midnight(ctx: Context, day: date) -> datetime:
    return _on(ctx, day, time())


def _on(ctx: Context, day: date, at: time) -> datetime:
    return datetime.combine(day, at, ctx.zone)
