"""The hub's topics at work: muted, asked, told what it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from assistant.acting.converse import Said
from assistant.core.audio import AudioFrame
from assistant.core.ports import FrameSource, Unheard, WakeHit, Woken
from assistant.core.settings import ScheduleSettings
from assistant.core.turn import Reply, Situation, Source, Turn, TurnId
from assistant.daemon.presence import Presence, PresenceParts
from assistant.daemon.sounds import Sounds
from assistant.home.announce import Hub
from assistant.home.link import Message
from assistant.testing.clock import FakeClock
from assistant.testing.paper import PaperNotebook


@dataclass
class House:
    """A hub whose topics are looked at."""

    presence: Presence
    clock: FakeClock
    notebook: PaperNotebook
    sent: list[tuple[str, str | bytes]]
    asked: list[Said]

    async def take(self, said: Said) -> Turn:
        self.asked.append(said)
        turn = Turn(TurnId("t"), datetime(2026, 3, 2, tzinfo=UTC), Situation("en", said.source), said.transcript)
        turn.reply = Reply("Done.", "en")
        return turn

    async def hear(self, topic: str, payload: bytes) -> None:
        self.presence.announcement.take(Message(f"voicehub/h1/{topic}/set", payload, False))
        await self.clock.settle()

    def last(self, topic: str) -> str | bytes:
        return [payload for each, payload in self.sent if each == f"voicehub/h1/{topic}"][-1]


@asynccontextmanager
async def house(**notes: str) -> AsyncIterator[House]:
    clock, notebook = FakeClock(), PaperNotebook()
    notebook.notes.update(notes)
    sent: list[tuple[str, str | bytes]] = []
    sounds = Sounds(clock, ZoneInfo("UTC"), ScheduleSettings())
    parts = PresenceParts(clock, sounds, lambda topic, payload, _: sent.append((topic, payload)), notebook, "en")
    made = House(Presence(Hub("h1", "Hub", "1"), parts, is_on=True), clock, notebook, sent, [])
    made.presence.conversation = made
    await made.presence.load()
    made.presence.announcement.connection(True)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.presence.run())
        try:
            yield made
        finally:
            task.cancel()


async def test_a_line_typed_elsewhere_is_a_turn_and_answered_there() -> None:
    async with house() as made:
        await made.hear("ask", b"turn on the lamp")
        assert [(said.transcript.text, said.source) for said in made.asked] == [("turn on the lamp", Source.MQTT)]
        assert made.last("answer") == "Done."


async def test_what_it_does_is_told() -> None:
    async with house() as made:
        assert made.last("state") == "idle"
        made.presence.heard(Woken(WakeHit("word", 1.0), 0.0))
        assert (made.last("listening"), made.last("state")) == ("ON", "listening")
        made.presence.heard(Unheard("word"))
        assert (made.last("listening"), made.last("state")) == ("OFF", "idle")
        made.presence.spoke("hello")
        assert made.last("state") == "speaking"
        assert not any("hello" in str(payload) for _, payload in made.sent)
        made.presence.spoke(None)
        assert made.last("state") == "idle"


class Talking(FrameSource):
    """Two frames of sound."""

    async def frames(self) -> AsyncIterator[AudioFrame]:
        for _ in range(2):
            yield AudioFrame(b"\x01\x02", 0.0)


async def test_muted_it_hears_silence_and_stays_so_after_a_start() -> None:
    async with house() as made:
        await made.hear("mute", b"ON")
        assert (made.last("mute"), made.last("state")) == ("ON", "muted")
        frames = [frame.pcm async for frame in made.presence.shutter.over(Talking()).frames()]
        assert frames == [b"\0\0", b"\0\0"]
        notes = dict(made.notebook.notes)
    async with house(**notes) as again:
        assert again.last("mute") == "ON"
        await again.hear("mute", b"OFF")
        assert again.notebook.notes == {}
        assert [frame.pcm async for frame in again.presence.shutter.over(Talking()).frames()] == [b"\x01\x02"] * 2


async def test_the_volume_is_set_and_told() -> None:
    async with house() as made:
        volumes: list[int] = []
        made.presence.set_volume = volumes.append
        await made.hear("volume", b"30")
        assert (volumes, made.last("volume")) == ([30], "30")


async def test_deafness_is_a_problem() -> None:
    async with house() as made:
        made.presence.built("no recogniser", 100)
        assert made.last("problem") == "ON"
