"""Iterators of sound that can be closed before their end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from assistant.core.audio import PcmChunk


def closable(chunks: AsyncIterator[PcmChunk]) -> AsyncGenerator[PcmChunk, None]:
    """The generator itself, or one around a plain iterator, for `aclosing`."""
    return chunks if isinstance(chunks, AsyncGenerator) else _around(chunks)


async def _around(chunks: AsyncIterator[PcmChunk]) -> AsyncGenerator[PcmChunk, None]:
    async for chunk in chunks:
        yield chunk
