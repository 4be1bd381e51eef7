"""The composition root of everything that needs no sound: home, schedule, skills, understanding, conversation."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from assistant.acting.converse import Conversation, ConversationParts
from assistant.acting.execute import Executor
from assistant.acting.pin_answers import PinAnswers
from assistant.acting.policy import Fence
from assistant.acting.replier import Replier
from assistant.acting.ring_answers import RingAnswers
from assistant.acting.template import check
from assistant.acting.trace import Trace
from assistant.acting.words import CoreWords
from assistant.core.clock import Clock, SystemClock
from assistant.core.home import AreaId
from assistant.core.schedule import DueItem
from assistant.core.settings import TimesSettings
from assistant.daemon.calendars import calendar_sources
from assistant.daemon.config import Config
from assistant.daemon.fencing import fence_for
from assistant.daemon.outside import Outside, OutsideParts
from assistant.daemon.sounds import Sounds
from assistant.daemon.supervise import Health, supervise
from assistant.daemon.thinking import Thinking, thinking_for
from assistant.daemon.zone import home_zone
from assistant.home import HomeService, Names, SimulatedHome, StateMemory
from assistant.home.actionlog import ActionLogFile
from assistant.models import ModelStore
from assistant.schedule import Schedule
from assistant.schedule.calendar_sources import CalendarSource
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.skillhost.watch import SkillWatch
from assistant.understanding import Understanding

T = TypeVar("T")
_LOGGER = logging.getLogger(__name__)
SETTLE_S = 0.2
"""Names of the home come in bursts; understanding is made anew once they pause for so long."""
ALONE_WAIT_S = 3.0
"""Without a daemon, one request waits so long for the devices to announce themselves."""


@dataclass(slots=True)
class Brain:
    """All that understands and acts."""

    config: Config
    clock: Clock
    zone: ZoneInfo
    health: Health
    models: ModelStore
    home: HomeService
    schedule: Schedule
    skills: SkillHost
    understanding: Understanding
    thinking: Thinking
    conversation: Conversation
    replier: Replier
    trace: Trace
    sounds: Sounds
    fence: Fence
    actions: ActionLogFile
    outside: Outside
    parts: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    """What runs in the background, by name."""
    sources: Mapping[str, CalendarSource] = field(default_factory=dict)
    """Calendars from elsewhere that are followed."""
    on_names: Callable[[], Awaitable[None]] | None = None
    """Called after understanding took over new names or skills."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def area_id(self) -> AreaId | None:
        """Where this device stands, if configured and known."""
        wanted = self.config.settings.general.area.casefold()
        return next((area.id for area in self.home.view().areas if wanted and area.name.casefold() == wanted), None)

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a short piece of work that nobody waits for; the loop keeps only weak references to tasks."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def note_change(self) -> None:
        """The home's names or the skills changed."""
        self._changed.set()

    def note_connection(self, is_connected: bool) -> None:
        """The broker came back, or went after it had been there; its first coming is no news."""
        if self.home.status.connects > (1 if is_connected else 0):
            self.background(self.sounds.announce("broker_back" if is_connected else "no_broker"))

    def take_over(self) -> None:
        """Give skills and names to understanding."""
        intents, view = self.skills.intents(), self.home.view()
        self.thinking.use(intents, view)
        self.understanding.use(intents, view)

    async def keep_current(self) -> None:
        """Whenever names or skills change, take them over, once per burst."""
        language = self.config.settings.general.language
        while True:
            await self._changed.wait()
            await self.clock.sleep(SETTLE_S)
            self._changed.clear()
            self.take_over()
            await self.understanding.prepare(language)
            if self.on_names is not None:
                await self.on_names()


async def with_brain(
    config: Config, work: Callable[[Brain], Awaitable[T]], *, simulate: bool = False, keeps_time: bool = True
) -> T:
    """Build everything, run its background parts, do `work`, and end them all. With `keeps_time` false nothing that
    falls due meanwhile is told or marked: that is for the daemon."""
    config.paths.prepare()
    async with AsyncExitStack() as stack:
        brain = await _build(config, stack, simulate=simulate, keeps_time=keeps_time)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(supervise(name, run, brain.clock, brain.health.part(name)), name=name)
                    for name, run in brain.parts.items()
                ]
                try:
                    if not keeps_time and config.settings.mqtt.mode != "off":
                        await brain.home.settled(ALONE_WAIT_S)
                        brain.take_over()
                    return await work(brain)
                finally:
                    brain.home.on_connection = _no_news
                    for task in tasks:
                        task.cancel()
        except ExceptionGroup as group_error:
            raise _first(group_error) from group_error


def _first(error: Exception) -> Exception:
    """Supervised parts raise nothing, so that a group holds what `work` raised; its caller knows that, not groups."""
    return _first(error.exceptions[0]) if isinstance(error, ExceptionGroup) else error


