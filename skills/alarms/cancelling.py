"""Taking alarms away: one, all, or one time of an alarm that repeats."""

from __future__ import annotations

from assistant.sdk import (
    Context,
    ItemKind,
    Outcome,
    TimeValue,
    Wanted,
    described,
    items_meant,
    leave_out,
    names_a_day,
    sayable,
    the_item,
)


async def cancel_one(ctx: Context, wanted: Wanted) -> Outcome:
    """Cancel the alarm that is meant; one that repeats is left out on the day that was named."""
    alarm = the_item(ctx, ctx.schedule.pending(ItemKind.ALARM), wanted)
    if isinstance(alarm, Outcome):
        return alarm
    if alarm.repeat is not None and names_a_day(wanted.when):
        return await leave_out(ctx, alarm, wanted.when)
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
    left_out = [alarm for alarm in found if alarm.repeat is not None and names_a_day(when)]
    await ctx.schedule.cancel([alarm.id for alarm in found if alarm not in left_out])
    for alarm in left_out:
        await leave_out(ctx, alarm, when)
    return Outcome.done("cancelled_all", count=len(found), skipped=len(left_out), then=sayable(when))


async def skip(ctx: Context, wanted: Wanted) -> Outcome:
    """Leave out the next time of an alarm that repeats; one that doesn't is over then."""
    alarms = ctx.schedule.pending(ItemKind.ALARM)
    alarm = alarms[0] if alarms and not wanted.is_described else the_item(ctx, alarms, wanted)
    if isinstance(alarm, Outcome):
        return alarm
    return await leave_out(ctx, alarm, wanted.when if names_a_day(wanted.when) else None)
