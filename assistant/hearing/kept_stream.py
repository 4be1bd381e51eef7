"""The stream of a recogniser that doesn't stream: audio is kept until it is read."""

from __future__ import annotations

from collections.abc import Callable

from assistant.core.turn import Transcript


class KeptStream:
    """One utterance of 16 kHz mono int16; `transcribe` reads the whole."""

    def __init__(self, transcribe: Callable[[bytes], Transcript]) -> None:
        self._transcribe = transcribe
        self._pcm = bytearray()

    def accept(self, pcm: bytes) -> None:
        """Take more audio."""
        self._pcm += pcm

    def partial(self) -> str:
        """The words so far, by reading the whole again."""
        return self._transcribe(bytes(self._pcm)).text

    def finish(self) -> Transcript:
        """The final words."""
        return self._transcribe(bytes(self._pcm))
