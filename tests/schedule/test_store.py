"""The file: round trips, damage, backups, and everything a disk can do to us."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.errors import StoreError
from assistant.core.home import AreaId
from assistant.core.schedule import Anchor, EventId, ItemId, ItemKind, Repeat, ScheduledItem
from assistant.schedule import Schedule
from assistant.schedule.database import Database
from assistant.schedule.item_rows import (
    State,
    StoredItem,
    end_firings,
    insert_firing,
    insert_item,
    select_open,
)
from assistant.schedule.rescue import KEPT, backups
from assistant.schedule.schema import MIGRATIONS
from assistant.schedule.store import KEEP_ENDED, Store
from assistant.testing.clock import FakeClock
from tests.schedule.parts import FILE, NOON, files_limited_to, schedule_on, timer

ITEM = ScheduledItem(
    ItemId(0),
    ItemKind.REMINDER,
    "약 🥚; DROP TABLE items",
    datetime(2026, 10, 25, 1, 30, 0, 123456, tzinfo=UTC),
    "Europe/Berlin",
    NOON,
    timedelta(days=3, microseconds=7),
    None,
    AreaId("kitchen"),
    "ko",
    datetime(2026, 10, 25, 2, 30, 0, 123456),
    Repeat("FREQ=DAILY", datetime(2026, 1, 1, 2, 30), (datetime(2026, 2, 1, 2, 30), datetime(2026, 3, 1, 2, 30))),
)


@pytest.mark.parametrize(
    "stored",
    [
        StoredItem(ITEM, State.PENDING),
        StoredItem(replace(ITEM, due_local=datetime(2026, 10, 25, 2, 30, fold=1), snoozed=True), State.PENDING),
        StoredItem(replace(ITEM, due_at=None, remaining=timedelta(seconds=9.5), repeat=None), State.PAUSED),
        StoredItem(replace(ITEM, label="", area_id=None, duration=None), State.RINGING),
        StoredItem(replace(ITEM, repeat=None, anchor=Anchor(EventId(7), timedelta(minutes=-30))), State.PENDING),
    ],
)
async def test_what_is_kept_comes_back_the_same(tmp_path: Path, stored: StoredItem) -> None:
    clock = FakeClock(NOON)
    async with Store(tmp_path / FILE, clock) as store:
        kept = await _add(store, stored)
    async with Store(tmp_path / FILE, clock) as store:
        [back] = await store.transact(select_open)
    assert back == replace(stored, item=kept)
    local = stored.item.due_local
    assert local is None or (back.item.due_local is not None and back.item.due_local.fold == local.fold)


async def test_the_file_is_the_owners_alone_and_safe_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "state" / FILE
    async with Store(path, FakeClock(NOON)) as store:
        with store._database.transaction() as connection:
            journal, sync, keys = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            )
    assert (journal, sync, keys) == ("wal", 2, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_notes_are_each_skills_own(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        mine, yours = schedule.notebook("lists"), schedule.notebook("clock")
        await mine.put("b", "[1]")
        await mine.put("b", "[2]")
        await mine.put("a", "x")
        await yours.put("b", "other")
        await mine.delete("never there")
    async with schedule_on(tmp_path, clock) as (schedule, _):
        mine = schedule.notebook("lists")
        assert (await mine.get("b"), await mine.get("c"), await mine.keys()) == ("[2]", None, ["a", "b"])
        await mine.delete("b")
        assert await mine.keys() == ["a"]
        assert await schedule.notebook("clock").get("b") == "other"


@pytest.mark.parametrize("damage", [b"this is no database at all, but it is long enough to look like one" * 9, None])
async def test_a_damaged_file_is_set_aside_and_the_newest_backup_used(tmp_path: Path, damage: bytes | None) -> None:
    clock = FakeClock(NOON)
    path = tmp_path / FILE
    async with Store(path, clock) as store:
        for _ in range(20):
            await _add(store, StoredItem(replace(ITEM, label="long " * 200), State.PENDING))
        await store.put_note("lists", "k", "kept")
        assert await store.back_up() is not None
        await store.put_note("lists", "k", "too late")
    if damage is not None:
        path.write_bytes(damage)
    else:
        content = bytearray(path.read_bytes())
        content[4096:-4096] = bytes(len(content) - 8192)
        path.write_bytes(content)
    async with Store(path, clock) as store:
        assert store.rescue is not None
        assert store.rescue.backup == backups(path)[0]
        assert store.rescue.set_aside.name == f"{FILE}.damaged-20260302T120000Z"
        assert store.rescue.set_aside.exists()
        assert await store.note("lists", "k") == "kept"
        assert len(await store.transact(select_open)) == 20
    async with Store(path, clock) as store:
        assert store.rescue is None


async def test_without_a_sound_backup_a_new_file_is_begun(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes(b"\0" * 100 + b"nothing" * 1000)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / f"{path.stem}.20260301T000000Z.sqlite").write_bytes(b"broken too" * 1000)
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        assert schedule.rescue is not None
        assert schedule.rescue.backup is None
        await schedule.add(timer(60))


async def test_one_backup_a_day_is_written_and_few_are_kept(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await schedule.notebook("lists").put("k", "v")
        await clock.advance(timedelta(days=6))
    kept = backups(tmp_path / FILE)
    assert [path.name.split(".")[1][:8] for path in kept] == ["20260308", "20260307", "20260306"]
    assert len(kept) == KEPT
    with sqlite3.connect(kept[0]) as connection:
        assert connection.execute("SELECT text FROM notes").fetchall() == [("v",)]
    connection.close()


async def test_a_start_on_the_same_day_writes_no_second_backup(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    for _ in range(3):
        async with Store(tmp_path / FILE, clock) as store:
            await store.back_up()
        await clock.advance(3600)
    assert len(backups(tmp_path / FILE)) == 1


async def test_what_ended_long_ago_is_dropped(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with Store(tmp_path / FILE, clock) as store:
        kept = await _add(store, StoredItem(replace(ITEM, repeat=None), State.RINGING))
        firing_id = await store.transact(lambda connection: insert_firing(connection, kept.id, NOON))
        await store.transact(lambda connection: end_firings(connection, [firing_id], NOON))
        await store.back_up()
        assert _count(tmp_path / FILE) == 1
        await clock.advance(KEEP_ENDED + timedelta(seconds=1))
        await store.back_up()
        assert _count(tmp_path / FILE) == 0


async def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / FILE
    async with Store(path, FakeClock(NOON)):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        async with Store(path, FakeClock(NOON)):
            pass
    assert path.exists()


async def test_a_full_disk_is_told_and_leaves_nothing_by_half(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        await schedule.add(timer(60, "kept"))
        with files_limited_to((tmp_path / f"{FILE}-wal").stat().st_size + 2000):
            with pytest.raises(StoreError) as failure:
                await _add_many(schedule)
            with pytest.raises(StoreError):
                await schedule.notebook("lists").put("k", "y" * 20_000)
        assert str(tmp_path / FILE) in str(failure.value)
        assert "free some space" in failure.value.fix
        before = [item.label for item in schedule.pending()]
        assert before[0] == "kept"
        await schedule.add(timer(120, "after"))
    async with schedule_on(tmp_path, clock) as (schedule, _):
        assert [item.label for item in schedule.pending()] == [*before, "after"]
        assert await schedule.notebook("lists").keys() == []


async def test_a_timer_rings_though_the_disk_is_full(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, told):
        await schedule.add(timer(60, "pasta"))
        with files_limited_to((tmp_path / f"{FILE}-wal").stat().st_size):
            await clock.advance(61)
        assert told.labels == ["pasta"]


@pytest.mark.slow
async def test_a_file_that_another_program_holds_is_told(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(StoreError, match="locked") as failure:
            await schedule.add(timer(60))
        assert time.monotonic() - began < 5
        assert failure.value.may_retry
        holder.execute("ROLLBACK")
        holder.close()
        await schedule.add(timer(60))
        assert len(schedule.pending()) == 1


@pytest.fixture
def shut_folder() -> Iterator[Path]:
    """A folder that nobody else may write to, with a database in it; outside the folders that only root may enter."""
    folder = Path(tempfile.mkdtemp(prefix="schedule-"))
    (folder / FILE).touch()
    (folder / FILE).chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", [FILE, "new.sqlite", "deeper/new.sqlite"])
async def test_a_place_that_can_not_be_written_is_told_with_its_fix(shut_folder: Path, name: str) -> None:
    with _as_nobody(), pytest.raises(StoreError) as failure:
        async with Store(shut_folder / name, FakeClock(NOON)):
            pass
    assert str(shut_folder / name) in failure.value.what
    assert "write to" in failure.value.fix


async def test_a_thousand_items_are_taken_up_quickly(tmp_path: Path) -> None:
    clock = FakeClock(NOON)
    database = Database(tmp_path / FILE)
    async with Store(tmp_path / FILE, clock):
        pass
    database.open()
    with database.transaction() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
            "INSERT INTO items (kind, state, label, due_us, due_local, fold, zone, created_us, language) "
            "SELECT 'reminder', 'pending', 'item ' || i, 0, '2027-01-01T08:00:00', 0, 'Europe/Berlin', 0, 'en' FROM n"
        )
    database.close()
    began = time.perf_counter()
    async with schedule_on(tmp_path, clock) as (schedule, _):
        took = time.perf_counter() - began
        assert len(schedule.pending()) == 1000
        assert schedule.pending()[0].due_at == datetime(2027, 1, 1, 7, tzinfo=UTC)
    assert took < 1.0


async def _add_many(schedule: Schedule) -> None:
    for _ in range(100):
        await schedule.add(timer(90, "x" * 900))


async def _add(store: Store, stored: StoredItem) -> ScheduledItem:
    return await store.transact(lambda connection: insert_item(connection, stored))


def _count(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        count: int = connection.execute("SELECT count(*) FROM items").fetchone()[0]
        return count
    finally:
        connection.close()


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may write anywhere, so become somebody who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
