"""Events, items and list entries to an iCalendar file that other programs can read, and this one whole."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Alarm, Event, Timezone, Todo, vCategory, vDDDLists, vDDDTypes, vRecur, vText

from assistant.core.schedule import ItemKind, NewEvent, NewItem, Repeat
from assistant.schedule.ical import marks
from assistant.schedule.ical.content import Content, FileItem, ListEntry
from assistant.schedule.ical.events import STAMP
from assistant.schedule.ical.times import rule_for_file
from assistant.schedule.wall import instant_from_local

PRODUCT = "-//assistant//calendar//EN"
DESCRIBED = timedelta(days=800)
"""Zones are described for so long before and after now."""
_NAMES = uuid.UUID("7c1fd0de-5c0b-4a6e-9d53-0a3f2f3a6a11")


def write_calendar(content: Content, now: datetime) -> bytes:
    """The file. Takes long for much: call it in a thread."""
    return _Writer(content, now).written()


class _Writer:
    """Makes one file."""

    def __init__(self, content: Content, now: datetime) -> None:
        self._content = content
        self._now = now.astimezone(UTC).replace(microsecond=0)
        self._series = {event.uid: event for event in content.events if event.repeat is not None}
        self._changed: dict[str, set[datetime]] = {}
        for event in content.events:
            series, mark, day = event.uid.rpartition(marks.OVERRIDE)
            if mark and series in self._series:
                self._changed.setdefault(series, set()).add(datetime.strptime(day, STAMP))

    def written(self) -> bytes:
        # component by component: the whole tree of a long calendar would take ten times its length in memory
        head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n".encode()
        return b"".join((head, *(part.to_ical() for part in self._components()), b"END:VCALENDAR\r\n"))

    def _components(self) -> Iterator[Any]:
        first, last = (self._now - DESCRIBED).date(), (self._now + DESCRIBED).date()
        for zone in sorted(set(_zones(self._content))):
            yield Timezone.from_tzid(zone, first_date=first, last_date=last)
        for event in self._content.events:
            yield self._event(event)
        for item in self._content.items:
            yield self._alarm(item) if item.item.kind is ItemKind.ALARM else self._todo(item)
        for number, entry in enumerate(self._content.entries):
            yield self._entry(entry, number)

    def _part(self, part: Any, uid: str, label: str) -> Any:
        part["UID"] = vText(uid)
        part.add("dtstamp", self._now)
        if label:
            part["SUMMARY"] = vText(label)
        return part

    def _event(self, event: NewEvent) -> Any:
        part = self._part(Event(), event.uid, event.label)
        uid, _, day = event.uid.rpartition(marks.OVERRIDE)
        series = self._series.get(uid)
        if series is not None:
            part["UID"] = vText(uid)
            part["RECURRENCE-ID"] = _time(datetime.strptime(day, STAMP), series.zone, is_day=series.is_all_day)
        part["DTSTART"] = _time(event.start_local, event.zone, is_day=event.is_all_day)
        part["DTEND"] = _time(event.end_local, event.zone, is_day=event.is_all_day)
        if event.is_all_day or event.zone == "UTC":
            part[marks.ZONE] = vText(event.zone)
        if event.repeat is not None:
            changed = self._changed.get(event.uid, ())
            _add_rule(part, event.repeat, event.zone, is_day=event.is_all_day, changed=changed)
        return part

    def _alarm(self, kept: FileItem) -> Any:
        part = self._item(Event(), kept)
        _add_time(part, kept.item, "DTSTART")
        part["CATEGORIES"] = vCategory([marks.ALARM_CATEGORY])
        rings = Alarm()
        rings.add("action", "AUDIO")
        rings.add("trigger", timedelta())
        part.add_component(rings)
        return part

    def _todo(self, kept: FileItem) -> Any:
        part = self._item(Todo(), kept)
        if kept.item.duration is None:
            _add_time(part, kept.item, "DUE")
        elif kept.is_paused:
            part[marks.LENGTH] = vText(str(kept.item.duration.total_seconds()))
        else:
            part.add("due", self._now + kept.item.duration)
        return part

    def _item(self, part: Any, kept: FileItem) -> Any:
        item = kept.item
        # the same item gets the same name in every file
        told = f"{item.kind} {item.label} {item.due_local} {item.repeat} {item.zone} {kept.event_uid} {kept.by}"
        self._part(part, str(uuid.uuid5(_NAMES, told)), item.label)
        part[marks.KIND] = vText(item.kind.value)
        if item.zone == "UTC":
            part[marks.ZONE] = vText(item.zone)
        part[marks.LANGUAGE] = vText(item.language)
        if item.area_id is not None:
            part[marks.AREA] = vText(item.area_id)
        if kept.event_uid:
            part[marks.EVENT] = vText(kept.event_uid)
            part[marks.OFFSET] = vText(str(kept.by.total_seconds()))
        return part

    def _entry(self, entry: ListEntry, number: int) -> Any:
        name = uuid.uuid5(_NAMES, f"{number} {entry.list_name} {entry.text}")
        part = self._part(Todo(), str(name), entry.text)
        part[marks.LIST] = vText(entry.list_name)
        if entry.count != 1:
            part[marks.COUNT] = vText(str(entry.count))
        part.add("status", "COMPLETED" if entry.is_done else "NEEDS-ACTION")
        return part


def _zones(content: Content) -> Iterator[str]:
    """Zones that have to be described: days have none, and UTC needs no description."""
    for event in content.events:
        if not event.is_all_day and event.zone != "UTC":
            yield event.zone
    for kept in content.items:
        if kept.item.duration is None and kept.item.zone != "UTC":
            yield kept.item.zone


def _add_time(part: Any, item: NewItem, name: str) -> None:
    if item.repeat is not None:
        part["DTSTART"] = _time(item.repeat.start_local, item.zone)
        _add_rule(part, item.repeat, item.zone)
    elif item.due_local is not None:
        zone = ZoneInfo(item.zone)
        at = instant_from_local(item.due_local, zone)
        if at != instant_from_local(item.due_local.replace(fold=0), zone):
            # the second of two equal times has no other name in a file
            part[marks.ZONE] = vText(item.zone)
            part[name] = vDDDTypes(at)
        else:
            part[name] = _time(item.due_local, item.zone)


def _time(local: datetime, zone: str, *, is_day: bool = False) -> Any:
    if is_day:
        return vDDDTypes(local.date())
    prop = vDDDTypes(local.replace(microsecond=0, fold=0))
    prop.params["TZID"] = zone
    return prop


def _add_rule(
    part: Any, repeat: Repeat, zone: str, *, is_day: bool = False, changed: Collection[datetime] = ()
) -> None:
    rule, left_out = rule_for_file(repeat, zone, is_all_day=is_day)
    part["RRULE"] = vRecur.from_ical(rule)
    dates = [local for local in left_out if local not in changed]
    if dates:
        part["EXDATE"] = _dates(dates, zone, is_day=is_day)


def _dates(dates: Sequence[datetime], zone: str, *, is_day: bool) -> Any:
    if zone == "UTC" and not is_day:
        return vDDDLists([local.replace(tzinfo=UTC) for local in dates])
    prop = vDDDLists([local.date() if is_day else local for local in dates])
    prop.params.update({"VALUE": "DATE"} if is_day else {"TZID": zone})
    return prop
