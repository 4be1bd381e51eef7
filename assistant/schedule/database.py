"""One SQLite file: opened with care, written so that nothing committed is lost, its faults named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from assistant.core.errors import StoreError
from assistant.schedule.schema import MIGRATIONS, migrate

BUSY_MS = 2000
"""Another program may hold the file for so long before we give up."""
_DAMAGE = ("malformed", "not a database", "file is encrypted")
_FULL = ("is full", "disk i/o error")
_REFUSED = ("readonly", "unable to open", "permission denied")


class DamagedFile(StoreError):
    """The file is no sound database."""

    code = "store_damaged"


class Database:
    """All of it runs on one thread. Every transaction is committed to the disk or undone as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine: Engine | None = None

    def open(self) -> None:
        """Open or create, check, migrate. Raises DamagedFile or StoreError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        except OSError as error:
            raise _fault(self.path, str(error)) from error
        self._engine = _engine(self.path)
        is_open = False
        try:
            self._check()
            self._bring_up_to_date()
            is_open = True
        finally:
            if not is_open:
                self.close()

    def close(self) -> None:
        """Let go of the file; the write-ahead log is folded into it."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is kept, or nothing. Raises StoreError."""
        if self._engine is None:
            raise StoreError(f"{self.path} is not open")
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise _fault(self.path, str(error.orig)) from error

    def copy_to(self, target: Path) -> None:
        """A compact copy of the present state, whole or not there at all. Raises StoreError."""
        if self._engine is None:
            raise StoreError(f"{self.path} is not open")
        part = target.with_name(target.name + ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(part),))
            part.chmod(0o600)
            to_disk(part)
            part.replace(target)
            to_disk(target.parent)
        except DBAPIError as error:
            raise _fault(target, str(error.orig)) from error
        except OSError as error:
            raise _fault(target, str(error)) from error

    def _check(self) -> None:
        with self.transaction() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise DamagedFile(f"{self.path} is damaged", why=str(found).splitlines()[0])

    def _bring_up_to_date(self) -> None:
        with self.transaction() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version > len(MIGRATIONS):
                raise StoreError(
                    f"{self.path} was written by a newer version of the assistant",
                    why=f"its schema is {version}, this version knows {len(MIGRATIONS)}",
                    fix="upgrade the assistant, or move the file away",
                )
            if version < len(MIGRATIONS):
                now = migrate(connection, version)
                connection.exec_driver_sql(f"PRAGMA user_version = {now}")


def to_disk(path: Path) -> None:
    """Make sure that a file's or folder's present state survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        poolclass=StaticPool,
        connect_args={"isolation_level": None, "timeout": BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: object, _: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DB-API connection, untyped in SQLAlchemy
        for pragma in ("journal_mode = WAL", "synchronous = FULL", f"busy_timeout = {BUSY_MS}", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _fault(path: Path, why: str) -> StoreError:
    """What a driver's message means for the one who runs this."""
    said = why.lower()
    if any(part in said for part in _DAMAGE):
        return DamagedFile(f"{path} is damaged", why=why, fix="restart: the file is set aside and a backup is used")
    if any(part in said for part in _FULL):
        return StoreError(
            f"{path} can't be written",
            why=why,
            fix="free some space on the disk; if there is plenty, the disk is failing",
            may_retry=True,
        )
    if "locked" in said or "busy" in said:
        fix = "close the program that holds the file"
        return StoreError(f"{path} is locked by another program", why=why, fix=fix, may_retry=True)
    if any(part in said for part in _REFUSED):
        fix = f"let the assistant's user write to {path.parent}"
        return StoreError(f"{path} can't be opened for writing", why=why, fix=fix)
    return StoreError(f"{path} can't be used", why=why, fix="see the log")
