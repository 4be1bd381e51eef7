"""Moving, renaming and cancelling events, one time of them or all."""

from __future__ import annotations

from datetime import datetime, timedelta

from assistant.sdk import (
    Context,
    Event,
    Grain,
    InputError,
    Instant,
    NewEvent,
    Occurrence,
    Outcome,
    Recurrence,
    TimeValue,
    moved,
    sayable,
    span_of,
    wall,
)

from .adding import MAX_LABEL, said_of, slot_from
from .finding import Described, Scope, scope_from, the_event


async def move(ctx: Context, described: Described, to: TimeValue, scope: str | None) -> Outcome:
    """Move an event to another time; it lasts as long as before unless an end was said."""
    found = await the_event(ctx, described)
    if isinstance(found, Outcome):
        return found
    start = moved(ctx, found.start_local, to, ctx.command.words.get("to", ""))
    if start is None or isinstance(to, Recurrence):
        return Outcome.refused("cannot_move")
    lasted = found.event.end_local - found.event.start_local
    slot = slot_from(ctx, to, lasted)
    end = slot.end if slot is not None and not slot.is_all_day and slot.start == start else start + lasted
    return await _move(ctx, found, (start, end), scope)


async def move_by(ctx: Context, described: Described, by: timedelta, scope: str | None) -> Outcome:
    """Move an event by some time."""
    found = await the_event(ctx, described)
    if isinstance(found, Outcome):
        return found
    start = found.start_local + by
    return await _move(ctx, found, (start, start + (found.event.end_local - found.event.start_local)), scope)


async def _move(ctx: Context, found: Occurrence, to: tuple[datetime, datetime], answer: str | None) -> Outcome:
    if to[1] <= wall(ctx.clock.now(), ctx):
        return Outcome.refused("passed", when=to[0].replace(tzinfo=ctx.zone))
    scope = scope_from(ctx, answer, found.event)
    if isinstance(scope, Outcome):
        return scope
    try:
        event = await _moved(ctx, found, to, scope)
    except InputError:
        return Outcome.refused("cannot_move")
    return Outcome.done("moved", **said_of(ctx, event, *to))


async def _moved(ctx: Context, found: Occurrence, to: tuple[datetime, datetime], scope: Scope) -> Event:
    event = found.event
    if event.repeat is None or scope is Scope.ALL:
        return await ctx.calendar.move(event.id, *to)
    alone = await ctx.calendar.add(NewEvent(event.label, *to, event.zone, is_all_day=event.is_all_day))
    await ctx.calendar.cancel_occurrence(event.id, found.start_local)
    return alone


async def cancel(ctx: Context, described: Described, answer: str | None) -> Outcome:
    """Cancel an event; of one that repeats, what the answer says."""
    found = await the_event(ctx, described)
    if isinstance(found, Outcome):
        return found
    scope = scope_from(ctx, answer, found.event)
    if isinstance(scope, Outcome):
        return scope
    if scope is Scope.ONE:
        await ctx.calendar.cancel_occurrence(found.event.id, found.start_local)
    else:
        await ctx.calendar.cancel([found.event.id])
    when = found.start_local.date() if found.event.is_all_day else found.start_at.astimezone(ctx.zone)
    rule = Recurrence(found.event.repeat) if found.event.repeat is not None and scope is Scope.ALL else None
    return Outcome.done("cancelled", label=found.event.label, when=when, rule=rule)


async def clear(ctx: Context, when: TimeValue | None) -> Outcome:
    """Cancel all that takes place in a span, after a yes; of what repeats, only its times in that span."""
    when = when or Instant(ctx.local_now().replace(hour=0, minute=0, second=0, microsecond=0), Grain.DAY)
    span = span_of(when)
    found = [] if span is None else await ctx.calendar.between(max(span[0], ctx.clock.now()), span[1])
    if not found:
        return Outcome.not_found("no_such", name="", when=sayable(when))
    if not ctx.is_confirmed:
        return ctx.confirm("clear_sure", count=len(found), then=sayable(when))
    await ctx.calendar.cancel([each.event.id for each in found if each.event.repeat is None])
    for each in found:
        if each.event.repeat is not None:
            await ctx.calendar.cancel_occurrence(each.event.id, each.start_local)
    return Outcome.done("cleared", count=len(found), then=sayable(when))


async def rename(ctx: Context, described: Described, label: str) -> Outcome:
    """Give an event another name."""
    found = await the_event(ctx, described)
    if isinstance(found, Outcome):
        return found
    if len(label) > MAX_LABEL:
        return Outcome.refused("too_long")
    event = await ctx.calendar.rename(found.event.id, label.strip())
    return Outcome.done("renamed", old=found.event.label, label=event.label)
