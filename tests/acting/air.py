"""Ears and a mouth that follow a script, and a clock whose sleepers wait until time is made to pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

from assistant.acting.converse import Conversation
from assistant.acting.ring_answers import RingAnswers
from assistant.acting.ringing import Ending, Ringer
from assistant.acting.speaking import Speaking
from assistant.acting.voice_loop import VoiceLoop, VoiceParts
from assistant.core.audio import Utterance
from assistant.core.errors import SpeechError
from assistant.core.ports import EarEvent, Ears, Heard, Mouth, Spoken, Unheard, WakeHit, Woken
from assistant.core.schedule import DueItem, DueReason
from assistant.core.settings import ScheduleSettings
from assistant.core.turn import Transcript
from tests.acting.parts import Bench, HandClock, replier_of
from tests.acting.rung import RungSchedule


def heard(text: str, wake_at_s: float | None = 90.0) -> Heard:
    """Words that were just spoken."""
    utterance = Utterance(b"\0\0" * 16000, "jarvis" if wake_at_s else None, 91.0, 92.0, 92.5)
    return Heard(Transcript(text, "en", "scripted"), utterance, wake_at_s, 93.0)


WOKEN = Woken(WakeHit("jarvis", 0.9), 90.0)
CLOSED = None


class SleepyClock(HandClock):
    """Sleepers wait until `pass_time`."""

    def __init__(self) -> None:
        super().__init__()
        self._passed = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await self._passed.wait()

    def pass_time(self) -> None:
        """All who sleep wake up, now and from now on."""
        self._passed.set()


class ScriptedEars(Ears):
    """Hears what a test says it does; each opening of the microphone hears the next of `answers`."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[EarEvent | None] = asyncio.Queue()
        self.opened: list[float] = []
        self.answers: list[EarEvent] = []
        self.speaking: list[bool] = []

    def hear(self, *events: EarEvent | None) -> None:
        for event in events:
            self._queue.put_nowait(event)

    async def events(self) -> AsyncIterator[EarEvent]:
        while (event := await self._queue.get()) is not None:
            yield event

    def open_mic(self, seconds: float) -> None:
        self.opened.append(seconds)
        self.hear(self.answers.pop(0) if self.answers else Unheard(None))

    def set_speaking(self, is_speaking: bool) -> None:
        self.speaking.append(is_speaking)


class ScriptedMouth(Mouth):
    """Says everything at once, but for `long` texts: those last until they are stopped."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self._stopped = asyncio.Event()
        self.said: list[str] = []
        self.loudness: list[float] = []
        """At which each was said."""
        self.gains: list[float] = []
        self.long: set[str] = set()
        self.broken = False
        self.is_mute = False
        """The voice fails, the tone does not."""
        self.started = asyncio.Event()

    async def say(self, text: str, language: str) -> Spoken:
        if self.broken or (self.is_mute and text != "(ring)"):
            raise SpeechError("no voice")
        self.said.append(text)
        self.loudness.append(self.gains[-1] if self.gains else 1.0)
        first_sound_at_s = self._clock.monotonic()
        if text not in self.long:
            return Spoken(text, first_sound_at_s)
        self._stopped.clear()
        self.started.set()
        await self._stopped.wait()
        return Spoken(text.split(".")[0] + ".", first_sound_at_s, was_stopped=True)

    async def say_each(self, sentences: AsyncIterator[str], language: str) -> Spoken:
        """Each sentence as `say` does, in order."""
        texts: list[str] = []
        first_sound_at_s = None
        async for sentence in sentences:
            spoken = await self.say(sentence, language)
            first_sound_at_s = first_sound_at_s or spoken.first_sound_at_s
            texts.append(spoken.text)
            if spoken.was_stopped:
                return Spoken(" ".join(texts), first_sound_at_s, was_stopped=True)
        return Spoken(" ".join(texts), first_sound_at_s)

    async def ring(self) -> Spoken:
        return await self.say("(ring)", "")

    def stop(self) -> None:
        self._stopped.set()

    def duck(self, gain: float) -> None:
        self.gains.append(gain)


class Air:
    """A whole voice loop over scripted ears and mouth."""

    def __init__(self, bench: Bench, ring_times: int = 3, **more: object) -> None:
        self.bench = bench
        self.clock = SleepyClock()
        bench.clock = self.clock
        self.ears, self.mouth = ScriptedEars(), ScriptedMouth(self.clock)
        self.speaking = Speaking(self.ears, self.mouth, self.clock)
        self.ended: list[tuple[DueItem, Ending]] = []
        replier = replier_of(bench.skills)
        settings = ScheduleSettings(ring_times=ring_times, alarm_times=ring_times + 1, ring_gap_s=4)
        self.ringer = Ringer(
            self.speaking,
            lambda due: f"Your {due.item.label} timer {'ended' if due.reason is DueReason.MISSED else 'is done'}.",
            settings,
            lambda due, ending: self.ended.append((due, ending)),
        )
        self.schedule = RungSchedule(self.clock)
        self.conversation: Conversation = bench.conversation(
            rings=RingAnswers(self.ringer, self.schedule, timedelta(minutes=9)),
            stop_sound=self.speaking.silence,
            **more,
        )
        self.loop = VoiceLoop(VoiceParts(self.ears, self.speaking, self.ringer, self.conversation, replier, self.clock))

    async def run(self, *events: EarEvent | None) -> None:
        """Hear these and then nothing more."""
        self.ears.hear(*events, CLOSED)
        await self.loop.run()
