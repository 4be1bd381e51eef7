"""The calendar: events on disk, and the items that hang on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Connection

from assistant.core.errors import InputError
from assistant.core.ports import CalendarPort
from assistant.core.schedule import Event, EventId, ItemId, NewEvent, Occurrence, ScheduledItem
from assistant.schedule.book import Book, to_the_end
from assistant.schedule.due import Waiting, at_instant, checked_label, next_of_anchor, next_of_event
from assistant.schedule.event_rows import (
    delete_events,
    has_uid,
    insert_event,
    insert_events,
    select_event,
    select_events,
    select_near,
    select_uids,
    update_event,
)
from assistant.schedule.events import between, checked, moved, without
from assistant.schedule.item_rows import delete_items, states_of, update_items

T = TypeVar("T")
MAX_EVENTS = 50_000
"""Of one source."""


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What a change of events does to the items that hang on them."""

    moved: list[ScheduledItem] = field(default_factory=list)
    ended: list[ItemId] = field(default_factory=list)


class Calendar(CalendarPort):
    """Over the schedule's book; items anchored to an event change in the same transaction as the event."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def add(self, event: NewEvent) -> Event:
        """Keep an event. Raises InputError for one that can't be kept."""
        new = checked(event if event.uid else replace(event, uid=uuid4().hex))

        def write(connection: Connection) -> EventId:
            if has_uid(connection, new.source, new.uid):
                raise InputError("this event is in the calendar already")
            return insert_event(connection, new)

        return _with_id(new, await to_the_end(self._book.store.transact(write)))

    async def event(self, event_id: EventId) -> Event | None:
        """One event; None if it isn't there."""
        return await self._book.store.transact(lambda connection: select_event(connection, event_id))

    async def events(self, source: str | None = None) -> Sequence[Event]:
        """All events, by their first start."""
        return await self._book.store.transact(lambda connection: select_events(connection, source))

    async def between(self, start_at: datetime, end_at: datetime, limit: int = 200) -> Sequence[Occurrence]:
        """What takes place in a span, in order, at most `limit`."""
        if start_at.tzinfo is None or end_at.tzinfo is None:
            raise InputError("a span is between two instants with a zone")
        return await self._book.store.transact(
            lambda connection: between(select_near(connection, start_at, end_at), start_at, end_at, limit)
        )

    async def move(self, event_id: EventId, start_local: datetime, end_local: datetime) -> Event:
        """New wall times."""
        return await self._alter(event_id, lambda event: moved(event, start_local, end_local))

    async def rename(self, event_id: EventId, label: str) -> Event:
        """A new label."""
        return await self._alter(event_id, lambda event: replace(event, label=checked_label(label)))

    async def cancel(self, event_ids: Iterable[EventId]) -> int:
        """Remove, with the items that hang on them."""
        return await to_the_end(self._cancel(frozenset(event_ids)))

    async def cancel_occurrence(self, event_id: EventId, start_local: datetime) -> Event | None:
        """Leave out one occurrence; None when it was the only one."""
        return await to_the_end(self._leave_out(event_id, start_local))

    async def replace_source(self, source: str, events: Sequence[NewEvent]) -> int:
        """Make these all the events of a source, at once or not at all; of several with one uid, the last counts."""
        if len(events) > MAX_EVENTS:
            raise InputError("this calendar is too long", why=f"it has more than {MAX_EVENTS} events")
        new = await asyncio.to_thread(_checked_by_uid, source, events)  # thousands of rules would hold up the loop
        return await to_the_end(self._replace(source, new))

    async def _alter(self, event_id: EventId, alter: Callable[[Event], Event]) -> Event:
        async def work() -> Event:
            async with self._book.lock:
                event = alter(await self._there(event_id))
                await self._write({event_id: event}, lambda connection: update_event(connection, event_id, event))
                return event

        return await to_the_end(work())

    async def _cancel(self, gone: frozenset[EventId]) -> int:
        async with self._book.lock:
            return await self._write(dict.fromkeys(gone), lambda connection: delete_events(connection, sorted(gone)))

    async def _leave_out(self, event_id: EventId, start_local: datetime) -> Event | None:
        async with self._book.lock:
            event = without(await self._there(event_id), start_local)

            def write(connection: Connection) -> None:
                if event is None:
                    delete_events(connection, [event_id])
                else:
                    update_event(connection, event_id, event)

            await self._write({event_id: event}, write)
            return event

    async def _replace(self, source: str, new: Mapping[str, NewEvent]) -> int:
        async with self._book.lock:
            known = await self._book.store.transact(lambda connection: select_uids(connection, source))
            kept = {known[uid]: event for uid, event in new.items() if uid in known}
            gone = [event_id for uid, event_id in known.items() if uid not in new]

            def write(connection: Connection) -> None:
                delete_events(connection, gone)
                for event_id, event in kept.items():
                    update_event(connection, event_id, event)
                insert_events(connection, (event for uid, event in new.items() if uid not in known))

            changed: dict[EventId, Event | None] = dict.fromkeys(gone)
            changed |= {event_id: _with_id(event, event_id) for event_id, event in kept.items()}
            await self._write(changed, write)
            return len(new)

    async def _there(self, event_id: EventId) -> Event:
        event = await self.event(event_id)
        if event is None:
            raise InputError("there is no such event")
        return event

    async def _write(self, events: Mapping[EventId, Event | None], write: Callable[[Connection], T]) -> T:
        """Change events (None: cancelled), and what hangs on them. Call it under the lock."""
        book = self._book
        anchored = self._anchored(events)
        stored = states_of(anchored.moved)

        def write_all(connection: Connection) -> T:
            written = write(connection)
            update_items(connection, stored)
            delete_items(connection, anchored.ended)
            return written

        written = await book.store.transact(write_all)
        for item_id in anchored.ended:
            book.agenda.drop(item_id)
            book.rings.drop([ring.id for ring in book.rings.of(item_id)])
        for event_id in events.keys() & book.events.keys():
            _know(book.events, event_id, events[event_id])
        book.wait_for([Waiting(item) for item in anchored.moved])
        return written

    def _anchored(self, events: Mapping[EventId, Event | None]) -> _Anchored:
        found = _Anchored()
        now = self._book.clock.now()
        for item in [waits.item for waits in self._book.agenda.all()]:
            if item.anchor is None or (event_id := item.anchor.event_id) not in events:
                continue
            event, old = events[event_id], self._book.events[event_id]
            due_at = None if event is None else _due_again(item, item.anchor.by, old, event, now)
            if due_at is None:
                found.ended.append(item.id)
            elif not item.snoozed:
                found.moved.append(at_instant(item, due_at))
        return found


def _due_again(item: ScheduledItem, by: timedelta, old: Event, new: Event, now: datetime) -> datetime | None:
    """The time by the event as it is now. When that has passed, but the event has not and nobody was told: at once."""
    due_at, start_at = next_of_anchor(new, by, now), next_of_event(new, now)
    if start_at is None or item.due_at is None or start_at + by > now:
        return due_at
    was_told = next_of_event(old, now) != item.due_at - by
    return due_at if was_told else now


def _know(known: dict[EventId, Event], event_id: EventId, event: Event | None) -> None:
    if event is None:
        del known[event_id]
    else:
        known[event_id] = event


def _checked_by_uid(source: str, events: Sequence[NewEvent]) -> Mapping[str, NewEvent]:
    wanted = {each.uid or uuid4().hex: each for each in events}
    return {uid: checked(replace(each, source=source, uid=uid)) for uid, each in wanted.items()}


def _with_id(new: NewEvent, event_id: EventId) -> Event:
    return Event(
        event_id, new.label, new.start_local, new.end_local, new.zone, new.is_all_day, new.repeat, new.uid, new.source
    )
