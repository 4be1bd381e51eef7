"""What must happen later, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from assistant.core.home import AreaId

ItemId = NewType("ItemId", int)


class ItemKind(StrEnum):
    """Kinds of scheduled items."""

    TIMER = "timer"
    REMINDER = "reminder"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class NewItem:
    """To be kept: a timer by `duration`, a reminder or alarm by local wall time `due_local` (naive) in `zone`."""

    kind: ItemKind
    label: str = ""
    duration: timedelta | None = None
    due_local: datetime | None = None
    zone: str = "UTC"
    area_id: AreaId | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class ScheduledItem:
    """A kept item. `due_at` is the next instant (aware UTC), None while a timer is paused."""

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

    @property
    def is_paused(self) -> bool:
        """True for a paused timer."""
        return self.due_at is None


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
