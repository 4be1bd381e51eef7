"""An iCalendar file to events, items and list entries; what can't be taken is named, the rest is whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from icalendar import Component

from assistant.core.errors import InputError
from assistant.core.schedule import NewEvent
from assistant.schedule.ical.chunks import Chunk, cut
from assistant.schedule.ical.content import Content, FileItem, ListEntry, Refusal
from assistant.schedule.ical.events import EventSet
from assistant.schedule.ical.items import alarm_of, entry_of, is_alarm, reminders_of, todo_of
from assistant.schedule.ical.marks import clean
from assistant.schedule.ical.times import Rules
from assistant.schedule.ical.zones import Zones

UNNAMED = "an entry without a name"


def read_calendar(data: bytes, *, zone: str, now: datetime, source: str, list_name: str) -> Content:
    """Everything in a file. `zone` is the home's, for times without one; `now` is aware; events get `source`, to-dos
    without a time go to the list that the file names, else to `list_name`. Takes long for a long file: call it in a
    thread. Raises InputError for what is no calendar, or not a whole one."""
    parts = cut(data)
    reader = _Reader(Zones(zone, now), now, source, clean(parts.name) or list_name)
    for chunk in parts.chunks:
        if chunk.kind == "VTIMEZONE":
            reader.zones.describe(chunk)
    for chunk in parts.chunks:
        reader.take(chunk)
    return reader.content()


def join(contents: Iterable[Content]) -> Content:
    """Several files as one; of two events with the same uid the first stays."""
    taken = list(contents)
    events: dict[str, NewEvent] = {}
    for content in taken:
        for event in content.events:
            events.setdefault(event.uid, event)
    return Content(
        tuple(events.values()),
        tuple(item for content in taken for item in content.items),
        tuple(entry for content in taken for entry in content.entries),
        tuple(refusal for content in taken for refusal in content.refused),
    )


class _Reader:
    """Takes one component after another."""

    def __init__(self, zones: Zones, now: datetime, source: str, list_name: str) -> None:
        self.zones = zones
        self._now = now
        self._list_name = list_name
        self._rules = Rules()
        self._events = EventSet(zones, self._rules, source)
        self._items: list[FileItem] = []
        self._entries: list[ListEntry] = []
        self._refused: list[Refusal] = []

    def take(self, chunk: Chunk) -> None:
        if chunk.kind not in {"VEVENT", "VTODO"}:
            return
        try:
            if chunk.problem:
                raise InputError(chunk.problem)
            component = _component(chunk)
            if chunk.kind == "VTODO":
                self._take_todo(component)
            elif is_alarm(component):
                self._items.append(alarm_of(component, self.zones, self._rules))
            else:
                event = self._events.take(component)
                self._items += reminders_of(component, event) if event else ()
        except InputError as error:
            self._refused.append(Refusal(_name(chunk), error.why or error.what))

    def _take_todo(self, component: Any) -> None:
        entry = entry_of(component, self._list_name)
        if entry is not None:
            self._entries.append(entry)
        else:
            self._items.append(todo_of(component, self.zones, self._rules, self._now))

    def content(self) -> Content:
        events, refused = self._events.finished()
        return Content(tuple(events), tuple(self._items), tuple(self._entries), (*self._refused, *refused))


def _component(chunk: Chunk) -> Any:
    """Raises InputError for lines that are no properties."""
    try:
        component: Any = Component.from_ical(chunk.text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise InputError("it can't be read", why=str(error)[:120]) from error
    if component.errors:
        raise InputError("it can't be read", why=str(component.errors[0][1])[:120])
    return component


def _name(chunk: Chunk) -> str:
    return clean(chunk.first("SUMMARY"))[:80] or clean(chunk.first("UID"))[:80] or UNNAMED
