"""A file that an older version left behind becomes today's, with all that is in it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, inspect

from assistant.core.schedule import DueReason
from assistant.schedule.schema import METADATA, MIGRATIONS
from assistant.testing.clock import FakeClock
from tests.schedule.parts import FILE, NOON, schedule_on

VERSION_1 = """
CREATE TABLE items (
    id INTEGER NOT NULL, kind VARCHAR NOT NULL, state VARCHAR NOT NULL, label VARCHAR NOT NULL, due_us BIGINT,
    due_local VARCHAR, fold INTEGER NOT NULL, zone VARCHAR NOT NULL, created_us BIGINT NOT NULL, duration_us BIGINT,
    remaining_us BIGINT, area_id VARCHAR, language VARCHAR NOT NULL, ended_us BIGINT, PRIMARY KEY (id AUTOINCREMENT),
    CHECK ((state = 'paused') = (due_us IS NULL))
);
CREATE INDEX items_by_state ON items (state);
CREATE TABLE notes (
    skill VARCHAR NOT NULL, "key" VARCHAR NOT NULL, text VARCHAR NOT NULL, PRIMARY KEY (skill, "key")
) WITHOUT ROWID;
PRAGMA user_version = 1;
"""


def us(at: datetime) -> int:
    return round(at.timestamp() * 1e6)


def write_version_1(path: Path) -> None:
    created = us(NOON - timedelta(hours=1))
    soon, past = us(NOON + timedelta(minutes=9)), us(NOON - timedelta(minutes=2))
    rows = [
        (3, "timer", "pending", "tea", soon, None, "UTC", 600_000_000, None, None),
        (5, "reminder", "pending", "call", 0, "2026-03-03T08:00:00", "Europe/Berlin", None, None, None),
        (6, "timer", "paused", "cake", None, None, "UTC", 600_000_000, 540_000_000, None),
        (8, "timer", "ringing", "eggs", past, None, "UTC", 60_000_000, None, None),
        (9, "timer", "ended", "old", past, None, "UTC", 60_000_000, None, past),
    ]
    connection = sqlite3.connect(path)
    connection.executescript(VERSION_1)
    connection.executemany(
        "INSERT INTO items (id, kind, state, label, due_us, due_local, zone, duration_us, remaining_us, ended_us, "
        f"fold, created_us, language, area_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, {created}, 'ko', 'kitchen')",
        rows,
    )
    connection.execute("INSERT INTO notes VALUES ('lists', 'shopping', '[\"milk\"]')")
    connection.commit()
    connection.close()


async def test_a_file_of_version_1_keeps_its_items_and_notes(tmp_path: Path) -> None:
    write_version_1(tmp_path / FILE)
    clock = FakeClock(NOON)
    for told_now in (["eggs"], []):
        async with schedule_on(tmp_path, clock) as (schedule, told):
            await clock.advance(0)
            assert (told.labels, told.reasons) == (told_now, [DueReason.MISSED] * len(told_now))
            tea, call, cake = schedule.pending()
            assert (tea.id, tea.label, tea.due_at, tea.language, tea.area_id) == (
                3, "tea", NOON + timedelta(minutes=9), "ko", "kitchen",
            )  # fmt: skip
            assert (call.due_at, call.due_local) == (datetime(2026, 3, 3, 7, tzinfo=UTC), datetime(2026, 3, 3, 8))
            assert (call.repeat, call.anchor, call.snoozed) == (None, None, False)
            assert (cake.label, cake.remaining) == ("cake", timedelta(minutes=9))
            assert await schedule.notebook("lists").get("shopping") == '["milk"]'


def test_the_steps_make_the_very_tables_that_are_declared(tmp_path: Path) -> None:
    stepped, declared = (create_engine(f"sqlite:///{tmp_path / name}") for name in ("stepped", "declared"))
    with stepped.begin() as connection:
        for step in MIGRATIONS:
            step(connection)
    METADATA.create_all(declared)
    seen, wanted = inspect(stepped), inspect(declared)
    assert set(seen.get_table_names()) == set(wanted.get_table_names())
    for table in wanted.get_table_names():
        columns = [
            {(c["name"], str(c["type"]), c["nullable"]) for c in each.get_columns(table)} for each in (seen, wanted)
        ]
        assert columns[0] == columns[1], table
        indexes = [{(i["name"], tuple(i["column_names"])) for i in each.get_indexes(table)} for each in (seen, wanted)]
        assert indexes[0] == indexes[1], table
    stepped.dispose()
    declared.dispose()
