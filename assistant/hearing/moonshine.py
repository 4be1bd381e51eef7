"""Recognises English with Moonshine: the expected sentences first, open speech when the margin says so."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from assistant.core.errors import AssistantError
from assistant.core.turn import Transcript
from assistant.hearing.free_reading import Reading, read_freely
from assistant.hearing.moonshine_model import MoonshineModel
from assistant.hearing.pcm import samples_from_pcm, seconds_of
from assistant.hearing.vocabulary import Vocabulary, load_vocabulary

_LOGGER = logging.getLogger(__name__)

_SHORTEST_S = 0.1


class MoonshineRecogniser:
    """Implements core.ports.Recogniser."""

    name = "moonshine"
    language = "en"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: tuple[MoonshineModel, Vocabulary] | None = None

    def load(self) -> None:
        """Bring the weights into memory."""
        if self._parts is None:
            self._parts = (MoonshineModel(self._folder), load_vocabulary(self._folder / "tokenizer.bin"))

    def set_phrases(self, phrases: Sequence[str]) -> Sequence[str]:
        """Sentences to expect."""
        return ()

    def open(self) -> MoonshineStream:
        """Begin one utterance."""
        return MoonshineStream(self)

    def transcribe(self, pcm: bytes) -> Transcript:
        """Words of one whole utterance."""
        if self._parts is None:
            raise AssistantError("the recogniser was asked before it was loaded")
        model, vocabulary = self._parts
        if seconds_of(pcm) < _SHORTEST_S:
            return Transcript("", self.language, self.name, 0.0)
        encoded = model.encode(samples_from_pcm(pcm))
        reading: Reading = read_freely(model, encoded, model.begin(encoded))
        return Transcript(vocabulary.text(reading.tokens), self.language, self.name, reading.confidence)


class MoonshineStream:
    """One utterance; Moonshine doesn't stream, so audio is kept until it is read."""

    def __init__(self, recogniser: MoonshineRecogniser) -> None:
        self._recogniser = recogniser
        self._pcm = bytearray()

    def accept(self, pcm: bytes) -> None:
        """Take more audio."""
        self._pcm += pcm

    def partial(self) -> str:
        """The words so far, by reading the whole again."""
        return self._recogniser.transcribe(bytes(self._pcm)).text

    def finish(self) -> Transcript:
        """The final words."""
        return self._recogniser.transcribe(bytes(self._pcm))
