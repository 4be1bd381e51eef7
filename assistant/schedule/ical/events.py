"""The events of one file: series, their single changed or cancelled days, and extra days."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from assistant.core.errors import InputError
from assistant.core.schedule import NewEvent
from assistant.schedule.events import checked
from assistant.schedule.ical import marks
from assistant.schedule.ical.content import Refusal
from assistant.schedule.ical.marks import EXTRA, OVERRIDE, clean
from assistant.schedule.ical.times import Rules, Wall, dates_of, end_of, wall_of
from assistant.schedule.ical.zones import Zones

STAMP = "%Y%m%dT%H%M%S"
CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class _Override:
    """One day of a series that is different: `event` is None when it is cancelled."""

    day: Wall
    event: NewEvent | None


class EventSet:
    """Takes the events of a file one by one, and puts series together at the end."""

    def __init__(self, zones: Zones, rules: Rules, source: str) -> None:
        self._zones = zones
        self._rules = rules
        self._source = source
        self._events: dict[str, NewEvent] = {}
        self._overrides: dict[str, list[_Override]] = {}

    def take(self, component: Any) -> NewEvent | None:
        """One VEVENT; gives the event it makes by itself, None for a cancelled one. Raises InputError."""
        start = self._start(component)
        event = self._event(component, start)
        is_cancelled = str(component.get("STATUS", "")).upper() == CANCELLED
        if "RECURRENCE-ID" in component:
            return self._take_override(component, event, is_cancelled=is_cancelled)
        if is_cancelled:
            return None
        self._take_series(component, event, start)
        return event

    def finished(self) -> tuple[Sequence[NewEvent], Sequence[Refusal]]:
        """All events, changed days apart from their series."""
        for uid, overrides in self._overrides.items():
            self._put_in(uid, overrides)
        taken: list[NewEvent] = []
        refused: list[Refusal] = []
        for event in self._events.values():
            try:
                taken.append(checked(event))
            except InputError as error:
                refused.append(Refusal(event.label[:80] or event.uid[:80], error.why or error.what))
        return taken, refused

    def _put_in(self, uid: str, overrides: Iterable[_Override]) -> None:
        """The days of a series that are different leave it, and are events of their own unless they are cancelled."""
        series = self._events.get(uid)
        days = set()
        for each in overrides:
            local = _day_of(each, series)
            days.add(local)
            if each.event is not None:
                name = f"{uid}{OVERRIDE}{local:{STAMP}}"
                self._events[name] = replace(each.event, uid=name)
        if series is not None and series.repeat is not None:
            left_out = tuple(sorted(days.union(series.repeat.except_local)))
            self._events[uid] = replace(series, repeat=replace(series.repeat, except_local=left_out))

    def _start(self, component: Any) -> Wall:
        start = wall_of(component, "DTSTART", self._zones)
        if start is None:
            raise InputError("it has no beginning")
        if marks.ZONE in component:
            return start.into(self._zones.name(str(component[marks.ZONE])))
        is_single = not {"RRULE", "RDATE", "RECURRENCE-ID"} & set(component)
        # what takes place once is kept by the clocks of this home: UTC is but how it travelled
        return start.into(self._zones.home) if start.is_utc and is_single else start

    def _event(self, component: Any, start: Wall) -> NewEvent:
        label = clean(str(component.get("SUMMARY", "")))
        uid = str(component.get("UID", "")).strip()[:500]
        if not uid:
            uid = hashlib.sha256(f"{label} {start.local} {start.zone}".encode()).hexdigest()[:32]
        end = end_of(component, start, self._zones)
        first, last = start.local.replace(fold=0), end.local.replace(fold=0)
        return NewEvent(label, first, last, start.zone, start.is_day, None, uid, self._source)

    def _take_override(self, component: Any, event: NewEvent, *, is_cancelled: bool) -> NewEvent | None:
        prop = component["RECURRENCE-ID"]
        if prop.params.get("RANGE"):
            raise InputError("it changes all days that follow, which can't be taken; the series stays as it was")
        day = wall_of(component, "RECURRENCE-ID", self._zones)
        if day is None:
            raise InputError("its RECURRENCE-ID is no time")
        self._overrides.setdefault(event.uid, []).append(_Override(day, None if is_cancelled else event))
        return None

    def _take_series(self, component: Any, event: NewEvent, start: Wall) -> None:
        if "EXRULE" in component or isinstance(component.get("RRULE"), list):
            raise InputError("it has several rules at once")
        left_out = dates_of(component, "EXDATE", start, self._zones)
        extra = dates_of(component, "RDATE", start, self._zones)
        starts = set(extra)
        if "RRULE" in component:
            repeat, is_start_apart = self._rules.repeat(component["RRULE"].to_ical().decode(), start, left_out)
            if is_start_apart:
                starts.add(start.local)
            event = replace(event, repeat=repeat)
        else:
            starts.discard(start.local)
        self._events[event.uid] = event
        for local in sorted(starts):
            name = f"{event.uid}{EXTRA}{local:{STAMP}}"
            end = local + (event.end_local - event.start_local)
            if local not in left_out:
                self._events[name] = replace(event, start_local=local, end_local=end, repeat=None, uid=name)


def _day_of(override: _Override, series: NewEvent | None) -> datetime:
    """Which day of the series it is about, on the clocks of the series."""
    if series is None:
        return override.day.local.replace(fold=0)
    local = override.day.into(series.zone).local.replace(fold=0)
    if series.is_all_day:
        return datetime.combine(local.date(), time())
    return datetime.combine(local.date(), series.start_local.time()) if override.day.is_day else local
