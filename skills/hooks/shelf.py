"""What is waited for, in the skill's notebook."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from assistant.sdk import Context, InputError, Watch

MAX_WATCHES = 50
_LOGGER = logging.getLogger(__name__)


async def watches(ctx: Context) -> Sequence[Watch]:
    """All, oldest first; one that can't be read is left out, and left where it is. Raises StoreError."""
    found = []
    for key in await ctx.notebook.keys():
        text = await ctx.notebook.get(key)
        try:
            found.append(Watch.from_json(text or ""))
        except InputError as error:
            _LOGGER.error("a kept watch can't be read", extra={"key": key, "why": str(error)})
    return found


async def put(ctx: Context, watch: Watch) -> None:
    """Keep it; durable when this returns. Raises StoreError."""
    await ctx.notebook.put(watch.id, watch.to_json())


async def drop(ctx: Context, gone: Sequence[Watch]) -> None:
    """Keep these no longer. Raises StoreError."""
    for watch in gone:
        await ctx.notebook.delete(watch.id)


def next_id(kept: Sequence[Watch]) -> str:
    """A key that sorts after all others."""
    return f"{max((int(watch.id) for watch in kept), default=0) + 1:06d}"
