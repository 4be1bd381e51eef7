"""A satellite of Rhasspy on a real mosquitto: it speaks a synthesised sentence, and is answered with sound."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.audio import BufferSpeaker, resample
from assistant.core.audio import RATE_HZ, SAMPLE_BYTES, PcmChunk
from assistant.core.clock import SystemClock
from assistant.core.settings import (
    AudioSettings,
    HermesSettings,
    HomeSettings,
    MqttSettings,
    RecogniserSettings,
    Settings,
)
from assistant.core.turn import Stage
from assistant.daemon.body import Air, build_body
from assistant.daemon.brain import Brain, with_brain
from assistant.daemon.config import Config
from assistant.daemon.paths import Paths
from assistant.home import HomeService
from assistant.home.hermes import Hermes
from assistant.home.hermes_wav import read_wav, write_wav
from assistant.home.link import Use
from assistant.models import ModelStore
from assistant.speech.pyttsx import PyttsxVoice
from tests.home.brokers import Mosquitto, TestBroker, running
from tests.home.client import Client, client
from tests.home.hermes_house import WITH_SOUND, Scripted, ScriptedBody

pytestmark = pytest.mark.broker

CHUNK = RATE_HZ * SAMPLE_BYTES // 8
"""Bytes of sound that a satellite sends at once: 125 ms."""
QUIET = bytes(RATE_HZ * SAMPLE_BYTES)


@dataclass
class Satellite:
    """What a satellite and whoever looks on hear of Hermes."""

    site: str
    ear: Client

    def all(self, topic: str) -> list[dict[str, Any]]:
        """Messages on a topic."""
        return [json.loads(each) for each in self.ear.payloads(f"hermes/{topic}")]

    def send(self, topic: str, payload: bytes | None = None, **values: object) -> None:
        raw = json.dumps({"siteId": self.site, **values}) if payload is None else payload
        self.ear.link.publish(f"hermes/{topic}", raw, use=Use.STREAM)

    def sounds(self) -> list[tuple[str, str, bytes]]:
        """(site, request id, WAV) of what was sent to be played, anywhere."""
        found = [(each.topic.split("/"), each.payload) for each in self.ear.heard if "/playBytes/" in each.topic]
        return [(levels[2], levels[4], payload) for levels, payload in found]

    async def speak(self, pcm: bytes) -> None:
        """Wake word, and the sentence as fast as the broker takes it."""
        before = len(self.all("asr/startListening"))
        self.send("hotword/okay_nabu/detected", modelId="okay_nabu")
        await self.ear.until(lambda: len(self.all("asr/startListening")) > before)
        for start in range(0, len(pcm), CHUNK):
            wav = write_wav(PcmChunk(pcm[start : start + CHUNK], RATE_HZ))
            self.send(f"audioServer/{self.site}/audioFrame", wav)

    async def answer(self, count: int) -> bytes:
        """The sound of the answer, which is told to be played."""
        await self.ear.until(lambda: len(self.sounds()) >= count)
        site, request_id, wav = self.sounds()[-1]
        assert site == self.site
        self.send(f"audioServer/{site}/playFinished", id=request_id)
        await self.ear.until(lambda: len(self.all("dialogueManager/sessionEnded")) >= count)
        return wav


async def spoken(text: str) -> bytes:
    """16 kHz PCM of a sentence, with quiet around it as a microphone has it."""
    voice = PyttsxVoice("en")
    chunks = [chunk async for chunk in voice.synthesize(text)]
    await voice.close()
    return QUIET[: len(QUIET) // 3] + b"".join(resample(each.pcm, each.rate_hz) for each in chunks) + QUIET


def config_for(mqtt: MqttSettings, folder: Path, models_dir: Path) -> Config:
    """A hub in a cupboard: it has neither microphone nor speaker."""
    settings = Settings(
        mqtt=mqtt,
        audio=AudioSettings(microphone="none", speaker="none"),
        recogniser=RecogniserSettings(use_grammar=False),
        hermes=HermesSettings(enabled=True, areas=("pi-2 = Kitchen",)),
    )
    return Config(settings, Paths(folder, models_dir, folder / "run"), folder / "none.toml", False, ())


@asynccontextmanager
async def satellite(mqtt: MqttSettings, site: str) -> AsyncIterator[Satellite]:
    async with client(mqtt, site, "hermes/#", "simulated/+/+", use=Use.STATE) as ear:
        await ear.connected()
        yield Satellite(site, ear)


async def at_the_hub(tmp_path: Path, models_dir: Path, work: Callable[[Brain, MqttSettings], Awaitable[None]]) -> None:
    if not ModelStore(models_dir).is_installed("moonshine-tiny-en"):
        pytest.skip("moonshine-tiny-en is not installed (run: make setup)")
    broker: TestBroker = Mosquitto(tmp_path)
    async with running(broker):
        mqtt = broker.settings

        async def serve(brain: Brain) -> None:
            body = await build_body(brain, Air(speaker=BufferSpeaker(brain.clock)))
            try:
                await brain.home.settled(5.0)
                brain.take_over()
                await work(brain, mqtt)
            finally:
                await body.close()

        await with_brain(config_for(mqtt, tmp_path, models_dir), serve, simulate=True)


@pytest.mark.models
@pytest.mark.audio
async def test_the_light_at_a_satellite_is_the_one_in_its_room_and_the_answer_is_sound(
    tmp_path: Path, models_dir: Path
) -> None:
    async def work(brain: Brain, mqtt: MqttSettings) -> None:
        async with satellite(mqtt, "pi-2") as pi:
            await pi.speak(await spoken("turn on the light"))
            wav = await pi.answer(1)
            assert 0.5 < read_wav(wav, 60).seconds < 5
            assert {site for site, _, _ in pi.sounds()} == {"pi-2"}
            [captured] = pi.all("asr/textCaptured")
            assert captured["text"].lower().startswith("turn on the light")
            assert pi.all("dialogueManager/sessionEnded")[0]["termination"] == {"reason": "nominal"}
            assert pi.ear.payloads("simulated/kitchen_light/set")
            assert not pi.ear.payloads("simulated/hallway_light/set")
            turn = brain.trace.last()
            assert turn is not None
            assert list(turn.stages)[:3] == [Stage.SPEECH_END, Stage.ENDPOINT, Stage.TRANSCRIPT]

    await at_the_hub(tmp_path, models_dir, work)


async def test_two_satellites_are_served_side_by_side_by_any_broker(broker: TestBroker) -> None:
    settings = broker.settings.model_copy(update={"mode": "external"})
    home = HomeService(settings, HomeSettings(), SystemClock(), hub_id="hub")
    hermes = Hermes(WITH_SOUND.model_copy(update={"race_s": 0.0}), Scripted(), home.publish, SystemClock())
    hermes.attach(ScriptedBody("lamp on", "lamp on"))
    home.beside.append(hermes)
    async with asyncio.TaskGroup() as group:
        serving = [group.create_task(home.run()), group.create_task(hermes.run())]
        async with satellite(settings, "attic") as attic, satellite(settings, "cellar") as cellar:
            await attic.ear.eventually(lambda: home.status.is_connected)
            await asyncio.gather(*(each.speak(QUIET) for each in (attic, cellar)))
            await attic.ear.until(lambda: len(attic.sounds()) == 2)
            assert {site for site, _, _ in attic.sounds()} == {"attic", "cellar"}
            assert len({request_id for _, request_id, _ in attic.sounds()}) == 2
            assert len(attic.all("asr/textCaptured")) == 2
        for task in serving:
            task.cancel()
