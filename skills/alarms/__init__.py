"""Alarms: once or by a rule, at a time or beside an event."""

from __future__ import annotations

from datetime import time, timedelta

from assistant.sdk import (
    AlarmRequest,
    Change,
    Context,
    Duration,
    InputError,
    ItemKind,
    Outcome,
    Plan,
    Request,
    ScheduledItem,
    Skill,
    SlotKind,
    Text,
    Time,
    TimeValue,
    WakeRequest,
    WakeTime,
    Wanted,
    described,
    intent,
    move_item,
    move_item_to,
    names_a_day,
    plan_from,
    the_item,
    unless_unkept,
)

from .cancelling import cancel_all, cancel_one, skip
from .telling import listed, next_one

JUST_NOW = timedelta(minutes=10)
"""So long "make it …" means the alarm or reminder that was set last."""
MAX_LABEL = 200


class Alarms(Skill):
    """Be woken or alerted at a time, once or again and again."""

    @intent()
    @unless_unkept
    async def set(self, ctx: Context, request: AlarmRequest | None = None, when: Time | None = None) -> Outcome:
        """Set an alarm, once or repeating."""
        return await _set(ctx, request, when)

    @intent()
    @unless_unkept
    async def wake(self, ctx: Context, request: WakeRequest | None = None, when: WakeTime | None = None) -> Outcome:
        """Wake somebody up at a time."""
        return await _set(ctx, request, when)

    @intent()
    async def next_alarm(self, ctx: Context, name: Text | None = None, when: Time | None = None) -> Outcome:
        """Tell when the next alarm rings."""
        return next_one(ctx, _wanted(ctx, name, when))

    @intent()
    async def list_all(self, ctx: Context, when: Time | None = None) -> Outcome:
        """Tell which alarms are set, all or those of a day."""
        return listed(ctx, _wanted(ctx, None, when))

    @intent()
    @unless_unkept
    async def cancel(self, ctx: Context, when: Time | None = None, name: Text | None = None) -> Outcome:
        """Cancel one alarm, or for one day an alarm that repeats."""
        return await cancel_one(ctx, _wanted(ctx, name, when))

    @intent()
    @unless_unkept
    async def cancel_all(self, ctx: Context, when: Time | None = None) -> Outcome:
        """Cancel all alarms, or all of a day."""
        return await cancel_all(ctx, when)

    @intent()
    @unless_unkept
    async def skip(self, ctx: Context, when: Time | None = None, name: Text | None = None) -> Outcome:
        """Leave out the next time of an alarm that repeats."""
        return await skip(ctx, _wanted(ctx, name, when))

    @intent()
    @unless_unkept
    async def move(
        self, ctx: Context, to: Time | None = None, which: Time | None = None, name: Text | None = None
    ) -> Outcome:
        """Move an alarm to another time."""
        alarm = _one(ctx, which, name)
        if isinstance(alarm, Outcome):
            return alarm
        if to is None:
            return ctx.ask("move_when", "to", SlotKind.TIME)
        words = ctx.command.words.get("to", "")
        return _said_moved(ctx, await move_item(ctx, alarm, to, words=words, is_once=names_a_day(which)))

    @intent()
    @unless_unkept
    async def later(self, ctx: Context, by: Duration, which: Time | None = None, name: Text | None = None) -> Outcome:
        """Let an alarm ring later by some time."""
        return await _moved(ctx, _one(ctx, which, name), by)

    @intent()
    @unless_unkept
    async def earlier(self, ctx: Context, by: Duration, which: Time | None = None, name: Text | None = None) -> Outcome:
        """Let an alarm ring earlier by some time."""
        return await _moved(ctx, _one(ctx, which, name), -by)

    @intent()
    @unless_unkept
    async def make_it(self, ctx: Context, to: Time) -> Outcome:
        """Move the alarm or reminder that was set just now."""
        now = ctx.clock.now()
        items = [item for item in ctx.schedule.pending() if item.kind is not ItemKind.TIMER]
        newest = max(items, key=lambda item: (item.created_at, item.id), default=None)
        if newest is None or now - newest.created_at > JUST_NOW:
            return Outcome.not_found("nothing_just_now")
        return _said_moved(ctx, await move_item(ctx, newest, to, words=ctx.command.words.get("to", "")))

    @intent()
    @unless_unkept
    async def rename(self, ctx: Context, label: Text, which: Time | None = None, name: Text | None = None) -> Outcome:
        """Give an alarm another name."""
        alarm = _one(ctx, which, name)
        if isinstance(alarm, Outcome):
            return alarm
        if len(label) > MAX_LABEL:
            return Outcome.refused("too_long")
        changed = await ctx.schedule.change(alarm.id, Change(label=label.strip()))
        return Outcome.done("renamed", **described(ctx, changed))


async def _set(ctx: Context, request: Request | None, answer: TimeValue | None) -> Outcome:
    when = answer or (request.triggers[0] if request is not None and request.triggers else None)
    label = request.label if request is not None else ""
    if when is None:
        return ctx.ask("when_for" if label else "when", "when", SlotKind.TIME, label=label)
    if len(label) > MAX_LABEL:
        return Outcome.refused("too_long")
    plan = await plan_from(ctx, when)
    if isinstance(plan, Outcome):
        return plan
    skipped = request.skipped_local.time() if request is not None and request.skipped_local is not None else None
    return await _keep(ctx, plan, label, skipped)


async def _keep(ctx: Context, plan: Plan, label: str, skipped: time | None) -> Outcome:
    try:
        alarm = await ctx.schedule.add(plan.item(ctx, ItemKind.ALARM, label))
    except InputError:
        return Outcome.refused("never")
    event = plan.event.label if plan.event is not None else ""
    return Outcome.done("kept", event=event, skipped=skipped, **described(ctx, alarm))


def _wanted(ctx: Context, name: str | None, when: TimeValue | None, slot: str = "when") -> Wanted:
    return Wanted(name or "", when, ctx.command.words.get(slot, ""))


def _one(ctx: Context, which: TimeValue | None, name: str | None) -> ScheduledItem | Outcome:
    alarms = ctx.schedule.pending(ItemKind.ALARM)
    return the_item(ctx, alarms, _wanted(ctx, name, which, "which"), ("name", "which"))


async def _moved(ctx: Context, alarm: ScheduledItem | Outcome, by: timedelta) -> Outcome:
    if isinstance(alarm, Outcome):
        return alarm
    if alarm.due_local is None:
        return Outcome.refused("cannot_move")
    return _said_moved(ctx, await move_item_to(ctx, alarm, alarm.due_local + by))


def _said_moved(ctx: Context, changed: ScheduledItem | Outcome) -> Outcome:
    return changed if isinstance(changed, Outcome) else Outcome.done("moved", **described(ctx, changed))
