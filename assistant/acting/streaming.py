"""An answer that is still being made: its sentences on their way from who makes them to who says them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator


class ReplyStream:
    """Sentences of one answer; its maker ends it, and whoever speaks may stop it. For one speaker."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue()
        """None is the end. An answer has a few sentences, so that nothing bounds it here."""
        self._come = asyncio.Event()
        self._stopped = asyncio.Event()
        self.is_being_made = False
        """True while somebody makes sentences for it."""
        self.text = ""
        """All that was put so far."""

    @property
    def is_stopped(self) -> bool:
        """True once nobody wants to hear more."""
        return self._stopped.is_set()

    def put(self, sentence: str) -> None:
        """One more sentence."""
        self.text = f"{self.text} {sentence}".strip()
        self._waiting.put_nowait(sentence)
        self._come.set()

    def end(self, whole: str = "") -> None:
        """Nothing more will come, but for what `whole` goes on with behind the sentences put so far."""
        if self.text and not self.is_stopped and whole.startswith(self.text):
            rest = whole[len(self.text) :].strip()
            if rest:
                self.put(rest)
        self._waiting.put_nowait(None)
        self._come.set()

    def stop(self) -> None:
        """Nobody wants to hear more."""
        self._stopped.set()
        self._waiting.put_nowait(None)
        self._come.set()

    async def stopped(self) -> None:
        """Wait until nobody wants to hear more."""
        await self._stopped.wait()

    async def has_begun(self) -> bool:
        """Wait for the first sentence: True when it came, False when there will be none."""
        await self._come.wait()
        return bool(self.text) and not self.is_stopped

    async def sentences(self) -> AsyncIterator[str]:
        """The sentences as they come, until the end or until it is stopped."""
        while (sentence := await self._waiting.get()) is not None and not self.is_stopped:
            yield sentence
