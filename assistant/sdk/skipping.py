"""Leaving out some of the times at which something comes again."""

from __future__ import annotations

from dataclasses import replace

from assistant.core.errors import InputError
from assistant.core.schedule import Change, ScheduledItem
from assistant.core.turn import Outcome, TimeValue
from assistant.core.values import Grain, Instant, Interval
from assistant.sdk.choosing import falls_in, span_of
from assistant.sdk.context import Context
from assistant.sdk.planning import wall
from assistant.sdk.telling import described


async def leave_out(ctx: Context, item: ScheduledItem, when: TimeValue | None = None) -> Outcome:
    """Leave out the times of a rule that fall into the span named, else its next one. Reply keys: `skipped` (value
    skipped beside those of `described`); `cancelled` when no time is left."""
    span = span_of(when) if when is not None else None
    instants = falls_in(ctx, item, *span) if span is not None else ()
    gone = instants[0] if instants else item.due_at
    try:
        if item.repeat is None or not instants or list(instants) == [item.due_at]:
            changed = await ctx.schedule.skip_next(item.id)
        else:
            excepted = (*item.repeat.except_local, *(wall(at, ctx) for at in instants))
            changed = await ctx.schedule.change(item.id, Change(repeat=replace(item.repeat, except_local=excepted)))
    except InputError:
        await ctx.schedule.cancel([item.id])
        return Outcome.done("cancelled", **described(ctx, item))
    left_out = gone.astimezone(ctx.zone) if gone is not None else None
    return Outcome.done("skipped", skipped=left_out, **described(ctx, changed))


def names_a_day(when: TimeValue | None) -> bool:
    """True for a day or a longer time, in which something that repeats is meant for once."""
    if isinstance(when, Interval):
        return True
    return isinstance(when, Instant) and when.grain not in (Grain.SECOND, Grain.MINUTE, Grain.HOUR)
