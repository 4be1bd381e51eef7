"""Hooks at work: what is waited for by voice is kept in a notebook, and what was to be done is done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from assistant.acting.converse import Said
from assistant.core.clock import Clock
from assistant.core.errors import InputError, StoreError
from assistant.core.home import AreaId, EntityId, EntityState
from assistant.core.hooks import HOOKS_SKILL, Deed, Watch
from assistant.core.ports import HomePort, Notebook, SchedulePort
from assistant.core.schedule import ItemKind, NewItem
from assistant.core.settings import HookSettings
from assistant.core.turn import OutcomeStatus, Source, Transcript, Turn
from assistant.daemon.sounds import Sounds
from assistant.home.beside import Publish
from assistant.home.hooks import Came, Fired, Firing, HookPorts, Hooks

_LOGGER = logging.getLogger(__name__)
MAX_WAITING = 32
SOON = timedelta(seconds=1)
_DONE = (OutcomeStatus.DONE, OutcomeStatus.ASSUMED)


class Converses(Protocol):
    """The part of a conversation that hooks need."""

    async def take(self, said: Said) -> Turn:
        """Understand, do and answer."""
        ...


@dataclass(frozen=True, slots=True)
class NotedNotebook(Notebook):
    """A notebook whose changes are noted by another part."""

    inner: Notebook
    on_change: Callable[[], None]

    async def get(self, key: str) -> str | None:
        """The text, or None."""
        return await self.inner.get(key)

    async def put(self, key: str, text: str) -> None:
        """Keep the text."""
        await self.inner.put(key, text)
        self.on_change()

    async def delete(self, key: str) -> None:
        """Forget the key."""
        await self.inner.delete(key)
        self.on_change()

    async def keys(self) -> Sequence[str]:
        """All keys, sorted."""
        return await self.inner.keys()


@dataclass(frozen=True, slots=True)
class WaitingParts:
    """What hooks reach, and whose words they speak."""

    clock: Clock
    home: HomePort
    schedule: SchedulePort
    notebook: Notebook
    sounds: Sounds
    publish: Publish
    zone: ZoneInfo
    language: str


class Waiting:
    """Use: `run()` in a task, once `conversation` is set."""

    def __init__(self, hooks: Sequence[HookSettings], parts: WaitingParts) -> None:
        self.conversation: Converses | None = None
        """Takes the commands of hooks."""
        self.area_id: Callable[[], AreaId | None] = lambda: None
        """Where this device stands."""
        self.dropped = 0
        self._parts = parts
        self._jobs: asyncio.Queue[Firing | Watch | None] = asyncio.Queue(MAX_WAITING)
        self.hooks = Hooks(hooks, parts.clock, HookPorts(self._later, parts.publish, self._later))

    def notebook_of(self, notebook: Callable[[str], Notebook]) -> Callable[[str], Notebook]:
        """The notebooks of all skills; a change in that of the hooks' skill is noted here."""

        def noted(skill: str) -> Notebook:
            inner = notebook(skill)
            return NotedNotebook(inner, self._note_change) if skill == HOOKS_SKILL else inner

        return noted

    async def run(self) -> None:
        """Until cancelled."""
        await self._load()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.hooks.run(), name="hooks")
            group.create_task(self._work(), name="deeds of hooks")

    def _note_change(self) -> None:
        self._later(None)

    def _later(self, job: Firing | Watch | None) -> None:
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            self.dropped += 1
            _LOGGER.warning("too much happens at once: a hook was dropped", extra={"dropped": self.dropped})

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            try:
                await self._do(job)
            except StoreError as error:
                _LOGGER.error("a hook could not be kept", extra={"why": str(error)})

    async def _do(self, job: Firing | Watch | None) -> None:
        match job:
            case None:
                await self._load()
            case Watch():
                await self._remember(job)
            case Came():
                await self._came(job)
            case Fired():
                await self._fired(job)

    # ── what is kept ─────────────────────────────────────────────────────────────────────────────

    async def _load(self) -> None:
        watches = []
        for key in await self._parts.notebook.keys():
            text = await self._parts.notebook.get(key)
            try:
                watches.append(Watch.from_json(text or ""))
            except InputError as error:
                _LOGGER.error("a kept watch can't be read", extra={"key": key, "why": str(error)})
        self.hooks.watch(watches, self._state)

    def _state(self, entity_id: EntityId) -> EntityState:
        return self._parts.home.state(entity_id)

    async def _remember(self, watch: Watch) -> None:
        """What was cancelled meanwhile stays so."""
        if await self._parts.notebook.get(watch.id) is not None:
            await self._parts.notebook.put(watch.id, watch.to_json())

    # ── what is done ─────────────────────────────────────────────────────────────────────────────

    async def _came(self, came: Came) -> None:
        """What was to be done once is over only after it was done."""
        watch = came.watch
        match watch.deed:
            case Deed.TELL:
                await self._tell(came)
            case Deed.SAY:
                await self._say(watch.text)
            case Deed.REMIND:
                await self._remind(watch.text, watch.language, watch.area_id)
            case Deed.RUN:
                await self._run(watch.text, watch.language, watch.area_id)
        if not watch.is_standing:
            await self._parts.notebook.delete(watch.id)

    async def _tell(self, came: Came) -> None:
        watch = came.watch
        limit = int(watch.limit) if watch.limit.is_integer() else watch.limit
        values = {"name": watch.name, "limit": limit, "value": came.state.value or ""}
        await self._parts.sounds.tell(HOOKS_SKILL, f"came_{watch.event}", values)

    async def _fired(self, fired: Fired) -> None:
        language, area_id = self._parts.language, self.area_id()
        if fired.say:
            await self._say(fired.say)
        if fired.remind:
            await self._remind(fired.remind, language, area_id)
        if fired.run:
            await self._run(fired.run, language, area_id)

    async def _say(self, text: str) -> None:
        await self._parts.sounds.tell(HOOKS_SKILL, "said", {"text": text})

    async def _remind(self, text: str, language: str, area_id: AreaId | None) -> None:
        """As any reminder: it rings, and is kept as missed where nobody answers."""
        zone = self._parts.zone
        due_local = (self._parts.clock.now() + SOON).astimezone(zone).replace(tzinfo=None)
        item = NewItem(ItemKind.REMINDER, text, due_local=due_local, zone=str(zone), area_id=area_id, language=language)
        await self._parts.schedule.add(item)

    async def _run(self, text: str, language: str, area_id: AreaId | None) -> None:
        """Through a turn like any other. Nobody is there to say yes: what needs one is told, and not done."""
        if self.conversation is None:
            return
        said = Said(Transcript(text, language, "hook"), Source.MQTT, f"hook: {text}", area_id)
        turn = await self.conversation.take(said)
        if turn.reply is None or _is_done(turn):
            return
        if turn.reply.expects_answer:
            await self._parts.sounds.tell(HOOKS_SKILL, "needs_yes", {"text": text})
            return
        await self._parts.sounds.tell(HOOKS_SKILL, "said", {"text": turn.reply.text})


def _is_done(turn: Turn) -> bool:
    """What went well is seen; only what is to be told, or went wrong, is said."""
    return bool(turn.outcomes) and all(outcome.status in _DONE for outcome in turn.outcomes)
