"""Wake words by openWakeWord's models: mel spectrogram → speech embedding → one small model per word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from assistant.core.audio import AudioFrame
from assistant.core.errors import ModelDamaged
from assistant.core.ports import WakeHit
from assistant.hearing.onnx import open_session
from assistant.hearing.pcm import Chunker
from assistant.hearing.refractory import Refractory
from assistant.hearing.wake_words import check_words

Floats = NDArray[np.float32]

_CHUNK_SAMPLES = 1280
_CHUNK_S = 0.08
_OVERLAP_SAMPLES = 480
"""The spectrogram's window reaches back so far: 400 samples of window less 160 of hop, twice."""
_MEL_BINS = 32
_MEL_WINDOW = 76
_EMBEDDING = 96
_MAX_EMBEDDINGS = 40
_THRESHOLD = 0.5
_WORD_FILE = re.compile(r"(?P<word>.+?)_v\d[\d.]*\.onnx")


def word_files(folder: Path) -> Mapping[str, Path]:
    """Wake word → its model file, for all in the folder."""
    matches = ((_WORD_FILE.fullmatch(path.name), path) for path in sorted(folder.glob("*.onnx")))
    return {match["word"]: path for match, path in matches if match}


class _WordModel:
    """One word's classifier over the last embeddings."""

    def __init__(self, path: Path) -> None:
        self._session = open_session(path)
        source = self._session.get_inputs()[0]
        self._input = source.name
        self._length = int(source.shape[1])
        if self._length > _MAX_EMBEDDINGS:
            raise ModelDamaged(f"{path.name} wants {self._length} embeddings", why="no known wake word model does")

    def score(self, embeddings: Floats) -> float:
        """0–1; of a model with several phrases (its first class is "none") the best of them."""
        scores = self._session.run(None, {self._input: embeddings[None, -self._length :]})[0].reshape(-1)
        return float(scores[1:].max() if scores.size > 1 else scores[0])


class _Embedder:
    """Audio → one embedding of 96 numbers per 80 ms."""

    def __init__(self, folder: Path) -> None:
        self._mel: ort.InferenceSession = open_session(folder / "melspectrogram.onnx")
        self._embedding: ort.InferenceSession = open_session(folder / "embedding_model.onnx")
        self._tail = np.zeros(_OVERLAP_SAMPLES, np.float32)
        self._mels = np.ones((_MEL_WINDOW, _MEL_BINS), np.float32)
        self.embeddings = np.zeros((_MAX_EMBEDDINGS, _EMBEDDING), np.float32)
        self.reset()

    def reset(self) -> None:
        """Start as after a long silence."""
        self._tail[:] = 0
        self._mels[:] = 1
        for _ in range(_MEL_WINDOW // 8 + 1):
            self.step(np.zeros(_CHUNK_SAMPLES, np.float32))
        self.embeddings[:] = self.embeddings[-1]

    def step(self, chunk: Floats) -> None:
        """Take 80 ms; samples have int16's scale."""
        audio = np.concatenate((self._tail, chunk))
        self._tail = audio[-_OVERLAP_SAMPLES:]
        mels = self._mel.run(None, {"input": audio[None]})[0].reshape(-1, _MEL_BINS) / 10 + 2
        self._mels = np.concatenate((self._mels, mels.astype(np.float32)))[-_MEL_WINDOW:]
        vector = self._embedding.run(None, {"input_1": self._mels[None, :, :, None]})[0].reshape(1, _EMBEDDING)
        self.embeddings = np.concatenate((self.embeddings[1:], vector))


class OpenWakeWordDetector:
    """Implements core.ports.WakeDetector over a folder of models."""

    def __init__(self, folder: Path, words: tuple[str, ...], threshold: float | None = None) -> None:
        files = word_files(folder)
        check_words(words, tuple(files), "openwakeword")
        self.words = words
        self._threshold = threshold or _THRESHOLD
        self._embedder = _Embedder(folder)
        self._models = {word: _WordModel(files[word]) for word in words}
        self._chunks = Chunker(_CHUNK_SAMPLES)
        self._refractory = Refractory()

    def feed(self, frame: AudioFrame) -> WakeHit | None:
        """Take one frame of any length."""
        hit: WakeHit | None = None
        for chunk in self._chunks.feed(frame.pcm):
            self._refractory.passed(_CHUNK_S)
            self._embedder.step(np.frombuffer(chunk, dtype="<i2").astype(np.float32))
            for word, model in self._models.items():
                score = model.score(self._embedder.embeddings)
                if self._refractory.is_new(score > self._threshold):
                    hit = WakeHit(word, min(score, 1.0))
        return hit

    def reset(self) -> None:
        """Forget the audio so far."""
        self._chunks.reset()
        self._embedder.reset()
        self._refractory.reset()
