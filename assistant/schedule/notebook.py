"""A skill's notebook, in the schedule's database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.ports import Notebook
from assistant.schedule.store import Store


@dataclass(frozen=True, slots=True)
class SqliteNotebook(Notebook):
    """The notes of one skill; no skill sees another's."""

    store: Store
    skill: str

    async def get(self, key: str) -> str | None:
        """The text, or None."""
        return await self.store.note(self.skill, key)

    async def put(self, key: str, text: str) -> None:
        """Keep the text; on disk when this returns."""
        await self.store.put_note(self.skill, key, text)

    async def delete(self, key: str) -> None:
        """Forget the key; no error if it isn't there."""
        await self.store.delete_note(self.skill, key)

    async def keys(self) -> Sequence[str]:
        """All keys, sorted."""
        return await self.store.note_keys(self.skill)
