"""The product without sound in a simulated home, on a clock that stands still: turn after turn of one case."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from assistant.acting.converse import Conversation, ConversationParts, Said
from assistant.acting.execute import Executor
from assistant.acting.policy import Fence
from assistant.acting.replier import Replier
from assistant.acting.ring_answers import RingAnswers
from assistant.acting.template import check
from assistant.acting.trace import Trace
from assistant.acting.words import CoreWords
from assistant.core.errors import InputError
from assistant.core.home import AreaId
from assistant.core.hooks import HOOKS_SKILL, Watch
from assistant.core.intents import IntentSpec, SlotKind
from assistant.core.ports import Understander
from assistant.core.schedule import ItemKind, NewEvent, NewItem, ScheduledItem
from assistant.core.settings import ScheduleSettings, SkillSettings
from assistant.core.turn import Question, QuestionKind, Source, Transcript, Turn
from assistant.daemon.waiting import Waiting, WaitingParts
from assistant.schedule import Schedule
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.testing.clock import FakeClock
from benchmarks.home_cases import Case, Step
from benchmarks.home_compare import Fault, change_faults
from benchmarks.home_expected import Planned
from benchmarks.home_held import HeldNotebook, HeldTalk, OpenSounds
from benchmarks.home_score import Came, Later, Standing
from benchmarks.home_tiers import Minds
from benchmarks.home_world import World
from benchmarks.schedule_stage import YES, BorrowedClock, SilentBell

BETWEEN_S = 3.0
"""Between two turns."""
_KINDS = (ItemKind.TIMER, ItemKind.REMINDER, ItemKind.ALARM)
_LISTS, _LIST, _DEFAULT_LIST = "lists", "list:", "shopping"
_FAR = timedelta(days=400)
_TIMES = 20
_TURN_S = 60.0
"""No turn is cut short: how long it takes has figures of its own."""
_LATE = timedelta(seconds=2)
_THREADS_S = 0.05
"""So long the threads of what fires have to get going."""
_MS = 1000.0
_WHICH = frozenset({SlotKind.ENTITY, SlotKind.AREA, SlotKind.CHOICE})


@dataclass(slots=True)
class Stage:
    """One case's assistant, and what it did so far."""

    case: Case
    clock: FakeClock
    world: World
    schedule: Schedule
    talk: HeldTalk
    sounds: OpenSounds
    intents: Sequence[IntentSpec]
    list_ids: Mapping[str, str]
    """Key of a list → its id in the data."""
    pending: str = "none"
    ms: list[float] = field(default_factory=list)
    """How long each sentence took, from its words to the reply's."""
    plan_ms: list[float] = field(default_factory=list)
    """Of that, the way to a plan."""
    tiers: list[str] = field(default_factory=list)
    """Which tier took each sentence."""
    why: list[str] = field(default_factory=list)
    """What the last tier says about it."""

    async def do(self, step: Step) -> Came:
        """One turn, a few seconds after the one before."""
        await self.clock.advance(BETWEEN_S)
        self.world.new_turn()
        before = await self.standing()
        turns = [] if step.event else await self._say(step)
        for id_, change in step.event.items():
            self.world.becomes(id_, change)
        if step.event:
            before = Standing({**before.home, **{id_: self.world.snapshot()[id_] for id_ in step.event}})
        await self.clock.settle()
        await self.clock.advance(1)
        replies = [turn.reply.text for turn in turns if turn.reply is not None] + self.sounds.spoken
        self.sounds.spoken = []
        error = next((turn.error for turn in turns if turn.error), "")
        touched = frozenset(id_ for id_, _ in self.world.effects)
        after = await self.standing()
        return Came(before, after, touched, self.pending, " ".join(replies), self.case.zone, error)

    async def _say(self, step: Step) -> Sequence[Turn]:
        turns = [await self._take(step.say)]
        if self.case.says_yes and self.pending == "confirm":
            turns.append(await self._take(YES.get(self.case.house.language, YES["en"])))
        return turns

    async def _take(self, text: str) -> Turn:
        area = AreaId(self.case.area) if self.case.area else None
        began = perf_counter()
        turn = await self.talk.take(
            Said(Transcript(text, self.case.house.language, "typed"), Source.TYPED, area_id=area)
        )
        self.ms.append((perf_counter() - began) * _MS)
        notes = turn.understood.tiers if turn.understood is not None else ()
        self.plan_ms.append(sum(note.ms for note in notes))
        self.tiers.append(next((note.tier for note in notes if note.took), "none"))
        self.why.append(notes[-1].why if notes else "")
        question = next((outcome.question for outcome in turn.outcomes if outcome.question), None)
        if question is not None:
            self.pending = waits_for(question)
        elif turn.reply is None or not turn.reply.expects_answer:
            self.pending = "none"
        await self.clock.settle()
        return turn

    async def fire(self, plans: Sequence[Planned]) -> Sequence[Fault]:
        """Let the moments come for which something is planned, and see whether it is done."""
        faults: list[Fault] = []
        for plan in sorted((each for each in plans if each.at is not None), key=_moment):
            self.world.new_turn()
            before = self.world.snapshot()
            await self.clock.advance(max(timedelta(), _moment(plan) - self.clock.now()) + _LATE)
            await asyncio.sleep(_THREADS_S)
            await self.clock.settle()
            touched = frozenset(id_ for id_, _ in self.world.effects)
            faults += change_faults(plan.do, before, self.world.snapshot(), touched)
        return faults

    async def standing(self) -> Standing:
        """All that stands now."""
        items = self.schedule.pending()
        timers, reminders, alarms = (tuple(self._later(item) for item in items if item.kind is kind) for kind in _KINDS)
        plans = [self._later(item) for item in items if item.kind not in _KINDS]
        plans += await self._watches()
        return Standing(self.world.snapshot(), timers, reminders, alarms, tuple(plans), await self._lists())

    def _later(self, item: ScheduledItem) -> Later:
        seconds = item.duration.total_seconds() if item.duration is not None else None
        if item.repeat is not None and not item.snoozed:
            now = self.clock.now()
            times = tuple(self.schedule.occurrences(item.id, now, now + _FAR, _TIMES))
        else:
            times = (item.due_at,) if item.due_at is not None else ()
        return Later(item.label, seconds, times)

    async def _watches(self) -> list[Later]:
        notebook = self.schedule.notebook(HOOKS_SKILL)
        found = []
        for key in await notebook.keys():
            try:
                watch = Watch.from_json(await notebook.get(key) or "")
            except InputError:  # the skill keeps other notes beside them
                continue
            found.append(Later(f"{watch.name} {watch.event}: {watch.deed} {watch.text}".strip()))
        return found

    async def _lists(self) -> Mapping[str, tuple[str, ...]]:
        notebook = self.schedule.notebook(_LISTS)
        lists: dict[str, tuple[str, ...]] = {}
        for key in await notebook.keys():
            if key.startswith(_LIST):
                rows = json.loads(await notebook.get(key) or "[]")
                name = key.removeprefix(_LIST)
                items = tuple(str(row["text"]) for row in rows if not row["is_done"])
                if items or name in self.list_ids:
                    lists[self.list_ids.get(name, f"the list {name!r}")] = items
        return lists


