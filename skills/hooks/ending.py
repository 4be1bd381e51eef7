"""Telling what is waited for, and waiting no more."""

from __future__ import annotations

import re

from assistant.sdk import Context, Outcome, SlotKind, SlotValue

from .naming import happening, phrases_for
from .shelf import drop, watches
from .waiting import ASKED, told

TOLD = 3
"""So many are told one by one; of the others only how many they are."""


async def listed(ctx: Context) -> Outcome:
    """All of them, the newest last."""
    kept = await watches(ctx)
    values: dict[str, SlotValue] = {"count": len(kept), "more": max(0, len(kept) - TOLD)}
    for place in range(1, TOLD + 1):
        here = told(kept[place - 1]) if place <= len(kept) else {}
        values[f"happens{place}"] = here.get("happens")
    return Outcome.told("listed", **values)


async def cancel(ctx: Context, what: str) -> Outcome:
    """The one that is about this; ask where several are."""
    kept = await watches(ctx)
    said = _words(ctx, what)
    found = [watch for watch in kept if said and said <= _words(ctx, f"{happening(watch)} {watch.text}")]
    if not found:
        return Outcome.not_found("no_such", name=what)
    names = tuple(dict.fromkeys(happening(watch) for watch in found))
    if len(names) > 1:
        return ctx.ask("which_watch", "what", SlotKind.TEXT, names=names[:ASKED])
    await drop(ctx, found)
    return Outcome.done("cancelled", **told(found[0]))


async def cancel_all(ctx: Context) -> Outcome:
    """All of them, after a yes where they are several."""
    kept = await watches(ctx)
    if not kept:
        return Outcome.not_found("none")
    if len(kept) > 1 and not ctx.is_confirmed:
        return ctx.confirm("cancel_all_sure", count=len(kept))
    await drop(ctx, kept)
    return Outcome.done("cancelled_all", count=len(kept))


def _words(ctx: Context, text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())) - phrases_for(ctx.language).fillers
