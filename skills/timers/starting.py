"""Starting timers: one, several in a breath, one that starts anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from assistant.sdk import (
    Change,
    Context,
    InputError,
    Instant,
    ItemKind,
    Length,
    NewItem,
    Outcome,
    Request,
    ScheduledItem,
    SlotKind,
    SlotValue,
    StoreError,
    TimeValue,
)

from .found import Wanted, matching, the_one

MAX_LABEL = 100
MAX_TOLD = 4
"""So many lengths are said back one by one."""
JUST_NOW = timedelta(minutes=10)
"""So long "make it …" means the timer that was set last, and "again" the one that rang last."""


async def start(ctx: Context, length: timedelta | None, name: str) -> Outcome:
    """Start one timer, or ask for how long."""
    if length is None:
        return ctx.ask("how_long_named" if name else "how_long", "duration", SlotKind.DURATION, name=name)
    return await _start(ctx, [length], name.strip())


async def start_asked(ctx: Context, request: Request) -> Outcome:
    """Start the timers that were asked for, all of them or none."""
    try:
        lengths = [_length(ctx, trigger) for trigger in request.triggers]
    except OverflowError:
        return Outcome.refused("too_long")
    known = [length for length in lengths if length is not None]
    if not known or len(known) < len(lengths):
        return ctx.ask(
            "how_long_named" if request.label else "how_long", "duration", SlotKind.DURATION, name=request.label
        )
    return await _start(ctx, known, request.label.strip())


async def restart(ctx: Context, wanted: Wanted) -> Outcome:
    """Start a running timer anew; a paused one goes on; one that rang just now is set again."""
    timers = ctx.schedule.pending(ItemKind.TIMER)
    if not matching(timers, wanted):
        return await _again(ctx, wanted)
    timer = the_one(ctx, wanted, "change_which")
    if isinstance(timer, Outcome):
        return timer
    if timer.duration is None:
        return Outcome.not_found("none")
    changed = await ctx.schedule.change(timer.id, Change(duration=timer.duration))
    return Outcome.done("restarted", duration=changed.duration, name=changed.label)


async def change_length(ctx: Context, timer: ScheduledItem | Outcome, length: timedelta) -> Outcome:
    """Give a timer another length; it starts anew."""
    if isinstance(timer, Outcome):
        return timer
    try:
        changed = await ctx.schedule.change(timer.id, Change(duration=length))
    except InputError:
        return Outcome.refused("too_long")
    return Outcome.done("changed", duration=changed.duration, name=changed.label)


async def rename(ctx: Context, timer: ScheduledItem | Outcome, label: str) -> Outcome:
    """Give a timer another name."""
    if isinstance(timer, Outcome):
        return timer
    if len(label) > MAX_LABEL:
        return Outcome.refused("name_too_long")
    changed = await ctx.schedule.change(timer.id, Change(label=label.strip()))
    return Outcome.done("renamed", name=changed.label, duration=changed.duration)


def newest(ctx: Context) -> ScheduledItem | Outcome:
    """The timer that was set just now."""
    timers = ctx.schedule.pending(ItemKind.TIMER)
    timer = max(timers, key=lambda each: (each.created_at, each.id), default=None)
    if timer is None or ctx.clock.now() - timer.created_at > JUST_NOW:
        return Outcome.not_found("none")
    return timer


async def _again(ctx: Context, wanted: Wanted) -> Outcome:
    over = (*ctx.schedule.ringing(), *await ctx.schedule.recent(ItemKind.TIMER))
    found = matching([each for each in over if each.kind is ItemKind.TIMER], wanted)
    if not found or found[0].duration is None:
        return Outcome.not_found("no_such" if wanted.is_described else "none", name=wanted.name, length=wanted.length)
    return await _start(ctx, [found[0].duration], found[0].label)


async def _start(ctx: Context, lengths: Sequence[timedelta], name: str) -> Outcome:
    if any(length <= timedelta() for length in lengths):
        return Outcome.refused("zero")
    if len(name) > MAX_LABEL:
        return Outcome.refused("name_too_long")
    kept: list[ScheduledItem] = []
    try:
        for length in lengths:
            kept += [await ctx.schedule.add(_timer(ctx, length, name))]
    except InputError:
        await ctx.schedule.cancel([each.id for each in kept])
        return Outcome.refused("too_long", duration=max(lengths))
    except StoreError:
        if kept:
            await ctx.schedule.cancel([each.id for each in kept])
        return Outcome.failed("not_kept")
    if len(lengths) == 1:
        return Outcome.done("started", duration=lengths[0], name=name)
    values: dict[str, SlotValue] = {f"duration{place}": length for place, length in enumerate(lengths[:MAX_TOLD], 1)}
    values |= {f"duration{place}": None for place in range(len(lengths) + 1, MAX_TOLD + 1)}
    return Outcome.done("started_several", count=len(lengths), name=name, **values)


def _timer(ctx: Context, length: timedelta, name: str) -> NewItem:
    return NewItem(ItemKind.TIMER, name, length, zone=str(ctx.zone), area_id=ctx.area_id, language=ctx.language)


def _length(ctx: Context, trigger: TimeValue) -> timedelta | None:
    """How long; a clock time means until then. Raises OverflowError for what no calendar holds."""
    match trigger:
        case Length():
            return trigger.span
        case Instant():
            return trigger.at - ctx.clock.now()
        case _:
            return None
