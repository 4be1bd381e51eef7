"""The ears on people's recordings, with the real detectors and recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from assistant.core.clock import SystemClock
from assistant.core.ports import EarEvent, Heard, Unheard, Woken
from assistant.core.settings import EndpointSettings
from assistant.hearing import EarParts, Listener, SileroDetector
from assistant.hearing.microwakeword import MicroWakeWordDetector
from assistant.hearing.moonshine import MoonshineRecogniser
from assistant.testing.recogniser import ScriptedRecogniser
from tests.hearing.sounds import FRAME_BYTES, PcmSource, frames_of, pcm_of, recordings, silence
from tests.hearing.weights import weights

pytestmark = pytest.mark.models

WAKE_FILES = ("hey_jarvis_pmww_2.flac", "hey_jarvis_pmww_3.flac", "okay_nabu_pmww_2.flac", "hey_jarvis_wow.flac")


@cache
def moonshine() -> MoonshineRecogniser:
    recogniser = MoonshineRecogniser(weights("moonshine-tiny-en"))
    recogniser.load()
    return recogniser


def speech_of(folder: str, file: str, before_s: float = 0.1) -> bytes:
    """The recording from just before its speech to the end of its speech."""
    recordings(folder)
    pcm = pcm_of(folder, file)
    detector = SileroDetector()
    spoken = [place for place, frame in enumerate(frames_of(pcm)) if detector.probability(frame) > 0.5]
    first = max(0, spoken[0] * FRAME_BYTES - int(before_s * 16_000) * 2)
    return pcm[first : (spoken[-1] + 1) * FRAME_BYTES]


def command(text: str) -> bytes:
    file = next(str(r["file"]) for r in recordings("commands") if r["transcript"] == text)
    return speech_of("commands", file)


async def heard_in(pcm: bytes, phrases: Sequence[str] = ()) -> list[EarEvent]:
    recogniser = moonshine()
    recogniser.set_phrases(phrases)
    parts = EarParts(MicroWakeWordDetector(("okay_nabu", "hey_jarvis")), SileroDetector(), recogniser)
    ears = Listener(PcmSource(pcm), parts, EndpointSettings(), SystemClock())
    try:
        return [event async for event in ears.events()]
    finally:
        ears.close()


@pytest.mark.parametrize("pause_s", [0.0, 0.15, 0.4, 1.0])
@pytest.mark.parametrize("wake_file", WAKE_FILES)
async def test_wake_word_and_request_in_one_breath_or_with_a_pause(wake_file: str, pause_s: float) -> None:
    wanted = "turn on the office lights"
    pcm = silence(1.5) + speech_of("wake", wake_file) + silence(pause_s) + command(wanted) + silence(1.5)
    events = await heard_in(pcm, [wanted, "turn off the office lights", "lock the front door"])
    assert isinstance(events[0], Woken)
    assert [event.transcript.text for event in events if isinstance(event, Heard)] == [wanted]
    heard = next(event for event in events if isinstance(event, Heard))
    assert heard.utterance.endpoint_at_s - heard.utterance.speech_ended_at_s <= 0.7


async def test_people_talking_without_wake_word_are_not_listened_to() -> None:
    pcm = b"".join(pcm_of("commands", str(r["file"])) for r in recordings("commands")[:12])
    assert await heard_in(pcm) == []


async def test_wake_word_then_recorded_noise_is_unheard() -> None:
    noise = b"".join(
        pcm_of("noise", str(r["file"])) for r in recordings("noise") if r["label"] in ("kitchen", "fan/room")
    )
    events = await heard_in(silence(1.5) + speech_of("wake", WAKE_FILES[1]) + noise)
    assert [type(event) for event in events] == [Woken, Unheard]


@pytest.mark.parametrize("word", ["yes", "no", "off", "up"])
async def test_a_single_word_is_long_enough_to_be_an_utterance(word: str) -> None:
    files = [str(r["file"]) for r in recordings("commands") if r["transcript"] == word]
    if not files:
        pytest.skip(f"nobody says {word!r} in the recordings")
    recogniser = ScriptedRecogniser([word])
    parts = EarParts(None, SileroDetector(), recogniser)
    ears = Listener(
        PcmSource(silence(1) + pcm_of("commands", files[0]) + silence(2)), parts, EndpointSettings(), SystemClock()
    )
    ears.open_mic(4)
    events = [event async for event in ears.events()]
    ears.close()
    assert [event.transcript.text for event in events if isinstance(event, Heard)] == [word]
