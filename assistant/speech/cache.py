"""Sound of short sentences kept in memory, so that "Done." is instant the second time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import aclosing

from assistant.core.audio import PcmChunk
from assistant.core.ports import Voice
from assistant.speech.closing import closable

SECONDS = 60.0
"""Sound kept in all: 2.6 MB at 22,050 Hz."""
SHORT_S = 4.0
"""Longer sentences are not kept: they hardly come twice."""


class CachedVoice:
    """A Voice (core.ports) that remembers what another one has made, the least recently used forgotten first."""

    def __init__(self, voice: Voice, seconds: float = SECONDS, short_s: float = SHORT_S) -> None:
        self.name = voice.name
        self._voice = voice
        self._seconds = seconds
        self._short_s = short_s
        self._kept: OrderedDict[str, tuple[PcmChunk, ...]] = OrderedDict()

    @property
    def kept_s(self) -> float:
        """Seconds of sound in memory."""
        return sum(chunk.seconds for chunks in self._kept.values() for chunk in chunks)

    async def prepare(self) -> None:
        """Load the voice now, where it can be. Raises SpeechError with the fix."""
        prepare = getattr(self._voice, "prepare", None)
        if prepare is not None:
            await prepare()

    async def synthesize(self, text: str) -> AsyncIterator[PcmChunk]:
        """Sound of a sentence, from memory or made; only what was made to its end is kept."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            for chunk in known:
                yield chunk
            return
        made: list[PcmChunk] = []
        async with aclosing(closable(self._voice.synthesize(text))) as chunks:
            async for chunk in chunks:
                made.append(chunk)
                yield chunk
        self._keep(text, tuple(made))

    def _keep(self, text: str, chunks: tuple[PcmChunk, ...]) -> None:
        if not 0 < sum(chunk.seconds for chunk in chunks) <= self._short_s:
            return
        self._kept[text] = chunks
        while self.kept_s > self._seconds:
            self._kept.popitem(last=False)

    async def close(self) -> None:
        """Forget everything and close the voice."""
        self._kept.clear()
        await self._voice.close()
