"""Which of several things somebody means: by name, by time, or the only one there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from assistant.core.intents import SlotKind
from assistant.core.schedule import ScheduledItem
from assistant.core.turn import Outcome, SlotValue, TimeValue
from assistant.core.values import Grain, Instant, Interval, Recurrence
from assistant.language import say
from assistant.sdk.context import Context

ENDING = 2
"""Letters that a word may have more than the one that is meant."""
TOLD = 3
"""So many are named in a question."""
A_DAY = timedelta(days=1)
HALF_A_DAY = timedelta(hours=12)
_CLOCK = frozenset({Grain.SECOND, Grain.MINUTE, Grain.HOUR})
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How somebody described what is meant."""

    name: str = ""
    when: TimeValue | None = None
    said: str = ""
    """The words that `when` was read from, since a thing may be called by them ("the noon alarm")."""

    @property
    def is_described(self) -> bool:
        """True when anything was said about it."""
        return bool(self.name or self.when)


def by_name(things: Sequence[Thing], name: str, label: Callable[[Thing], str]) -> Sequence[Thing]:
    """Those that are called so, in their order; a name that is said exactly wins over one that is part of another."""
    found = [thing for thing in things if is_called(label(thing), name)]
    return [thing for thing in found if label(thing).casefold() == name.casefold()] or found


def is_called(label: str, name: str) -> bool:
    """Every word of the label is said, or every word said is in the label."""
    mine, said = label.casefold().split(), name.casefold().split()
    return bool(mine) and bool(said) and (_all_in(mine, said) or _all_in(said, mine))


def items_meant(ctx: Context, items: Sequence[ScheduledItem], wanted: Wanted) -> Sequence[ScheduledItem]:
    """The items that fit the description, in their order."""
    if wanted.said and (called := [item for item in items if item.label.casefold() == wanted.said.casefold()]):
        return called
    found = _named(ctx, items, wanted.name) if wanted.name else items
    return _at_time(ctx, found, wanted.when) if wanted.when is not None else found


def the_item(
    ctx: Context, items: Sequence[ScheduledItem], wanted: Wanted, slots: tuple[str, str] = ("name", "when")
) -> ScheduledItem | Outcome:
    """The one that is meant. Else an outcome with reply key `none`, `no_such` (values name, when), or a question with
    `which_name` (names) or `which_time` (when1, when2, more), whose answer comes in the slots named."""
    found = items_meant(ctx, items, wanted)
    if len(found) == 1:
        return found[0]
    if not items:
        return Outcome.not_found("none")
    if not found:
        when = wanted.when if isinstance(wanted.when, Instant | Interval | Recurrence) else None
        return Outcome.not_found("no_such", name=wanted.name, when=when)
    names = tuple(dict.fromkeys(item.label for item in found))
    if len(names) == len(found) and all(names):
        return ctx.ask("which_name", slots[0], SlotKind.TEXT, names=names[:TOLD])
    whens: dict[str, SlotValue] = {
        f"when{place}": due_in(ctx, item, wanted.when) for place, item in enumerate(found[:2], 1)
    }
    return ctx.ask("which_time", slots[1], SlotKind.TIME, more=max(0, len(found) - 2), **whens)


def falls_in(ctx: Context, item: ScheduledItem, start: datetime, end: datetime) -> Sequence[datetime]:
    """The instants at which an item comes in that span."""
    if item.repeat is not None or item.anchor is not None:
        return ctx.schedule.occurrences(item.id, start, end)
    return (item.due_at,) if item.due_at is not None and start <= item.due_at < end else ()


def due_in(ctx: Context, item: ScheduledItem, when: TimeValue | None) -> datetime | None:
    """When an item comes in the time that was named; without one, or if it doesn't, when it comes next."""
    span = span_of(when) if when is not None else None
    instants = falls_in(ctx, item, *span) if span is not None else ()
    at = instants[0] if instants else item.due_at
    return at.astimezone(ctx.zone) if at is not None else None


def span_of(when: TimeValue) -> tuple[datetime, datetime] | None:
    """The whole time that was named: a day from midnight on, a clock time for a minute; None for a rule or offset."""
    match when:
        case Interval():
            return when.start, when.end
        case Instant(grain=Grain.SECOND | Grain.MINUTE | Grain.HOUR):
            return when.at, when.at + timedelta(minutes=1)
        case Instant():
            return when.at, _end_of(when.at, when.grain)
        case _:
            return None


def _named(ctx: Context, items: Sequence[ScheduledItem], name: str) -> Sequence[ScheduledItem]:
    """By their labels, else by the words of their rule ("my weekday alarm")."""
    if found := by_name(items, name, lambda item: item.label):
        return found
    said = name.casefold().split()
    rules = [(item, say(Recurrence(item.repeat), ctx.language)) for item in items if item.repeat is not None]
    return [item for item, rule in rules if _all_in(said, rule.casefold().split())]


def _at_time(ctx: Context, items: Sequence[ScheduledItem], when: TimeValue) -> Sequence[ScheduledItem]:
    if isinstance(when, Recurrence):
        return [item for item in items if item.repeat is not None and item.repeat.rule == when.repeat.rule]
    span = span_of(when)
    if span is None:
        return ()
    found = [item for item in items if falls_in(ctx, item, *span)]
    if found or not isinstance(when, Instant) or when.grain not in _CLOCK or when.at - ctx.clock.now() > A_DAY:
        return found
    return _at_clock(ctx, items, when.at) or _at_clock(ctx, items, when.at + HALF_A_DAY)


def _at_clock(ctx: Context, items: Sequence[ScheduledItem], at: datetime) -> Sequence[ScheduledItem]:
    """Those at that time of any day."""
    clock = at.astimezone(ctx.zone).time().replace(tzinfo=None, second=0, microsecond=0)
    found = []
    for item in items:
        start = item.due_local if item.repeat is None else item.repeat.start_local
        if start is not None and start.time().replace(second=0, microsecond=0) == clock:
            found.append(item)
    return found


def _end_of(at: datetime, grain: Grain) -> datetime:
    days = {Grain.DAY: 1, Grain.WEEK: 7}.get(grain)
    if days is not None:
        return at + timedelta(days=days)
    months = {Grain.MONTH: 1, Grain.QUARTER: 3}.get(grain, 12)
    month = at.month - 1 + months
    return at.replace(year=at.year + month // 12, month=month % 12 + 1, day=1)


def _all_in(words: Sequence[str], others: Sequence[str]) -> bool:
    return all(any(_is_like(word, other) for other in others) for word in words)


def _is_like(word: str, other: str) -> bool:
    """The same, but for an ending: egg, eggs; potato, potatoes."""
    short, long = sorted((word, other), key=len)
    return long.startswith(short) and len(long) - len(short) <= (ENDING if len(short) > ENDING else 0)
