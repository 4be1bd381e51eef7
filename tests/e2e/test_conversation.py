"""A person and the assistant in one room: answers, interruptions, follow-ups, alarms, silence, and its own voice."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.core.settings import EndpointSettings, ScheduleSettings, Settings, VoiceSettings
from assistant.core.turn import DialogueAct, Stage
from assistant.hearing.moonshine import MoonshineRecogniser
from assistant.models import ModelStore
from benchmarks.words import comparable
from tests.e2e.house import WAKE, House, in_house
from tests.support.pulse import RATE_HZ, Pulse

pytestmark = [pytest.mark.audio, pytest.mark.models, pytest.mark.slow, pytest.mark.timeout(180)]

SILENT_WITHIN_S = 0.3
LOUD = 300


def recorded(recording: Path) -> npt.NDArray[np.int_]:
    """The samples so far of a recording that still goes on."""
    return np.frombuffer(recording.read_bytes()[: recording.stat().st_size // 2 * 2], "<i2").astype(int)


def last_sound_at_s(recording: Path) -> float:
    """Monotonic second of its last loud sample."""
    samples = recorded(recording)
    now_s = time.monotonic()
    loud = np.flatnonzero(np.abs(samples) > LOUD)
    assert loud.size, "nothing was heard from the speaker"
    return now_s - (samples.size - int(loud[-1])) / RATE_HZ


async def test_its_spoken_answer_can_be_understood(pulse: Pulse, models_dir: Path) -> None:
    def read_again(recording: Path) -> str:
        ear = MoonshineRecogniser(ModelStore(models_dir).path("moonshine-tiny-en"))
        ear.load()
        return ear.transcribe(recording.read_bytes()).text

    async def work(house: House) -> None:
        with pulse.hear() as recording:
            turn = await house.say(f"{WAKE}, turn on the kitchen light")
            await asyncio.sleep(0.3)
        assert turn is not None
        assert turn.reply is not None
        assert turn.reply.text
        words = comparable(await asyncio.to_thread(read_again, recording), "en")
        assert "kitchen light is on" in " ".join(words)

    await in_house(pulse, models_dir, Settings(voice=VoiceSettings(engine="piper")), work)


async def test_the_wake_word_silences_a_long_answer_at_once(pulse: Pulse, models_dir: Path) -> None:
    async def work(house: House) -> None:
        long = await house.say(f"{WAKE}, what can you do", until_spoken=False)
        assert long is not None
        with pulse.hear() as recording:
            await house.until(lambda: house.body.speaking.is_speaking, 2)
            await asyncio.sleep(1.0)
            stop = await house.say(f"{WAKE}, stop")
            assert stop is not None
            quiet_at_s = last_sound_at_s(recording)
        spoken = house.brain.trace.spoken(long.id)
        assert spoken is not None
        assert spoken.was_stopped
        assert stop.understood is not None
        assert stop.understood.plan is DialogueAct.STOP
        late_s = quiet_at_s - stop.stages[Stage.WAKE]
        print(f"silent {late_s * 1000:.0f} ms after the wake word was heard")
        assert late_s < SILENT_WITHIN_S

    await in_house(pulse, models_dir, Settings(), work)


async def test_stop_ends_a_ringing_timer_without_the_wake_word(pulse: Pulse, models_dir: Path) -> None:
    async def work(house: House) -> None:
        assert await house.say(f"{WAKE}, set a timer for three seconds") is not None
        await house.until(house.brain.sounds.is_ringing, 8)
        await house.until(lambda: house.body.speaking.is_speaking, 2)
        await house.until(lambda: not house.body.speaking.is_speaking, 10)
        # the tone is over, the words follow; then it listens
        await asyncio.sleep(0.3)
        await house.until_quiet()
        stop = await house.say("stop")
        assert stop is not None
        assert stop.wake_word is None
        assert stop.understood is not None
        assert stop.understood.plan is DialogueAct.STOP, stop.transcript
        await house.until(lambda: not house.brain.sounds.is_ringing(), 0.5)
        assert not house.brain.schedule.missed()
        await asyncio.sleep(1.0)
        assert not house.body.speaking.is_speaking

    await in_house(pulse, models_dir, Settings(schedule=ScheduleSettings(ring_gap_s=5)), work)


async def test_a_timer_gets_louder_and_is_snoozed_without_the_wake_word(pulse: Pulse, models_dir: Path) -> None:
    async def ring(house: House, recording: Path) -> float:
        """How loud the next tone is."""
        begun = recorded(recording).size
        await house.until(lambda: house.body.speaking.is_speaking, 10)
        await asyncio.sleep(1.0)
        return float(np.abs(recorded(recording)[begun:]).max())

    async def work(house: House) -> None:
        assert await house.say(f"{WAKE}, set a timer for two seconds") is not None
        with pulse.hear() as recording:
            await house.until(house.brain.sounds.is_ringing, 8)
            first = await ring(house, recording)
            await house.until_quiet()
            await asyncio.sleep(0.3)
            await house.until_quiet()
            await asyncio.sleep(1.5)
            second = await ring(house, recording)
        print(f"first tone {first:.0f}, second {second:.0f}")
        assert first * 1.5 < second
        await house.until_quiet()
        await asyncio.sleep(0.3)
        await house.until_quiet()
        snooze = await house.say("five more minutes")
        assert snooze is not None
        assert snooze.wake_word is None
        assert snooze.reply is not None
        assert "5 minutes" in snooze.reply.text, snooze.transcript.text
        assert not house.brain.sounds.is_ringing()
        (item,) = house.brain.schedule.pending()
        assert item.snoozed

    settings = Settings(schedule=ScheduleSettings(ring_gap_s=5, ring_first_percent=20, ring_steps=1))
    await in_house(pulse, models_dir, settings, work)


async def test_a_question_is_answered_without_the_wake_word(pulse: Pulse, models_dir: Path) -> None:
    async def work(house: House) -> None:
        asked = await house.say(f"{WAKE}, open the garage door")
        assert asked is not None
        assert asked.reply is not None
        assert asked.reply.expects_answer, asked.transcript.text
        assert house.witness.state("garage_door") == {"state": "closed"}
        answer = await house.say("yes")
        assert answer is not None
        assert answer.wake_word is None
        assert await house.witness.sees("garage_door", state="open")

    await in_house(pulse, models_dir, Settings(), work)


async def test_a_wake_word_that_nothing_follows_is_answered_by_silence(pulse: Pulse, models_dir: Path) -> None:
    async def work(house: House) -> None:
        await house.play(WAKE)
        await asyncio.sleep(1.6)
        assert await house.say("what time is it") is not None, "the wake word alone is not heard"
        turns = house.brain.trace.turns()
        with pulse.hear() as recording:
            await house.play(WAKE)
            await asyncio.sleep(5.0)
        assert house.brain.trace.turns() == turns
        assert np.abs(np.frombuffer(recording.read_bytes()[:-1], "<i2", count=RATE_HZ * 4).astype(int)).max() < LOUD

    await in_house(pulse, models_dir, Settings(endpoint=EndpointSettings(wait_s=2)), work)


async def test_what_it_says_itself_is_never_taken_for_a_request(pulse: Pulse, models_dir: Path) -> None:
    async def work(house: House) -> None:
        with pulse.near():
            asked = await house.say(f"{WAKE}, open the garage door")
            assert asked is not None
            assert asked.reply is not None
            assert asked.reply.expects_answer, asked.transcript.text
            await asyncio.sleep(house.brain.config.settings.endpoint.follow_up_s + 1)
            told = await house.say(f"{WAKE}, what can you do")
            assert told is not None
            assert told.reply is not None
            assert len(told.reply.text) > 60
            count = len(house.brain.trace.turns())
            await house.say(f"{WAKE}, set a timer for two seconds")
            await house.until(house.brain.sounds.is_ringing, 8)
            await house.until(lambda: not house.brain.sounds.is_ringing(), 30)
            await asyncio.sleep(1.0)
        assert count == 2
        assert len(house.brain.trace.turns()) == 3
        assert await house.witness.sees("garage_door", state="closed")

    settings = Settings(
        schedule=ScheduleSettings(ring_times=2, ring_gap_s=1), endpoint=EndpointSettings(follow_up_s=3, wait_s=2)
    )
    await in_house(pulse, models_dir, settings, work)
