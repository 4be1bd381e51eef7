"""Keeps last known states in a small file, gently: made for boards whose disk is an SD card.

States that became others are written once a minute, what only was repeated and what measures every ten minutes, the
rest at the end; each time in one transaction, so that a power cut leaves the file as it was before."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.core.clock import Clock
from assistant.core.home import EntityState, Value
from assistant.home.discovery import ComponentKey
from assistant.home.past import Past

EVERY_S = 60.0
ALL_EVERY = 10
"""Every so many rounds everything is written."""
FORGET_AFTER = timedelta(days=30)
"""A state so old says nothing any more."""
MAX_STATES = 20_000
"""The newest are read; a home has no more, and what a broken program made up must not fill the card."""
_TABLE = """CREATE TABLE IF NOT EXISTS states (
    component TEXT NOT NULL, device TEXT NOT NULL, unique_id TEXT NOT NULL,
    value TEXT, attributes TEXT NOT NULL, updated_at TEXT NOT NULL,
    PRIMARY KEY (component, device, unique_id)) WITHOUT ROWID"""
_DROP_BEYOND = (
    "DELETE FROM states WHERE updated_at < (SELECT updated_at FROM states ORDER BY updated_at DESC LIMIT 1 OFFSET ?)"
)
_PUT = "INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?, ?)"
_LOGGER = logging.getLogger(__name__)

States = Mapping[ComponentKey, EntityState]


class StateMemory:
    """One file. A file that can't be written is told of once, and the home works on without."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._has_complained = False

    async def load(self) -> States:
        """What an earlier run kept; a damaged file is set aside."""
        try:
            return await asyncio.to_thread(_read, self._path, self._clock.now() - FORGET_AFTER)
        except sqlite3.DatabaseError as error:
            self._complain("the file of last known states is damaged and is set aside", error)
            await self._set_aside()
        except OSError as error:
            self._complain("the file of last known states can't be read", error)
        return {}

    async def _set_aside(self) -> None:
        aside = self._path.with_suffix(self._path.suffix + ".damaged")
        try:
            await asyncio.to_thread(self._path.replace, aside)
        except OSError as error:
            why = f"{error.strerror}; delete it, or let the assistant's user write to {self._path.parent}"
            _LOGGER.error("the damaged file stays where it is", extra={"path": str(self._path), "why": why})

    async def keep(self, past: Past) -> None:
        """Write what changes, until cancelled; then write the rest."""
        rounds = 0
        try:
            while True:
                await self._clock.sleep(EVERY_S)
                rounds += 1
                await self._save(past, everything=rounds % ALL_EVERY == 0)
        finally:
            await self._save(past, everything=True)

    async def _save(self, past: Past, *, everything: bool) -> None:
        states = past.unsaved(everything=everything)
        if not states:
            return
        try:
            await asyncio.to_thread(_write, self._path, states)
        except (sqlite3.Error, OSError) as error:
            self._complain("last known states can't be kept", error)
            return
        past.kept(states)

    def _complain(self, what: str, error: Exception) -> None:
        if not self._has_complained:
            self._has_complained = True
            _LOGGER.warning(what, extra={"path": str(self._path), "why": str(error)})


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # what happens in a home is for nobody else's eyes
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=5.0)
    try:
        connection.execute(_TABLE)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _read(path: Path, since: datetime) -> dict[ComponentKey, EntityState]:
    if not path.exists():
        return {}
    with closing(_open(path)) as connection, connection:
        connection.execute("DELETE FROM states WHERE updated_at < ?", (since.astimezone(UTC).isoformat(),))
        connection.execute(_DROP_BEYOND, (MAX_STATES,))
        rows = connection.execute("SELECT * FROM states").fetchall()
    found = ((ComponentKey(*row[:3]), _state(*row[3:])) for row in rows)
    return {key: state for key, state in found if state is not None}


def _state(value: str | None, attributes: str, updated_at: str) -> EntityState | None:
    """None for a row that a broken card made unreadable: the others are as good as before."""
    try:
        told: dict[str, Value] = dict(json.loads(attributes))
        at = datetime.fromisoformat(updated_at)
    except (ValueError, TypeError):
        return None
    return EntityState(value, told, updated_at=at) if at.tzinfo is not None else None


def _write(path: Path, states: States) -> None:
    rows = [_row(key, state) for key, state in states.items()]
    with closing(_open(path)) as connection, connection:
        connection.executemany(_PUT, rows)


def _row(key: ComponentKey, state: EntityState) -> tuple[str | None, ...]:
    at = state.updated_at.astimezone(UTC).isoformat() if state.updated_at else ""
    attributes = json.dumps(dict(state.attributes), ensure_ascii=True)
    return (*_texts(key.component, key.device, key.unique), _text(state.value), attributes, at)


def _texts(*texts: str) -> tuple[str | None, ...]:
    return tuple(_text(text) for text in texts)


def _text(text: str | None) -> str | None:
    """A text that any file can hold; other people's may have halves of characters."""
    return None if text is None else text.encode("utf-8", "replace").decode()
