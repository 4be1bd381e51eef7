"""One file on a thread of its own: each call is one transaction, on disk when it returns, never run on the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.core.clock import Clock
from assistant.core.errors import StoreError
from assistant.schedule.database import Database
from assistant.schedule.held import hold
from assistant.schedule.item_rows import purge_ended
from assistant.schedule.rescue import Rescue, back_up, open_or_rescue
from assistant.schedule.schema import NOTES

KEEP_ENDED = timedelta(days=30)
"""What rang stays in the file so long, so that one can see later what happened."""

P = ParamSpec("P")
T = TypeVar("T")


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

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction: all of it is kept, or nothing."""
        return await self._run(self._transact, work)

    async def back_up(self) -> Path | None:
        """Write the day's backup, and drop what was over long ago."""
        return await self._run(self._back_up)

    async def note(self, skill: str, key: str) -> str | None:
        """A skill's note, or None."""
        query = select(NOTES.c.text).where(NOTES.c.skill == skill, NOTES.c.key == key)
        text: str | None = await self.transact(lambda connection: connection.execute(query).scalar_one_or_none())
        return text

    async def put_note(self, skill: str, key: str, text: str) -> None:
        """Keep a skill's note."""
        row = upsert(NOTES).values(skill=skill, key=key, text=text)
        row = row.on_conflict_do_update(index_elements=["skill", "key"], set_={"text": text})
        await self.transact(lambda connection: connection.execute(row))

    async def delete_note(self, skill: str, key: str) -> None:
        """Forget a skill's note."""
        rows = delete(NOTES).where(NOTES.c.skill == skill, NOTES.c.key == key)
        await self.transact(lambda connection: connection.execute(rows))

    async def note_keys(self, skill: str) -> Sequence[str]:
        """A skill's keys, sorted."""
        query = select(NOTES.c.key).where(NOTES.c.skill == skill).order_by(NOTES.c.key)
        return await self.transact(lambda connection: list(connection.scalars(query)))

    async def _run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with hold(self._clock):
            return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: call(*args, **kwargs))

    def _transact(self, work: Callable[[Connection], T]) -> T:
        with self._database.transaction() as connection:
            return work(connection)

    def _back_up(self) -> Path | None:
        now = self._clock.now()
        self._transact(lambda connection: purge_ended(connection, now - KEEP_ENDED))
        return back_up(self._database, now)
