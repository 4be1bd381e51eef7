"""A house for tests: the product's own parts at a real sound server, a person who speaks, and a witness on MQTT."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import paho.mqtt.client as mqtt
import piper
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from assistant.audio import resample
from assistant.core.audio import RATE_HZ, SAMPLE_BYTES
from assistant.core.settings import LlmSettings, Settings
from assistant.core.turn import Turn
from assistant.daemon.body import Air, Body, build_body
from assistant.daemon.brain import Brain
from assistant.daemon.config import Config
from assistant.daemon.paths import Paths
from assistant.daemon.stage import with_home
from assistant.models import ModelStore
from tests.support.pulse import Pulse

WAKE = "okay nabu"
NEEDED = ("piper-joe-us", "moonshine-tiny-en")
_QUIET_PEAK = 60
_MARGIN = RATE_HZ // 16
"""Samples: the first and the last sound of a sentence are faint."""
_OPEN_S = 5.0
_ANSWER_S = 8.0


class Person:
    """Speaks with Piper; every sentence is made once."""

    def __init__(self, folder: Path) -> None:
        self._voice = piper.PiperVoice.load(next(folder.glob("*.onnx")))
        self._made: dict[str, bytes] = {}

    def sound(self, text: str) -> bytes:
        """The sentence as 16 kHz PCM, without the silence around it."""
        if text not in self._made:
            chunks = list(self._voice.synthesize(text))
            pcm = b"".join(chunk.audio_int16_bytes for chunk in chunks)
            self._made[text] = _spoken_part(resample(pcm, chunks[0].sample_rate))
        return self._made[text]


def _spoken_part(pcm: bytes) -> bytes:
    samples = np.frombuffer(pcm, "<i2")
    loud = np.flatnonzero(np.abs(samples.astype(int)) > _QUIET_PEAK)
    return samples[max(0, loud[0] - _MARGIN) : loud[-1] + _MARGIN].tobytes()


@cache
def person_of(models_dir: Path) -> Person:
    """The same person for all tests."""
    return Person(ModelStore(models_dir).path("piper-joe-us"))


class Witness:
    """Another program on the broker: it knows what devices really reported last."""

    def __init__(self, port: int) -> None:
        self._states: dict[str, str] = {}
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="witness", protocol=mqtt.MQTTv311)
        self._client.on_connect = self._connected
        self._client.on_message = self._take
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _connected(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe("simulated/+/+")

    def _take(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        self._states[message.topic] = message.payload.decode()

    def state(self, device: str) -> dict[str, Any]:
        """What a device reported last; a plain state under `state`."""
        text = self._states.get(f"simulated/{device}/state", "")
        return json.loads(text) if text.startswith("{") else {"state": text}

    async def sees(self, device: str, **wanted: object) -> bool:
        """True when the device reports all of that within a second."""
        limit = time.monotonic() + 1.0
        while time.monotonic() < limit:
            if wanted.items() <= self.state(device).items():
                return True
            await asyncio.sleep(0.02)
        return False

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@dataclass
class House:
    """One assistant at work."""

    brain: Brain
    body: Body
    pulse: Pulse
    person: Person
    witness: Witness
    players: list[subprocess.Popen[bytes]] = field(default_factory=list)

    async def play(self, text: str) -> float:
        """Say it into the room; the monotonic second at which the sentence will be over, at the latest."""
        pcm = self.person.sound(text)
        self.players = [player for player in self.players if player.poll() is None]
        self.players.append(self.pulse.play(pcm))
        return time.monotonic() + len(pcm) / SAMPLE_BYTES / RATE_HZ

    async def say(self, text: str, *, until_spoken: bool = True) -> Turn | None:
        """Say it into the room; the turn that came of it, once it was answered; None when there is none in time."""
        arrival = asyncio.ensure_future(self.brain.trace.next())
        end_s = await self.play(text)
        done, _ = await asyncio.wait([arrival], timeout=end_s - time.monotonic() + _ANSWER_S)
        if not done:
            arrival.cancel()
            return None
        if until_spoken:
            async with asyncio.timeout(30):
                await self.brain.trace.until_spoken(arrival.result())
        return arrival.result()

    async def until(self, is_so: Callable[[], bool], seconds: float) -> None:
        """Wait until that is so; fails when it isn't in time."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if is_so():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"not within {seconds:g} s")

    async def until_quiet(self, seconds: float = 30.0) -> None:
        """Until nothing is being said by the assistant."""
        await self.until(lambda: not self.body.speaking.is_speaking, seconds)


async def in_house(
    pulse: Pulse, models_dir: Path, settings: Settings, work: Callable[[House], Awaitable[None]]
) -> None:
    """Build the daemon's own parts with the real microphone and speaker, do `work`, and end them all."""
    store = ModelStore(models_dir)
    for model in NEEDED:
        if not store.is_installed(model):
            pytest.skip(f"{model} is not installed (run: make setup)")
    settings = settings.model_copy(update={"llm": LlmSettings(planner=False, chat=False)})
    config = Config(settings, Paths(models_dir, models_dir, models_dir), models_dir / "none.toml", False, ())
    person = person_of(models_dir)

    async def at_home(brain: Brain) -> None:
        body = await build_body(brain, Air())
        await body.expect(brain)
        witness = Witness(brain.config.settings.mqtt.port)
        house = House(brain, body, pulse, person, witness)
        listening = asyncio.create_task(body.voice.run(), name="voice")
        try:
            await _microphone_is_open(body)
            await work(house)
            if listening.done():
                await listening
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await body.close()
            witness.close()
            for player in house.players:
                await asyncio.to_thread(player.wait, 10)

    await with_home(config, at_home)


async def _microphone_is_open(body: Body) -> None:
    assert body.microphone is not None
    limit = time.monotonic() + _OPEN_S
    while body.microphone.status.frames == 0:
        assert time.monotonic() < limit, "the microphone gives no frames"
        await asyncio.sleep(0.05)
