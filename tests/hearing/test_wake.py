"""One contract for every wake word detector, on people's recordings."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from assistant.core.audio import AudioFrame
from assistant.core.errors import ConfigError, ModelDamaged, ModelMissing
from assistant.core.ports import WakeDetector, WakeHit
from assistant.core.settings import WakeSettings
from assistant.hearing import wake_detector
from assistant.hearing.microwakeword import MicroWakeWordDetector
from assistant.hearing.openwakeword import OpenWakeWordDetector
from assistant.hearing.refractory import Refractory
from tests.hearing.sounds import frames_of, pcm_of, recordings, silence
from tests.hearing.weights import weights

MAKERS: dict[str, Callable[[tuple[str, ...]], WakeDetector]] = {
    "microwakeword": MicroWakeWordDetector,
    "openwakeword": lambda words: OpenWakeWordDetector(weights("openwakeword"), words),
}
WORDS = ("alexa", "hey_jarvis")


class NoWeights:
    """A store with nothing in it."""

    def path(self, model_id: str, /) -> Path:
        raise ModelMissing(f"{model_id} is not installed")


@cache
def made(engine: str) -> WakeDetector:
    return MAKERS[engine](WORDS)


@pytest.fixture(params=["microwakeword", pytest.param("openwakeword", marks=pytest.mark.models)])
def detector(request: pytest.FixtureRequest) -> WakeDetector:
    detector = made(request.param)
    detector.reset()
    return detector


def hits_in(detector: WakeDetector, pcm: bytes) -> list[WakeHit]:
    return [hit for frame in frames_of(pcm) if (hit := detector.feed(frame))]


def spoken(word: str, number: int = 2) -> bytes:
    files = [r["file"] for r in recordings("wake") if r.get("wake_word") == word and r["positive"]]
    return silence(1.5) + pcm_of("wake", str(files[number])) + silence(1)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_people_are_heard_and_one_word_is_one_hit(detector: WakeDetector, word: str, number: int) -> None:
    (hit,) = hits_in(detector, spoken(word, number))
    assert hit.word == word
    assert 0 < hit.score <= 1


def test_frames_of_any_length_give_the_same_hit(detector: WakeDetector) -> None:
    pcm = spoken("hey_jarvis")
    detector.reset()
    pieces = [pcm[at : at + 700] for at in range(0, len(pcm), 700)]
    hits = [hit for at, piece in enumerate(pieces) if (hit := detector.feed(AudioFrame(piece, float(at))))]
    assert [hit.word for hit in hits] == ["hey_jarvis"]


def test_a_word_said_again_later_is_a_second_hit(detector: WakeDetector) -> None:
    assert len(hits_in(detector, spoken("hey_jarvis") + spoken("hey_jarvis"))) == 2


def test_reset_forgets_half_a_word(detector: WakeDetector) -> None:
    pcm = spoken("hey_jarvis")
    whole = len(hits_in(detector, pcm))
    detector.reset()
    assert whole == 1
    assert len(hits_in(detector, pcm)) == 1


def test_noise_and_silence_are_no_wake_word(detector: WakeDetector) -> None:
    loud = np.random.default_rng(5).normal(0, 6000, 16_000 * 10).astype("<i2").tobytes()
    assert hits_in(detector, silence(5) + loud + silence(5)) == []


@pytest.mark.slow
def test_recorded_noise_is_no_wake_word(detector: WakeDetector) -> None:
    for record in recordings("noise"):
        assert hits_in(detector, pcm_of("noise", str(record["file"]))) == []


def test_an_unknown_word_is_a_fault_of_the_configuration_that_lists_the_words() -> None:
    with pytest.raises(ConfigError, match=r"'computer'.*hey_jarvis.*okay_nabu"):
        wake_detector(WakeSettings(words=("computer",)), NoWeights())


@pytest.mark.models
def test_an_unknown_word_of_openwakeword_lists_those_of_its_folder() -> None:
    with pytest.raises(ConfigError, match=r"'okay_nabu'.*alexa.*hey_mycroft"):
        OpenWakeWordDetector(weights("openwakeword"), ("okay_nabu",))


def test_openwakeword_without_its_models_is_a_missing_model() -> None:
    with pytest.raises(ModelMissing):
        wake_detector(WakeSettings(engine="openwakeword", words=("alexa",)), NoWeights())


def test_a_damaged_model_is_told_as_such(tmp_path: Path) -> None:
    for name in ("melspectrogram.onnx", "embedding_model.onnx", "alexa_v0.1.onnx"):
        (tmp_path / name).write_bytes(b"not a model")
    with pytest.raises(ModelDamaged):
        OpenWakeWordDetector(tmp_path, ("alexa",))


def test_the_configured_words_and_threshold_are_used() -> None:
    detector = wake_detector(WakeSettings(words=("hey_jarvis",), threshold=0.999), NoWeights())
    assert detector.words == ("hey_jarvis",)
    assert hits_in(detector, spoken("hey_jarvis")) == []


def test_a_score_that_stays_high_is_one_hit_and_a_new_one_after_a_pause_another() -> None:
    refractory = Refractory(1.0)
    scores = [True] * 300 + [False] * 90 + [True] + [False] * 110 + [True]
    hits = []
    for place, is_over in enumerate(scores):
        refractory.passed(0.01)
        if refractory.is_new(is_over):
            hits.append(place)
    assert hits == [0, 501]
