"""What the ears tell, with scripted detectors and recogniser."""

from __future__ import annotations

import asyncio
import threading

import pytest

from assistant.core.errors import ModelMissing
from assistant.core.ports import Heard, Unheard, Woken
from assistant.testing.recogniser import ScriptedRecogniser
from tests.hearing.scenes import FAN, HUSH, SPEECH, WAKE, MarkedSpeech, Scene, events_of, joined, listener, part
from tests.hearing.sounds import FRAME_S


def said(events: list[object]) -> list[str]:
    return [event.transcript.text for event in events if isinstance(event, Heard)]


async def test_wake_word_then_request_is_woken_then_heard() -> None:
    scene = Scene(joined(part(1, HUSH), WAKE, part(0.5, HUSH), part(1, SPEECH), part(1, HUSH)))
    woken, heard = await events_of(listener(scene, ScriptedRecogniser(["what time is it"])))
    assert isinstance(woken, Woken)
    assert isinstance(heard, Heard)
    assert heard.transcript.text == "what time is it"
    assert heard.utterance.wake_word == "hey_jarvis"
    assert heard.wake_at_s == woken.at_s == pytest.approx(101, abs=0.1)
    assert heard.utterance.speech_ended_at_s == pytest.approx(102.5, abs=0.1)
    assert heard.utterance.endpoint_at_s == pytest.approx(102.95, abs=0.1)


async def test_the_audio_of_the_wake_word_is_not_in_the_utterance() -> None:
    scene = Scene(joined(part(1, SPEECH), WAKE, part(0.3, HUSH), part(1, SPEECH), part(1, HUSH)))
    events = await events_of(listener(scene, ScriptedRecogniser(["yes"])))
    heard = next(event for event in events if isinstance(event, Heard))
    assert heard.wake_at_s is not None
    assert heard.utterance.started_at_s >= heard.wake_at_s - 0.16


async def test_a_request_in_the_same_breath_keeps_its_first_word() -> None:
    scene = Scene(joined(part(1, SPEECH), WAKE, part(1, SPEECH), part(1, HUSH)))
    events = await events_of(listener(scene, ScriptedRecogniser(["Jarvis, what time is it?"])))
    heard = next(event for event in events if isinstance(event, Heard))
    assert heard.transcript.text == "what time is it?"
    assert heard.wake_at_s is not None
    assert heard.utterance.started_at_s <= heard.wake_at_s - 0.1


async def test_nothing_said_after_the_wake_word_is_unheard_and_costs_no_recognition() -> None:
    recogniser = ScriptedRecogniser(["never"])
    events = await events_of(listener(Scene(joined(WAKE, part(5, FAN))), recogniser))
    assert [type(event) for event in events] == [Woken, Unheard]
    assert recogniser.heard_s == []


async def test_an_empty_transcript_is_unheard() -> None:
    scene = Scene(joined(WAKE, part(0.5, HUSH), part(1, SPEECH), part(1, HUSH)))
    events = await events_of(listener(scene, ScriptedRecogniser([""])))
    assert events[1:] == [Unheard("hey_jarvis")]


async def test_the_speech_detector_sleeps_until_the_wake_word() -> None:
    speech = MarkedSpeech()
    await events_of(listener(Scene(part(60, SPEECH)), ScriptedRecogniser(["never"]), speech))
    assert speech.asked == 0


async def test_only_the_wake_word_said_keeps_the_microphone_open_for_the_request() -> None:
    scene = Scene(joined(WAKE, part(0.5, SPEECH), part(0.6, HUSH), part(1, SPEECH), part(1, HUSH)))
    events = await events_of(listener(scene, ScriptedRecogniser(["Hey Jarvis.", "what time is it"])))
    assert said(events) == ["what time is it"]
    assert events[-1].utterance.wake_word == "hey_jarvis"


async def test_an_open_microphone_hears_without_wake_word() -> None:
    scene = Scene(joined(part(1, HUSH), part(1, SPEECH), part(1, HUSH)))
    ears = listener(scene, ScriptedRecogniser(["the bedroom"]))
    ears.open_mic(5)
    (heard,) = await events_of(ears)
    assert isinstance(heard, Heard)
    assert (heard.transcript.text, heard.wake_at_s) == ("the bedroom", None)


async def test_an_open_microphone_closes_after_its_time() -> None:
    ears = listener(Scene(joined(part(3, HUSH), part(1, SPEECH), part(1, HUSH))), ScriptedRecogniser(["late"]))
    ears.open_mic(2)
    assert await events_of(ears) == [Unheard(None)]


