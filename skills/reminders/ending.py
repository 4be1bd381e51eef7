"""The end of reminders: done, cancelled, or left out once."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.sdk import (
    Context,
    ItemKind,
    Outcome,
    ScheduledItem,
    SlotKind,
    Wanted,
    by_name,
    described,
    items_meant,
    leave_out,
    names_a_day,
    sayable,
    the_item,
)

ASKED = 5
"""So many are named in a question."""


async def cancel_one(ctx: Context, wanted: Wanted) -> Outcome:
    """Cancel the reminder that is meant; one that repeats is left out on the day that was named."""
    reminder = _the_one(ctx, wanted)
    if isinstance(reminder, Outcome):
        return reminder
    if reminder.repeat is not None and names_a_day(wanted.when):
        return await leave_out(ctx, reminder, wanted.when)
    await ctx.schedule.cancel([reminder.id])
    return Outcome.done("cancelled", what=reminder.label, **described(ctx, reminder))


async def skip(ctx: Context, wanted: Wanted) -> Outcome:
    """Leave out the next time of a reminder; one that comes once is over then."""
    reminder = _the_one(ctx, wanted)
    if isinstance(reminder, Outcome):
        return reminder
    return await leave_out(ctx, reminder, wanted.when if names_a_day(wanted.when) else None)


async def cancel_all(ctx: Context, wanted: Wanted) -> Outcome:
    """Cancel those of a time or about something at once, and all there are after a yes."""
    when = wanted.when
    reminders = ctx.schedule.pending(ItemKind.REMINDER)
    found = items_meant(ctx, reminders, wanted)
    if not reminders:
        return Outcome.not_found("none")
    if not found:
        return Outcome.not_found("no_such", name=wanted.name, when=sayable(when))
    if not wanted.is_described and len(found) > 1 and not ctx.is_confirmed:
        return ctx.confirm("cancel_all_sure", count=len(found))
    left_out = [each for each in found if each.repeat is not None and names_a_day(when)]
    await ctx.schedule.cancel([each.id for each in found if each not in left_out])
    for each in left_out:
        await leave_out(ctx, each, when)
    return Outcome.done("cancelled_all", count=len(found), skipped=len(left_out), then=sayable(when))


async def done(ctx: Context, what: str) -> Outcome:
    """What rings or was missed is done; else what is to come today, so that nobody is reminded in vain."""
    told = [each for each in (*ctx.schedule.ringing(), *ctx.schedule.missed()) if each.kind is ItemKind.REMINDER]
    reminder = _about(told, what) or _about(ctx.schedule.pending(ItemKind.REMINDER), what)
    if reminder is None:
        return await _over_already(ctx, what)
    today = ctx.local_now().date()
    comes_today = reminder.due_local is not None and reminder.due_local.date() == today
    if reminder not in told and reminder.repeat is not None and not comes_today:
        return Outcome.done("done_again", **described(ctx, reminder))
    await ctx.schedule.complete(reminder.id)
    return Outcome.done("done", what=reminder.label, **described(ctx, reminder))


async def _over_already(ctx: Context, what: str) -> Outcome:
    reminder = _about(await ctx.schedule.recent(ItemKind.REMINDER), what)
    if reminder is None:
        return Outcome.not_found("no_such", name=what, when=None)
    return Outcome.done("done", what=reminder.label, **described(ctx, reminder))


def _about(reminders: Sequence[ScheduledItem], what: str) -> ScheduledItem | None:
    """The soonest that is about this. How a deed is told differs from how it is asked for ("took", "take"), so its
    first word need not fit."""
    found = by_name(reminders, what, lambda each: each.label)
    rest = what.partition(" ")[2]
    found = found or (by_name(reminders, rest, lambda each: each.label) if rest else ())
    return found[0] if found else None


def _the_one(ctx: Context, wanted: Wanted) -> ScheduledItem | Outcome:
    reminders = ctx.schedule.pending(ItemKind.REMINDER)
    found = items_meant(ctx, reminders, wanted)
    names = tuple(dict.fromkeys(each.label for each in found))
    if len(found) > 1 and len(names) == 1:
        return found[0]
    if len(names) > 1:
        return ctx.ask("which_name", "what", SlotKind.TEXT, names=names[:ASKED])
    return the_item(ctx, reminders, wanted, ("what", "when"))
