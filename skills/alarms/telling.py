"""What is said of alarms: one, the next one, all of them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.sdk import (
    Context,
    Instant,
    Interval,
    ItemKind,
    Outcome,
    Recurrence,
    ScheduledItem,
    SlotValue,
    TimeValue,
    Wanted,
    items_meant,
)

TOLD = 3
"""So many alarms are told one by one; of the others only how many they are."""


def described(ctx: Context, alarm: ScheduledItem) -> dict[str, SlotValue]:
    """Values when (aware), rule and label."""
    when = alarm.due_at.astimezone(ctx.zone) if alarm.due_at is not None else None
    return {"when": when, "rule": rule_of(alarm), "label": alarm.label}


def rule_of(alarm: ScheduledItem) -> Recurrence | None:
    """The rule of an alarm that repeats."""
    return Recurrence(alarm.repeat) if alarm.repeat is not None else None


def next_one(ctx: Context, wanted: Wanted) -> Outcome:
    """The soonest alarm that fits."""
    alarms = ctx.schedule.pending(ItemKind.ALARM)
    found = items_meant(ctx, alarms, wanted)
    if not alarms:
        return Outcome.told("none_set")
    if not found:
        return Outcome.not_found("no_such", name=wanted.name, when=sayable(wanted.when))
    return Outcome.told("next", **described(ctx, found[0]))


def listed(ctx: Context, when: TimeValue | None) -> Outcome:
    """All alarms, or those of a time."""
    alarms = ctx.schedule.pending(ItemKind.ALARM)
    found = items_meant(ctx, alarms, Wanted(when=when))
    if when is not None and not found:
        return Outcome.told("none_then", then=sayable(when))
    values = _each(ctx, found)
    return Outcome.told("listed", then=sayable(when), count=len(found), more=max(0, len(found) - TOLD), **values)


def sayable(when: TimeValue | None) -> Instant | Interval | Recurrence | None:
    """A time that was said, if it can be said back."""
    return when if isinstance(when, Instant | Interval | Recurrence) else None


def _each(ctx: Context, alarms: Sequence[ScheduledItem]) -> dict[str, SlotValue]:
    values: dict[str, SlotValue] = {}
    for place in range(1, TOLD + 1):
        here = described(ctx, alarms[place - 1]) if place <= len(alarms) else {}
        for name in ("when", "rule", "label"):
            values[f"{name}{place}"] = here.get(name)
    return values
