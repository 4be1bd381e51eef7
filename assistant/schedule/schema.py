"""The tables of the database, and how an older file becomes today's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

METADATA = MetaData()

ITEMS = Table(
    "items",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("label", String, nullable=False),
    Column("due_us", BigInteger),
    Column("due_local", String),
    Column("fold", Integer, nullable=False, default=0),
    Column("zone", String, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("duration_us", BigInteger),
    Column("remaining_us", BigInteger),
    Column("area_id", String),
    Column("language", String, nullable=False),
    Column("ended_us", BigInteger),
    CheckConstraint("(state = 'paused') = (due_us IS NULL)"),
    sqlite_autoincrement=True,
)
"""Times in microseconds of UTC since 1970; `due_local` is ISO wall time without zone, from which `due_us` is derived.
Ids are never used twice."""
Index("items_by_state", ITEMS.c.state)

NOTES = Table(
    "notes",
    METADATA,
    Column("skill", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("text", String, nullable=False),
    sqlite_with_rowid=False,
)
"""Each skill's own small store."""

MIGRATIONS: Sequence[Callable[[Connection], None]] = (METADATA.create_all,)
"""Step N brings a file of version N to version N + 1; the number of steps is today's version."""


def migrate(connection: Connection, version: int) -> int:
    """Run the steps that a file of this version lacks; returns today's version."""
    for step in MIGRATIONS[version:]:
        step(connection)
    return len(MIGRATIONS)
