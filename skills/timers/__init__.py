"""Timers: as many at once as you like, by name or by length."""

from __future__ import annotations

from datetime import timedelta

from assistant.sdk import (
    Context,
    Duration,
    InputError,
    Instant,
    ItemKind,
    Outcome,
    ScheduledItem,
    Skill,
    Slots,
    SlotValue,
    StoreError,
    Text,
    Time,
    TimerRequest,
    home_intent,
    intent,
    unless_unkept,
)

from .found import Wanted, duration_from, matching, the_one, wanted_from
from .starting import change_length, newest, rename, restart, start, start_asked

TOLD = 3
"""So many timers are told one by one; of the others only how many they are."""


class Timers(Skill):
    """Set, change and ask about timers."""

    @home_intent("HassStartTimer")
    async def start_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Start a timer."""
        if slots.get("conversation_command"):
            return Outcome.refused("no_later_command")
        answer = slots.get("duration")
        length = answer if isinstance(answer, timedelta) else duration_from(slots)
        return await start(ctx, length, str(slots.get("name") or ""))

    @intent()
    async def begin(self, ctx: Context, duration: Duration | None = None, name: Text | None = None) -> Outcome:
        """Start a timer of any length."""
        return await start(ctx, duration, name or "")

    @intent()
    @unless_unkept
    async def begin_asked(self, ctx: Context, request: TimerRequest, duration: Duration | None = None) -> Outcome:
        """Start one or several timers."""
        if duration is not None:
            return await start(ctx, duration, request.label)
        return await start_asked(ctx, request)

    @intent()
    @unless_unkept
    async def begin_until(self, ctx: Context, when: Time) -> Outcome:
        """Start a timer that ends at a time."""
        at = when.at if isinstance(when, Instant) else ctx.clock.now()
        return await start(ctx, at - ctx.clock.now(), "")

    @intent()
    @unless_unkept
    async def restart(self, ctx: Context, length: Duration | None = None, name: Text | None = None) -> Outcome:
        """Start a timer anew."""
        return await restart(ctx, Wanted(name or "", length))

    @intent()
    @unless_unkept
    async def change_to(
        self, ctx: Context, duration: Duration, length: Duration | None = None, name: Text | None = None
    ) -> Outcome:
        """Give a timer another length."""
        return await change_length(ctx, the_one(ctx, Wanted(name or "", length), "change_which"), duration)

    @intent()
    @unless_unkept
    async def make_it(self, ctx: Context, duration: Duration) -> Outcome:
        """Give the timer that was set just now another length."""
        return await change_length(ctx, newest(ctx), duration)

    @intent()
    @unless_unkept
    async def rename(
        self, ctx: Context, label: Text, length: Duration | None = None, name: Text | None = None
    ) -> Outcome:
        """Give a timer another name."""
        return await rename(ctx, the_one(ctx, Wanted(name or "", length), "change_which"), label)

    @home_intent("HassCancelTimer")
    async def cancel_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Cancel one timer."""
        return await _cancel(ctx, wanted_from(slots))

    @intent()
    async def cancel(self, ctx: Context, length: Duration | None = None, name: Text | None = None) -> Outcome:
        """Cancel one timer."""
        return await _cancel(ctx, Wanted(name or "", length))

    @home_intent("HassCancelAllTimers")
    async def cancel_all_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Cancel all timers."""
        return await _cancel_all(ctx, wanted_from(slots))

    @intent()
    async def cancel_all(self, ctx: Context) -> Outcome:
        """Cancel all timers."""
        return await _cancel_all(ctx, Wanted())

    @home_intent("HassPauseTimer")
    async def pause_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Pause a timer."""
        return await _pause(ctx, wanted_from(slots))

    @intent()
    async def pause(self, ctx: Context, length: Duration | None = None, name: Text | None = None) -> Outcome:
        """Pause a timer."""
        return await _pause(ctx, Wanted(name or "", length))

    @home_intent("HassUnpauseTimer")
    async def resume_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Let a paused timer run on."""
        return await _resume(ctx, wanted_from(slots))

    @intent()
    async def resume(self, ctx: Context, length: Duration | None = None, name: Text | None = None) -> Outcome:
        """Let a paused timer run on."""
        return await _resume(ctx, Wanted(name or "", length))

    @home_intent("HassIncreaseTimer")
    async def increase_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Add time to a timer."""
        return await _extend(ctx, wanted_from(slots), duration_from(slots))

    @intent()
    async def increase(
        self, ctx: Context, duration: Duration, length: Duration | None = None, name: Text | None = None
    ) -> Outcome:
        """Add time to a timer."""
        return await _extend(ctx, Wanted(name or "", length), duration)

    @home_intent("HassDecreaseTimer")
    async def decrease_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Take time off a timer."""
        by = duration_from(slots)
        return await _extend(ctx, wanted_from(slots), None if by is None else -by)

    @intent()
    async def decrease(
        self, ctx: Context, duration: Duration, length: Duration | None = None, name: Text | None = None
    ) -> Outcome:
        """Take time off a timer."""
        return await _extend(ctx, Wanted(name or "", length), -duration)

    @home_intent("HassTimerStatus")
    async def status_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Tell how long a timer has left."""
        return _status(ctx, wanted_from(slots))

    @intent()
    async def status(self, ctx: Context, length: Duration | None = None, name: Text | None = None) -> Outcome:
        """Tell how long timers have left."""
        return _status(ctx, Wanted(name or "", length))

    @intent()
    async def ends(self, ctx: Context, length: Duration | None = None, name: Text | None = None) -> Outcome:
        """Tell at what time a timer ends."""
        timer = the_one(ctx, Wanted(name or "", length), "ends_which")
        if isinstance(timer, Outcome):
            return timer
        return Outcome.told("ends", when=timer.due_at, left=_left(ctx, timer), **_described(timer))


