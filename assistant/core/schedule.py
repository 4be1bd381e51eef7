"""What must happen later, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import NewType

from assistant.core.home import AreaId

ItemId = NewType("ItemId", int)
EventId = NewType("EventId", int)


class ItemKind(StrEnum):
    """Kinds of scheduled items."""

    TIMER = "timer"
    REMINDER = "reminder"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Repeat:
    """When something comes again: an RFC 5545 RRULE without DTSTART, counted from `start_local` (naive wall time).

    UNTIL is local time. HOURLY and MINUTELY are elapsed time, everything else wall time in the item's zone; a time in a
    gap takes the offset before it, one that comes twice is the first. `start_local` itself comes only if the rule says
    so. `except_local` are occurrences that do not come."""

    rule: str
    start_local: datetime
    except_local: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A time that hangs on an event's start: `by` before it when negative. It follows each of the event's occurrences,
    moves with the event, and ends when the event is cancelled."""

    event_id: EventId
    by: timedelta


@dataclass(frozen=True, slots=True)
class NewItem:
    """To be kept. A timer has a `duration`; a reminder or alarm has one of: `due_local` (naive wall time in `zone`),
    `repeat` (which then decides, whatever `due_local` says), `anchor`."""

    kind: ItemKind
    label: str = ""
    duration: timedelta | None = None
    due_local: datetime | None = None
    zone: str = "UTC"
    area_id: AreaId | None = None
    language: str = "en"
    repeat: Repeat | None = None
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True)
class ScheduledItem:
    """A kept item. `due_at` is the next instant (aware UTC), None while a timer is paused.

    In what is told, ringing or missed, it is the instant at which it fell due, also of an item that repeats."""

    id: ItemId
    kind: ItemKind
    label: str
    due_at: datetime | None
    zone: str
    created_at: datetime
    duration: timedelta | None = None
    remaining: timedelta | None = None
    """Of a paused timer."""
    area_id: AreaId | None = None
    language: str = "en"
    due_local: datetime | None = None
    """Naive wall time of `due_at` in `zone`; None for a timer."""
    repeat: Repeat | None = None
    anchor: Anchor | None = None
    snoozed: bool = False
    """Put off after it rang; a repeating one keeps its rule."""

    @property
    def is_paused(self) -> bool:
        """True for a paused timer."""
        return self.due_at is None


class Leave(Enum):
    """The mark of what a change does not touch."""

    AS_IS = "as_is"


AS_IS = Leave.AS_IS


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes different about an item. A new `duration` starts a timer anew. A new `due_local` of an item that
    repeats moves its next occurrence alone; a new `repeat` replaces the rule, None makes the next occurrence the last.
    A new time or rule cuts an anchored item loose from its event."""

    label: str | Leave = AS_IS
    due_local: datetime | Leave = AS_IS
    repeat: Repeat | Leave | None = AS_IS
    duration: timedelta | Leave = AS_IS
    zone: str | Leave = AS_IS


class DueReason(StrEnum):
    """Why an item is told now."""

    ON_TIME = "on_time"
    MISSED = "missed"
    """It fell due while the assistant was off."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """An item that fell due."""

    item: ScheduledItem
    reason: DueReason


LOCAL_SOURCE = "local"
"""Source of events that were made here."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something in the calendar, by naive wall times in `zone`; `end_local` is the first moment after it.

    All-day: midnight to midnight. `repeat.start_local` is `start_local`. `source` names
    where it was imported from, `uid` is its name there."""

    label: str
    start_local: datetime
    end_local: datetime
    zone: str
    is_all_day: bool = False
    repeat: Repeat | None = None
    uid: str = ""
    source: str = LOCAL_SOURCE


@dataclass(frozen=True, slots=True)
class Event:
    """A kept event: `NewEvent` with its id. `uid` is never empty."""

    id: EventId
    label: str
    start_local: datetime
    end_local: datetime
    zone: str
    is_all_day: bool = False
    repeat: Repeat | None = None
    uid: str = ""
    source: str = LOCAL_SOURCE


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an event takes place (aware UTC); `start_local` is its naive wall time in the event's zone."""

    event: Event
    start_at: datetime
    end_at: datetime
    start_local: datetime
