"""Times and rules of one component: to naive wall time in a zone, and to a rule that may be kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assistant.core.errors import InputError
from assistant.core.schedule import Repeat
from assistant.schedule.ical.zones import Zones
from assistant.schedule.recurrence import YEARS, check, is_occurrence, next_after
from assistant.schedule.wall import instant_from_local, local_from_instant

MAX_DATES = 2000
"""Exceptions or extra dates of one event."""
MAX_USELESS_RULES = 100
"""Rules of one file that can't be kept; after so many no other one is looked at."""
_BEFORE = timedelta(days=2)
_UTC_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Wall:
    """A naive wall time in a zone, or a whole day. `is_utc`: written as an instant."""

    local: datetime
    zone: str
    is_day: bool = False
    is_utc: bool = False

    @property
    def at(self) -> datetime:
        """The instant."""
        return instant_from_local(self.local, ZoneInfo(self.zone))

    def into(self, zone: str) -> Wall:
        """The same instant, on the clocks of another zone; a day stays a day."""
        if zone == self.zone or self.is_day:
            return replace(self, zone=zone)
        return Wall(local_from_instant(self.at, ZoneInfo(zone)), zone)


def wall_of(component: Any, name: str, zones: Zones) -> Wall | None:
    """The time of a property; None if it isn't there. Raises InputError."""
    prop = component.get(name)
    if prop is None:
        return None
    if isinstance(prop, list):
        raise InputError(f"it has {name} twice")
    return _wall(prop, prop.params.get("TZID"), zones, name)


def _wall(prop: Any, tzid: str | None, zones: Zones, name: str) -> Wall:
    value = getattr(prop, "dt", None)
    if isinstance(value, tuple):
        value = value[0]  # of a period its start
    if not isinstance(value, date) or not YEARS[0] <= value.year <= YEARS[1]:
        raise InputError(f"its {name} is no time")
    if not isinstance(value, datetime):
        return Wall(datetime.combine(value, time()), zones.home, is_day=True)
    local = value.replace(tzinfo=None, fold=0, microsecond=0)
    if tzid:
        return Wall(local, zones.name(tzid))
    return Wall(local, "UTC", is_utc=True) if value.tzinfo is not None else Wall(local, zones.home)


def dates_of(component: Any, name: str, start: Wall, zones: Zones) -> tuple[datetime, ...]:
    """All times of EXDATE or RDATE on the clocks of the event's zone; a mere day means its time of day."""
    props = component.get(name, [])
    found = set()
    for prop in props if isinstance(props, list) else [props]:
        for each in getattr(prop, "dts", None) or [prop]:
            wall = _wall(each, prop.params.get("TZID"), zones, name)
            if wall.is_day:
                found.add(datetime.combine(wall.local.date(), start.local.time()))
            else:
                found.add(_at_start_of_day(wall.into(start.zone).local.replace(fold=0), start))
    if len(found) > MAX_DATES:
        raise InputError(f"it has more than {MAX_DATES} dates in {name}")
    return tuple(sorted(found))


def _at_start_of_day(local: datetime, start: Wall) -> datetime:
    return datetime.combine(local.date(), time()) if start.is_day else local


def end_of(component: Any, start: Wall, zones: Zones) -> Wall:
    """The first moment after an event, on the clocks of its start. Raises InputError for an end before the start."""
    end = wall_of(component, "DTEND", zones)
    if end is None:
        end = replace(start, local=_plus(start, _duration(component)))
    end = end.into(start.zone)
    if start.is_day:
        midnight = datetime.combine(end.local.date(), time())
        return replace(start, local=max(midnight, start.local + timedelta(days=1)) if end.is_day else midnight)
    if end.local < start.local and end.at < start.at:
        raise InputError("it ends before it begins")
    return end


def _duration(component: Any) -> timedelta:
    prop = component.get("DURATION")
    value = getattr(prop, "dt", timedelta())
    if isinstance(prop, list) or not isinstance(value, timedelta) or value < timedelta():
        raise InputError("its DURATION is no length of time")
    if value > timedelta(days=3660):
        raise InputError("it lasts for more than ten years")
    return value