def _moment(plan: Planned) -> datetime:
    assert plan.at is not None
    return plan.at


def waits_for(question: Question) -> str:
    """What an open question waits for: confirm, which, or value."""
    if question.kind is QuestionKind.CONFIRM:
        return "confirm"
    return "which" if question.slot_kind in _WHICH or "which" in question.key else "value"


class Theatre:
    """Sets the stage for case after case."""

    def __init__(self, minds: Callable[[BorrowedClock], Minds] = Minds) -> None:
        self._clock = BorrowedClock()
        self._minds = minds(self._clock)

    def close(self) -> None:
        """After the last case."""
        self._minds.close()

    @asynccontextmanager
    async def stage(self, case: Case) -> AsyncIterator[Stage]:
        """Everything that exists in the case, at its moment."""
        first = max((timer.seconds - timer.left for timer in case.timers), default=0.0)
        clock = FakeClock(case.now - timedelta(seconds=first + BETWEEN_S))
        self._clock.lender = clock
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            bell = SilentBell()
            schedule = Schedule(folder / "schedule.sqlite", clock, ScheduleSettings(), bell.due)
            await stack.enter_async_context(schedule)
            stack.callback(bell.end_all)
            world = World(case, clock.now)
            list_ids = await _furnish(case, clock, schedule)
            stage = await self._assistant(_Set(case, clock, world, schedule, bell, list_ids), stack)
            yield stage

    async def _assistant(self, base: _Set, stack: AsyncExitStack) -> Stage:
        case, clock, world, schedule = base.case, base.clock, base.world, base.schedule
        core = CoreWords()
        replier = Replier(lambda *asked: skills.words(*asked), core, lambda: clock.now().astimezone(case.zone))
        sounds = OpenSounds(clock, case, replier)
        held = HeldNotebook(schedule.notebook(HOOKS_SKILL), clock)
        language = case.house.language
        waiting = Waiting((), WaitingParts(clock, world, schedule, held, sounds, _unheard, case.zone, language))
        world.on_change = lambda id_, state: waiting.hooks.changed(id_, state, is_retained=False)
        notebook = waiting.notebook_of(lambda skill: HeldNotebook(schedule.notebook(skill), clock))
        skills = SkillHost(
            SkillSettings(), True, None, ContextParts(clock, case.zone, schedule, notebook, check, schedule.calendar)
        )
        await skills.start()
        stack.push_async_callback(skills.stop)
        mind = await self._minds.of(case.zone, skills.intents(), world.view(), language)
        talk = HeldTalk(_conversation(mind, skills, base, replier), clock)
        waiting.conversation = talk
        running = asyncio.ensure_future(waiting.run())
        stack.push_async_callback(_end, running)
        await clock.settle()
        return Stage(case, clock, world, schedule, talk, sounds, skills.intents(), base.list_ids)


