"""Homes and cases of the home benchmark: both forms of the data, read as one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from assistant.core.errors import InputError
from benchmarks.home_expected import Change, Expected, changes_from, expected_after, expected_by_home

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday; the moment of cases that name none."""
HOMES = "homes.json"


@dataclass(frozen=True, slots=True)
class Thing:
    """One entity of a home, in the words of Home Assistant."""

    id: str
    name: str
    domain: str
    area: str | None = None
    aliases: tuple[str, ...] = ()
    device_class: str | None = None
    state: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    is_exposed: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A floor, or an area with its floor."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    floor: str | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What stands in one home."""

    id: str
    floors: tuple[Place, ...]
    areas: tuple[Place, ...]
    things: tuple[Thing, ...]
    area_of_device: Mapping[str, str]
    zone: str = "UTC"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody speaks, or the home changes by itself; and what must hold afterwards."""

    say: str
    event: Mapping[str, Change]
    expected: Expected


@dataclass(frozen=True, slots=True)
class SetTimer:
    """A timer that runs at the start; seconds as set, and left now."""

    seconds: float
    left: float
    name: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event in the calendar at the start."""

    label: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation in one home."""

    id: str
    group: str
    """The suite or kind that it is counted in."""
    house: House
    area: str | None
    now: datetime
    zone: ZoneInfo
    steps: tuple[Step, ...]
    setup: Mapping[str, Change] = field(default_factory=dict)
    timers: tuple[SetTimer, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of a list → what is on it."""
    meetings: tuple[Meeting, ...] = ()
    says_yes: bool = False
    """A question whether it is meant so is answered with "yes"."""


@dataclass(slots=True)
class Read:
    """The cases of a folder, and the ids of those that say nothing about what must hold."""

    cases: list[Case] = field(default_factory=list)
    unscored: list[str] = field(default_factory=list)


def cases_in(folder: Path) -> Read:
    """All cases of all `*.jsonl` in a folder. Raises InputError for data of another form."""
    houses = _houses(folder / HOMES)
    read = Read()
    for file in sorted(folder.glob("*.jsonl")):
        for row in _rows(file):
            if row.get("home") not in houses:
                raise InputError(f"{file.name}: {row.get('id')} is in a home that {HOMES} doesn't have")
            house = houses[row["home"]]
            if "turns" in row:
                read.cases.append(_conversation(row, house))
            elif "expect_changes" in row or "expect_response_any" in row:
                read.cases.append(_sentence(row, house))
            else:
                read.unscored.append(str(row.get("id")))
    return read


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{file.name}:{number} is no JSON", why=str(error)) from error
        if not isinstance(row, dict):
            raise InputError(f"{file.name}:{number} is no JSON object")
        yield row


def _houses(file: Path) -> Mapping[str, House]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return {name: house_from(name, row) for name, row in told.items()}
    except (OSError, ValueError, AttributeError, KeyError) as error:
        raise InputError(f"{file} has no homes", why=f"{type(error).__name__}: {error}") from error


def house_from(name: str, row: Mapping[str, Any]) -> House:
    """One home of homes.json."""
    return House(
        name,
        tuple(_place(each) for each in row.get("floors") or ()),
        tuple(_place(each) for each in row.get("areas") or ()),
        tuple(_thing(each) for each in row["entities"]),
        {each["id"]: each["area"] for each in row.get("devices") or () if each.get("area")},
        row.get("zone") or "UTC",
        str(row.get("locale") or "en").partition("-")[0],
    )


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["id"], row["name"], tuple(row.get("aliases") or ()), row.get("floor"))


def _thing(row: Mapping[str, Any]) -> Thing:
    state = row.get("state")
    if isinstance(state, Mapping):  # as people say it, and as it is written
        state = state.get("out")
    return Thing(
        row["id"],
        row["name"],
        row["domain"],
        row.get("area"),
        tuple(row.get("aliases") or ()),
        row.get("device_class"),
        None if state is None else str(state),
        dict(row.get("attributes") or {}),
        row.get("exposed") is not False,
    )


# ── one sentence ─────────────────────────────────────────────────────────────────────────────────


def _sentence(row: Mapping[str, Any], house: House) -> Case:
    now = datetime.fromisoformat(row["context_now"]) if row.get("context_now") else NOW
    setup = changes_from(row.get("setup"))
    lists = {id_: _open_items(change.attributes.get("todo_items")) for id_, change in setup.items()}
    meetings = [
        _meeting(each) for change in setup.values() for each in _listed(change.attributes.get("events"), Mapping)
    ]
    expected = expected_by_home(row)
    return Case(
        str(row["id"]),
        str(row.get("dataset") or _kind(row)),
        house,
        house.area_of_device.get(row.get("context_device") or ""),
        now,
        _zone(house.zone if now is NOW else "", now),
        (Step(str(row["sentence"]), {}, expected),),
        setup,
        lists={id_: items for id_, items in lists.items() if id_.startswith("todo.")},
        meetings=tuple(meetings),
        says_yes=True,
    )


def _open_items(value: object) -> tuple[str, ...]:
    rows = _listed(value, Mapping)
    return tuple(str(row.get("summary")) for row in rows if row.get("status") != "completed")


def _listed(value: object, kind: type) -> Sequence[Any]:
    return [each for each in value if isinstance(each, kind)] if isinstance(value, list) else []


def _meeting(row: Mapping[str, Any]) -> Meeting:
    return Meeting(str(row["summary"]), datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"]))


def _zone(name: str, now: datetime) -> ZoneInfo:
    """The zone of that name; without one, any that has the moment's offset."""
    offset = now.utcoffset()
    if name or offset is None:
        return ZoneInfo(name or "UTC")
    hours = round(offset.total_seconds() / 3600)
    return ZoneInfo(f"Etc/GMT{-hours:+d}" if hours else "UTC")


# ── a conversation ───────────────────────────────────────────────────────────────────────────────


def _conversation(row: Mapping[str, Any], house: House) -> Case:
    steps = [
        Step(turn.get("say") or "", changes_from(turn.get("event")), expected_after(turn)) for turn in row["turns"]
    ]
    timers = [
        SetTimer(each["seconds"], each.get("left", each["seconds"]), each.get("name") or "")
        for each in row.get("setup_timers") or ()
    ]
    lists = {id_: tuple(map(str, items)) for id_, items in (row.get("setup_lists") or {}).items()}
    return Case(
        str(row["id"]),
        _kind(row),
        house,
        row.get("context_area") or house.area_of_device.get(row.get("context_device") or ""),
        datetime.fromisoformat(row["now"]),
        ZoneInfo(row.get("zone") or house.zone),
        tuple(steps),
        changes_from(row.get("setup")),
        tuple(timers),
        lists,
    )


def _kind(row: Mapping[str, Any]) -> str:
    kind = row.get("kind") or row.get("category") or "all"
    return str(kind[0] if isinstance(kind, list) else kind)
