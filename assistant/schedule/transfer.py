"""What is kept here to an .ics file, and a file's content to what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.core.clock import Clock
from assistant.core.errors import InputError, StoreError
from assistant.core.ports import CalendarPort, SchedulePort
from assistant.core.schedule import Anchor, Event, EventId, ItemId, ItemKind, NewItem, ScheduledItem
from assistant.schedule.aside import aside
from assistant.schedule.caldav_source import SOURCE as CALDAV
from assistant.schedule.calendar_sources import as_new, put
from assistant.schedule.ical import Content, FileItem, ListEntry, Refusal, read_calendar, write_calendar
from assistant.schedule.ical_folder import PREFIX as FOLDER
from assistant.schedule.list_notes import ListLine, ListNotes, name_of_list
from assistant.schedule.part import Part

IMPORTED = "import:"
MAX_ITEMS = 1000
"""Alarms, reminders or timers of one file: each is kept by itself, and nobody wants more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file."""

    new: int
    known: int = 0
    """Of what was found, so many were here already."""
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """Between files and what is kept. Files are read and written in a thread; all calls raise StoreError."""

    schedule: SchedulePort
    calendar: CalendarPort
    lists: ListNotes
    zone: str
    clock: Clock

    async def export(self, part: Part) -> bytes:
        """All of a part. Calendars that are followed stay out: their own files have them."""
        content = await self._kept(part)
        now = self.clock.now()
        return await aside("calendar-write", lambda: write_calendar(content, now))

    async def take_in(self, part: Part, data: bytes, name: str) -> Taken:
        """Keep what a file has of a part, all of it that can be kept or (StoreError) nothing. `name` is the file's: its
        events replace those that came from that name before. Raises InputError for what is no calendar."""
        now = self.clock.now()
        source = IMPORTED + name
        content = await aside(
            "calendar-read", lambda: read_calendar(data, zone=self.zone, now=now, source=source, list_name=name)
        )
        if part is Part.CALENDAR:
            return await self._take_events(content, source)
        if part is Part.LISTS:
            return await self._take_entries(content)
        items = [each for each in content.items if each.item.kind is part.kind]
        return await self._take_items(items, content.refused)

    async def _kept(self, part: Part) -> Content:
        if part is Part.LISTS:
            lists = await self.lists.lists()
            return Content(
                entries=tuple(
                    ListEntry(name, line.text, line.is_done, line.count)
                    for name, lines in lists.items()
                    for line in lines
                )
            )
        events = await self.calendar.events()
        if part is Part.CALENDAR:
            return await aside("calendar-gather", lambda: _own(events))
        by_id = {event.id: event for event in events}
        now = self.clock.now()
        return Content(items=tuple(_file_item(item, by_id, now) for item in self.schedule.pending(part.kind)))

    async def _take_events(self, content: Content, source: str) -> Taken:
        elsewhere = {event.uid for event in await self.calendar.events() if event.source != source}
        new = [event for event in content.events if event.uid not in elsewhere]
        await put(self.calendar, source, new)
        return Taken(len(new), len(content.events) - len(new), content.refused)

    async def _take_entries(self, content: Content) -> Taken:
        lists: dict[str, list[ListLine]] = {}
        for entry in content.entries:
            lines = lists.setdefault(name_of_list(entry.list_name), [])
            lines.append(ListLine(entry.text, entry.is_done, entry.count))
        new = await self.lists.add(lists)
        return Taken(new, len(content.entries) - new, content.refused)

    async def _take_items(self, items: Sequence[FileItem], refused: Iterable[Refusal]) -> Taken:
        if len(items) > MAX_ITEMS:
            raise InputError("the file has too many entries", why=f"{len(items)}; at most {MAX_ITEMS} are taken")
        events = {event.uid: event.id for event in await self.calendar.events()}
        known = {_name(item.kind, item) for item in self.schedule.pending()}
        refusals, added, doubles = list(refused), list[ItemId](), 0
        try:
            for kept in items:
                new = _new_item(kept, events)
                if new.kind is not ItemKind.TIMER and _name(new.kind, new) in known:
                    doubles += 1
                    continue
                try:
                    added.append(await self._add(new, is_paused=kept.is_paused))
                except InputError as error:
                    refusals.append(Refusal(new.label[:80] or new.kind.value, error.why or error.what))
        except StoreError:
            await self.schedule.cancel(added)
            raise
        return Taken(len(added), doubles, tuple(refusals))

    async def _add(self, new: NewItem, *, is_paused: bool) -> ItemId:
        item = await self.schedule.add(new)
        if is_paused:
            await self.schedule.pause(item.id)
        return item.id


def is_followed(source: str) -> bool:
    """True for a calendar whose home is elsewhere."""
    return source == CALDAV or source.startswith(FOLDER)


def _own(events: Sequence[Event]) -> Content:
    return Content(tuple({each.uid: as_new(each) for each in events if not is_followed(each.source)}.values()))


def _file_item(item: ScheduledItem, events: Mapping[EventId, Event], now: datetime) -> FileItem:
    new = NewItem(item.kind, item.label, None, item.due_local, item.zone, item.area_id, item.language, item.repeat)
    if item.kind is ItemKind.TIMER:
        left = item.remaining if item.due_at is None else item.due_at - now
        return FileItem(replace(new, duration=left), is_paused=item.is_paused)
    if item.repeat is not None:
        return FileItem(replace(new, due_local=None))
    event = events.get(item.anchor.event_id) if item.anchor else None
    if item.anchor is not None and event is not None:
        return FileItem(new, event.uid, item.anchor.by)
    return FileItem(new)


def _new_item(kept: FileItem, events: Mapping[str, EventId]) -> NewItem:
    event_id = events.get(kept.event_uid)
    if event_id is None:
        return kept.item
    return replace(kept.item, due_local=None, repeat=None, anchor=Anchor(event_id, kept.by))


def _name(kind: ItemKind, item: NewItem | ScheduledItem) -> object:
    """What makes two items the same."""
    if item.anchor is not None:
        return kind, item.label, item.anchor
    if item.repeat is not None:
        return kind, item.label, item.zone, item.repeat.rule, item.repeat.start_local
    return kind, item.label, item.zone, item.due_local
