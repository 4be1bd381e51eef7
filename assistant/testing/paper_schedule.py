"""A schedule and a calendar on paper: what is due is worked out as in earnest, but nothing rings by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from assistant.core.clock import Clock
from assistant.core.errors import InputError
from assistant.core.ports import CalendarPort, SchedulePort
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
from assistant.schedule.changes import changed, running_for, skipped, snoozed
from assistant.schedule.due import (
    Waiting,
    at_instant,
    checked_label,
    first_due,
    next_of,
    next_of_anchor,
    occurrences_of,
)
from assistant.schedule.events import between, checked, moved, without


class PaperSchedule(SchedulePort):
    """Keeps items in memory. `ring` lets one ring; `calendar` has the events that items may be anchored to."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = count(1)
        self._items: dict[ItemId, ScheduledItem] = {}
        self._ringing: dict[ItemId, ScheduledItem] = {}
        self._missed: dict[ItemId, ScheduledItem] = {}
        self._told: list[ScheduledItem] = []
        self.calendar = PaperCalendar(self)

    def ring(self, item_id: ItemId) -> ScheduledItem:
        """Let an item that is to come ring now, whatever its time; one that repeats waits for its next time."""
        item = self._items.pop(item_id)
        again = None if item.due_at is None else next_of(item, item.due_at, self.calendar.kept)
        if again is not None:
            self._items[item_id] = replace(at_instant(item, again), snoozed=False)
        self._ringing[item_id] = item
        return item

    async def add(self, item: NewItem) -> ScheduledItem:
        """Keep an item."""
        now = self._clock.now()
        due_at = first_due(item, now, self.calendar.kept)
        new = ScheduledItem(
            ItemId(next(self._ids)), item.kind, item.label, due_at, item.zone, now, item.duration, None, item.area_id,
            item.language, None, item.repeat, item.anchor,
        )  # fmt: skip
        return self._keep(at_instant(new, due_at))

    def pending(self, kind: ItemKind | None = None) -> Sequence[ScheduledItem]:
        """Soonest first, paused ones last."""
        items = [item for item in self._items.values() if kind is None or item.kind is kind]
        now = self._clock.now()
        return sorted(items, key=lambda item: (item.is_paused, item.due_at or now))

    async def cancel(self, item_ids: Iterable[ItemId]) -> int:
        """Remove; returns how many were there."""
        before = self._items.keys() | self._ringing.keys() | self._missed.keys()
        gone = before & set(item_ids)
        for kept in (self._items, self._ringing, self._missed):
            for item_id in gone & kept.keys():
                del kept[item_id]
        return len(gone)

    async def pause(self, item_id: ItemId) -> ScheduledItem:
        """Stop a timer's time."""
        item = self._timer(item_id)
        if item.due_at is None:
            raise InputError("the timer is paused already")
        return self._keep(replace(item, due_at=None, remaining=item.due_at - self._clock.now()))

    async def resume(self, item_id: ItemId) -> ScheduledItem:
        """Let a paused timer run on."""
        item = self._timer(item_id)
        if item.remaining is None:
            raise InputError("the timer runs already")
        return self._keep(running_for(item, item.remaining, self._clock.now(), 0).item)

    async def extend(self, item_id: ItemId, by: timedelta) -> ScheduledItem:
        """Add time to a timer, or take some off."""
        item = self._timer(item_id)
        left = (item.remaining if item.due_at is None else item.due_at - self._clock.now()) or timedelta()
        if left + by <= timedelta():
            raise InputError("nothing would remain")
        if item.due_at is None:
            return self._keep(replace(item, remaining=left + by))
        return self._keep(replace(item, due_at=item.due_at + by))

    async def change(self, item_id: ItemId, change: Change) -> ScheduledItem:
        """Rename, move, give a new rule or duration."""
        return self._keep(changed(Waiting(self._waiting(item_id)), change, self._clock.now(), 0).item)

    async def skip_next(self, item_id: ItemId) -> ScheduledItem:
        """Leave out the next occurrence."""
        return self._keep(skipped(self._waiting(item_id), self._clock.now(), self.calendar.kept))

    async def snooze(self, item_ids: Iterable[ItemId], by: timedelta) -> Sequence[ScheduledItem]:
        """Put off what rings, was missed or is snoozed."""
        told = self._ringing | self._missed
        found = [self._items.get(each) or told[each] for each in item_ids if each in told or self._is_snoozed(each)]
        if not found:
            raise InputError("nothing rings that could be put off")
        later = [self._keep(snoozed(item, by, self._clock.now(), 0).item) for item in found]
        for item in later:
            self._ringing.pop(item.id, None)
            self._missed.pop(item.id, None)
        return later

    async def complete(self, item_id: ItemId) -> None:
        """It is done."""
        told = [each.pop(item_id, None) for each in (self._ringing, self._missed)]
        item = self._items.get(item_id)
        over = [each for each in self._told if each.id == item_id]
        if not any(told) and not over and item is None:
            raise InputError("there is no such item")
        self._told = [each for each in self._told if each.id != item_id]
        if item is not None and not any(told):
            if item.due_at is not None and next_of(item, item.due_at, self.calendar.kept) is not None:
                self._keep(skipped(item, self._clock.now(), self.calendar.kept))
            else:
                del self._items[item_id]

    async def miss(self, item_ids: Iterable[ItemId]) -> None:
        """Nobody answered."""
        for item_id in item_ids:
            if item_id in self._ringing:
                self._missed[item_id] = self._ringing.pop(item_id)

    async def acknowledge(self, item_ids: Iterable[ItemId]) -> None:
        """Someone knows now that it was missed."""
        for item_id in item_ids:
            if item_id in self._missed:
                self._told.insert(0, self._missed.pop(item_id))

    def ringing(self) -> Sequence[ScheduledItem]:
        """Those that `ring` let ring."""
        return list(self._ringing.values())

    def missed(self) -> Sequence[ScheduledItem]:
        """Those that rang unanswered."""
        return list(self._missed.values())

    async def recent(self, kind: ItemKind | None = None, limit: int = 20) -> Sequence[ScheduledItem]:
        """Those that are over, newest first."""
        return [item for item in self._told if kind is None or item.kind is kind][:limit]

    def occurrences(
        self, item_id: ItemId, start_at: datetime, end_at: datetime, limit: int = 100
    ) -> Sequence[datetime]:
        """The next instants in a span."""
        item = self._items.get(item_id)
        return [] if item is None else occurrences_of(item, (start_at, end_at), limit, self.calendar.kept)

    def follow(self, event_id: EventId) -> None:
        """An event was changed or cancelled: what hangs on it follows."""
        event = self.calendar.kept.get(event_id)
        for item in [each for each in self._items.values() if each.anchor and each.anchor.event_id == event_id]:
            assert item.anchor is not None
            due_at = None if event is None else next_of_anchor(event, item.anchor.by, self._clock.now())
            if due_at is None:
                del self._items[item.id]
            else:
                self._keep(at_instant(item, due_at))

    def _is_snoozed(self, item_id: ItemId) -> bool:
        return item_id in self._items and self._items[item_id].snoozed

    def _waiting(self, item_id: ItemId) -> ScheduledItem:
        if item_id not in self._items:
            raise InputError("there is nothing like that to come")
        return self._items[item_id]

    def _timer(self, item_id: ItemId) -> ScheduledItem:
        item = self._items.get(item_id)
        if item is None or item.kind is not ItemKind.TIMER:
            raise InputError("there is no such timer")
        return item

    def _keep(self, item: ScheduledItem) -> ScheduledItem:
        self._items[item.id] = item
        return item


