"""The endpointer over scripted probabilities: begins, ends, waits, cuts, and never loses or invents audio."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.audio import AudioFrame
from assistant.core.settings import EndpointSettings
from assistant.hearing.endpoint import Endpointer, EndpointEvent, NoSpeech, SpeechBegan, SpeechEnded
from tests.hearing.sounds import FRAME_BYTES, FRAME_S

SETTINGS = EndpointSettings()


def frame(number: int) -> AudioFrame:
    return AudioFrame(number.to_bytes(2, "little") * (FRAME_BYTES // 2), round((number + 1) * FRAME_S, 6))


def span(seconds: float, probability: float) -> list[float]:
    return [probability] * round(seconds / FRAME_S)


def run(probabilities: Iterable[float], preroll: tuple[AudioFrame, ...] = ()) -> list[EndpointEvent]:
    endpointer = Endpointer(SETTINGS)
    endpointer.begin(preroll)
    events = [endpointer.feed(frame(number), value) for number, value in enumerate(probabilities)]
    return [event for event in events if event is not None]


def test_speech_then_silence_is_one_utterance_that_ends_after_the_tail() -> None:
    began, ended = run(span(1, 0.02) + span(1.5, 0.95) + span(2, 0.02))
    assert isinstance(began, SpeechBegan)
    assert isinstance(ended, SpeechEnded)
    assert ended.speech_ended_at_s == pytest.approx(2.5, abs=0.05)
    assert ended.endpoint_at_s - ended.speech_ended_at_s == pytest.approx(SETTINGS.tail_s, abs=FRAME_S)
    assert not ended.is_cut


def test_an_utterance_starts_with_the_preroll_and_not_earlier() -> None:
    _, ended = run(span(2, 0.02) + span(1, 0.95) + span(1, 0.02))
    assert isinstance(ended, SpeechEnded)
    assert 2.0 - ended.started_at_s == pytest.approx(SETTINGS.preroll_s, abs=2 * FRAME_S)


def test_a_pause_shorter_than_the_tail_does_not_end_it() -> None:
    events = run(span(0.5, 0.02) + span(0.6, 0.9) + span(0.35, 0.02) + span(0.6, 0.9) + span(1, 0.02))
    assert [type(event) for event in events] == [SpeechBegan, SpeechEnded]
    assert events[1].speech_ended_at_s == pytest.approx(2.05, abs=0.05)  # type: ignore[union-attr] # checked above


@pytest.mark.parametrize("fan", [0.15, 0.25, 0.35, 0.45, 0.49])
def test_a_fan_behind_the_speech_delays_the_end_to_a_second_and_a_half_at_most(fan: float) -> None:
    _, ended = run(span(1, fan) + span(1.5, 0.95) + span(4, fan))
    assert isinstance(ended, SpeechEnded)
    assert ended.endpoint_at_s - 2.5 <= 1.5


def test_single_loud_frames_of_a_fan_do_not_hold_an_utterance_open() -> None:
    gusts = ([0.6] + [0.3] * 5) * 20
    _, ended = run(span(1, 0.3) + span(1.5, 0.95) + gusts)
    assert isinstance(ended, SpeechEnded)
    assert ended.endpoint_at_s - 2.5 <= 1.5


def test_a_short_cough_is_no_speech() -> None:
    (event,) = run(span(1, 0.02) + span(0.13, 0.9) + span(6, 0.02))
    assert isinstance(event, NoSpeech)


def test_a_fan_alone_is_no_speech() -> None:
    (event,) = run(span(60, 0.45))
    assert event == NoSpeech(pytest.approx(SETTINGS.wait_s, abs=FRAME_S))


def test_a_word_spoken_after_a_cough_is_still_heard() -> None:
    events = run(span(1, 0.02) + span(0.1, 0.9) + span(0.5, 0.02) + span(0.4, 0.9) + span(1, 0.02))
    assert [type(event) for event in events] == [SpeechBegan, SpeechEnded]


def test_the_end_of_the_wake_word_is_no_utterance() -> None:
    events = run(span(0.2, 0.9) + span(0.7, 0.02) + span(1, 0.9) + span(1, 0.02))
    assert [type(event) for event in events] == [SpeechBegan, SpeechEnded]
    assert isinstance(events[1], SpeechEnded)
    assert events[1].started_at_s > 0.2


def test_speech_going_on_from_the_wake_word_keeps_the_audio_before_the_hit() -> None:
    before = tuple(AudioFrame(b"\x07\x00" * (FRAME_BYTES // 2), -FRAME_S * (2 - i)) for i in range(3))
    _, ended = run(span(1.2, 0.95) + span(1, 0.02), before)
    assert isinstance(ended, SpeechEnded)
    assert ended.pcm.startswith(before[0].pcm)


def test_endless_speech_is_cut_at_the_longest_length() -> None:
    began, ended = run(span(600, 0.95))
    assert isinstance(began, SpeechBegan)
    assert isinstance(ended, SpeechEnded)
    assert ended.is_cut
    assert len(ended.pcm) / 32_000 == pytest.approx(SETTINGS.max_s, abs=FRAME_S)


def test_after_the_end_nothing_is_told_until_it_begins_anew() -> None:
    endpointer = Endpointer(SETTINGS)
    for number, value in enumerate(span(5, 0.0)):
        endpointer.feed(frame(number), value)
    assert endpointer.is_over
    assert endpointer.feed(frame(0), 1.0) is None
    endpointer.begin(wait_s=0.5)
    events = [endpointer.feed(frame(number), 0.0) for number in range(40)]
    assert [event.at_s for event in events if isinstance(event, NoSpeech)] == [pytest.approx(0.5, abs=FRAME_S)]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 40)), min_size=1, max_size=25))
def test_any_probabilities_give_one_sane_utterance_or_none(runs: list[tuple[float, int]]) -> None:
    probabilities = [value for value, count in runs for _ in range(count)]
    events = run(probabilities)
    kinds = [type(event) for event in events]
    assert kinds in ([], [NoSpeech], [SpeechBegan], [SpeechBegan, SpeechEnded])
    for event in events:
        if isinstance(event, SpeechEnded):
            assert event.started_at_s < event.speech_ended_at_s <= event.endpoint_at_s
            assert len(event.pcm) / 32_000 <= SETTINGS.max_s + FRAME_S
            assert event.endpoint_at_s - event.started_at_s == pytest.approx(len(event.pcm) / 32_000, abs=1e-3)
            numbers = [event.pcm[at] + 256 * event.pcm[at + 1] for at in range(0, len(event.pcm), FRAME_BYTES)]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 0.49), min_size=1, max_size=30))
def test_after_speech_anything_below_the_threshold_ends_it_in_time(noise: list[float]) -> None:
    _, ended = run(span(1, 0.95) + [noise[place % len(noise)] for place in range(60)])
    assert isinstance(ended, SpeechEnded)
    assert ended.endpoint_at_s - ended.speech_ended_at_s <= 2 * SETTINGS.tail_s + FRAME_S
