"""The hub in Home Assistant: its topics joined to the conversation, the microphone and the loudspeaker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from assistant.acting.converse import Said
from assistant.core.clock import Clock
from assistant.core.home import AreaId
from assistant.core.hooks import HOOKS_SKILL
from assistant.core.ports import EarEvent, Notebook, Woken
from assistant.core.turn import Source, Transcript, Turn
from assistant.daemon.observed import Shutter
from assistant.daemon.sounds import Sounds
from assistant.daemon.waiting import Converses
from assistant.home.announce import Announcement, Hub, HubCommands, HubState
from assistant.home.beside import Publish

_LOGGER = logging.getLogger(__name__)
MAX_WAITING = 8
CHANNEL = "command line"
MUTED = "muted"


@dataclass(frozen=True, slots=True)
class PresenceParts:
    """What it reaches."""

    clock: Clock
    sounds: Sounds
    publish: Publish
    notebook: Notebook
    language: str


class Presence:
    """Use: `load`, then `run()` in a task, once `conversation` is set."""

    def __init__(self, hub: Hub, parts: PresenceParts, *, is_on: bool) -> None:
        self.conversation: Converses | None = None
        self.area_id: Callable[[], AreaId | None] = lambda: None
        """Where this device stands."""
        self.set_volume: Callable[[int], None] = lambda _: None
        self.shutter = Shutter()
        self.dropped = 0
        self._parts = parts
        self._jobs: asyncio.Queue[tuple[str, str]] = asyncio.Queue(MAX_WAITING)
        self._is_listening = self._is_speaking = False
        commands = HubCommands(
            lambda text: self._later("say", text),
            lambda text: self._later("ask", text),
            self._mute,
            self._volume,
            lambda: self._later("stop", ""),
        )
        self.announcement = Announcement(hub, commands, parts.publish, parts.clock, is_on=is_on)

    async def load(self) -> None:
        """A microphone that was muted stays so after a start."""
        self.shutter.is_shut = await self._parts.notebook.get(MUTED) is not None
        self.announcement.tell("mute", "ON" if self.shutter.is_shut else "OFF")
        self.announcement.tell("problem", "OFF")
        self._tell_state()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.announcement.run(), name="announcement")
            group.create_task(self._work(), name="commands by message")

    # ── what is seen ─────────────────────────────────────────────────────────────────────────────

    def heard(self, event: EarEvent) -> None:
        """The ears woke, heard something, or nothing."""
        self._listening(isinstance(event, Woken))

    def opened(self) -> None:
        """The microphone is open without a wake word."""
        self._listening(True)

    def spoke(self, words: str | None) -> None:
        """The mouth began, or ended (None)."""
        self._is_speaking = words is not None
        self._tell_state()

    def took(self, turn: Turn) -> None:
        """A turn is over."""
        self.announcement.tell_heard(turn.transcript.text)

    def built(self, deaf_why: str, volume_percent: int) -> None:
        """What hears and speaks is there, or why it isn't."""
        self.announcement.tell("problem", "ON" if deaf_why else "OFF")
        self.announcement.tell("volume", str(volume_percent))

    def _listening(self, is_listening: bool) -> None:
        self._is_listening = is_listening and not self.shutter.is_shut
        self.announcement.tell("listening", "ON" if self._is_listening else "OFF")
        self._tell_state()

    def _tell_state(self) -> None:
        state = HubState.IDLE
        if self._is_speaking:
            state = HubState.RINGING if self._parts.sounds.is_ringing() else HubState.SPEAKING
        elif self.shutter.is_shut:
            state = HubState.MUTED
        elif self._is_listening:
            state = HubState.LISTENING
        self.announcement.tell("state", state.value)

    # ── what is commanded ────────────────────────────────────────────────────────────────────────

    def _mute(self, is_muted: bool) -> None:
        self.shutter.is_shut = is_muted
        self.announcement.tell("mute", "ON" if is_muted else "OFF")
        self._listening(False)
        self._later(MUTED, "yes" if is_muted else "")

    def _volume(self, percent: int) -> None:
        self.set_volume(percent)
        self.announcement.tell("volume", str(percent))

    def _later(self, job: str, text: str) -> None:
        try:
            self._jobs.put_nowait((job, text))
        except asyncio.QueueFull:
            self.dropped += 1
            _LOGGER.warning("too many commands by message: one was dropped", extra={"dropped": self.dropped})

    async def _work(self) -> None:
        while True:
            job, text = await self._jobs.get()
            match job:
                case "say":
                    await self._parts.sounds.tell(HOOKS_SKILL, "said", {"text": text})
                case "ask":
                    await self._ask(text)
                case "stop":
                    self._parts.sounds.stop()
                case _:
                    await self._keep_muted(is_muted=bool(text))

    async def _ask(self, text: str) -> None:
        """A turn like any other; what is dangerous is asked back, and the next line may say yes."""
        if self.conversation is None:
            return
        transcript = Transcript(text, self._parts.language, "mqtt")
        turn = await self.conversation.take(Said(transcript, Source.MQTT, CHANNEL, self.area_id()))
        if turn.reply is not None:
            self.announcement.tell("answer", turn.reply.text, retain=False)

    async def _keep_muted(self, *, is_muted: bool) -> None:
        if is_muted:
            await self._parts.notebook.put(MUTED, "yes")
        else:
            await self._parts.notebook.delete(MUTED)
