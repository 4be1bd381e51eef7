"""When events take place, and whether they can; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from assistant.core.errors import InputError
from assistant.core.schedule import Event, NewEvent, Occurrence
from assistant.schedule.due import checked_label
from assistant.schedule.recurrence import YEARS, check, instants, is_occurrence, next_after
from assistant.schedule.wall import instant_from_local, local_from_instant, zone_from_name

LONGEST_EVENT = timedelta(days=3660)


def checked(event: NewEvent) -> NewEvent:
    """The event, its rule counted from its start. Raises InputError for one that can't be kept."""
    checked_label(event.label)
    if not event.source or len(event.source) > 1000 or len(event.uid) > 1000:
        raise InputError("an event needs the name of its source, and no name is longer than 1000 characters")
    zone = zone_from_name(event.zone)
    _check_span(event.start_local, event.end_local)
    if event.repeat is None:
        return event
    repeat = replace(event.repeat, start_local=event.start_local)
    check(repeat)
    if next_after(repeat, zone, instant_from_local(event.start_local, zone) - timedelta(days=2)) is None:
        raise InputError("this event never takes place", why="its rule has no occurrence")
    return replace(event, repeat=repeat)


def _check_span(start_local: datetime, end_local: datetime) -> None:
    if start_local.tzinfo is not None or end_local.tzinfo is not None:
        raise InputError("an event has wall times without zone")
    if not YEARS[0] <= start_local.year <= YEARS[1]:
        raise InputError("this event is beyond the calendar", why=f"which has the years {YEARS[0]} to {YEARS[1]}")
    if not timedelta() <= end_local - start_local <= LONGEST_EVENT:
        raise InputError("an event ends after it begins, within ten years")


def moved(event: Event, start_local: datetime, end_local: datetime) -> Event:
    """With new wall times. Raises InputError for a day on which its rule has no occurrence."""
    _check_span(start_local, end_local)
    if event.repeat is None:
        return replace(event, start_local=start_local, end_local=end_local)
    by = start_local - event.start_local
    left_out = tuple(each + by for each in event.repeat.except_local)
    repeat = replace(event.repeat, start_local=start_local, except_local=left_out)
    check(repeat)
    if not is_occurrence(repeat, start_local):
        raise InputError("this event doesn't take place then", why="its rule says on which days and at what times")
    return replace(event, start_local=start_local, end_local=end_local, repeat=repeat)


def without(event: Event, start_local: datetime) -> Event | None:
    """With one occurrence left out; None when none remains. Raises InputError if there is no such occurrence."""
    start_local = start_local.replace(tzinfo=None, fold=0)
    if event.repeat is None:
        if start_local != event.start_local:
            raise InputError("this event doesn't take place then")
        return None
    if not is_occurrence(event.repeat, start_local):
        raise InputError("this event doesn't take place then")
    zone = zone_from_name(event.zone)
    repeat = replace(event.repeat, except_local=(*event.repeat.except_local, start_local))
    first = next_after(repeat, zone, instant_from_local(event.start_local, zone) - timedelta(days=2))
    return None if first is None else replace(event, repeat=repeat)


def between(events: Iterable[Event], start_at: datetime, end_at: datetime, limit: int) -> Sequence[Occurrence]:
    """What takes place in a span, also in part, in order, at most `limit`."""
    found = [each for event in events for each in islice(_within(event, start_at, end_at), max(0, limit))]
    return sorted(found, key=lambda each: (each.start_at, each.end_at, each.event.id))[: max(0, limit)]


def _within(event: Event, start_at: datetime, end_at: datetime) -> Iterator[Occurrence]:
    zone = zone_from_name(event.zone)
    length = event.end_local - event.start_local
    if event.repeat is None:
        starts: Iterable[datetime] = (instant_from_local(event.start_local, zone),)
    else:
        starts = instants(event.repeat, zone, start_at - length - timedelta(days=1))
    for begins_at in starts:
        if begins_at >= end_at:
            return
        local = local_from_instant(begins_at, zone) if event.repeat is not None else event.start_local
        ends_at = instant_from_local(local.replace(fold=0) + length, zone)
        if ends_at > start_at or begins_at >= start_at:
            yield Occurrence(event, begins_at, max(begins_at, ends_at), local)