def _plus(start: Wall, length: timedelta) -> datetime:
    """RFC 5545, 3.3.6: days by the calendar, the rest as elapsed time."""
    days = replace(start, local=start.local + timedelta(days=length.days))
    rest = length - timedelta(days=length.days)
    if start.is_day or not rest:
        return days.local
    return local_from_instant(days.at + rest, ZoneInfo(start.zone)).replace(fold=0)


# ── rules ────────────────────────────────────────────────────────────────────────────────────────


class Rules:
    """The rules of one file. To find that a rule never comes takes its time: a file gets a bounded number of tries."""

    def __init__(self) -> None:
        self._useless = 0

    def repeat(self, rule: str, start: Wall, left_out: tuple[datetime, ...]) -> tuple[Repeat | None, bool]:
        """A file's rule as ours (None: nothing comes but the start), and whether the start has to be kept beside it: in
        a file it always comes, and counts. Raises InputError for a rule that can't be kept."""
        if self._useless >= MAX_USELESS_RULES:
            raise InputError("the file has too many rules that can't be kept")
        try:
            return _repeat_of(rule, start, left_out)
        except InputError:
            self._useless += 1
            raise


def _repeat_of(rule: str, start: Wall, left_out: tuple[datetime, ...]) -> tuple[Repeat | None, bool]:
    text = ";".join(_parts_in(rule.strip().upper().split(";"), start))
    repeat = Repeat(text, start.local, left_out)
    check(repeat)
    if next_after(repeat, ZoneInfo(start.zone), start.at - _BEFORE) is None:
        raise InputError("its rule has no occurrence")
    if is_occurrence(replace(repeat, rule=_uncounted(text), except_local=()), start.local):
        return repeat, False
    others = tuple(each for each in left_out if each != start.local)
    text = _counted(text, -1)
    return None if "COUNT=0" in text.split(";") else Repeat(text, start.local, others), others == left_out


def rule_for_file(repeat: Repeat, zone: str, *, is_all_day: bool) -> tuple[str, tuple[datetime, ...]]:
    """Our rule as a file's, and its exceptions: a start that doesn't come by the rule is one."""
    text = ";".join(_parts_out(repeat.rule.strip().upper().removeprefix("RRULE:").split(";"), zone, is_all_day))
    if is_occurrence(replace(repeat, rule=_uncounted(repeat.rule.upper()), except_local=()), repeat.start_local):
        return text, repeat.except_local
    return _counted(text, 1), tuple(sorted({*repeat.except_local, repeat.start_local}))


def _uncounted(rule: str) -> str:
    """Without its end, which says nothing about the start."""
    return ";".join(part for part in rule.split(";") if not part.startswith(("COUNT=", "UNTIL=")))


def _counted(rule: str, more: int) -> str:
    parts = rule.split(";")
    return ";".join(f"COUNT={int(part[6:]) + more}" if part.startswith("COUNT=") else part for part in parts)


def _parts_in(parts: Iterable[str], start: Wall) -> Iterator[str]:
    """UNTIL to the clocks of the zone, or to a day."""
    for part in parts:
        name, _, value = part.partition("=")
        if name == "UNTIL" and start.is_day:
            yield f"UNTIL={value[:8]}"
        elif name == "UNTIL" and value.endswith("Z") and start.zone != "UTC":
            yield f"UNTIL={_until_local(value, start.zone)}"
        elif name == "UNTIL":
            yield f"UNTIL={value.removesuffix('Z')}"
        elif part:
            yield part


def _until_local(value: str, zone: str) -> str:
    try:
        at = datetime.strptime(value, _UTC_STAMP).replace(tzinfo=UTC)
    except ValueError as error:
        raise InputError(f"its UNTIL is no time: {value[:20]!r}") from error
    return f"{local_from_instant(at, ZoneInfo(zone)):%Y%m%dT%H%M%S}"


def _parts_out(parts: Iterable[str], zone: str, is_all_day: bool) -> Iterator[str]:
    """UNTIL as an instant where the start is a time, as RFC 5545 wants it."""
    for part in parts:
        name, _, value = part.partition("=")
        if name != "UNTIL" or value.endswith("Z"):
            yield part
        elif is_all_day:
            yield f"UNTIL={value[:8]}"
        else:
            local = datetime.strptime(value if "T" in value else f"{value}T235959", "%Y%m%dT%H%M%S")
            yield f"UNTIL={instant_from_local(local, ZoneInfo(zone)).strftime(_UTC_STAMP)}"
