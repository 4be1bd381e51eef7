"""What must hold after a turn: changes, what is waited for, what is planned and kept, and the words of the reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

AS_IT_WAS = object()
"""The state of a change that names none."""


@dataclass(frozen=True, slots=True)
class Change:
    """How an entity is to be: its state (AS_IT_WAS: none is named), these attributes; `ignored` may be anything."""

    state: object = AS_IT_WAS
    attributes: Mapping[str, Any] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()


Changes = Mapping[str, Change]
NOTHING: Changes = {}


@dataclass(frozen=True, slots=True)
class Planned:
    """Something that is to be done later: at a moment (`rule` where it repeats), or when something happens."""

    at: datetime | None
    rule: str
    do: Changes


@dataclass(frozen=True, slots=True)
class Kept:
    """A timer by its length, a reminder or alarm by its moment; a label of None is not compared."""

    seconds: float | None
    at: datetime | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What must hold after one turn. None, of what is planned or kept: as it was before; empty: none are left."""

    changes: tuple[Changes, ...] = (NOTHING,)
    """Any of these is right."""
    pending: frozenset[str] = frozenset()
    """Any of these is right; empty: not compared."""
    reply_any: tuple[str, ...] = ()
    reply_all: tuple[tuple[str, ...], ...] = ()
    reply_none: tuple[str, ...] = ()
    reply_holds: tuple[str, ...] = ()
    """One of these texts must stand in the reply, even inside of a word."""
    plans: tuple[Planned, ...] | None = None
    timers: tuple[Kept, ...] | None = None
    reminders: tuple[Kept, ...] | None = None
    alarms: tuple[Kept, ...] | None = None
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """List → what came onto it."""
    removed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] | None = None
    """List → how many things are on it then; lists that are not named stay. None: by `added` and `removed`."""
    is_event: bool = False
    """Only changes and replies are compared."""


def changes_from(rows: Mapping[str, Any] | None, ignored: Mapping[str, Any] | None = None) -> Changes:
    """Changes as they stand in the data."""
    return {id_: _change(row, (ignored or {}).get(id_)) for id_, row in (rows or {}).items()}


def _change(row: Mapping[str, Any], ignored: object) -> Change:
    attributes = row.get("attributes") or {}
    state = row.get("state", AS_IT_WAS)
    if state is not AS_IT_WAS and state is not None and not isinstance(state, Mapping):
        state = str(state)
    return Change(state, dict(attributes), frozenset(_names(ignored)))


def _names(ignored: object) -> list[str]:
    """Attributes that are not compared: a list of them, or a map from each to anything."""
    if isinstance(ignored, list):
        return [str(each) for each in ignored]
    if isinstance(ignored, Mapping):
        listed = ignored.get("attributes")
        return [*map(str, ignored), *(map(str, listed) if isinstance(listed, list) else ())]
    return []


# ── one sentence ─────────────────────────────────────────────────────────────────────────────────


def expected_by_home(row: Mapping[str, Any]) -> Expected:
    """Of a case that is one sentence: states before and after, or a text of the answer."""
    changes = changes_from(row.get("expect_changes"), row.get("ignore_changes"))
    counts = {id_: int(str(change.state)) for id_, change in changes.items() if id_.startswith("todo.")}
    return Expected(
        changes=({id_: change for id_, change in changes.items() if id_ not in counts},),
        reply_holds=_texts(row.get("expect_response_any")),
        counts=counts,
    )


# ── a turn of a conversation ─────────────────────────────────────────────────────────────────────


def expected_after(turn: Mapping[str, Any]) -> Expected:
    """Of one turn of a conversation."""
    alternatives = (turn.get("expect_changes"), *(turn.get("accept_changes") or ()))
    pending = turn.get("expect_pending")
    also = turn.get("accept_pending") or ()
    return Expected(
        changes=tuple(changes_from(each) for each in alternatives),
        pending=frozenset((pending, *([also] if isinstance(also, str) else also))) if pending else frozenset(),
        reply_any=_texts(turn.get("expect_reply_any")),
        reply_all=tuple(_texts(each) for each in turn.get("expect_reply_all") or ()),
        reply_none=_texts(turn.get("expect_reply_none")),
        plans=_all(turn, "expect_schedule", _planned),
        timers=_all(turn, "expect_timers", _kept),
        reminders=_all(turn, "expect_reminders", _kept),
        alarms=_all(turn, "expect_alarms", _kept),
        added=_lists(turn.get("expect_list")),
        removed=_lists(turn.get("expect_list_removed")),
        is_event=bool(turn.get("event")),
    )


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _all(turn: Mapping[str, Any], key: str, make: Any) -> Any:
    return None if turn.get(key) is None else tuple(make(each) for each in turn[key])


def _planned(row: Mapping[str, Any]) -> Planned:
    return Planned(_moment(row.get("at")), row.get("rrule") or "", changes_from(row.get("do")))


def _kept(row: Mapping[str, Any]) -> Kept:
    return Kept(row.get("seconds"), _moment(row.get("at")), row["label"] if "label" in row else row.get("name"))


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _lists(rows: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    return {id_: _texts(items) for id_, items in (rows or {}).items()}
