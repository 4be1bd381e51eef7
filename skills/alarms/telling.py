"""What is said of alarms: the next one, all of them."""

from __future__ import annotations

from assistant.sdk import (
    Context,
    ItemKind,
    Outcome,
    Wanted,
    described,
    due_in,
    each_described,
    items_meant,
    sayable,
)

TOLD = 3
"""So many alarms are told one by one; of the others only how many they are."""


def next_one(ctx: Context, wanted: Wanted) -> Outcome:
    """The soonest alarm that fits."""
    alarms = ctx.schedule.pending(ItemKind.ALARM)
    found = items_meant(ctx, alarms, wanted)
    if not alarms:
        return Outcome.told("none_set")
    if not found:
        return Outcome.not_found("no_such", name=wanted.name, when=sayable(wanted.when))
    when = due_in(ctx, found[0], wanted.when)
    left = when - ctx.clock.now() if when is not None else None
    return Outcome.told("next", left=left, **{**described(ctx, found[0]), "when": when})


def listed(ctx: Context, wanted: Wanted) -> Outcome:
    """All alarms, or those of a time."""
    found = items_meant(ctx, ctx.schedule.pending(ItemKind.ALARM), wanted)
    if wanted.is_described and not found:
        return Outcome.told("none_then", then=sayable(wanted.when))
    return Outcome.told("listed", then=sayable(wanted.when), **each_described(ctx, found, TOLD))
