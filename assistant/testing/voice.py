"""A voice for tests: tones of a fixed length, the texts remembered, failures and hangs on demand."""

from __future__ import annotations

import array
import asyncio
import math
from collections.abc import AsyncIterator

from assistant.core.audio import PcmChunk
from assistant.core.errors import SpeechError
from assistant.core.ports import Voice
from assistant.language import speakable

_RATE_HZ = 16_000
_TONE_HZ = 440.0


class ScriptedVoice(Voice):
    """Makes `chunks_per_text` tones of `seconds` in all for each text that has words.

    `fail_on` and `hang_on` are parts of texts: one that holds such a part raises SpeechError, or waits until
    `release` is called."""

    def __init__(
        self, *, seconds: float = 0.5, chunks_per_text: int = 1, fail_on: str | None = None, hang_on: str | None = None
    ) -> None:
        self.name = "scripted"
        self.texts: list[str] = []
        """Every text asked for, in order."""
        self.is_closed = False
        self._seconds = seconds
        self._chunks_per_text = chunks_per_text
        self._fail_on = fail_on
        self._hang_on = hang_on
        self._released = asyncio.Event()

    async def synthesize(self, text: str) -> AsyncIterator[PcmChunk]:
        """Tones; nothing for a text without words. Raises SpeechError where told to, or when closed."""
        if self.is_closed:
            raise SpeechError("the voice is closed")
        self.texts.append(text)
        if self._hang_on is not None and self._hang_on in text:
            await self._released.wait()
        if self._fail_on is not None and self._fail_on in text:
            raise SpeechError("the voice failed", why="the test told it to", may_retry=True)
        if not speakable(text, "en"):
            return
        for _ in range(self._chunks_per_text):
            await asyncio.sleep(0)
            yield _tone(self._seconds / self._chunks_per_text)

    def release(self) -> None:
        """Let a hanging text go on."""
        self._released.set()

    async def close(self) -> None:
        """Refuse further texts."""
        self.is_closed = True


def _tone(seconds: float) -> PcmChunk:
    count = round(seconds * _RATE_HZ)
    samples = (round(8000 * math.sin(2 * math.pi * _TONE_HZ * at / _RATE_HZ)) for at in range(count))
    return PcmChunk(array.array("h", samples).tobytes(), _RATE_HZ)
