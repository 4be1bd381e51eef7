"""Iterators of sound and of sentences that can be closed before their end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")


def closable(items: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """The generator itself, or one around a plain iterator, for `aclosing`."""
    return items if isinstance(items, AsyncGenerator) else _around(items)


async def _around(items: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    async for item in items:
        yield item
