"""When items are due: the first time, the next time, and what was missed in between; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from assistant.core.errors import InputError
from assistant.core.schedule import DueReason, Event, EventId, ItemKind, NewItem, ScheduledItem
from assistant.schedule.recurrence import check, instants, latest_until, next_after
from assistant.schedule.wall import instant_from_local, local_from_instant, zone_from_name

LATE = timedelta(seconds=60)
"""What comes later than this was not told on time: the machine slept, or its clock was set forward."""
LONGEST = timedelta(days=3660)
"""Longer waits are not believed."""
MAX_LABEL = 1000
Events = Mapping[EventId, Event]
"""Those that items are anchored to."""
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that is to come. `ends_at_s` is the second of our own count at which a timer ends that was started while
    we ran: it holds whatever the wall clock does. A timer from before has only its wall end: nothing counted on."""

    item: ScheduledItem
    ends_at_s: float | None = None

    def left(self, now: datetime, now_s: float) -> timedelta | None:
        """Time to go, negative when overdue; None while paused."""
        if self.item.due_at is None:
            return None
        if self.ends_at_s is not None:
            return timedelta(seconds=self.ends_at_s - now_s)
        return self.item.due_at - now


@dataclass(frozen=True, slots=True)
class Fallen:
    """An item whose time has come: as it is told, and as it goes on (None: that was the last time)."""

    told: ScheduledItem
    reason: DueReason
    next: ScheduledItem | None


def first_due(new: NewItem, now: datetime, events: Events) -> datetime:
    """When a new item is due. Raises InputError for what can't come."""
    checked_label(new.label)
    zone = zone_from_name(new.zone)
    if new.duration is not None:
        if new.due_local is not None or new.repeat is not None or new.anchor is not None:
            raise InputError("an item needs either a duration or a time")
        return now + checked_duration(new.duration)
    if new.kind is ItemKind.TIMER:
        raise InputError("a timer takes a duration")
    if new.repeat is not None:
        check(new.repeat)
        return coming(next_after(new.repeat, zone, now), now)
    if new.anchor is not None:
        if new.anchor.event_id not in events:
            raise InputError("there is no such event")
        return coming(next_of_anchor(events[new.anchor.event_id], new.anchor.by, now), now)
    return due_from_local(new.due_local, zone, now)