async def _build(config: Config, stack: AsyncExitStack, *, simulate: bool, keeps_time: bool) -> Brain:
    settings = config.settings
    clock = SystemClock()
    zone = home_zone(settings.general)
    hub_id = _hub_id(config)
    sounds = Sounds(clock, zone, settings.schedule)
    names = Names(config.paths.given_names, config.paths.home_file)
    home = HomeService(settings.mqtt, settings.home, clock, hub_id=hub_id, names=names)
    if not simulate:
        home.memory = StateMemory(config.paths.database.with_name("home.sqlite"), clock)
    schedule = Schedule(config.paths.database, clock, settings.schedule, sounds.due if keeps_time else _left_alone)
    sounds.schedule = schedule
    await stack.enter_async_context(schedule)
    outside = Outside(config, OutsideParts(clock, hub_id, home, schedule, sounds, zone, schedule.notebook))
    notebook = outside.waiting.notebook_of(schedule.notebook) if keeps_time else schedule.notebook
    skills = await _skills(
        config, stack, ContextParts(clock, zone, schedule, notebook, check, schedule.calendar, settings.times)
    )
    models = ModelStore(config.paths.models_dir)
    thinking = thinking_for(settings, models, clock, zone, config.paths.prompts_dir)
    understanding = _understanding(thinking, stack, clock, zone, settings.times)
    replier = Replier(
        skills.words, CoreWords(), lambda: clock.now().astimezone(zone), clock_24h=settings.general.clock_24h
    )
    trace = Trace()
    fence, actions = fence_for(config, home, clock)
    conversation = Conversation(
        ConversationParts(
            PinAnswers(understanding, fence),
            Executor(skills, fence),
            replier,
            clock,
            trace,
            thinking.chat,
            RingAnswers(sounds, schedule, timedelta(minutes=settings.schedule.snooze_min)),
            stop_sound=sounds.stop,
        )
    )
    brain = Brain(
        config, clock, zone, Health(), models, home, schedule, skills, understanding, thinking,
        conversation, replier, trace, sounds, fence, actions, outside,
    )  # fmt: skip
    brain.parts["actions"] = actions.run
    _set_up_parts(brain, simulate=simulate or settings.home.simulate)
    if keeps_time:
        brain.parts |= await outside.attach(brain)
        brain.parts |= thinking.parts(clock, settings.general.language)
        brain.sources = calendar_sources(settings.calendar, schedule.calendar, zone, clock)
        brain.parts |= {name: source.run for name, source in brain.sources.items()}
    brain.take_over()
    # compiling the sentences takes a second or more; it goes on while the models load, and whoever asks first waits
    brain.note_change()
    return brain


async def _skills(config: Config, stack: AsyncExitStack, parts: ContextParts) -> SkillHost:
    skills = SkillHost(config.settings.skills, bundled=True, user_dir=config.paths.skills_dir, parts=parts)
    await skills.start()
    stack.push_async_callback(skills.stop)
    return skills


def _understanding(
    thinking: Thinking, stack: AsyncExitStack, clock: Clock, zone: ZoneInfo, times: TimesSettings
) -> Understanding:
    understanding = Understanding(clock, zone, planner=thinking.planner, chat=thinking.chat, times=times)
    stack.push_async_callback(thinking.close)
    stack.callback(understanding.close)
    return understanding


def _no_news(_: bool) -> None:
    """While everything ends, a lost broker is nothing to announce."""


async def _left_alone(due: DueItem) -> None:
    """Whoever serves one request rings for nothing: an item that isn't told stays due for the daemon's next start."""
    _LOGGER.info("an item fell due; the daemon will tell it", extra={"item": due.item.id})
    await asyncio.Event().wait()


def _set_up_parts(brain: Brain, *, simulate: bool) -> None:
    settings = brain.config.settings
    brain.home.on_change = brain.note_change
    brain.home.on_connection = brain.note_connection

    async def skills_changed() -> None:
        brain.note_change()

    brain.parts["home"] = brain.home.run
    brain.parts["home file"] = brain.home.follow_names
    brain.parts["names"] = brain.keep_current
    brain.parts["skills"] = SkillWatch(brain.skills, skills_changed).run
    if simulate and settings.mqtt.mode != "off":
        simulated = SimulatedHome(settings.mqtt, settings.general.language, brain.clock)

        async def run_simulated() -> None:
            await brain.home.has_broker.wait()  # so that the first start begins without a complaint
            await simulated.run()

        brain.parts["simulated home"] = run_simulated


def _hub_id(config: Config) -> str:
    """A stable id on the broker, made once."""
    file = config.paths.hub_id_file
    if not file.exists():
        file.write_text(uuid.uuid4().hex[:12] + "\n", encoding="ascii")
    return file.read_text(encoding="ascii").strip()
