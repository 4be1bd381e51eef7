"""The tables of the database, and how an older file becomes today's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
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
    Column("rule", String),
    Column("start_local", String),
    Column("except_local", String, nullable=False, server_default=""),
    Column("event_id", Integer),
    Column("anchor_us", BigInteger),
    Column("snoozed", Integer, nullable=False, server_default="0"),
    CheckConstraint("(state = 'paused') = (due_us IS NULL)"),
    sqlite_autoincrement=True,
)
"""Times in microseconds of UTC since 1970; `due_local` and the rule's times are ISO wall time without zone, from which
`due_us` is derived. `ended_us` is when it was last told. Ids are never used twice."""
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

FIRINGS = Table(
    "firings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), nullable=False),
    Column("due_us", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    sqlite_autoincrement=True,
)
"""Each time that an item fell due and that is not over: it rings, or was missed."""
Index("firings_by_item", FIRINGS.c.item_id)

EVENTS = Table(
    "events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source", String, nullable=False),
    Column("uid", String, nullable=False),
    Column("label", String, nullable=False),
    Column("start_local", String, nullable=False),
    Column("end_local", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("is_all_day", Integer, nullable=False),
    Column("rule", String),
    Column("except_local", String, nullable=False),
    Column("from_us", BigInteger, nullable=False),
    Column("to_us", BigInteger),
    UniqueConstraint("source", "uid"),
    sqlite_autoincrement=True,
)
"""The calendar. `from_us` and `to_us` (open for what repeats) only narrow a search: a day to spare on both sides."""
Index("events_by_span", EVENTS.c.from_us)

_VERSION_1 = (
    "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind VARCHAR NOT NULL, "
    "state VARCHAR NOT NULL, label VARCHAR NOT NULL, due_us BIGINT, due_local VARCHAR, fold INTEGER NOT NULL, "
    "zone VARCHAR NOT NULL, created_us BIGINT NOT NULL, duration_us BIGINT, remaining_us BIGINT, area_id VARCHAR, "
    "language VARCHAR NOT NULL, ended_us BIGINT, CHECK ((state = 'paused') = (due_us IS NULL)))",
    "CREATE INDEX items_by_state ON items (state)",
    "CREATE TABLE notes (skill VARCHAR NOT NULL, key VARCHAR NOT NULL, text VARCHAR NOT NULL, "
    "PRIMARY KEY (skill, key)) WITHOUT ROWID",
)
_VERSION_2 = (
    "ALTER TABLE items ADD COLUMN rule VARCHAR",
    "ALTER TABLE items ADD COLUMN start_local VARCHAR",
    "ALTER TABLE items ADD COLUMN except_local VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE items ADD COLUMN event_id INTEGER",
    "ALTER TABLE items ADD COLUMN anchor_us BIGINT",
    "ALTER TABLE items ADD COLUMN snoozed INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE firings (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
    "item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE, due_us BIGINT NOT NULL, state VARCHAR NOT NULL)",
    "CREATE INDEX firings_by_item ON firings (item_id)",
    "INSERT INTO firings (item_id, due_us, state) SELECT id, due_us, 'ringing' FROM items WHERE state = 'ringing'",
    "CREATE TABLE events (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, source VARCHAR NOT NULL, "
    "uid VARCHAR NOT NULL, label VARCHAR NOT NULL, start_local VARCHAR NOT NULL, end_local VARCHAR NOT NULL, "
    "zone VARCHAR NOT NULL, is_all_day INTEGER NOT NULL, rule VARCHAR, except_local VARCHAR NOT NULL, "
    "from_us BIGINT NOT NULL, to_us BIGINT, UNIQUE (source, uid))",
    "CREATE INDEX events_by_span ON events (from_us)",
)


def _step(statements: Sequence[str]) -> Callable[[Connection], None]:
    def run(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return run


MIGRATIONS: Sequence[Callable[[Connection], None]] = (_step(_VERSION_1), _step(_VERSION_2))
"""Step N brings a file of version N to version N + 1; the number of steps is today's version. A step is never edited:
files that it made are out there."""


def migrate(connection: Connection, version: int) -> int:
    """Run the steps that a file of this version lacks; returns today's version."""
    for step in MIGRATIONS[version:]:
        step(connection)
    return len(MIGRATIONS)
