"""The protocols of what must happen later: items that fall due, and the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from assistant.core.schedule import (
    Change,
    Event,
    EventId,
    ItemId,
    ItemKind,
    NewEvent,
    NewItem,
    Occurrence,
    ScheduledItem,
)


class SchedulePort(Protocol):
    """What must happen later, as a skill sees it. Everything is on disk before a call returns. Raises StoreError."""

    async def add(self, item: NewItem) -> ScheduledItem:
        """Keep an item. Raises InputError for a duration ≤ 0 or a time that has passed."""
        ...

    def pending(self, kind: ItemKind | None = None) -> Sequence[ScheduledItem]:
        """Items that are still to come, soonest first, paused ones last."""
        ...

    async def cancel(self, item_ids: Iterable[ItemId]) -> int:
        """Remove; returns how many were there."""
        ...

    async def pause(self, item_id: ItemId) -> ScheduledItem:
        """Stop a timer's time. Raises InputError if it isn't a running timer."""
        ...

    async def resume(self, item_id: ItemId) -> ScheduledItem:
        """Let a paused timer run on."""
        ...

    async def extend(self, item_id: ItemId, by: timedelta) -> ScheduledItem:
        """Add time to a timer, or take some off (negative). Raises InputError if nothing would remain."""
        ...

    async def change(self, item_id: ItemId, change: Change) -> ScheduledItem:
        """Rename, move, give a new rule or duration. Raises InputError for what can't come or isn't there."""
        ...

    async def skip_next(self, item_id: ItemId) -> ScheduledItem:
        """Leave out the next occurrence. Raises InputError if the item doesn't repeat, or nothing would remain."""
        ...

    async def snooze(self, item_ids: Iterable[ItemId], by: timedelta) -> Sequence[ScheduledItem]:
        """Put off what rings, was missed or is snoozed already: due again `by` from now; its ringing is over.

        Raises InputError if none of them is such, or `by` isn't positive."""
        ...

    async def complete(self, item_id: ItemId) -> None:
        """It is done. What rings or was missed ends; what is still to come ends too, and if it repeats its next
        occurrence is left out. Raises InputError for an item that was never there."""
        ...

    async def miss(self, item_ids: Iterable[ItemId]) -> None:
        """It rang to the end and nobody answered: its ringing is over, and it is listed by `missed`."""
        ...

    async def acknowledge(self, item_ids: Iterable[ItemId]) -> None:
        """Someone was told that it was missed: it isn't listed any more."""
        ...

    def ringing(self) -> Sequence[ScheduledItem]:
        """Items that are being told now, oldest first."""
        ...

    def missed(self) -> Sequence[ScheduledItem]:
        """Items that rang unanswered, or fell due while the assistant was off and are not told yet; oldest first."""
        ...

    async def recent(self, kind: ItemKind | None = None, limit: int = 20) -> Sequence[ScheduledItem]:
        """Items that were told in the last days and are over, newest first."""
        ...

    def occurrences(
        self, item_id: ItemId, start_at: datetime, end_at: datetime, limit: int = 100
    ) -> Sequence[datetime]:
        """The next instants (aware UTC) from `start_at` up to, not including, `end_at`; empty if there is no item."""
        ...


class CalendarPort(Protocol):
    """Events, as a skill sees them. Everything is on disk before a call returns. Raises StoreError.

    Items that are anchored to an event move with it, and end when it is cancelled."""

    async def add(self, event: NewEvent) -> Event:
        """Keep an event. Raises InputError for an end before its start, an unknown zone or an unusable rule."""
        ...

    async def event(self, event_id: EventId) -> Event | None:
        """One event; None if it isn't there."""
        ...

    async def events(self, source: str | None = None) -> Sequence[Event]:
        """All events, by their (first) start."""
        ...

    async def between(self, start_at: datetime, end_at: datetime, limit: int = 200) -> Sequence[Occurrence]:
        """What takes place in that span (aware instants), also in part, in order of time; at most `limit`."""
        ...

    async def move(self, event_id: EventId, start_local: datetime, end_local: datetime) -> Event:
        """New wall times. An event that repeats keeps its rule from there on: raises InputError for a day on which the
        rule has no occurrence, or an event that isn't there."""
        ...

    async def rename(self, event_id: EventId, label: str) -> Event:
        """A new label. Raises InputError if there is no such event."""
        ...

    async def cancel(self, event_ids: Iterable[EventId]) -> int:
        """Remove, with the items that hang on them; returns how many events were there."""
        ...

    async def cancel_occurrence(self, event_id: EventId, start_local: datetime) -> Event | None:
        """Leave out one occurrence; None when it was the only one and the event is gone. Raises InputError if there is
        no such occurrence."""
        ...

    async def replace_source(self, source: str, events: Sequence[NewEvent]) -> int:
        """Make these all the events of a source, at once or not at all; one with the same uid keeps its id.

        Returns how many there are. Raises InputError if any can't be kept."""
        ...
