"""Taking alarms away: one, all, or one time of an alarm that repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from assistant.sdk import (
    Change,
    Context,
    Grain,
    InputError,
    Instant,
    Interval,
    ItemKind,
    Outcome,
    ScheduledItem,
    TimeValue,
    Wanted,
    falls_in,
    items_meant,
    span_of,
    the_item,
    wall,
)

from .telling import described, sayable


async def cancel_one(ctx: Context, wanted: Wanted) -> Outcome:
    """Cancel the alarm that is meant; one that repeats is left out on the day that was named."""
    alarm = the_item(ctx, ctx.schedule.pending(ItemKind.ALARM), wanted)
    if isinstance(alarm, Outcome):
        return alarm
    if alarm.repeat is not None and _names_a_day(wanted.when):
        return await _leave_out(ctx, alarm, wanted.when)
    await ctx.schedule.cancel([alarm.id])
    return Outcome.done("cancelled", **described(ctx, alarm))


async def cancel_all(ctx: Context, when: TimeValue | None) -> Outcome:
    """Cancel those of a time at once, and all there are after a yes."""
    alarms = ctx.schedule.pending(ItemKind.ALARM)
    found = items_meant(ctx, alarms, Wanted(when=when))
    if not alarms:
        return Outcome.not_found("none")
    if not found:
        return Outcome.not_found("no_such", name="", when=sayable(when))
    if when is None and len(found) > 1 and not ctx.is_confirmed:
        return ctx.confirm("cancel_all_sure", count=len(found))
    once = [alarm for alarm in found if alarm.repeat is None or not _names_a_day(when)]
    for alarm in found:
        if alarm not in once:
            await _leave_out(ctx, alarm, when)
    await ctx.schedule.cancel([alarm.id for alarm in once])
    skipped = len(found) - len(once)
    return Outcome.done("cancelled_all", count=len(found), skipped=skipped, then=sayable(when))


async def skip(ctx: Context, wanted: Wanted) -> Outcome:
    """Leave out the next time of an alarm that repeats; one that doesn't is over then."""
    alarms = ctx.schedule.pending(ItemKind.ALARM)
    alarm = alarms[0] if alarms and not wanted.is_described else the_item(ctx, alarms, wanted)
    if isinstance(alarm, Outcome):
        return alarm
    if alarm.repeat is None:
        await ctx.schedule.cancel([alarm.id])
        return Outcome.done("cancelled", **described(ctx, alarm))
    if _names_a_day(wanted.when):
        return await _leave_out(ctx, alarm, wanted.when)
    return await _skip_next(ctx, alarm)


async def _skip_next(ctx: Context, alarm: ScheduledItem) -> Outcome:
    try:
        changed = await ctx.schedule.skip_next(alarm.id)
    except InputError:
        await ctx.schedule.cancel([alarm.id])
        return Outcome.done("cancelled", **described(ctx, alarm))
    left_out = alarm.due_at.astimezone(ctx.zone) if alarm.due_at is not None else None
    return Outcome.done("skipped", skipped=left_out, **described(ctx, changed))


async def _leave_out(ctx: Context, alarm: ScheduledItem, when: TimeValue | None) -> Outcome:
    """The times of a rule that fall into the span that was named do not come."""
    span = span_of(when) if when is not None else None
    instants = falls_in(ctx, alarm, *span) if span is not None else ()
    if alarm.repeat is None or not instants or list(instants) == [alarm.due_at]:
        return await _skip_next(ctx, alarm)
    gone = tuple(wall(at, ctx) for at in instants)
    repeat = replace(alarm.repeat, except_local=(*alarm.repeat.except_local, *gone))
    changed = await ctx.schedule.change(alarm.id, Change(repeat=repeat))
    return Outcome.done("skipped", skipped=_aware(ctx, instants[0]), **described(ctx, changed))


def _aware(ctx: Context, at: datetime) -> datetime:
    return at.astimezone(ctx.zone)


def _names_a_day(when: TimeValue | None) -> bool:
    if isinstance(when, Interval):
        return True
    return isinstance(when, Instant) and when.grain not in (Grain.SECOND, Grain.MINUTE, Grain.HOUR)
