"""The lists in the skill's notebook, and the one change that can be taken back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from assistant.sdk import Context, StoreError

from .items import Item

_PREFIX = "list:"
_UNDO = "undo"


class DamagedList(StoreError):
    """What is kept under a key is no list; it is left as it is."""

    def __init__(self, key: str) -> None:
        super().__init__("a list can't be read", why="its text is damaged")
        self.key = key


@dataclass(frozen=True, slots=True)
class Change:
    """How a list was before its last change."""

    key: str
    before: Sequence[Item] | None
    """None: there was no such list."""
    at: datetime


async def read(ctx: Context, key: str) -> Sequence[Item]:
    """The items of a list; none for a list that doesn't exist. Raises DamagedList or StoreError."""
    return await _kept(ctx, key) or ()


async def exists(ctx: Context, key: str) -> bool:
    """True for a list that was made, even when nothing is on it. Raises StoreError."""
    return await ctx.notebook.get(_PREFIX + key) is not None


async def names(ctx: Context) -> Sequence[str]:
    """Keys of all lists. Raises StoreError."""
    return [key.removeprefix(_PREFIX) for key in await ctx.notebook.keys() if key.startswith(_PREFIX)]


async def write(ctx: Context, key: str, items: Sequence[Item]) -> None:
    """Keep a list; how it was can be brought back. Raises DamagedList or StoreError."""
    await _remember(ctx, key)
    await _put(ctx, key, items)


async def drop(ctx: Context, key: str) -> None:
    """Forget a list; it can be brought back. Raises DamagedList or StoreError."""
    await _remember(ctx, key)
    await ctx.notebook.delete(_PREFIX + key)


async def last_change(ctx: Context) -> Change | None:
    """The change that `bring_back` would undo. Raises StoreError."""
    text = await ctx.notebook.get(_UNDO)
    if text is None:
        return None
    try:
        kept = json.loads(text)
        before = None if kept["before"] is None else _items(kept["before"])
        return Change(str(kept["key"]), before, datetime.fromisoformat(kept["at"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # worth no more than no change: the lists themselves are whole


async def bring_back(ctx: Context, change: Change) -> None:
    """Make the list what it was. Raises StoreError."""
    if change.before is None:
        await ctx.notebook.delete(_PREFIX + change.key)
    else:
        await _put(ctx, change.key, change.before)
    await ctx.notebook.delete(_UNDO)


async def _remember(ctx: Context, key: str) -> None:
    """Written before the change: cut short between the two, undoing changes nothing."""
    before = await _kept(ctx, key)
    rows = None if before is None else [asdict(item) for item in before]
    change = {"key": key, "before": rows, "at": ctx.clock.now().isoformat()}
    await ctx.notebook.put(_UNDO, json.dumps(change, ensure_ascii=False))


async def _kept(ctx: Context, key: str) -> Sequence[Item] | None:
    text = await ctx.notebook.get(_PREFIX + key)
    if text is None:
        return None
    try:
        return _items(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedList(key) from error


async def _put(ctx: Context, key: str, items: Sequence[Item]) -> None:
    await ctx.notebook.put(_PREFIX + key, json.dumps([asdict(item) for item in items], ensure_ascii=False))


def _items(rows: object) -> Sequence[Item]:
    if not isinstance(rows, list):
        raise TypeError("a list is kept as a list of rows")
    return [Item(str(row["text"]), bool(row["is_done"]), int(row.get("count", 1))) for row in rows]