class PaperCalendar(CalendarPort):
    """Keeps events in memory, in `kept`."""

    def __init__(self, schedule: PaperSchedule) -> None:
        self._schedule = schedule
        self._ids = count(1)
        self.kept: dict[EventId, Event] = {}

    async def add(self, event: NewEvent) -> Event:
        """Keep an event."""
        event_id = EventId(next(self._ids))
        new = checked(event if event.uid else replace(event, uid=f"event-{event_id}"))
        self.kept[event_id] = _with_id(new, event_id)
        return self.kept[event_id]

    async def event(self, event_id: EventId) -> Event | None:
        """One event; None if it isn't there."""
        return self.kept.get(event_id)

    async def events(self, source: str | None = None) -> Sequence[Event]:
        """All events, by their first start."""
        found = [event for event in self.kept.values() if source is None or event.source == source]
        return sorted(found, key=lambda event: (event.start_local, event.id))

    async def between(self, start_at: datetime, end_at: datetime, limit: int = 200) -> Sequence[Occurrence]:
        """What takes place in a span."""
        return between(self.kept.values(), start_at, end_at, limit)

    async def move(self, event_id: EventId, start_local: datetime, end_local: datetime) -> Event:
        """New wall times."""
        return self._keep(moved(self._there(event_id), start_local, end_local))

    async def rename(self, event_id: EventId, label: str) -> Event:
        """A new label."""
        return self._keep(replace(self._there(event_id), label=checked_label(label)))

    async def cancel(self, event_ids: Iterable[EventId]) -> int:
        """Remove, with the items that hang on them."""
        gone = [event_id for event_id in event_ids if self.kept.pop(event_id, None) is not None]
        for event_id in gone:
            self._schedule.follow(event_id)
        return len(gone)

    async def cancel_occurrence(self, event_id: EventId, start_local: datetime) -> Event | None:
        """Leave out one occurrence; None when it was the only one."""
        event = without(self._there(event_id), start_local)
        if event is None:
            await self.cancel([event_id])
            return None
        return self._keep(event)

    async def replace_source(self, source: str, events: Sequence[NewEvent]) -> int:
        """Make these all the events of a source."""
        new = [checked(replace(event, source=source)) for event in events]
        known = {event.uid: event.id for event in await self.events(source)}
        await self.cancel([event_id for uid, event_id in known.items() if uid not in {event.uid for event in new}])
        for event in new:
            if event.uid in known:
                self._keep(_with_id(event, known[event.uid]))
            else:
                await self.add(event)
        return len(new)

    def _there(self, event_id: EventId) -> Event:
        if event_id not in self.kept:
            raise InputError("there is no such event")
        return self.kept[event_id]

    def _keep(self, event: Event) -> Event:
        self.kept[event.id] = event
        self._schedule.follow(event.id)
        return event


def _with_id(new: NewEvent, event_id: EventId) -> Event:
    return Event(
        event_id, new.label, new.start_local, new.end_local, new.zone, new.is_all_day, new.repeat, new.uid, new.source
    )
