"""Alarms, reminders, timers and list entries of one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from assistant.core.errors import InputError
from assistant.core.home import AreaId
from assistant.core.schedule import ItemKind, NewEvent, NewItem
from assistant.schedule.ical import marks
from assistant.schedule.ical.content import FileItem, ListEntry
from assistant.schedule.ical.times import Rules, Wall, dates_of, wall_of
from assistant.schedule.ical.zones import Zones

DAY_DUE_AT = time(9)
"""When a to-do is told that is due on a day, without a time."""


def is_alarm(component: Any) -> bool:
    """True for a VEVENT that is an alarm: marked by us, or of that category."""
    if component.get(marks.KIND) is not None:
        return str(component[marks.KIND]).lower() == ItemKind.ALARM.value
    props = component.get("CATEGORIES", [])
    categories = {str(name).upper() for prop in _listed(props) for name in getattr(prop, "cats", [prop])}
    return marks.ALARM_CATEGORY in categories


def alarm_of(component: Any, zones: Zones, rules: Rules) -> FileItem:
    """A VEVENT as an alarm. Raises InputError."""
    start = wall_of(component, "DTSTART", zones)
    if start is None or start.is_day:
        raise InputError("an alarm needs a time")
    return _at(_bare(component, ItemKind.ALARM), component, start, zones, rules)


def todo_of(component: Any, zones: Zones, rules: Rules, now: datetime) -> FileItem:
    """A VTODO with a time: a reminder, or a timer of ours. Raises InputError."""
    kind = str(component.get(marks.KIND, "")).lower()
    if kind == ItemKind.TIMER.value:
        return _timer(component, zones, now)
    name = "DTSTART" if "RRULE" in component and "DTSTART" in component else "DUE"
    due = wall_of(component, name, zones) or wall_of(component, "DTSTART", zones)
    if due is None:
        raise InputError("it has no time")
    if due.is_day:
        due = Wall(datetime.combine(due.local.date(), DAY_DUE_AT), zones.home)
    return _at(_bare(component, ItemKind.REMINDER), component, due, zones, rules)


def entry_of(component: Any, list_name: str) -> ListEntry | None:
    """A VTODO without a time as a line of a list; None for one that has a time and isn't done."""
    is_done = str(component.get("STATUS", "")).upper() in {"COMPLETED", "CANCELLED"}
    is_ours = component.get(marks.LIST) is not None
    if not is_ours and not is_done and {"DUE", "DTSTART", marks.KIND} & set(component):
        return None
    text = marks.clean(str(component.get("SUMMARY", "")))
    if not text:
        raise InputError("it has no name")
    count = str(component.get(marks.COUNT, "1"))
    named = marks.clean(str(component.get(marks.LIST, ""))) or list_name
    return ListEntry(named, text, is_done, int(count) if count.isascii() and count.isdigit() and len(count) < 6 else 1)


def reminders_of(component: Any, event: NewEvent) -> Sequence[FileItem]:
    """The alarms inside an event, as reminders that hang on its start."""
    found = []
    for alarm in component.subcomponents:
        trigger = alarm.get("TRIGGER")
        by = getattr(trigger, "dt", None)
        if alarm.name != "VALARM" or not isinstance(by, timedelta) or trigger.params.get("RELATED") == "END":
            continue
        item = NewItem(ItemKind.REMINDER, event.label, due_local=event.start_local + by, zone=event.zone)
        found.append(FileItem(item, event.uid, by))
    return found


def _listed(props: Any) -> list[Any]:
    return props if isinstance(props, list) else [props]


def _at(item: NewItem, component: Any, due: Wall, zones: Zones, rules: Rules) -> FileItem:
    item = replace(item, due_local=due.local, zone=due.zone)
    if "RRULE" in component:
        if isinstance(component["RRULE"], list) or {"EXRULE", "RDATE"} & set(component):
            raise InputError("it has several rules at once")
        left_out = dates_of(component, "EXDATE", due, zones)
        repeat, _ = rules.repeat(component["RRULE"].to_ical().decode(), due, left_out)
        item = replace(item, repeat=repeat, due_local=None if repeat else due.local)
    elif due.is_utc:
        home = due.into(zones.name(str(component.get(marks.ZONE, zones.home))))
        item = replace(item, due_local=home.local, zone=home.zone)
    uid = str(component.get(marks.EVENT, ""))
    offset = str(component.get(marks.OFFSET, "0"))
    return FileItem(item, uid, timedelta(seconds=_seconds(offset))) if uid else FileItem(item)


def _bare(component: Any, kind: ItemKind) -> NewItem:
    area = marks.clean(str(component.get(marks.AREA, "")))
    language = str(component.get(marks.LANGUAGE, "en"))
    label = marks.clean(str(component.get("SUMMARY", "")))
    return NewItem(kind, label, area_id=AreaId(area) if area else None, language=language[:20])


def _timer(component: Any, zones: Zones, now: datetime) -> FileItem:
    bare = _bare(component, ItemKind.TIMER)
    if marks.LENGTH in component:
        return FileItem(
            replace(bare, duration=timedelta(seconds=_seconds(str(component[marks.LENGTH])))), is_paused=True
        )
    due = wall_of(component, "DUE", zones)
    if due is None:
        raise InputError("it has no time")
    return FileItem(replace(bare, duration=due.at - now))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError as error:
        raise InputError(f"{text[:20]!r} is no number of seconds") from error
    if not abs(seconds) <= 10 * 366 * 86400:
        raise InputError(f"{text[:20]!r} seconds are too many")
    return seconds
