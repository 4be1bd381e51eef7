"""The cases of the benchmark `schedule`: what exists, what is said, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from assistant.core.schedule import ItemKind
from benchmarks.time_cases import names_of, rows_of

EVENTS = "events"
ITEMS = {"alarms": ItemKind.ALARM, "timers": ItemKind.TIMER, "reminders": ItemKind.REMINDER}
_BEFORE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that exists before the words are said; `kind` is None for an event."""

    id: str
    kind: ItemKind | None
    label: str
    at: datetime
    end: datetime | None
    rule: str
    since: datetime
    """When it was made."""
    paused_s: float | None
    """What is left of a paused timer."""


@dataclass(frozen=True, slots=True)
class Case:
    """One utterance."""

    id: str
    kind: str
    utterance: str
    now: datetime
    zone: ZoneInfo
    locale: str
    kept: Sequence[Kept]
    lists: Mapping[str, Sequence[str]]
    answers: Sequence[Mapping[str, Any]]
    """Each of them is right, the expected one first."""
    needs_saying_back: bool

    @property
    def language(self) -> str:
        """Language of the words."""
        return self.locale.partition("-")[0]


def cases_in(folder: Path) -> Iterator[tuple[str, Case]]:
    """Set and case, of all files."""
    for name, path in names_of(folder):
        for row in rows_of(path):
            if {"utterance", "now", "expected"} <= row.keys():
                yield name, case_from(row)


def case_from(row: Mapping[str, Any]) -> Case:
    """One row as a case."""
    now, state = datetime.fromisoformat(row["now"]), row.get("state", {})
    expected = row["expected"]
    return Case(
        row["id"],
        row["kind"],
        row["utterance"],
        now,
        ZoneInfo(row["zone"]),
        row.get("locale", "en-US"),
        tuple(_kept_in(state, now)),
        {name: tuple(items) for name, items in state.get("lists", {}).items()},
        (expected, *({**expected, **other} for other in row.get("accept", ()))),
        bool(row.get("confirm")),
    )


def _kept_in(state: Mapping[str, Any], now: datetime) -> Iterator[Kept]:
    for group in (*ITEMS, EVENTS):
        for raw in state.get(group, ()):
            yield _kept(raw, ITEMS.get(group), now)


def _kept(raw: Mapping[str, Any], kind: ItemKind | None, now: datetime) -> Kept:
    left_s = raw.get("remaining_s")
    said = next((raw[key] for key in ("at", "ends", "start", "dtstart", "due") if key in raw), None)
    at = datetime.fromisoformat(said) if said else now + timedelta(seconds=left_s or 0)
    since = min(now, at - _BEFORE)
    if kind is ItemKind.TIMER:
        length_s = raw.get("duration_s")
        since = at - timedelta(seconds=length_s) if length_s else since
    end = datetime.fromisoformat(raw["end"]) if "end" in raw else None
    return Kept(raw["id"], kind, raw.get("label", ""), at, end, raw.get("rrule", ""), since, left_s)
