"""Recognises speech with Whisper through faster-whisper, an extra that may not be installed."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, cast

from assistant.core.errors import AssistantError, ConfigError, ModelDamaged, ModelMissing
from assistant.core.turn import Transcript
from assistant.hearing.kept_stream import KeptStream
from assistant.hearing.pcm import Samples, samples_from_pcm, seconds_of

_SHORTEST_S = 0.1
_NO_SPEECH = 0.6
"""Whisper invents words for silence: above this probability of none, nothing was said."""
_HOTWORD_COUNT = 60


class _Segment(Protocol):
    text: str
    avg_logprob: float
    no_speech_prob: float


class _Model(Protocol):
    def transcribe(self, audio: Samples, **options: object) -> tuple[Iterable[_Segment], object]: ...


class WhisperRecogniser:
    """Implements core.ports.Recogniser. Raises ConfigError where the package is missing."""

    name = "whisper"

    def __init__(self, folder: Path, language: str) -> None:
        self.language = language
        self._folder = folder
        self._model: _Model | None = None
        self._hotwords = ""
        try:
            self._package = importlib.import_module("faster_whisper")
        except ModuleNotFoundError as error:
            raise ConfigError(
                "recogniser.engine is whisper, but the package faster-whisper is not installed",
                fix='run: pip install "assistant[whisper]", or set recogniser.engine to auto',
            ) from error

    def load(self) -> None:
        """Bring the weights into memory."""
        if self._model is not None:
            return
        if not (self._folder / "model.bin").is_file():
            fix = f"run: assistant models pull {self._folder.name}"
            raise ModelMissing(f"{self._folder.name} lacks model.bin", fix=fix)
        try:
            model = self._package.WhisperModel(str(self._folder), device="cpu", compute_type="int8", cpu_threads=2)
        except RuntimeError as error:
            fix = f"run: assistant models verify {self._folder.name}"
            raise ModelDamaged(f"{self._folder.name} can't be loaded", why=str(error), fix=fix) from error
        self._model = cast(_Model, model)

    def set_phrases(self, phrases: Sequence[str]) -> Sequence[str]:
        """The rarer words of the sentences become hints; every word can be heard, so none is left out."""
        counts: dict[str, int] = {}
        for phrase in phrases:
            for word in phrase.split():
                counts[word] = counts.get(word, 0) + 1
        rare = sorted((word for word in counts if len(word) > 3), key=lambda word: (counts[word], word))
        self._hotwords = " ".join(rare[:_HOTWORD_COUNT])
        return ()

    def open(self) -> KeptStream:
        """Begin one utterance."""
        return KeptStream(self.transcribe)

    def transcribe(self, pcm: bytes) -> Transcript:
        """Words of one whole utterance."""
        if self._model is None:
            raise AssistantError("the recogniser was asked before it was loaded")
        if seconds_of(pcm) < _SHORTEST_S:
            return Transcript("", self.language, self.name, 0.0)
        segments, _ = self._model.transcribe(
            samples_from_pcm(pcm), language=self.language, beam_size=1, temperature=0.0, without_timestamps=True,
            condition_on_previous_text=False, hotwords=self._hotwords or None,
        )  # fmt: skip
        spoken = [segment for segment in segments if segment.no_speech_prob < _NO_SPEECH]
        if not spoken:
            return Transcript("", self.language, self.name, 0.0)
        mean = sum(segment.avg_logprob for segment in spoken) / len(spoken)
        text = " ".join(segment.text.strip() for segment in spoken)
        return Transcript(text, self.language, self.name, min(1.0, math.exp(mean)))
