"""When something is due: local wall time to instants, what is due now, what was missed; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.core.errors import InputError
from assistant.core.schedule import DueReason, ItemKind, NewItem, ScheduledItem

LATE = timedelta(seconds=60)
"""What comes later than this was not told on time: the machine slept, or its clock was set forward."""
LONGEST = timedelta(days=3660)
"""Longer waits are not believed."""


def instant_from_local(local: datetime, zone: ZoneInfo) -> datetime:
    """UTC of a naive wall time. RFC 5545, 3.3.5: in a gap, the offset before it; what comes twice is the first.

    `fold=1` asks for the second of two."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return max(first, second) if local.fold else first


def zone_from_name(name: str) -> ZoneInfo:
    """The IANA zone. Raises InputError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"there is no time zone {name!r}", fix="use an IANA name such as Europe/Berlin") from error


def first_instant(new: NewItem, now: datetime) -> datetime:
    """When a new item is due. Raises InputError for what can't come."""
    if (new.duration is None) == (new.due_local is None):
        raise InputError("an item needs either a duration or a time")
    if new.duration is not None:
        if not timedelta() < new.duration <= LONGEST:
            raise InputError("this duration can't be waited for", why="it is not positive, or longer than ten years")
        return now + new.duration
    assert new.due_local is not None
    if new.kind is ItemKind.TIMER or new.due_local.tzinfo is not None:
        raise InputError("a timer takes a duration, anything else a wall time without zone")
    due_at = instant_from_local(new.due_local, zone_from_name(new.zone))
    if not now < due_at <= now + LONGEST:
        raise InputError("this time can't be waited for", why="it has passed, or is more than ten years away")
    return due_at


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that is to come. `ends_at_s` is the monotonic second of a timer that was started while we ran:
    it holds whatever the wall clock does. A timer from before has only its wall end, since nothing else counted on."""

    item: ScheduledItem
    ends_at_s: float | None = None

    def left(self, now: datetime, now_s: float) -> timedelta | None:
        """Time to go, negative when overdue; None while paused."""
        if self.item.due_at is None:
            return None
        if self.ends_at_s is not None:
            return timedelta(seconds=self.ends_at_s - now_s)
        return self.item.due_at - now


def waiting_again(item: ScheduledItem, due_local: datetime | None) -> Waiting:
    """An item from before this start; what has a wall time is worked out anew, as zones change their rules.

    The instant known so far stays for a zone that is no more."""
    if due_local is None or item.due_at is None:
        return Waiting(item)
    try:
        return Waiting(replace(item, due_at=instant_from_local(due_local, zone_from_name(item.zone))))
    except InputError:
        return Waiting(item)


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Soonest first, paused ones last."""
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(waiting, key=lambda each: (each.item.due_at or last, each.item.id))


def due_now(waiting: Iterable[Waiting], now: datetime, now_s: float) -> list[Waiting]:
    """Those whose time has come, soonest first."""
    return [each for each in in_order(waiting) if (left := each.left(now, now_s)) is not None and left <= timedelta()]


def next_wake(waiting: Iterable[Waiting], now: datetime, now_s: float) -> datetime | None:
    """The instant by the present wall clock at which something is due next; None when nothing is."""
    left = [each for each in (waits.left(now, now_s) for waits in waiting) if each is not None]
    return now + min(left) if left else None


def reason_for(waits: Waiting, now: datetime, now_s: float) -> DueReason:
    """Whether it is told on time."""
    left = waits.left(now, now_s)
    return DueReason.MISSED if left is not None and left < -LATE else DueReason.ON_TIME


def is_worth_telling(item: ScheduledItem, now: datetime, horizon: timedelta) -> bool:
    """False for what was missed so long ago that nobody wants to hear of it."""
    return item.due_at is None or now - item.due_at <= horizon
