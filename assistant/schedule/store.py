"""Items and notes on disk: each call is one transaction, run on the store's own thread, never on the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.core.clock import Clock
from assistant.core.errors import StoreError
from assistant.core.home import AreaId
from assistant.core.schedule import ItemId, ItemKind, ScheduledItem
from assistant.schedule.database import Database
from assistant.schedule.held import hold
from assistant.schedule.rescue import Rescue, back_up, open_or_rescue
from assistant.schedule.schema import ITEMS, NOTES

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
KEEP_ENDED = timedelta(days=30)
"""What rang stays in the file so long, so that one can see later what happened."""

P = ParamSpec("P")
T = TypeVar("T")


class State(StrEnum):
    """Where an item stands in its life."""

    PENDING = "pending"
    PAUSED = "paused"
    RINGING = "ringing"
    """Its time came; nobody has yet confirmed that it was told."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A row: the item, its state, and the naive wall time it was made from, if any."""

    item: ScheduledItem
    state: State
    due_local: datetime | None = None


class Store:
    """Async context manager over one file. All calls raise StoreError, and wait for the disk."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._database = Database(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="schedule-store")
        self.rescue: Rescue | None = None
        """Set when the file was found damaged at opening."""

    async def __aenter__(self) -> Store:
        """Open the file; a damaged one is set aside. Raises StoreError."""
        try:
            self.rescue = await self._run(open_or_rescue, self._database, self._clock.now())
        except StoreError:
            self._thread.shutdown()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._run(self._database.close)
        self._thread.shutdown()

    async def add(self, stored: StoredItem) -> ScheduledItem:
        """Keep a new item; gives it back with its id."""
        return await self._run(self._add, stored)

    async def open_items(self) -> Sequence[StoredItem]:
        """All that has not ended."""
        return await self._run(self._open_items)

    async def change(self, items: Sequence[ScheduledItem]) -> None:
        """Keep new times of items that are pending or paused."""
        await self._run(self._change, items)

    async def start_ringing(self, item_ids: Iterable[ItemId]) -> None:
        """Their time has come: whatever happens now, they don't ring a second time."""
        await self._run(self._move, tuple(item_ids), State.RINGING, None)

    async def end(self, item_ids: Iterable[ItemId]) -> None:
        """They were told."""
        await self._run(self._move, tuple(item_ids), State.ENDED, self._clock.now())

    async def remove(self, item_ids: Iterable[ItemId]) -> None:
        """Forget items."""
        await self._run(self._remove, tuple(item_ids))

    async def back_up(self) -> Path | None:
        """Write a backup if the newest is a day old, and drop what ended long ago."""
        return await self._run(self._back_up, self._clock.now())

    async def note(self, skill: str, key: str) -> str | None:
        """A skill's text under a key."""
        return await self._run(self._note, skill, key)

    async def put_note(self, skill: str, key: str, text: str) -> None:
        """Keep a text."""
        await self._run(self._put_note, skill, key, text)

    async def delete_note(self, skill: str, key: str) -> None:
        """Forget a key."""
        await self._run(self._delete_note, skill, key)

    async def note_keys(self, skill: str) -> Sequence[str]:
        """All keys of a skill, sorted."""
        return await self._run(self._note_keys, skill)

    async def _run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with hold(self._clock):
            return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: call(*args, **kwargs))

    # ── on the store's thread ────────────────────────────────────────────────────────────────────

    def _add(self, stored: StoredItem) -> ScheduledItem:
        with self._database.transaction() as connection:
            row_id = connection.execute(insert(ITEMS).values(_values(stored))).inserted_primary_key
        assert row_id is not None
        return replace(stored.item, id=ItemId(row_id[0]))

    def _open_items(self) -> Sequence[StoredItem]:
        with self._database.transaction() as connection:
            rows = connection.execute(select(ITEMS).where(ITEMS.c.state != State.ENDED.value).order_by(ITEMS.c.id))
            return [_stored(row) for row in rows]

    def _change(self, items: Sequence[ScheduledItem]) -> None:
        with self._database.transaction() as connection:
            for item in items:
                state = State.PAUSED if item.is_paused else State.PENDING
                times = {"state": state.value, "due_us": _us(item.due_at), "remaining_us": _span_us(item.remaining)}
                connection.execute(update(ITEMS).where(ITEMS.c.id == item.id).values(times))

    def _move(self, item_ids: Sequence[ItemId], state: State, ended_at: datetime | None) -> None:
        with self._database.transaction() as connection:
            moved = {"state": state.value, "ended_us": _us(ended_at)}
            for item_id in item_ids:
                connection.execute(update(ITEMS).where(ITEMS.c.id == item_id).values(moved))

    def _remove(self, item_ids: Sequence[ItemId]) -> None:
        with self._database.transaction() as connection:
            for item_id in item_ids:
                connection.execute(delete(ITEMS).where(ITEMS.c.id == item_id))

    def _back_up(self, now: datetime) -> Path | None:
        with self._database.transaction() as connection:
            connection.execute(delete(ITEMS).where(ITEMS.c.ended_us < _us(now - KEEP_ENDED)))
        return back_up(self._database, now)

    def _note(self, skill: str, key: str) -> str | None:
        with self._database.transaction() as connection:
            query = select(NOTES.c.text).where(NOTES.c.skill == skill, NOTES.c.key == key)
            text: str | None = connection.execute(query).scalar_one_or_none()
            return text

    def _put_note(self, skill: str, key: str, text: str) -> None:
        with self._database.transaction() as connection:
            row = upsert(NOTES).values(skill=skill, key=key, text=text)
            connection.execute(row.on_conflict_do_update(index_elements=["skill", "key"], set_={"text": text}))

    def _delete_note(self, skill: str, key: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(delete(NOTES).where(NOTES.c.skill == skill, NOTES.c.key == key))

    def _note_keys(self, skill: str) -> Sequence[str]:
        with self._database.transaction() as connection:
            return list(connection.scalars(select(NOTES.c.key).where(NOTES.c.skill == skill).order_by(NOTES.c.key)))


def _values(stored: StoredItem) -> Mapping[str, Any]:
    item, local = stored.item, stored.due_local
    return {
        "kind": item.kind.value,
        "state": stored.state.value,
        "label": item.label,
        "due_us": _us(item.due_at),
        "due_local": None if local is None else local.isoformat(),
        "fold": 0 if local is None else local.fold,
        "zone": item.zone,
        "created_us": _us(item.created_at),
        "duration_us": _span_us(item.duration),
        "remaining_us": _span_us(item.remaining),
        "area_id": item.area_id,
        "language": item.language,
    }


def _stored(row: Row[Any]) -> StoredItem:
    local = None if row.due_local is None else datetime.fromisoformat(row.due_local).replace(fold=row.fold)
    item = ScheduledItem(
        ItemId(row.id),
        ItemKind(row.kind),
        row.label,
        None if row.due_us is None else _instant(row.due_us),
        row.zone,
        _instant(row.created_us),
        _span(row.duration_us),
        _span(row.remaining_us),
        None if row.area_id is None else AreaId(row.area_id),
        row.language,
    )
    return StoredItem(item, State(row.state), local)


def _us(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def _instant(us: int) -> datetime:
    return _EPOCH + us * _MICROSECOND


def _span_us(span: timedelta | None) -> int | None:
    return None if span is None else span // _MICROSECOND


def _span(us: int | None) -> timedelta | None:
    return None if us is None else us * _MICROSECOND
