"""Wake words by microWakeWord: tiny TFLite models that step every 10 ms."""

from __future__ import annotations

from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

from assistant.core.audio import AudioFrame
from assistant.core.ports import WakeHit
from assistant.hearing.refractory import Refractory
from assistant.hearing.wake_words import check_words

_STEP_S = 0.01


def available_words() -> tuple[str, ...]:
    """The wake words that come with the package."""
    return tuple(sorted(model.value for model in Model))


class MicroWakeWordDetector:
    """Implements core.ports.WakeDetector. `threshold` None: each model's own."""

    def __init__(self, words: tuple[str, ...], threshold: float | None = None) -> None:
        check_words(words, available_words(), "microwakeword")
        self.words = words
        self._features = MicroWakeWordFeatures()
        self._models = {word: MicroWakeWord.from_builtin(Model(word)) for word in words}
        self._thresholds = {word: threshold or model.probability_cutoff for word, model in self._models.items()}
        self._refractory = Refractory()

    def feed(self, frame: AudioFrame) -> WakeHit | None:
        """Take one frame of any length."""
        hit: WakeHit | None = None
        for features in self._features.process_streaming(frame.pcm):
            self._refractory.passed(_STEP_S)
            for word, model in self._models.items():
                score = model.process_streaming_prob(features) or 0.0
                if self._refractory.is_new(score > self._thresholds[word]):
                    hit = WakeHit(word, min(score, 1.0))
        return hit

    def reset(self) -> None:
        """Forget the audio so far."""
        self._features.reset()
        for model in self._models.values():
            model.reset()
        self._refractory.reset()
