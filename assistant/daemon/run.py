"""The daemon: builds the parts, runs them under one TaskGroup, and ends cleanly on a signal."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

from assistant.acting.converse import Said
from assistant.audio import input_devices
from assistant.core.errors import AudioError
from assistant.core.settings import AudioSettings
from assistant.core.turn import Source, Transcript
from assistant.daemon.body import OFF, Air, Body, build_body
from assistant.daemon.brain import Brain, with_brain
from assistant.daemon.commands import Commands
from assistant.daemon.config import Config
from assistant.daemon.control import ControlServer
from assistant.daemon.instance import only_instance
from assistant.daemon.logs import own_stderr, set_up_logging
from assistant.daemon.metrics import Metrics, MetricsServer
from assistant.daemon.notify import Notifier, feed_watchdog
from assistant.daemon.progress import Progress
from assistant.daemon.supervise import supervise

_LOGGER = logging.getLogger(__name__)


def has_microphone(settings: AudioSettings) -> bool:
    """True when PortAudio shows an input device and the configuration wants one."""
    if settings.microphone == OFF:
        return False
    try:
        return bool(input_devices())
    except AudioError:
        return False


async def run_daemon(config: Config, *, simulate: bool, types: bool) -> None:
    """Run until SIGTERM or SIGINT (or the end of typed input). Raises AlreadyRunning, StoreError, ConfigError."""
    set_up_logging(config.settings.daemon, own_stderr())
    config.paths.prepare()
    notifier = Notifier(os.environ)
    with only_instance(config.paths):

        async def work(brain: Brain) -> None:
            await _Run(brain, notifier, types=types).until_stopped()

        await with_brain(config, work, simulate=simulate)
    _LOGGER.info("ended")


class _Run:
    """One run of the daemon."""

    def __init__(self, brain: Brain, notifier: Notifier, *, types: bool) -> None:
        self._brain = brain
        self._notifier = notifier
        self._types = types
        self._stop = asyncio.Event()
        self._metrics = Metrics()

    async def until_stopped(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        self._notifier.send(STATUS="loading models")
        body = await build_body(self._brain, Air())
        metrics = self._serve_metrics(body)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(work, name=name) for name, work in self._work(body)]
                await self._stop.wait()
                self._notifier.send(STOPPING="1")
                body.mouth.stop()
                for task in tasks:
                    task.cancel()
        finally:
            if metrics is not None:
                metrics.close()
            await body.close()

    def _work(self, body: Body) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        brain = self._brain
        server = ControlServer(brain.config.paths.control_socket, Commands(brain, body).table())
        progress = Progress(body.microphone, brain.clock)
        work = [
            ("control", self._supervised("control", server.run)),
            ("voice", self._supervised("voice", body.voice.run)),
            ("ready", self._announce_ready(server, body)),
            ("watchdog", feed_watchdog(self._notifier, progress.is_alive, brain.clock)),
        ]
        return [*work, ("typed", self._typed())] if self._types else work

    def _supervised(self, name: str, run: Callable[[], Awaitable[None]]) -> Coroutine[Any, Any, None]:
        return supervise(name, run, self._brain.clock, self._brain.health.part(name))

    async def _announce_ready(self, server: ControlServer, body: Body) -> None:
        await server.is_ready.wait()
        status = await asyncio.to_thread(_status, self._brain, body)
        self._notifier.send(READY="1", STATUS=status)
        _LOGGER.info("ready", extra={"status": status})
        if self._types:
            sys.stdout.write(f"{status}\nType a sentence, or Ctrl-D to end.\n")
        await self._announce_troubles()

    async def _announce_troubles(self) -> None:
        """What is worse than it should be is said aloud, once."""
        if self._brain.schedule.rescue is not None:
            await self._brain.sounds.announce("database_damaged")
        for state in self._brain.skills.failures():
            await self._brain.sounds.announce("skill_broken", {"skill": state.name})

    def _serve_metrics(self, body: Body) -> MetricsServer | None:
        self._brain.trace.on_turn = self._metrics.note_turn
        port = self._brain.config.settings.daemon.metrics_port
        if port == 0:
            return None

        def refresh() -> None:
            self._metrics.note_health(self._brain.health)
            for name, value in (body.counts() | self._brain.thinking.counts()).items():
                self._metrics.note_count(name, value)

        return MetricsServer(port, self._metrics, self._brain.health, refresh)

    async def _typed(self) -> None:
        language = self._brain.config.settings.general.language
        async for line in _lines():
            said = Said(Transcript(line, language, "typed"), Source.TYPED, "terminal", self._brain.area_id)
            turn = await self._brain.conversation.take(said)
            sys.stdout.write((turn.reply.text if turn.reply else "") + "\n")
            sys.stdout.flush()
        self._stop.set()


def _status(brain: Brain, body: Body) -> str:
    settings = brain.config.settings
    if body.listener is None:
        hears_others = body.satellites is not None and body.satellites.can_hear
        return f"hears satellites alone: {body.deaf_why}" if hears_others else f"can't hear: {body.deaf_why}"
    if not has_microphone(settings.audio):
        return "no microphone yet, it is taken up when it comes; one can type and ask"
    words = " or ".join(f'"{word.replace("_", " ")}"' for word in settings.wake.words)
    engine = f"{body.choice.recogniser.name} ({body.choice.why})" if body.choice else ""
    return f"listening for {words}; recogniser: {engine}; voice: {settings.voice.engine}"


async def _lines() -> AsyncIterator[str]:
    """Lines typed on standard input, until its end."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[str] = asyncio.Queue(32)
    # a terminal gives whole lines, so that a readable descriptor never blocks readline
    loop.add_reader(sys.stdin.fileno(), lambda: typed.put_nowait(sys.stdin.readline()))
    try:
        while line := await typed.get():
            if line.strip():
                yield line.strip()
    finally:
        loop.remove_reader(sys.stdin.fileno())
