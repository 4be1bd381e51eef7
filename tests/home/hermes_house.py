"""A dialogue manager under a test's hand: what it is told, what it says, and a body that plays by a script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from assistant.core.audio import PcmChunk
from assistant.core.errors import SpeechError
from assistant.core.settings import HermesSettings
from assistant.core.turn import Stage
from assistant.home.hermes import Hermes
from assistant.home.hermes_ports import Answer, Intent, Recognised, Slot, Words
from assistant.home.hermes_wav import Sound, write_wav
from assistant.home.link import Message
from assistant.testing.clock import FakeClock

TEXT_ONLY = HermesSettings(enabled=True, own_ears=("*",), own_voices=("*",))
"""Satellites that recognise and speak by themselves."""
WITH_SOUND = HermesSettings(enabled=True)
FRAME = write_wav(PcmChunk(bytes(2048), 16_000))


class Scripted:
    """A partner that understands a few sentences."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.sites: list[str] = []

    async def understand(self, words: Words) -> Intent | None:
        return {
            "lamp on": Intent("home.on", (Slot("name", "lamp"),)),
            "tea": Intent("Drink", (Slot("what", "tea"),)),
        }.get(words.text)

    async def answer(self, words: Words) -> Answer:
        self.done.append(words.text)
        self.sites.append(words.site)
        is_question = words.text == "lamp"
        return Answer("Which lamp?" if is_question else "Done.", is_question, words.text.replace("1234", ""))


class ScriptedEar:
    """Hears what the test says, once so many chunks of sound came."""

    def __init__(self, text: str, after: int = 3) -> None:
        self.sounds: list[Sound] = []
        self.is_closed = False
        self._text = text
        self._after = after
        self._over = asyncio.Event()

    def feed(self, sound: Sound) -> None:
        self.sounds.append(sound)
        if len(self.sounds) >= self._after:
            self._over.set()

    def finish(self) -> None:
        self._over.set()

    async def words(self) -> Recognised | None:
        await self._over.wait()
        stages = {Stage.ENDPOINT: 1.0, Stage.TRANSCRIPT: 1.25}
        return Recognised(self._text, 0.875, 1.5, stages) if self._text and not self.is_closed else None

    def close(self) -> None:
        self.is_closed = True
        self._over.set()


class ScriptedBody:
    """Ears that hear `hears`, one after the other, and a voice whose sound is as long as the text."""

    def __init__(self, *hears: str) -> None:
        self.hears = list(hears)
        self.ears: list[ScriptedEar] = []
        self.said: list[str] = []
        self.played: list[Sound] = []

    def open_ear(self, *, stops_on_silence: bool, wake_word: str) -> ScriptedEar:
        del wake_word
        ear = ScriptedEar(self.hears.pop(0), after=3 if stops_on_silence else 10_000)
        self.ears.append(ear)
        return ear

    async def sound_of(self, text: str, volume: float) -> PcmChunk:
        if text == "mute":
            raise SpeechError("no voice")
        return PcmChunk(bytes([len(text), int(volume * 100)]) * 8_000 * len(text), 16_000)

    async def say_here(self, text: str) -> None:
        self.said.append(text)

    async def play_here(self, sound: Sound) -> None:
        self.played.append(sound)


@dataclass
class House:
    """Hermes at work, and what it sent: (topic without its root, payload)."""

    hermes: Hermes
    clock: FakeClock
    partner: Scripted
    sent: list[tuple[str, Any]] = field(default_factory=list)
    echoes: bool = True
    """The broker brings back what we listen to, as a real one does."""
    body: ScriptedBody = field(default_factory=ScriptedBody)

    def publish(self, topic: str, payload: str | bytes, retain: bool) -> None:
        assert not retain
        raw = payload.encode() if isinstance(payload, str) else payload
        is_sound = "/playBytes/" in topic
        self.sent.append((topic.removeprefix("hermes/"), raw if is_sound else json.loads(raw)))
        if self.echoes:
            asyncio.get_running_loop().call_soon(self.hermes.take, Message(topic, raw, False))

    async def hear(self, topic: str, **payload: object) -> None:
        await self.hear_raw(topic, json.dumps(payload).encode())

    async def hear_raw(self, topic: str, payload: bytes, *, is_retained: bool = False) -> None:
        assert self.hermes.take(Message(f"hermes/{topic}", payload, is_retained))
        await self.clock.settle()

    async def frames(self, site: str, count: int = 3, payload: bytes = FRAME) -> None:
        for _ in range(count):
            await self.hear_raw(f"audioServer/{site}/audioFrame", payload)

    async def wake(self, site: str) -> str:
        """The session that the wake word begins."""
        await self.hear("hotword/porcupine/detected", siteId=site, modelId="porcupine")
        session_id: str = self.last("dialogueManager/sessionStarted")["sessionId"]
        return session_id

    def topics(self) -> list[str]:
        """All that were sent, in order."""
        return [topic for topic, _ in self.sent]

    def all(self, topic: str) -> list[Any]:
        return [payload for each, payload in self.sent if each == topic]

    def last(self, topic: str) -> Any:
        return self.all(topic)[-1]

    def sounds(self) -> list[tuple[str, str, bytes]]:
        """(site, request id, WAV) of each that was sent."""
        levels = [(*topic.split("/"), payload) for topic, payload in self.sent if "/playBytes/" in topic]
        return [(site, request_id, wav) for _, site, _, request_id, wav in levels]


def house_of(settings: HermesSettings, *hears: str) -> House:
    """Not running yet; with a body that will hear `hears`."""
    clock, partner = FakeClock(), Scripted()
    made: list[House] = []
    hermes = Hermes(settings, partner, lambda *message: made[0].publish(*message), clock)
    made.append(House(hermes, clock, partner, body=ScriptedBody(*hears)))
    hermes.attach(made[0].body)
    return made[0]


@asynccontextmanager
async def house(settings: HermesSettings = TEXT_ONLY, *hears: str) -> AsyncIterator[House]:
    """The same at work."""
    made = house_of(settings, *hears)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.hermes.run())
        await made.clock.settle()
        try:
            yield made
        finally:
            task.cancel()
