"""A home of its own and air that is a buffer: for the demonstration and for measuring."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.acting.speaking import first_of
from assistant.audio import BufferSpeaker, FileSource
from assistant.core.audio import RATE_HZ, SAMPLE_BYTES
from assistant.core.settings import CalendarSettings, Settings
from assistant.core.turn import Turn
from assistant.daemon.body import Air, Body, build_body
from assistant.daemon.brain import Brain, with_brain
from assistant.daemon.config import Config
from assistant.daemon.paths import Paths

T = TypeVar("T")
HOME_S = 15.0
"""The simulated home must have announced itself by then."""
ANSWER_S = 12.0
"""A sentence that has no turn so long after its end was not heard."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One assistant, complete but for a sound card."""

    brain: Brain
    body: Body
    source: FileSource

    async def hear(self, pcm: bytes, *, opens_mic: bool = False) -> Turn | None:
        """Play 16 kHz mono int16 into its ears in real time; the turn once its answer was spoken, None if unheard."""
        arrival = asyncio.ensure_future(self.brain.trace.next())
        if opens_mic:
            self.body.ears.open_mic(len(pcm) / SAMPLE_BYTES / RATE_HZ + ANSWER_S)
        self.source.add(pcm)
        done, _ = await asyncio.wait([arrival], timeout=len(pcm) / SAMPLE_BYTES / RATE_HZ + ANSWER_S)
        if not done:
            arrival.cancel()
            return None
        async with asyncio.timeout(60):
            await self.brain.trace.until_spoken(arrival.result())
        return arrival.result()


async def with_home(config: Config, work: Callable[[Brain], Awaitable[T]]) -> T:
    """Do `work` in a home of its own; nothing of yours is touched."""
    with tempfile.TemporaryDirectory(prefix="assistant-stage-") as folder:

        async def settled(brain: Brain) -> T:
            await brain.home.settled(HOME_S)
            brain.take_over()
            return await work(brain)

        return await with_brain(_own_config(config, Path(folder)), settled, simulate=True)


async def with_stage(brain: Brain, work: Callable[[Stage], Awaitable[T]]) -> T:
    """Do `work` with ears and a mouth that are buffers in real time."""
    source = FileSource([], brain.clock, is_realtime=True, stays_open=True, gap_s=0.3)
    body = await build_body(brain, Air(source, BufferSpeaker(brain.clock, is_realtime=True)))
    await body.expect(brain)
    working = asyncio.ensure_future(work(Stage(brain, body, source)))
    try:
        # a voice that fails ends the work too, with its own error
        await first_of(working, body.voice.run())
        return working.result()
    finally:
        await source.close()
        await body.close()


def _own_config(config: Config, folder: Path) -> Config:
    settings = config.settings
    mqtt = settings.mqtt.model_copy(update={"mode": "embedded", "host": "127.0.0.1", "port": _free_port()})
    own: Settings = settings.model_copy(update={"mqtt": mqtt, "calendar": CalendarSettings()})
    return Config(own, Paths(folder, config.paths.models_dir, folder / "run"), config.file, False, ())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
