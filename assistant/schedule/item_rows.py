"""Items and their firings as rows; every function runs inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from assistant.core.home import AreaId
from assistant.core.schedule import Anchor, EventId, ItemId, ItemKind, ScheduledItem
from assistant.schedule.columns import (
    instant_from_us,
    repeat_columns,
    repeat_from_row,
    span_from_us,
    us_from_instant,
    us_from_span,
)
from assistant.schedule.schema import FIRINGS, ITEMS

FiringId = NewType("FiringId", int)


class State(StrEnum):
    """Where an item stands in its life."""

    PENDING = "pending"
    PAUSED = "paused"
    RINGING = "ringing"
    """Its last time came; nobody has yet confirmed that it was told."""
    ENDED = "ended"
    """It was told."""
    DONE = "done"
    """Somebody ticked it off."""


class FiringState(StrEnum):
    """What became of one time that an item fell due."""

    RINGING = "ringing"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A row: the item and its state."""

    item: ScheduledItem
    state: State


@dataclass(frozen=True, slots=True)
class StoredFiring:
    """A row: which item fell due when."""

    id: FiringId
    item_id: ItemId
    due_at: datetime
    state: FiringState


def insert_item(connection: Connection, stored: StoredItem) -> ScheduledItem:
    """Keep a new item; gives it back with its id."""
    row_id = connection.execute(insert(ITEMS).values(_values(stored))).inserted_primary_key
    assert row_id is not None
    return replace(stored.item, id=ItemId(row_id[0]))


def update_items(connection: Connection, stored: Iterable[StoredItem]) -> None:
    """Write items anew."""
    for each in stored:
        connection.execute(update(ITEMS).where(ITEMS.c.id == each.item.id).values(_values(each)))


def delete_items(connection: Connection, item_ids: Iterable[ItemId]) -> None:
    """Remove items, with their firings."""
    for item_id in item_ids:
        connection.execute(delete(ITEMS).where(ITEMS.c.id == item_id))


def select_open(connection: Connection) -> list[StoredItem]:
    """All that is to come or rings."""
    states = (State.PENDING.value, State.PAUSED.value, State.RINGING.value)
    rows = connection.execute(select(ITEMS).where(ITEMS.c.state.in_(states)).order_by(ITEMS.c.id))
    return [_stored(row) for row in rows]


def select_told(connection: Connection, kind: ItemKind | None, limit: int) -> list[ScheduledItem]:
    """Items that were told and are over, newest first."""
    query = select(ITEMS).where(ITEMS.c.state == State.ENDED.value, ITEMS.c.ended_us.is_not(None))
    if kind is not None:
        query = query.where(ITEMS.c.kind == kind.value)
    rows = connection.execute(query.order_by(ITEMS.c.ended_us.desc(), ITEMS.c.id.desc()).limit(limit))
    return [_stored(row).item for row in rows]


def tick_off(connection: Connection, item_id: ItemId, now: datetime) -> bool:
    """Whatever state it is in, it is done and rings no more; False if it isn't there."""
    connection.execute(delete(FIRINGS).where(FIRINGS.c.item_id == item_id))
    values = {"state": State.DONE.value, "ended_us": us_from_instant(now)}
    due_us = func.coalesce(ITEMS.c.due_us, ITEMS.c.created_us)
    changed = connection.execute(update(ITEMS).where(ITEMS.c.id == item_id).values(due_us=due_us, **values))
    return bool(changed.rowcount)


def purge_ended(connection: Connection, before: datetime) -> None:
    """Forget what was over long ago, and what was missed then."""
    us = us_from_instant(before)
    over = ITEMS.c.state.in_((State.ENDED.value, State.DONE.value))
    connection.execute(delete(FIRINGS).where(FIRINGS.c.state == FiringState.MISSED.value, FIRINGS.c.due_us < us))
    connection.execute(delete(ITEMS).where(over, ITEMS.c.ended_us < us))


# ── firings ──────────────────────────────────────────────────────────────────────────────────────


def insert_firing(connection: Connection, item_id: ItemId, due_at: datetime) -> FiringId:
    """It fell due, and rings."""
    values = {"item_id": item_id, "due_us": us_from_instant(due_at), "state": FiringState.RINGING.value}
    row_id = connection.execute(insert(FIRINGS).values(values)).inserted_primary_key
    assert row_id is not None
    return FiringId(row_id[0])


def select_firings(connection: Connection) -> list[StoredFiring]:
    """All that is not over, oldest first."""
    rows = connection.execute(select(FIRINGS).order_by(FIRINGS.c.due_us, FIRINGS.c.id))
    return [
        StoredFiring(FiringId(row.id), ItemId(row.item_id), instant_from_us(row.due_us), FiringState(row.state))
        for row in rows
    ]


def mark_missed(connection: Connection, firing_ids: Iterable[FiringId]) -> None:
    """Nobody answered."""
    for firing_id in firing_ids:
        changed = update(FIRINGS).where(FIRINGS.c.id == firing_id).values(state=FiringState.MISSED.value)
        connection.execute(changed)


def end_firings(connection: Connection, firing_ids: Iterable[FiringId], now: datetime) -> None:
    """Told: they are over, and with them items that come no more. The time of telling is noted."""
    for firing_id in firing_ids:
        item_id = select(FIRINGS.c.item_id).where(FIRINGS.c.id == firing_id).scalar_subquery()
        of_item = update(ITEMS).where(ITEMS.c.id == item_id)
        connection.execute(of_item.values(ended_us=us_from_instant(now)))
        connection.execute(of_item.where(ITEMS.c.state == State.RINGING.value).values(state=State.ENDED.value))
        connection.execute(delete(FIRINGS).where(FIRINGS.c.id == firing_id))


def _values(stored: StoredItem) -> Mapping[str, Any]:
    item, local, repeat, anchor = stored.item, stored.item.due_local, stored.item.repeat, stored.item.anchor
    return {
        "kind": item.kind.value,
        "state": stored.state.value,
        "label": item.label,
        "due_us": None if item.due_at is None else us_from_instant(item.due_at),
        "due_local": None if local is None else local.isoformat(),
        "fold": 0 if local is None else local.fold,
        "zone": item.zone,
        "created_us": us_from_instant(item.created_at),
        "duration_us": us_from_span(item.duration),
        "remaining_us": us_from_span(item.remaining),
        "area_id": item.area_id,
        "language": item.language,
        "start_local": None if repeat is None else repeat.start_local.isoformat(),
        "event_id": None if anchor is None else anchor.event_id,
        "anchor_us": None if anchor is None else us_from_span(anchor.by),
        "snoozed": int(item.snoozed),
        **repeat_columns(repeat),
    }


def _stored(row: Row[Any]) -> StoredItem:
    local = None if row.due_local is None else datetime.fromisoformat(row.due_local).replace(fold=row.fold)
    by = span_from_us(row.anchor_us)
    item = ScheduledItem(
        ItemId(row.id),
        ItemKind(row.kind),
        row.label,
        None if row.due_us is None else instant_from_us(row.due_us),
        row.zone,
        instant_from_us(row.created_us),
        span_from_us(row.duration_us),
        span_from_us(row.remaining_us),
        None if row.area_id is None else AreaId(row.area_id),
        row.language,
        local,
        repeat_from_row(row),
        None if by is None else Anchor(EventId(row.event_id), by),
        bool(row.snoozed),
    )
    return StoredItem(item, State(row.state))


def states_of(items: Sequence[ScheduledItem]) -> list[StoredItem]:
    """Items that wait, with the state that follows from that."""
    return [StoredItem(item, State.PAUSED if item.is_paused else State.PENDING) for item in items]
