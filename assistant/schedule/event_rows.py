"""Events as rows; every function runs inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from assistant.core.schedule import Event, EventId, NewEvent
from assistant.schedule.columns import repeat_columns, repeat_from_row, us_from_instant
from assistant.schedule.schema import EVENTS

_SPARE = timedelta(days=1)
"""Wall time taken for UTC is off by less than that."""


def insert_event(connection: Connection, new: NewEvent) -> EventId:
    """Keep a new event."""
    row_id = connection.execute(insert(EVENTS).values(_values(new))).inserted_primary_key
    assert row_id is not None
    return EventId(row_id[0])


def insert_events(connection: Connection, new: Iterable[NewEvent]) -> None:
    """Keep many."""
    rows = [_values(each) for each in new]
    if rows:
        connection.execute(insert(EVENTS), rows)


def update_event(connection: Connection, event_id: EventId, event: Event | NewEvent) -> None:
    """Write an event anew."""
    connection.execute(update(EVENTS).where(EVENTS.c.id == event_id).values(_values(event)))


def delete_events(connection: Connection, event_ids: Iterable[EventId]) -> int:
    """Remove; returns how many were there."""
    return sum(connection.execute(delete(EVENTS).where(EVENTS.c.id == each)).rowcount for each in event_ids)


def select_event(connection: Connection, event_id: EventId) -> Event | None:
    """One event."""
    row = connection.execute(select(EVENTS).where(EVENTS.c.id == event_id)).one_or_none()
    return None if row is None else _event(row)


def select_events(connection: Connection, source: str | None = None) -> list[Event]:
    """All events, or those of a source, by their first start."""
    query = select(EVENTS) if source is None else select(EVENTS).where(EVENTS.c.source == source)
    return [_event(row) for row in connection.execute(query.order_by(EVENTS.c.start_local, EVENTS.c.id))]


def select_near(connection: Connection, start_at: datetime, end_at: datetime) -> list[Event]:
    """Events that may take place in a span; some may not."""
    is_near = (EVENTS.c.from_us < us_from_instant(end_at)) & (
        EVENTS.c.to_us.is_(None) | (EVENTS.c.to_us > us_from_instant(start_at))
    )
    return [_event(row) for row in connection.execute(select(EVENTS).where(is_near))]


def has_uid(connection: Connection, source: str, uid: str) -> bool:
    """True when the source has an event of that name."""
    query = select(EVENTS.c.id).where(EVENTS.c.source == source, EVENTS.c.uid == uid)
    return connection.execute(query).first() is not None


def select_uids(connection: Connection, source: str) -> Mapping[str, EventId]:
    """The names of a source's events."""
    rows = connection.execute(select(EVENTS.c.uid, EVENTS.c.id).where(EVENTS.c.source == source))
    return {row.uid: EventId(row.id) for row in rows}


def _values(event: Event | NewEvent) -> Mapping[str, Any]:
    begins, ends = (at.replace(tzinfo=UTC) for at in (event.start_local, event.end_local))
    return {
        "source": event.source,
        "uid": event.uid,
        "label": event.label,
        "start_local": event.start_local.isoformat(),
        "end_local": event.end_local.isoformat(),
        "zone": event.zone,
        "is_all_day": int(event.is_all_day),
        "from_us": us_from_instant(begins - _SPARE),
        "to_us": None if event.repeat is not None else us_from_instant(ends + _SPARE),
        **repeat_columns(event.repeat),
    }


def _event(row: Row[Any]) -> Event:
    return Event(
        EventId(row.id),
        row.label,
        datetime.fromisoformat(row.start_local),
        datetime.fromisoformat(row.end_local),
        row.zone,
        bool(row.is_all_day),
        repeat_from_row(row),
        row.uid,
        row.source,
    )