@dataclass(frozen=True, slots=True)
class _Set:
    case: Case
    clock: FakeClock
    world: World
    schedule: Schedule
    bell: SilentBell
    list_ids: Mapping[str, str]


def _conversation(mind: Understander, skills: SkillHost, base: _Set, replier: Replier) -> Conversation:
    snooze = timedelta(minutes=ScheduleSettings().snooze_min)
    fence = Fence(base.world, clock=base.clock)
    rings = RingAnswers(base.bell, base.schedule, snooze)
    return Conversation(
        ConversationParts(mind, Executor(skills, fence), replier, base.clock, Trace(), rings=rings, turn_s=_TURN_S)
    )


def _unheard(_topic: str, _payload: str | bytes, _retain: bool) -> None:
    """No broker is there."""


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _furnish(case: Case, clock: FakeClock, schedule: Schedule) -> Mapping[str, str]:
    """Lists, meetings, and timers, each begun at its own moment; gives key of a list → its id."""
    list_ids: dict[str, str] = {}
    notebook = schedule.notebook(_LISTS)
    for thing in case.house.things:
        if thing.domain == "todo" and thing.is_exposed:
            key = list_key(thing.name)
            list_ids[key] = thing.id
            rows = [{"text": text, "is_done": False, "count": 1} for text in case.lists.get(thing.id, ())]
            await notebook.put(_LIST + key, json.dumps(rows))
    for meeting in case.meetings:
        start, end = (at.astimezone(case.zone).replace(tzinfo=None) for at in (meeting.start, meeting.end))
        await schedule.calendar.add(NewEvent(meeting.label, start, end, case.zone.key))
    for timer in sorted(case.timers, key=lambda each: each.left - each.seconds):
        begun = case.now - timedelta(seconds=timer.seconds - timer.left + BETWEEN_S)
        await clock.advance(max(timedelta(), begun - clock.now()))
        length = timedelta(seconds=timer.seconds)
        area = AreaId(case.area) if case.area else None
        await schedule.add(NewItem(ItemKind.TIMER, timer.name, length, zone=case.zone.key, area_id=area))
    begin = case.now - timedelta(seconds=BETWEEN_S)
    await clock.advance(max(timedelta(), begin - clock.now()))
    return list_ids


def list_key(name: str) -> str:
    """How the product keeps the list of that name."""
    return name.casefold().replace("-", " ").removesuffix(" list").strip() or _DEFAULT_LIST
