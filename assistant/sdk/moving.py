"""Moving what is to come: by some time, to another day, to a time near to what it was, or to a new rule."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from assistant.core.errors import InputError
from assistant.core.schedule import Change, Repeat, ScheduledItem
from assistant.core.turn import Outcome, TimeValue
from assistant.core.values import Direction, Grain, Instant, Interval, Length, Offset, Recurrence
from assistant.language.asked import time_of
from assistant.language.moments import moment_of
from assistant.sdk.context import Context
from assistant.sdk.planning import wall

CLOCK_GRAINS = frozenset({Grain.SECOND, Grain.MINUTE, Grain.HOUR})
A_DAY = timedelta(days=1)
NEAR = timedelta(hours=6)
"""A bare hour is read from so long before the old time on: of two, the nearer one is meant."""


async def move_item(
    ctx: Context, item: ScheduledItem, to: TimeValue, *, words: str = "", is_once: bool = False
) -> ScheduledItem | Outcome:
    """Move an alarm or reminder. `words` are those that `to` was read from; `is_once`: of a rule, its next time only.

    Else an outcome with the reply key `passed` (when) or `cannot_move`."""
    if isinstance(to, Recurrence):
        return await _changed(ctx, item, Change(repeat=to.repeat))
    if item.due_local is None:
        return Outcome.refused("cannot_move")
    due_local = moved(ctx, item.due_local, to, words)
    if due_local is None:
        return Outcome.refused("cannot_move")
    if due_local.replace(tzinfo=ctx.zone) <= ctx.clock.now():
        if not isinstance(to, Offset):
            return Outcome.refused("passed", when=due_local.replace(tzinfo=ctx.zone))
        due_local += A_DAY if item.repeat is not None else timedelta()
    return await move_item_to(ctx, item, due_local, is_once=is_once)


async def move_item_to(
    ctx: Context, item: ScheduledItem, due_local: datetime, *, is_once: bool = False
) -> ScheduledItem | Outcome:
    """Move an item to a wall time; one that repeats moves every time it comes, unless the day changes."""
    repeat, old = item.repeat, item.due_local
    if repeat is None or old is None or is_once or old.date() != due_local.date() or "BYHOUR" in repeat.rule:
        return await _changed(ctx, item, Change(due_local=due_local))
    start = repeat.start_local + (due_local - old)
    excepted = tuple(each + (due_local - old) for each in repeat.except_local)
    return await _changed(ctx, item, Change(repeat=Repeat(repeat.rule, start, excepted)))


def moved(ctx: Context, old: datetime, to: TimeValue, words: str = "") -> datetime | None:
    """A wall time moved; None for what moves nothing."""
    match to:
        case Offset(by=Length() as by, reference=""):
            return old - by.span if to.direction is Direction.BEFORE else old + by.span
        case Instant(grain=grain) if grain not in CLOCK_GRAINS:
            return datetime.combine(wall(to.at, ctx).date(), old.time())
        case Instant():
            return wall(_nearest(ctx, old, to, words).at, ctx)
        case Interval() if to.end - to.start > A_DAY or to.start.time() == time():
            return datetime.combine(wall(to.start, ctx).date(), old.time())
        case Interval():
            return wall(moment_of(to, ctx.local_now()).at, ctx)
        case _:
            return None


def _nearest(ctx: Context, old: datetime, to: Instant, words: str) -> Instant:
    """ "Make it eight": the eight that is nearest to the old time; a time with its day stays what it is."""
    if not words or to.is_elapsed or to.at - ctx.clock.now() > A_DAY:
        return to
    start = max(old.replace(tzinfo=ctx.zone) - NEAR, ctx.local_now())
    again = time_of(words, ctx.reading(start))
    return again if isinstance(again, Instant) and again.at > ctx.clock.now() else to


async def _changed(ctx: Context, item: ScheduledItem, change: Change) -> ScheduledItem | Outcome:
    try:
        return await ctx.schedule.change(item.id, change)
    except InputError:
        if isinstance(change.due_local, datetime):
            return Outcome.refused("passed", when=change.due_local.replace(tzinfo=ctx.zone))
        return Outcome.refused("cannot_move")
