"""Reminders: of something, once or again and again, at a time or beside an event."""

from __future__ import annotations

from datetime import timedelta

from assistant.sdk import (
    Change,
    Context,
    Duration,
    ItemKind,
    Outcome,
    ReminderRequest,
    ScheduledItem,
    Skill,
    Text,
    Time,
    TimeValue,
    Wanted,
    described,
    intent,
    move_item,
    move_item_to,
    names_a_day,
    the_item,
    unless_unkept,
)

from .adding import MAX_LABEL, remind
from .ending import cancel_all, cancel_one, done, skip
from .telling import listed, next_one


class Reminders(Skill):
    """Be reminded of something at a certain time."""

    @intent()
    @unless_unkept
    async def remind(
        self,
        ctx: Context,
        request: ReminderRequest | None = None,
        what: Text | None = None,
        when: Time | None = None,
    ) -> Outcome:
        """Remind of something at a time, after a while, again and again, or before an event."""
        return await remind(ctx, request, what, when)

    @intent()
    async def list_all(self, ctx: Context, when: Time | None = None, name: Text | None = None) -> Outcome:
        """Tell which reminders are to come, all or those of a day."""
        return listed(ctx, _wanted(ctx, name, when))

    @intent()
    async def next_reminder(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Tell when somebody will be reminded."""
        return next_one(ctx, Wanted(name or ""))

    @intent()
    @unless_unkept
    async def cancel(self, ctx: Context, what: Text | None = None, when: Time | None = None) -> Outcome:
        """Cancel a reminder, or for one day a reminder that repeats."""
        return await cancel_one(ctx, _wanted(ctx, what, when))

    @intent()
    @unless_unkept
    async def cancel_all(self, ctx: Context, when: Time | None = None, what: Text | None = None) -> Outcome:
        """Cancel all reminders, or all of a day or about something."""
        return await cancel_all(ctx, _wanted(ctx, what, when))

    @intent()
    @unless_unkept
    async def skip(self, ctx: Context, what: Text | None = None, when: Time | None = None) -> Outcome:
        """Leave out the next time of a reminder that repeats."""
        return await skip(ctx, _wanted(ctx, what, when))

    @intent()
    @unless_unkept
    async def done(self, ctx: Context, what: Text) -> Outcome:
        """Mark a reminder as done."""
        return await done(ctx, what)

    @intent()
    @unless_unkept
    async def move(self, ctx: Context, to: Time, what: Text | None = None, which: Time | None = None) -> Outcome:
        """Move a reminder to another time."""
        reminder = _one(ctx, what, which)
        if isinstance(reminder, Outcome):
            return reminder
        words = ctx.command.words.get("to", "")
        return _moved(ctx, await move_item(ctx, reminder, to, words=words, is_once=names_a_day(which)))

    @intent()
    @unless_unkept
    async def later(self, ctx: Context, by: Duration, what: Text | None = None, which: Time | None = None) -> Outcome:
        """Remind later by some time."""
        return await _moved_by(ctx, _one(ctx, what, which), by)

    @intent()
    @unless_unkept
    async def earlier(self, ctx: Context, by: Duration, what: Text | None = None, which: Time | None = None) -> Outcome:
        """Remind earlier by some time."""
        return await _moved_by(ctx, _one(ctx, what, which), -by)

    @intent()
    @unless_unkept
    async def rename(self, ctx: Context, label: Text, what: Text | None = None, which: Time | None = None) -> Outcome:
        """Let a reminder be about something else."""
        reminder = _one(ctx, what, which)
        if isinstance(reminder, Outcome):
            return reminder
        if len(label) > MAX_LABEL:
            return Outcome.refused("too_long")
        changed = await ctx.schedule.change(reminder.id, Change(label=label.strip()))
        return Outcome.done("renamed", old=reminder.label, **described(ctx, changed))


def _wanted(ctx: Context, what: str | None, when: TimeValue | None, slot: str = "when") -> Wanted:
    return Wanted(what or "", when, ctx.command.words.get(slot, ""))


def _one(ctx: Context, what: str | None, which: TimeValue | None) -> ScheduledItem | Outcome:
    reminders = ctx.schedule.pending(ItemKind.REMINDER)
    return the_item(ctx, reminders, _wanted(ctx, what, which, "which"), ("what", "which"))


async def _moved_by(ctx: Context, reminder: ScheduledItem | Outcome, by: timedelta) -> Outcome:
    if isinstance(reminder, Outcome):
        return reminder
    if reminder.due_local is None:
        return Outcome.refused("cannot_move")
    return _moved(ctx, await move_item_to(ctx, reminder, reminder.due_local + by))


def _moved(ctx: Context, changed: ScheduledItem | Outcome) -> Outcome:
    return changed if isinstance(changed, Outcome) else Outcome.done("moved", **described(ctx, changed))
