"""Names of time zones in files: IANA, Windows, or rules of their own; to the IANA zone that is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from assistant.core.errors import InputError
from assistant.core.schedule import Repeat
from assistant.schedule.ical.chunks import Chunk
from assistant.schedule.recurrence import instants
from assistant.schedule.rules import Frequency, rule_from_text

_PROBE_STEP = timedelta(days=3)
_PROBES = 250
"""Some two years, so that both changes of the clocks are compared at least twice."""
MAX_COMPARED = 30
"""Zones of one file whose rules are looked at; each costs some milliseconds."""
_UTC = ZoneInfo("UTC")
Offsets = Sequence[tuple[datetime, timedelta]]


class Zones:
    """Finds the zone that a file's TZID means. `now` tells which years' rules count."""

    def __init__(self, home: str, now: datetime) -> None:
        self.home = home
        self._probes = [now + number * _PROBE_STEP for number in range(_PROBES)]
        self._described: dict[str, Chunk] = {}
        self._found: dict[str, str] = {}
        self._compared = 0

    def describe(self, chunk: Chunk) -> None:
        """Take a VTIMEZONE of the file."""
        self._described[_bare(chunk.first("TZID"))] = chunk

    def name(self, tzid: str) -> str:
        """The IANA name. Raises InputError."""
        tzid = _bare(tzid)
        if tzid not in self._found:
            self._found[tzid] = self._find(tzid)
        return self._found[tzid]

    def _find(self, tzid: str) -> str:
        described = self._described.get(tzid)
        for name in (tzid, described.first("X-LIC-LOCATION") if described else ""):
            if known := _known(name):
                return known
        if described is not None and (same := self._by_rules(described)):
            return same
        raise InputError(f"its time zone {tzid[:60]!r} is unknown")

    def _by_rules(self, described: Chunk) -> str | None:
        self._compared += 1
        if self._compared > MAX_COMPARED:
            return None
        offsets = _offsets(described, self._probes)
        return self._same(offsets) if offsets else None

    def _same(self, offsets: Offsets) -> str | None:
        """The first zone with these offsets: this home's if it fits, else a well-known one."""
        known = _zones()
        well_known = (known[name.casefold()] for name in WINDOWS_TO_OLSON.values() if name.casefold() in known)
        candidates = dict.fromkeys((self.home, *well_known, *sorted(known.values())))
        for name in candidates:
            zone = ZoneInfo(name)
            if all(at.astimezone(zone).utcoffset() == offset for at, offset in offsets):
                return name
        return None


def _bare(name: str) -> str:
    return name.strip().strip('"').removeprefix("/")


@lru_cache(1)
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _known(name: str) -> str | None:
    """By name: IANA, its end behind a prefix (/mozilla.org/20050126_1/Europe/Berlin), or Windows."""
    name = _bare(name)
    parts = name.split("/")
    for length in (len(parts), 3, 2):
        if found := _zones().get("/".join(parts[-length:]).casefold()):
            return found
    olson = WINDOWS_TO_OLSON.get(name)
    return _zones().get(olson.casefold()) if olson else None


def _offsets(chunk: Chunk, probes: Sequence[datetime]) -> Offsets:
    """The offset at each probe, by the component's own rules; none if they can't be used."""
    try:
        changes = sorted(_changes(chunk, probes))
    except (ValueError, KeyError, AttributeError, InputError):
        return ()  # a description that can't be read describes nothing: the zone is refused by name
    found: list[tuple[datetime, timedelta]] = []
    for probe in probes:
        before = [offset for at, offset in changes if at <= probe]
        if not before:
            return ()
        found.append((probe, before[-1]))
    return found


def _changes(chunk: Chunk, probes: Sequence[datetime]) -> Iterator[tuple[datetime, timedelta]]:
    """When each offset begins (aware UTC): the last time before the probes, and those between them."""
    described: Any = Timezone.from_ical(chunk.text)
    for part in described.subcomponents:
        start = part["DTSTART"].dt.replace(tzinfo=None)
        before, offset = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        yield start.replace(tzinfo=UTC) - before, offset
        if "RRULE" not in part:
            continue
        rule = part["RRULE"].to_ical().decode()
        if rule_from_text(rule).frequency is not Frequency.YEARLY:
            raise InputError("the clocks are set at most a few times a year")
        since = probes[0] - timedelta(days=800)
        walls = instants(Repeat(rule, start), _UTC, since)
        for wall in takewhile(lambda wall: wall <= probes[-1], walls):
            yield wall - before, offset
