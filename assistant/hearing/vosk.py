"""Recognises speech with Vosk, truly streaming: expected sentences by grammar, open speech beside it or after it."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import vosk

from assistant.core.audio import RATE_HZ
from assistant.core.errors import AssistantError, ModelDamaged, ModelMissing
from assistant.core.turn import Alternative, Transcript
from assistant.hearing.pcm import seconds_of
from assistant.hearing.vosk_grammar import Grammar, make_grammar

_LOGGER = logging.getLogger(__name__)

_QUIET = -1
_SURE = 0.6
"""A word of an expected sentence with less confidence than this was not said."""
_BESIDE_BELOW_RTF = 0.6
"""Open recognition runs beside the grammar where it takes less than this share of real time; else only when needed."""
_FORGET = 0.3
"""Weight of the newest utterance in the pace of open recognition."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Text with the mean and the least confidence of its words."""

    text: str
    mean: float
    least: float


class _Pass:
    """One KaldiRecognizer over one utterance; Vosk's own pauses are joined."""

    def __init__(self, model: vosk.Model, grammar: str | None = None) -> None:
        self._decoder = (
            vosk.KaldiRecognizer(model, RATE_HZ, grammar) if grammar else vosk.KaldiRecognizer(model, RATE_HZ)
        )
        self._decoder.SetWords(True)
        self._segments: list[dict[str, object]] = []

    def accept(self, pcm: bytes) -> None:
        if pcm and self._decoder.AcceptWaveform(pcm):
            self._segments.append(json.loads(self._decoder.Result()))

    def partial(self) -> str:
        now = str(json.loads(self._decoder.PartialResult()).get("partial", ""))
        return " ".join(part for part in (*(str(s.get("text", "")) for s in self._segments), now) if part)

    def finish(self) -> _Words:
        self._segments.append(json.loads(self._decoder.FinalResult()))
        text = " ".join(str(s["text"]) for s in self._segments if s.get("text"))
        sure = [float(word["conf"]) for segment in self._segments for word in _words_of(segment)]
        return _Words(text, sum(sure) / len(sure) if sure else 0.0, min(sure, default=0.0))


def _words_of(segment: dict[str, object]) -> list[dict[str, float]]:
    words = segment.get("result", [])
    return words if isinstance(words, list) else []


class VoskRecogniser:
    """Implements core.ports.Recogniser over a model folder as Vosk wants it."""

    name = "vosk"

    def __init__(self, folder: Path, language: str) -> None:
        self.language = language
        self._folder = folder
        self._model: vosk.Model | None = None
        self._grammar = Grammar()
        self.open_rtf = 0.0
        """Share of real time that open recognition takes here; 0: not known yet."""

    def load(self) -> None:
        """Bring the weights into memory, once. Raises ModelMissing, ModelDamaged."""
        if self._model is not None:
            return
        for part in ("am/final.mdl", "conf/model.conf"):
            if not (self._folder / part).is_file():
                error = ModelDamaged if self._folder.is_dir() else ModelMissing
                fix = f"run: assistant models pull {self._folder.name}"
                raise error(f"{self._folder.name} lacks {part}", fix=fix)
        vosk.SetLogLevel(_QUIET)
        try:
            model = vosk.Model(str(self._folder))
            vosk.KaldiRecognizer(model, RATE_HZ)  # a spoilt graph shows only here
        except Exception as error:  # Vosk raises nothing narrower
            fix = f"run: assistant models pull {self._folder.name}"
            raise ModelDamaged(f"{self._folder.name} can't be loaded", why=str(error), fix=fix) from error
        self._model = model

    def set_phrases(self, phrases: Sequence[str]) -> Sequence[str]:
        """Sentences to expect; words the model doesn't know are returned, their sentences left out."""
        model = self._loaded()
        self._grammar = make_grammar(phrases, self.language, lambda word: model.vosk_model_find_word(word) >= 0)
        return self._grammar.left_out

    def open(self) -> VoskStream:
        """Begin one utterance."""
        return VoskStream(self, self._loaded(), self._grammar)

    def note_pace(self, spent_s: float, audio_s: float) -> None:
        """Remember how long open recognition took for so much audio."""
        if audio_s > 0:
            now = spent_s / audio_s
            self.open_rtf = now if self.open_rtf == 0 else (1 - _FORGET) * self.open_rtf + _FORGET * now

    def _loaded(self) -> vosk.Model:
        if self._model is None:
            raise AssistantError("the recogniser was asked before it was loaded")
        return self._model


class VoskStream:
    """One utterance. Without a grammar only open speech; with one, open speech beside it if the machine keeps up."""

    def __init__(self, recogniser: VoskRecogniser, model: vosk.Model, grammar: Grammar) -> None:
        self._recogniser = recogniser
        self._model = model
        self._grammar = grammar
        self._expected = self._grammar_pass()
        self._pcm = bytearray()
        self._open: _Pass | None = None
        self._spent_s = 0.0
        if self._expected is None or recogniser.open_rtf < _BESIDE_BELOW_RTF:
            self._open = _Pass(model)

    def accept(self, pcm: bytes) -> None:
        """Take more audio."""
        self._pcm += pcm
        if self._expected is not None:
            self._expected.accept(pcm)
        if self._open is not None:
            began_s = time.perf_counter()
            self._open.accept(pcm)
            self._spent_s += time.perf_counter() - began_s

    def partial(self) -> str:
        """The words so far."""
        best = self._open or self._expected
        return best.partial() if best is not None else ""

    def finish(self) -> Transcript:
        """An expected sentence if all of it was heard surely, else open speech."""
        if self._open is not None:
            self._recogniser.note_pace(self._spent_s, seconds_of(self._pcm))
        expected = self._expected.finish() if self._expected is not None else _Words("", 0.0, 0.0)
        sentence = self._grammar.sentence(expected.text) if expected.least >= _SURE else None
        if sentence is not None:
            return self._transcript(sentence, expected.mean)
        if self._open is None:
            self._open = _Pass(self._model)
            self._open.accept(bytes(self._pcm))
        words = self._open.finish()
        near = self._grammar.sentence(expected.text)
        return self._transcript(words.text, words.mean, (Alternative(near, expected.least),) if near else ())

    def _grammar_pass(self) -> _Pass | None:
        return _Pass(self._model, self._grammar.as_json()) if self._grammar.spoken else None

    def _transcript(self, text: str, confidence: float, others: tuple[Alternative, ...] = ()) -> Transcript:
        return Transcript(
            text.replace("[unk]", " ").strip(), self._recogniser.language, self._recogniser.name,
            min(confidence, 1.0), alternatives=others,
        )  # fmt: skip
