"""What an outcome holds of things that are to come, under plain names."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.core.schedule import ScheduledItem
from assistant.core.turn import SlotValue, TimeValue
from assistant.core.values import Instant, Interval, Recurrence
from assistant.sdk.context import Context


def described(ctx: Context, item: ScheduledItem) -> dict[str, SlotValue]:
    """Values when (aware, in the home's zone; None while paused), rule and label."""
    when = item.due_at.astimezone(ctx.zone) if item.due_at is not None else None
    rule = Recurrence(item.repeat) if item.repeat is not None else None
    return {"when": when, "rule": rule, "label": item.label}


def each_described(ctx: Context, items: Sequence[ScheduledItem], limit: int) -> dict[str, SlotValue]:
    """Values when1, rule1, label1 … up to `limit`, None for what isn't there; count of all, and how many are more."""
    values: dict[str, SlotValue] = {"count": len(items), "more": max(0, len(items) - limit)}
    for place in range(1, limit + 1):
        here = described(ctx, items[place - 1]) if place <= len(items) else {}
        values |= {f"{name}{place}": here.get(name) for name in ("when", "rule", "label")}
    return values


def sayable(when: TimeValue | None) -> Instant | Interval | Recurrence | None:
    """A time that was said, if it can be said back."""
    return when if isinstance(when, Instant | Interval | Recurrence) else None
