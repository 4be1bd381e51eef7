"""When something is to come: what was said of it → what the schedule keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.core.schedule import Anchor, Event, ItemKind, NewItem, Repeat
from assistant.core.turn import Outcome, TimeValue
from assistant.core.values import Direction, Instant, Interval, Length, Offset, Recurrence
from assistant.language.asked import time_of
from assistant.language.moments import moment_of
from assistant.language.time.defaults import DAY_AT
from assistant.sdk.choosing import by_name
from assistant.sdk.context import Context

AHEAD = timedelta(days=800)
"""So far ahead an event is looked for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One of: a wall time (naive, `fold` counts), a rule, or so long before or after an event."""

    due_local: datetime | None = None
    repeat: Repeat | None = None
    anchor: Anchor | None = None
    event: Event | None = None

    @property
    def rule(self) -> Recurrence | None:
        """The rule as a value that can be said."""
        return Recurrence(self.repeat) if self.repeat is not None else None

    def item(self, ctx: Context, kind: ItemKind, label: str) -> NewItem:
        """What the schedule is to keep, for where and in what language it was said."""
        return NewItem(
            kind,
            label.strip(),
            due_local=self.due_local,
            zone=str(ctx.zone),
            area_id=ctx.area_id,
            language=ctx.language,
            repeat=self.repeat,
            anchor=self.anchor,
        )


async def plan_from(ctx: Context, when: TimeValue) -> Plan | Outcome:
    """The plan; else an outcome with the reply key `passed` (value when) or `no_event` (value event)."""
    match when:
        case Recurrence():
            return Plan(repeat=when.repeat)
        case Offset():
            return await _beside_event(ctx, when)
        case Length():
            return Plan(due_local=wall(ctx.clock.now() + when.span, ctx))
        case Instant() | Interval():
            at = moment_of(when, ctx.local_now()).at
            if at <= ctx.clock.now():
                return Outcome.refused("passed", when=at)
            return Plan(due_local=wall(at, ctx))


def time_from(ctx: Context, words: str) -> TimeValue | None:
    """The time that the whole of these words names, in the language of the command."""
    return time_of(words, ctx.reading())


def wall(at: datetime, ctx: Context) -> datetime:
    """An instant as naive wall time of this home; `fold` stays, so that the second of two equal times is kept."""
    return at.astimezone(ctx.zone).replace(tzinfo=None)


async def _beside_event(ctx: Context, offset: Offset) -> Plan | Outcome:
    now = ctx.clock.now()
    coming = [] if ctx.calendar_port is None else await ctx.calendar_port.between(now, now + AHEAD)
    for occurrence in by_name(coming, offset.reference, lambda each: each.event.label):
        by = _by(ctx, offset, occurrence.start_local)
        if by is not None and occurrence.start_at + by > now:
            return Plan(anchor=Anchor(occurrence.event.id, by), event=occurrence.event)
    return Outcome.not_found("no_event", event=offset.reference)


def _by(ctx: Context, offset: Offset, start_local: datetime) -> timedelta | None:
    """How far from the event's start; "the evening before" is a time of the day before it."""
    if offset.by is None:
        return None
    by = -offset.by.span if offset.direction is Direction.BEFORE else offset.by.span
    part = time_of(offset.at, ctx.reading()) if offset.at else None
    if isinstance(part, Interval):
        at = moment_of(part, ctx.local_now()).at.time()
        return datetime.combine((start_local + by).date(), at.replace(tzinfo=None)) - start_local
    if offset.at:
        return datetime.combine((start_local + by).date(), DAY_AT) - start_local
    return by
