"""Making a reminder out of what was said, and asking for what was not."""

from __future__ import annotations

from datetime import time

from assistant.sdk import (
    Context,
    InputError,
    ItemKind,
    Outcome,
    Request,
    SlotKind,
    TimeValue,
    described,
    plan_from,
    time_from,
)

MAX_LABEL = 300


async def remind(ctx: Context, request: Request | None, what: str | None, when: TimeValue | None) -> Outcome:
    """Keep a reminder, or ask of what, or for when."""
    label = (what or (request.label if request is not None else "")).strip()
    when = _together(ctx, request, when) if request is not None and request.triggers else when
    if not label:
        return ctx.ask("what", "what", SlotKind.TEXT)
    if len(label) > MAX_LABEL:
        return Outcome.refused("too_long")
    if when is None:
        return ctx.ask("when", "when", SlotKind.TIME, what=label)
    skipped = request.skipped_local.time() if request is not None and request.skipped_local is not None else None
    return await _keep(ctx, label, when, skipped)


def _together(ctx: Context, request: Request, when: TimeValue | None) -> TimeValue:
    """ "Every saturday remind me … at ten": what was said before and after is one time."""
    before = ctx.command.words.get("when", "")
    whole = time_from(ctx, f"{before} {request.said}") if when is not None and before else None
    return whole or when or request.triggers[0]


async def _keep(ctx: Context, label: str, when: TimeValue, skipped: time | None) -> Outcome:
    plan = await plan_from(ctx, when)
    if isinstance(plan, Outcome):
        return plan
    try:
        reminder = await ctx.schedule.add(plan.item(ctx, ItemKind.REMINDER, label))
    except InputError:
        return Outcome.refused("never")
    event = plan.event.label if plan.event is not None else ""
    return Outcome.done("kept", what=label, event=event, skipped=skipped, **described(ctx, reminder))
