"""Reminders: one thing, told at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.sdk import (
    Context,
    InputError,
    ItemKind,
    NewItem,
    Outcome,
    ScheduledItem,
    Skill,
    SlotKind,
    SlotValue,
    StoreError,
    Text,
    When,
    intent,
)

TOLD = 3
"""So many reminders are told one by one; of the others only how many they are."""


class Reminders(Skill):
    """Be reminded of something at a certain time."""

    @intent()
    async def remind(self, ctx: Context, what: Text | None = None, when: When | None = None) -> Outcome:
        """Remind of something at a time or after a while."""
        if what is None:
            return ctx.ask("what", "what", SlotKind.TEXT)
        if when is None:
            return ctx.ask("when", "when", SlotKind.WHEN, what=what)
        try:
            await ctx.schedule.add(_reminder(ctx, what, when))
        except InputError:
            return Outcome.refused("passed", when=when)
        except StoreError:
            return Outcome.failed("not_kept")
        return Outcome.done("kept", what=what, when=when)

    @intent()
    async def list_all(self, ctx: Context) -> Outcome:
        """Tell which reminders are to come."""
        reminders = ctx.schedule.pending(ItemKind.REMINDER)
        values: dict[str, SlotValue] = {"count": len(reminders), "more": max(0, len(reminders) - TOLD)}
        for place in range(1, TOLD + 1):
            here = reminders[place - 1] if place <= len(reminders) else None
            values[f"what{place}"] = here.label if here else ""
            values[f"when{place}"] = here.due_at if here else None
        return Outcome.told("listed", **values)

    @intent()
    async def cancel(self, ctx: Context, what: Text | None = None) -> Outcome:
        """Cancel a reminder."""
        reminders = ctx.schedule.pending(ItemKind.REMINDER)
        found = reminders if what is None else _about(reminders, what)
        if not reminders:
            return Outcome.not_found("none")
        if not found:
            return Outcome.not_found("no_such", what=what)
        if len(found) > 1:
            names = tuple(dict.fromkeys(each.label for each in found))
            if len(names) > 1:
                return ctx.ask("cancel_which", "what", SlotKind.TEXT, names=names)
        try:
            await ctx.schedule.cancel([found[0].id])
        except StoreError:
            return Outcome.failed("not_changed")
        return Outcome.done("cancelled", what=found[0].label)

    @intent()
    async def cancel_all(self, ctx: Context) -> Outcome:
        """Cancel all reminders."""
        reminders = ctx.schedule.pending(ItemKind.REMINDER)
        if not reminders:
            return Outcome.not_found("none")
        try:
            count = await ctx.schedule.cancel([each.id for each in reminders])
        except StoreError:
            return Outcome.failed("not_changed")
        return Outcome.done("cancelled_all", count=count)


def _reminder(ctx: Context, what: str, when: datetime) -> NewItem:
    """By the wall clock of this home; `fold` stays, so that the second of two equal times is kept."""
    local = when.astimezone(ctx.zone).replace(tzinfo=None)
    return NewItem(
        ItemKind.REMINDER,
        what.strip(),
        due_local=local,
        zone=str(ctx.zone),
        area_id=ctx.area_id,
        language=ctx.language,
    )


def _about(reminders: Sequence[ScheduledItem], what: str) -> Sequence[ScheduledItem]:
    """Those called exactly so, else those that share all the words said."""
    exact = [each for each in reminders if each.label.casefold() == what.casefold()]
    said = set(what.casefold().split())
    return exact or [each for each in reminders if said <= set(each.label.casefold().split())]