async def _cancel(ctx: Context, wanted: Wanted) -> Outcome:
    timer = the_one(ctx, wanted, "cancel_which")
    if isinstance(timer, Outcome):
        return timer
    try:
        await ctx.schedule.cancel([timer.id])
    except StoreError:
        return Outcome.failed("not_changed")
    return Outcome.done("cancelled", **_described(timer))


async def _cancel_all(ctx: Context, wanted: Wanted) -> Outcome:
    timers = matching(ctx.schedule.pending(ItemKind.TIMER), wanted)
    if not timers:
        return Outcome.not_found("none")
    try:
        count = await ctx.schedule.cancel([timer.id for timer in timers])
    except StoreError:
        return Outcome.failed("not_changed")
    return Outcome.done("cancelled_all", count=count)


async def _pause(ctx: Context, wanted: Wanted) -> Outcome:
    timers = ctx.schedule.pending(ItemKind.TIMER)
    running = [timer for timer in timers if not timer.is_paused]
    if timers and not running:
        return Outcome.refused("paused_already")
    timer = the_one(ctx, wanted, "pause_which", running)
    if isinstance(timer, Outcome):
        return timer
    try:
        paused = await ctx.schedule.pause(timer.id)
    except InputError:
        return Outcome.not_found("none")
    except StoreError:
        return Outcome.failed("not_changed")
    return Outcome.done("paused", left=rounded(paused.remaining), **_described(paused))


async def _resume(ctx: Context, wanted: Wanted) -> Outcome:
    timers = ctx.schedule.pending(ItemKind.TIMER)
    paused = [timer for timer in timers if timer.is_paused]
    if timers and not paused:
        return Outcome.refused("running_already")
    timer = the_one(ctx, wanted, "resume_which", paused)
    if isinstance(timer, Outcome):
        return timer
    try:
        running = await ctx.schedule.resume(timer.id)
    except InputError:
        return Outcome.not_found("none")
    except StoreError:
        return Outcome.failed("not_changed")
    return Outcome.done("resumed", left=_left(ctx, running), **_described(running))


async def _extend(ctx: Context, wanted: Wanted, by: timedelta | None) -> Outcome:
    timer = the_one(ctx, wanted, "change_which")
    if isinstance(timer, Outcome):
        return timer
    if by is None:
        return Outcome.refused("by_how_much")
    try:
        changed = await ctx.schedule.extend(timer.id, by)
    except InputError:
        return Outcome.refused("nothing_would_remain", by=abs(by), left=_left(ctx, timer))
    except StoreError:
        return Outcome.failed("not_changed")
    key = "added" if by > timedelta() else "taken_off"
    return Outcome.done(key, by=abs(by), left=_left(ctx, changed), **_described(changed))


def _status(ctx: Context, wanted: Wanted) -> Outcome:
    timers = ctx.schedule.pending(ItemKind.TIMER)
    found = matching(timers, wanted)
    if not timers:
        return Outcome.told("none_running")
    if not found:
        return Outcome.not_found("no_such", name=wanted.name, length=wanted.length)
    if len(found) == 1:
        timer = found[0]
        return Outcome.told("left", left=_left(ctx, timer), is_paused=timer.is_paused, **_described(timer))
    values: dict[str, SlotValue] = {"count": len(found), "more": max(0, len(found) - TOLD)}
    for place in range(1, TOLD + 1):
        timer_here = found[place - 1] if place <= len(found) else None
        values[f"name{place}"] = timer_here.label if timer_here else ""
        values[f"length{place}"] = timer_here.duration if timer_here else None
        values[f"left{place}"] = _left(ctx, timer_here) if timer_here else None
        values[f"is_paused{place}"] = bool(timer_here and timer_here.is_paused)
    return Outcome.told("left_several", **values)


def _described(timer: ScheduledItem) -> dict[str, SlotValue]:
    return {"name": timer.label, "length": timer.duration}


def _left(ctx: Context, timer: ScheduledItem) -> timedelta:
    left = timer.remaining if timer.due_at is None else timer.due_at - ctx.clock.now()
    return rounded(left)


def rounded(left: timedelta | None) -> timedelta:
    """As people would say it: to the second, from ten minutes on to the minute."""
    seconds = max(0.0, (left or timedelta()).total_seconds())
    grain = 60 if seconds >= 600 else 1
    return timedelta(seconds=max(1, round(seconds / grain)) * grain)