def due_from_local(local: datetime | None, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant of a wall time that is to come. Raises InputError."""
    if local is None or local.tzinfo is not None:
        raise InputError("an item needs a duration, or a wall time without zone")
    try:
        return coming(instant_from_local(local, zone), now)
    except OverflowError as error:
        raise InputError("this time is beyond the calendar") from error


def checked_label(label: str) -> str:
    """Raises InputError for one that is too long."""
    if len(label) > MAX_LABEL:
        raise InputError("this label can't be kept", why=f"it is longer than {MAX_LABEL} characters")
    return label


def checked_duration(duration: timedelta) -> timedelta:
    """Raises InputError for one that can't be waited for."""
    if not timedelta() < duration <= LONGEST:
        raise InputError("this duration can't be waited for", why="it is not positive, or longer than ten years")
    return duration


def coming(due_at: datetime | None, now: datetime) -> datetime:
    """The instant, if it can be waited for. Raises InputError."""
    if due_at is None or not now < due_at <= now + LONGEST:
        raise InputError("this time can't be waited for", why="it has passed, or is more than ten years away")
    return due_at


def next_of_event(event: Event, after: datetime) -> datetime | None:
    """The first start of an event later than `after`."""
    zone = zone_from_name(event.zone)
    if event.repeat is not None:
        return next_after(event.repeat, zone, after)
    start_at = instant_from_local(event.start_local, zone)
    return start_at if start_at > after else None


def next_of_anchor(event: Event, by: timedelta, after: datetime) -> datetime | None:
    """The next time `by` from a start, later than `after`."""
    start_at = next_of_event(event, after - by)
    return None if start_at is None else start_at + by


def next_of(item: ScheduledItem, after: datetime, events: Events) -> datetime | None:
    """When an item comes again, later than `after`. Raises InputError for a zone that is no more."""
    if item.repeat is not None:
        return next_after(item.repeat, zone_from_name(item.zone), after)
    if item.anchor is not None and (event := events.get(item.anchor.event_id)) is not None and event.repeat is not None:
        return next_of_anchor(event, item.anchor.by, after)
    return None


def at_instant(item: ScheduledItem, due_at: datetime) -> ScheduledItem:
    """The item, due at that instant, with its wall time."""
    if item.kind is ItemKind.TIMER:
        return replace(item, due_at=due_at)
    return replace(item, due_at=due_at, due_local=local_from_instant(due_at, zone_from_name(item.zone)))


def fall_due(waits: Waiting, now: datetime, now_s: float, events: Events) -> Fallen:
    """What becomes of an item whose time has come. If it repeats, only the latest time until now is told."""
    left = waits.left(now, now_s) or timedelta()
    item = waits.item
    due_at = item.due_at or now
    try:
        latest = _latest(item, due_at, now, events)
        again = next_of(item, max(latest, due_at), events)
        next_item = None if again is None else replace(at_instant(item, again), snoozed=False)
        told = item if latest == due_at else at_instant(item, latest)
    except InputError:
        # a zone that is no more: what is due is told, and nothing can follow
        return Fallen(item, _reason(-left), None)
    late = now - latest if latest != due_at else -left
    return Fallen(told, _reason(late), next_item)


def _latest(item: ScheduledItem, due_at: datetime, now: datetime, events: Events) -> datetime:
    """The last time until now at which it fell due; the item's own time when it doesn't repeat."""
    if item.repeat is not None:
        return latest_until(item.repeat, zone_from_name(item.zone), due_at, now) or due_at
    if item.anchor is None or (event := events.get(item.anchor.event_id)) is None or event.repeat is None:
        return due_at
    by = item.anchor.by
    start_at = latest_until(event.repeat, zone_from_name(event.zone), due_at - by, now - by)
    return due_at if start_at is None else start_at + by


def _reason(late: timedelta) -> DueReason:
    return DueReason.MISSED if late > LATE else DueReason.ON_TIME


def waiting_again(item: ScheduledItem) -> Waiting:
    """An item from before this start; what has a wall time is worked out anew, as zones change their rules.

    The instant known so far stays for a zone that is no more, and for a snooze, which is elapsed time."""
    if item.due_local is None or item.due_at is None or item.snoozed:
        return Waiting(item)
    try:
        return Waiting(replace(item, due_at=instant_from_local(item.due_local, zone_from_name(item.zone))))
    except InputError:
        return Waiting(item)


def after_step_back(item: ScheduledItem, now: datetime, events: Events) -> ScheduledItem:
    """An item that repeats, when the clock was wrong and has gone back: what comes next may be sooner now."""
    if item.due_at is None or item.snoozed:
        return item
    try:
        again = next_of(item, now, events)
    except InputError:
        return item
    return item if again is None or again >= item.due_at else at_instant(item, again)


def occurrences_of(item: ScheduledItem, span: tuple[datetime, datetime], limit: int, events: Events) -> list[datetime]:
    """When an item is due within a span, its own next time included, at most `limit` times."""
    start_at, end_at = span
    if item.due_at is None:
        return []
    first = [item.due_at] if start_at <= item.due_at < end_at else []
    after = max(start_at - _INSTANT, item.due_at)
    rest = takewhile(lambda at: at < end_at, _times(item, after, events))
    return [*first, *islice(rest, max(0, limit - len(first)))][: max(0, limit)]


def _times(item: ScheduledItem, after: datetime, events: Events) -> Iterator[datetime]:
    if item.repeat is not None:
        return instants(item.repeat, zone_from_name(item.zone), after)
    if item.anchor is not None and (event := events.get(item.anchor.event_id)) is not None and event.repeat is not None:
        by = item.anchor.by
        return (at + by for at in instants(event.repeat, zone_from_name(event.zone), after - by))
    return iter(())


def is_worth_telling(item: ScheduledItem, now: datetime, horizon: timedelta) -> bool:
    """False for what was missed so long ago that nobody wants to hear of it."""
    return item.due_at is None or now - item.due_at <= horizon
