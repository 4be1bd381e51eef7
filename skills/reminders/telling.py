"""What is said of reminders that are to come."""

from __future__ import annotations

from assistant.sdk import Context, ItemKind, Outcome, Wanted, described, each_described, items_meant, sayable

TOLD = 3
"""So many reminders are told one by one; of the others only how many they are."""


def listed(ctx: Context, wanted: Wanted) -> Outcome:
    """All reminders, or those of a time or about something."""
    found = items_meant(ctx, ctx.schedule.pending(ItemKind.REMINDER), wanted)
    then = sayable(wanted.when)
    return Outcome.told("listed", then=then, name=wanted.name, **each_described(ctx, found, TOLD))


def next_one(ctx: Context, wanted: Wanted) -> Outcome:
    """When somebody will be reminded next, of anything or of one thing."""
    reminders = ctx.schedule.pending(ItemKind.REMINDER)
    found = items_meant(ctx, reminders, wanted)
    if not reminders:
        return Outcome.told("none")
    if not found:
        return Outcome.not_found("no_such", name=wanted.name, when=None)
    return Outcome.told("next", what=found[0].label, **described(ctx, found[0]))
