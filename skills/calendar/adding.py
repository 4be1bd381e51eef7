"""What was said of an event → an event in the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from assistant.sdk import (
    Context,
    Event,
    Grain,
    InputError,
    Instant,
    Interval,
    NewEvent,
    Occurrence,
    Outcome,
    Recurrence,
    Repeat,
    Request,
    SlotKind,
    SlotValue,
    TimeValue,
    moment_of,
    wall,
)

USUAL = timedelta(hours=1)
"""How long an event lasts when nobody says so."""
A_DAY = timedelta(days=1)
MAX_LABEL = 300
MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Slot:
    """When an event takes place, by the wall clock."""

    start: datetime
    end: datetime
    is_all_day: bool = False
    repeat: Repeat | None = None


async def add(ctx: Context, request: Request | None, label: str | None, when: TimeValue | None) -> Outcome:
    """Put an event into the calendar, or ask what or when it is."""
    name = (label or (request.label if request is not None else "")).strip()
    when = when or (request.triggers[0] if request is not None and request.triggers else None)
    if not name:
        return ctx.ask("what", "label", SlotKind.TEXT)
    if len(name) > MAX_LABEL:
        return Outcome.refused("too_long")
    if when is None:
        return ctx.ask("when", "when", SlotKind.TIME, label=name)
    slot = slot_from(ctx, when)
    if slot is None:
        return ctx.ask("when", "when", SlotKind.TIME, label=name)
    if slot.end <= wall(ctx.clock.now(), ctx):
        return Outcome.refused("passed", when=sayable_start(ctx, slot))
    return await _keep(ctx, name, slot)


def slot_from(ctx: Context, when: TimeValue, lasting: timedelta = USUAL) -> Slot | None:
    """The time an event takes; `lasting` where no end was said. None for what says no time of its own."""
    match when:
        case Recurrence():
            length = when.lasting.span if when.lasting is not None else lasting
            start = when.repeat.start_local
            return Slot(start, start + length, repeat=when.repeat)
        case Interval():
            return _span(ctx, when, lasting)
        case Instant(grain=Grain.SECOND | Grain.MINUTE | Grain.HOUR):
            start = wall(when.at, ctx)
            return Slot(start, start + lasting)
        case Instant(grain=Grain.DAY):
            start = wall(when.at, ctx)
            return Slot(start, start + A_DAY, is_all_day=True)
        case _:
            return None


def _span(ctx: Context, when: Interval, lasting: timedelta) -> Slot:
    """Whole days; a part of the day, of which only an hour is taken; or the hours that were said."""
    start, end = wall(when.start, ctx), wall(when.end, ctx)
    if start.time() == MIDNIGHT == end.time():
        return Slot(start, end, is_all_day=True)
    moment = wall(moment_of(when, ctx.local_now()).at, ctx)
    if moment != start:
        return Slot(moment, moment + lasting)
    return Slot(start, end)


def sayable_start(ctx: Context, slot: Slot) -> SlotValue:
    """The day or moment at which it begins."""
    return slot.start.date() if slot.is_all_day else slot.start.replace(tzinfo=ctx.zone)


async def _keep(ctx: Context, label: str, slot: Slot) -> Outcome:
    new = NewEvent(label, slot.start, slot.end, str(ctx.zone), is_all_day=slot.is_all_day, repeat=slot.repeat)
    try:
        event = await ctx.calendar.add(new)
    except InputError:
        return Outcome.refused("never")
    return Outcome.done("added", clash=await _clash(ctx, event), **said_of(ctx, event, slot.start, slot.end))


def said_of(ctx: Context, event: Event, start_local: datetime, end_local: datetime) -> dict[str, SlotValue]:
    """Values label, when (a date for all-day), end, span (where start and end are said together), rule."""
    start, end = start_local.replace(tzinfo=ctx.zone), end_local.replace(tzinfo=ctx.zone)
    is_usual = not event.is_all_day and end_local - start_local == USUAL
    several_days = event.is_all_day and end_local - start_local > A_DAY
    span = Interval(start, end, Grain.MINUTE) if several_days or not (event.is_all_day or is_usual) else None
    return {
        "label": event.label,
        "when": start_local.date() if event.is_all_day else start,
        "end": end,
        "span": span,
        "rule": Recurrence(event.repeat) if event.repeat is not None else None,
    }


async def _clash(ctx: Context, event: Event) -> str:
    """The label of another event at the same time."""
    if event.is_all_day:
        return ""
    start, end = (at.replace(tzinfo=ctx.zone) for at in (event.start_local, event.end_local))
    there: list[Occurrence] = [
        each
        for each in await ctx.calendar.between(start, end)
        if each.event.id != event.id and not each.event.is_all_day
    ]
    return there[0].event.label if there else ""