async def test_own_speech_never_becomes_a_turn() -> None:
    scene = Scene(joined(part(3, SPEECH), part(0.2, SPEECH), part(5, HUSH)))
    ears = listener(scene, ScriptedRecogniser(["own words"]))
    ears.set_speaking(True)
    ears.open_mic(2)
    scene.doings[round(3 / FRAME_S)] = lambda: ears.set_speaking(False)
    assert await events_of(ears) == [Unheard(None)]


async def test_speaking_closes_an_open_microphone_but_not_to_the_wake_word() -> None:
    scene = Scene(
        joined(part(1, HUSH), part(2, SPEECH), WAKE, part(0.2, SPEECH), part(0.5, HUSH), part(1, SPEECH), part(1, HUSH))
    )
    ears = listener(scene, ScriptedRecogniser(["stop"]))
    ears.open_mic(9)
    scene.doings[round(1 / FRAME_S)] = lambda: ears.set_speaking(True)
    scene.doings[round(3.2 / FRAME_S)] = lambda: ears.set_speaking(False)
    events = await events_of(ears)
    assert [type(event) for event in events] == [Unheard, Woken, Heard]
    assert said(events) == ["stop"]


async def test_saying_the_wake_word_again_begins_anew() -> None:
    scene = Scene(joined(WAKE, part(1, SPEECH), WAKE, part(0.3, HUSH), part(1, SPEECH), part(1, HUSH)))
    events = await events_of(listener(scene, ScriptedRecogniser(["second"])))
    assert [type(event) for event in events] == [Woken, Woken, Heard]


async def test_a_minute_of_noise_is_one_unheard() -> None:
    events = await events_of(listener(Scene(joined(WAKE, part(60, FAN))), ScriptedRecogniser(["noise"])))
    assert [type(event) for event in events] == [Woken, Unheard]


@pytest.mark.slow
async def test_ten_minutes_of_speech_are_cut_once_and_the_ears_stay_alive() -> None:
    scene = Scene(joined(WAKE, part(600, SPEECH), WAKE, part(0.3, HUSH), part(1, SPEECH), part(1, HUSH)))
    recogniser = ScriptedRecogniser(["blah", "what time is it"])
    events = await events_of(listener(scene, recogniser))
    assert said(events) == ["blah", "what time is it"]
    assert [event.utterance.is_cut for event in events if isinstance(event, Heard)] == [True, False]
    assert max(recogniser.heard_s) < 12.1


async def test_a_model_that_is_missing_ends_the_events_with_its_error() -> None:
    class Missing(ScriptedRecogniser):
        def load(self) -> None:
            raise ModelMissing("no weights")

    with pytest.raises(ModelMissing):
        await events_of(listener(Scene(part(1, HUSH)), Missing()))


async def test_the_recogniser_runs_on_one_thread_that_is_not_the_loops() -> None:
    threads: set[int] = set()

    class Noting(ScriptedRecogniser):
        def load(self) -> None:
            threads.add(threading.get_ident())

        def next_text(self, seconds: float) -> str:
            threads.add(threading.get_ident())
            return "yes"

    scene = Scene(joined(*[WAKE + part(0.3, HUSH) + part(1, SPEECH) + part(1, HUSH)] * 3))
    assert said(await events_of(listener(scene, Noting()))) == ["yes"] * 3
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_a_slow_recogniser_costs_utterances_not_the_ears() -> None:
    gate = threading.Event()

    class Slow(ScriptedRecogniser):
        def next_text(self, seconds: float) -> str:
            gate.wait(5)
            return "yes"

    one = WAKE + part(0.3, HUSH) + part(1, SPEECH) + part(1, HUSH)
    scene = Scene(joined(*[one] * 6))
    scene.doings[len(one) * 6 - 1] = gate.set
    ears = listener(scene, Slow())
    events = await events_of(ears)
    assert len(said(events)) == 3
    assert ears.dropped_utterances == 3


async def test_events_nobody_takes_are_dropped_and_counted() -> None:
    scene = Scene(joined(*[WAKE + part(0.2, HUSH)] * 60, part(5, HUSH)))
    ears = listener(scene, ScriptedRecogniser())
    taken = 0
    async for _ in ears.events():
        taken += 1
        await asyncio.sleep(0.05 if taken == 1 else 0)
    ears.close()
    assert taken + ears.dropped_events == 61


async def test_leaving_the_events_early_ends_what_runs_behind_them() -> None:
    ears = listener(Scene(joined(WAKE, part(600, HUSH))), ScriptedRecogniser())
    events = ears.events()
    assert isinstance(await anext(events), Woken)
    await events.aclose()  # type: ignore[attr-defined] # an async generator behind the port's iterator
    ears.close()
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "ears"]
