"""One utterance on the recogniser's thread: calls are handed over in order and nobody waits but for the words."""

from __future__ import annotations

import asyncio

from assistant.core.ports import Recogniser, RecogniserStream
from assistant.core.turn import Transcript
from assistant.hearing.worker import Worker


class Reading:
    """A recogniser's stream behind its worker. Utterances have a longest length, so the calls under way are bounded."""

    def __init__(self, worker: Worker, recogniser: Recogniser) -> None:
        self._worker = worker
        self._recogniser = recogniser
        self._stream: RecogniserStream | None = None
        self._calls: list[asyncio.Future[None]] = []

    def accept(self, pcm: bytes) -> None:
        """Hand over more audio; returns at once."""
        self._calls.append(self._worker.submit(self._accept, pcm))

    async def finish(self) -> Transcript:
        """The words. Raises what any call raised."""
        final = self._worker.submit(self._finish)
        await asyncio.gather(*self._calls, final)
        return final.result()

    async def settle(self) -> None:
        """Let the calls under way end; the words are not wanted."""
        await asyncio.gather(*self._calls)

    def _open(self) -> RecogniserStream:
        if self._stream is None:
            self._stream = self._recogniser.open()
        return self._stream

    def _accept(self, pcm: bytes) -> None:
        self._open().accept(pcm)

    def _finish(self) -> Transcript:
        return self._open().finish()
