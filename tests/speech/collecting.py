"""A Speaker without a device: keeps what it is given, and lets a test hold it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from assistant.core.audio import PcmChunk
from assistant.core.ports import Played, Speaker


class CollectingSpeaker(Speaker):
    """Takes chunks at once; with `hold`, each chunk waits for `let_go` and only half of a stopped one counts."""

    def __init__(self, *, hold: bool = False) -> None:
        self.chunks: list[PcmChunk] = []
        self.gains: list[float] = []
        self.took = asyncio.Event()
        """Set whenever a chunk was taken."""
        self._hold = hold
        self._go = asyncio.Semaphore(0)
        self._stopped = False
        self._is_playing = False

    async def play(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        """Keep the chunks; the first sound is at second 1.0."""
        assert not self._is_playing, "two sounds at once"
        self._is_playing, self._stopped, seconds, first = True, False, 0.0, None
        try:
            async for chunk in chunks:
                self.chunks.append(chunk)
                self.took.set()
                first = 1.0
                if self._hold:
                    await self._go.acquire()
                if self._stopped:
                    seconds += chunk.seconds / 2
                    break
                seconds += chunk.seconds
        finally:
            self._is_playing = False
        return Played(seconds, first, self._stopped)

    def let_go(self, count: int = 1) -> None:
        """Play so many chunks that wait to their end."""
        for _ in range(count):
            self._go.release()

    def stop(self) -> None:
        """Cut what is played."""
        if self._is_playing:
            self._stopped = True
            self._go.release()

    def duck(self, gain: float) -> None:
        """Remember the gain."""
        self.gains.append(gain)
