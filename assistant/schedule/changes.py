"""How an item looks after a change, a skip or a snooze; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from assistant.core.errors import InputError
from assistant.core.schedule import AS_IS, Change, ItemKind, Leave, Repeat, ScheduledItem
from assistant.schedule.due import (
    Events,
    Waiting,
    at_instant,
    checked_duration,
    checked_label,
    coming,
    due_from_local,
    next_of,
)
from assistant.schedule.recurrence import check, is_occurrence, next_after
from assistant.schedule.wall import zone_from_name

LONGEST_SNOOZE = timedelta(days=1)
KEEP_LEFT_OUT = timedelta(days=366)
"""What was left out longer ago is forgotten: it can't come again."""


def changed(waits: Waiting, change: Change, now: datetime, now_s: float) -> Waiting:
    """Raises InputError for what can't come, or doesn't go with this kind of item."""
    waits = replace(waits, item=_labelled(waits.item, change))
    if waits.item.kind is not ItemKind.TIMER:
        if not isinstance(change.duration, Leave):
            raise InputError("only a timer has a duration")
        return _moved(waits, change, now)
    if change.due_local is not AS_IS or change.repeat is not AS_IS or change.zone is not AS_IS:
        raise InputError("a timer takes a duration, not a time")
    if isinstance(change.duration, Leave):
        return waits
    return running_for(replace(waits.item, duration=change.duration), checked_duration(change.duration), now, now_s)


def running_for(item: ScheduledItem, left: timedelta, now: datetime, now_s: float) -> Waiting:
    """It ends after that much elapsed time."""
    return Waiting(at_instant(replace(item, remaining=None), now + left), now_s + left.total_seconds())


def snoozed(item: ScheduledItem, by: timedelta, now: datetime, now_s: float) -> Waiting:
    """Due again `by` from now. Raises InputError for a length that isn't believed."""
    if not timedelta() < by <= LONGEST_SNOOZE:
        raise InputError("a snooze is longer than nothing and at most a day")
    return running_for(replace(item, snoozed=True), by, now, now_s)


def skipped(item: ScheduledItem, now: datetime, events: Events) -> ScheduledItem:
    """The next occurrence is left out; that of a snoozed item is its snooze. Raises InputError."""
    if item.due_at is None or (item.repeat is None and item.anchor is None):
        raise InputError("this doesn't repeat", fix="cancel it")
    after = item.due_at
    if item.snoozed:
        after = now
    elif item.repeat is not None:
        item = replace(item, repeat=_without(item.repeat, item.due_local))
    again = next_of(item, after, events)
    if again is None:
        raise InputError("nothing would remain", fix="cancel it")
    return replace(at_instant(item, again), snoozed=False)


def _labelled(item: ScheduledItem, change: Change) -> ScheduledItem:
    return item if isinstance(change.label, Leave) else replace(item, label=checked_label(change.label))


def _moved(waits: Waiting, change: Change, now: datetime) -> Waiting:
    """A reminder or alarm with its new time, rule and zone."""
    item = waits.item
    if change.due_local is AS_IS and change.repeat is AS_IS and change.zone is AS_IS:
        return waits
    if not isinstance(change.zone, Leave):
        zone_from_name(change.zone)
        item = replace(item, zone=change.zone)
    zone = zone_from_name(item.zone)
    if not isinstance(change.repeat, Leave):
        item = replace(item, repeat=change.repeat, anchor=None)
    if isinstance(change.repeat, Repeat):
        check(change.repeat)
        due_at = coming(next_after(change.repeat, zone, now), now)
    elif not isinstance(change.due_local, Leave):
        due_at = due_from_local(change.due_local, zone, now)
        item = _with_next_moved(replace(item, anchor=None), due_at)
    elif isinstance(change.zone, Leave):
        return replace(waits, item=item)
    else:
        due_at = due_from_local(item.due_local, zone, now)
    return Waiting(replace(at_instant(item, due_at), snoozed=False))


def _with_next_moved(item: ScheduledItem, due_at: datetime) -> ScheduledItem:
    """One that repeats comes at `due_at` instead of its next time; the one after that stays."""
    if item.repeat is None or item.due_at is None:
        return item
    repeat = _without(item.repeat, None if item.snoozed else item.due_local)
    following = next_after(repeat, zone_from_name(item.zone), item.due_at)
    if following is not None and due_at >= following:
        raise InputError("the time after that comes sooner", fix="change when it repeats")
    return replace(item, repeat=repeat)


def _without(repeat: Repeat, local: datetime | None) -> Repeat:
    if local is None:
        return repeat
    wall = local.replace(fold=0)
    if not is_occurrence(repeat, wall):
        return repeat
    recent = (each for each in repeat.except_local if each > wall - KEEP_LEFT_OUT)
    return replace(repeat, except_local=(*recent, wall))
