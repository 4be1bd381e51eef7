"""One contract for every recogniser, on real models and the scripted fake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

import numpy as np
import pytest

from assistant.core.errors import AssistantError
from assistant.core.ports import Recogniser
from assistant.hearing.moonshine import MoonshineRecogniser
from assistant.hearing.vosk import VoskRecogniser
from assistant.hearing.whisper import WhisperRecogniser
from assistant.testing.recogniser import ScriptedRecogniser
from tests.hearing.sounds import FRAME_BYTES, pcm_of, recordings, silence
from tests.hearing.weights import weights


@dataclass(frozen=True)
class Case:
    """A recogniser and a recording that it should understand."""

    make: Callable[[], Recogniser]
    folder: str
    file: str
    text: str


def english(make: Callable[[], Recogniser]) -> Case:
    return Case(make, "commands", "", "turn on the office lights")


CASES = {
    "scripted": english(lambda: ScriptedRecogniser(["turn on the office lights"] * 50)),
    "moonshine": english(lambda: MoonshineRecogniser(weights("moonshine-tiny-en"))),
    "whisper": english(lambda: WhisperRecogniser(weights("whisper-tiny-en"), "en")),
    "vosk": Case(
        lambda: VoskRecogniser(weights("vosk-ko"), "ko"), "ko", "leopard_test_ko.flac",
        "그는 이리저리 피하면서 길 한 옆으로 걸어갔다",
    ),
    "vosk with fewer words": Case(
        lambda: VoskRecogniser(weights("vosk-ko-small"), "ko"), "ko", "leopard_test_ko.flac",
        "그는 이리저리 피하면서 길 한 옆으로 걸어갔다",
    ),
}  # fmt: skip


@cache
def made(name: str) -> Recogniser:
    recogniser = CASES[name].make()
    recogniser.load()
    return recogniser


def recording(case: Case) -> bytes:
    file = case.file or next(str(r["file"]) for r in recordings(case.folder) if r["transcript"] == case.text)
    recordings(case.folder)
    return pcm_of(case.folder, file)


def read(recogniser: Recogniser, pcm: bytes, step: int = FRAME_BYTES) -> str:
    stream = recogniser.open()
    for start in range(0, len(pcm), step):
        stream.accept(pcm[start : start + step])
    return stream.finish().text


def alike(left: str, right: str) -> float:
    def letters(text: str) -> str:
        return "".join(c for c in text.casefold() if c.isalnum())

    return SequenceMatcher(None, letters(left), letters(right)).ratio()


@pytest.fixture(params=[pytest.param(name, marks=() if name == "scripted" else pytest.mark.models) for name in CASES])
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def recogniser(case: str) -> Recogniser:
    recogniser = made(case)
    recogniser.set_phrases(())
    return recogniser


def test_a_spoken_sentence_is_understood(case: str, recogniser: Recogniser) -> None:
    assert alike(read(recogniser, recording(CASES[case])), CASES[case].text) >= 0.6


def test_the_length_of_the_pieces_does_not_matter(case: str, recogniser: Recogniser) -> None:
    pcm = recording(CASES[case])
    assert read(recogniser, pcm) == read(recogniser, pcm, step=6400)


def test_one_recogniser_reads_utterance_after_utterance(case: str, recogniser: Recogniser) -> None:
    pcm = recording(CASES[case])
    assert read(recogniser, pcm) == read(recogniser, pcm)


def test_no_audio_gives_no_words(recogniser: Recogniser) -> None:
    assert recogniser.open().finish().text == ""


def test_confidence_is_a_share_and_language_and_engine_are_told(case: str, recogniser: Recogniser) -> None:
    stream = recogniser.open()
    stream.accept(recording(CASES[case]))
    transcript = stream.finish()
    assert 0 < transcript.confidence <= 1
    assert (transcript.engine, transcript.language) == (recogniser.name, recogniser.language)
    assert transcript.is_final


def test_loading_twice_is_harmless_and_partial_is_text(case: str, recogniser: Recogniser) -> None:
    recogniser.load()
    stream = recogniser.open()
    stream.accept(recording(CASES[case]))
    assert isinstance(stream.partial(), str)
    assert stream.finish().text


@pytest.mark.models
@pytest.mark.parametrize("name", ["moonshine", "whisper", "vosk"])
def test_asking_before_loading_is_an_error(name: str) -> None:
    recogniser = CASES[name].make()
    with pytest.raises(AssistantError, match="before it was loaded"):
        recogniser.open().finish()


@pytest.mark.models
@pytest.mark.parametrize("name", ["moonshine", "whisper", "vosk"])
def test_noise_and_silence_never_raise(name: str) -> None:
    recogniser = made(name)
    recogniser.set_phrases(())
    loud = np.random.default_rng(3).integers(-20000, 20000, 32_000).astype("<i2").tobytes()
    for pcm in (silence(2), loud, b"\x00", b"\x01\x02\x03"):
        assert isinstance(read(recogniser, pcm), str)


# ── expected sentences ───────────────────────────────────────────────────────────────────────────


@pytest.mark.models
def test_vosk_hears_an_expected_sentence_that_open_speech_misses() -> None:
    recordings("ko")
    pcm = pcm_of("ko", "wyoming-_living_room_light_ko.flac")
    recogniser = made("vosk")
    recogniser.set_phrases(())
    assert read(recogniser, pcm) != "거실 불 켜줘"
    assert recogniser.set_phrases(["거실 불 켜줘", "주방 불 꺼줘", "오 분 타이머 맞춰줘"]) == ()
    assert read(recogniser, pcm) == "거실 불 켜줘"


@pytest.mark.models
@pytest.mark.parametrize("file", ["leopard_test_ko.flac", "rhino_test_out_of_context_ko.flac"])
@pytest.mark.parametrize("is_slow_machine", [False, True])
def test_vosk_does_not_force_other_speech_into_an_expected_sentence(file: str, is_slow_machine: bool) -> None:
    recordings("ko")
    phrases = ["거실 불 켜줘", "주방 불 꺼줘", "오 분 타이머 맞춰줘", "날씨 알려줘"]
    recogniser = made("vosk")
    assert isinstance(recogniser, VoskRecogniser)
    recogniser.set_phrases(())
    free = read(recogniser, pcm_of("ko", file))
    recogniser.set_phrases(phrases)
    recogniser.open_rtf = 5.0 if is_slow_machine else 0.0
    heard = read(recogniser, pcm_of("ko", file))
    recogniser.open_rtf = 0.0
    assert heard not in phrases
    assert alike(heard, free) > 0.8


@pytest.mark.models
def test_vosk_tells_the_words_it_does_not_know_and_leaves_their_sentences_out(
    capfd: pytest.CaptureFixture[str],
) -> None:
    recogniser = made("vosk")
    assert recogniser.set_phrases(["xqzzy 켜줘", "거실 불 켜줘"]) == ("xqzzy",)
    recogniser.open().finish()
    assert capfd.readouterr() == ("", "")


@pytest.mark.models
def test_moonshine_hears_more_of_the_expected_sentences_than_without_them() -> None:
    home = [r for r in recordings("commands") if r["domain"] == "home"]
    recogniser = made("moonshine")
    recogniser.set_phrases(())
    free = sum(alike(read(recogniser, pcm_of("commands", str(r["file"]))), str(r["transcript"])) == 1 for r in home)
    recogniser.set_phrases([str(r["transcript"]) for r in home])
    known = sum(alike(read(recogniser, pcm_of("commands", str(r["file"]))), str(r["transcript"])) == 1 for r in home)
    assert free >= 15
    assert known >= free + 6


@pytest.mark.models
def test_moonshine_does_not_force_other_speech_into_an_expected_sentence() -> None:
    phrases = [str(r["transcript"]) for r in recordings("commands") if r["domain"] == "home"]
    others = [r for r in recordings("commands") if r["domain"] == "coffee"][:20] + recordings("speech")[:20]
    recogniser = made("moonshine")
    recogniser.set_phrases(phrases)
    forced = [r["file"] for r in others if read(recogniser, pcm_of(_folder(r), str(r["file"]))) in phrases]
    assert forced == []


def _folder(record: dict[str, object]) -> str:
    return "commands" if "domain" in record else "speech"


@pytest.mark.models
def test_moonshine_hears_on_where_only_off_is_expected() -> None:
    recogniser = made("moonshine")
    record = next(r for r in recordings("commands") if r["transcript"] == "turn on the office lights")
    recogniser.set_phrases(["turn off the office lights", "turn on the office light", "lock the front door"])
    assert "turn on the office lights" in read(recogniser, pcm_of("commands", str(record["file"]))).lower()
