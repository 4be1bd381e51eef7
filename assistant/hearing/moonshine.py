"""Recognises English with Moonshine: the expected sentences first, open speech when the margin says so."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import AssistantError
from assistant.core.turn import Alternative, Transcript
from assistant.hearing.expected_reading import Expected, read_expected
from assistant.hearing.free_reading import Reading, read_freely
from assistant.hearing.kept_stream import KeptStream
from assistant.hearing.moonshine_model import Encoded, MoonshineModel, Step
from assistant.hearing.pcm import samples_from_pcm, seconds_of
from assistant.hearing.phrase_trie import PhraseTrie
from assistant.hearing.vocabulary import Vocabulary, load_vocabulary

_SHORTEST_S = 0.1
_MARGIN = 4.0
"""Nats by which an expected sentence may be less likely than the free reading. Chosen on 39 recorded commands: 27 lie
below 3.5, all of them right; six more that would be right lie at 6 to 9 and are given up, because with its own
sentence taken away a command finds a wrong neighbour from 5.4 on."""
_LOOK = 8.0
"""Up to here the nearest expected sentence is told as an alternative."""
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Weights:
    model: MoonshineModel
    vocabulary: Vocabulary


class MoonshineRecogniser:
    """Implements core.ports.Recogniser."""

    name = "moonshine"
    language = "en"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._weights: _Weights | None = None
        self._trie: PhraseTrie | None = None
        self._sentences: dict[str, str] = {}

    def load(self) -> None:
        """Bring the weights into memory, once."""
        if self._weights is None:
            self._weights = _Weights(MoonshineModel(self._folder), load_vocabulary(self._folder / "tokenizer.bin"))

    def set_phrases(self, phrases: Sequence[str]) -> Sequence[str]:
        """Sentences to expect; Moonshine spells any word, so none is left out."""
        trie = PhraseTrie(phrases, self._loaded().vocabulary.ids)
        trie.ways(trie.root)
        self._trie = trie if trie.has_sentences else None
        self._sentences = {_letters(phrase): phrase for phrase in phrases}
        return ()

    def open(self) -> KeptStream:
        """Begin one utterance."""
        return KeptStream(self.transcribe)

    def transcribe(self, pcm: bytes) -> Transcript:
        """Words of one whole utterance."""
        weights = self._loaded()
        if seconds_of(pcm) < _SHORTEST_S:
            return Transcript("", self.language, self.name, 0.0)
        encoded = weights.model.encode(samples_from_pcm(pcm))
        first = weights.model.begin(encoded)
        free = read_freely(weights.model, encoded, first)
        text = weights.vocabulary.text(free.tokens)
        known = self._sentences.get(_letters(text))
        if known is not None or not text:
            return Transcript(known or "", self.language, self.name, free.confidence)
        expected = self._expected(encoded, first, free)
        return self._choose(text, free, expected)

    def _expected(self, encoded: Encoded, first: Step, free: Reading) -> Expected | None:
        if self._trie is None:
            return None
        return read_expected(self._loaded().model, encoded, first, self._trie, free.log_prob - _LOOK)

    def _choose(self, text: str, free: Reading, expected: Expected | None) -> Transcript:
        """The expected sentence within the margin, else what was read freely; the other is told too."""
        if expected is None:
            return Transcript(text, self.language, self.name, free.confidence)
        sure = math.exp(expected.log_prob / expected.length)
        if free.log_prob - expected.log_prob <= _MARGIN:
            others = (Alternative(text, free.confidence),)
            return Transcript(expected.sentence, self.language, self.name, sure, alternatives=others)
        others = (Alternative(expected.sentence, sure),)
        return Transcript(text, self.language, self.name, free.confidence, alternatives=others)

    def _loaded(self) -> _Weights:
        if self._weights is None:
            raise AssistantError("the recogniser was asked before it was loaded")
        return self._weights


def _letters(text: str) -> str:
    """Letters and digits alone: what makes two sentences the same to the ear."""
    return _NO_LETTERS.sub("", text.casefold())
