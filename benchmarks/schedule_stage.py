"""The product without sound on a clock that stands still: its understanding, its skills and its schedule."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.acting.converse import Conversation, ConversationParts, Said
from assistant.acting.execute import Executor
from assistant.acting.policy import Fence
from assistant.acting.replier import Replier
from assistant.acting.ring_answers import Bell, RingAnswers
from assistant.acting.ringing import Ending
from assistant.acting.template import check
from assistant.acting.trace import Trace
from assistant.acting.words import CoreWords
from assistant.core.clock import Clock
from assistant.core.home import HomeView
from assistant.core.schedule import (
    DueItem,
    Event,
    EventId,
    ItemId,
    ItemKind,
    NewEvent,
    NewItem,
    Repeat,
    ScheduledItem,
)
from assistant.core.settings import ScheduleSettings, SkillSettings
from assistant.core.turn import Outcome, OutcomeStatus, QuestionKind, SlotValue, Source, Transcript, Turn
from assistant.core.values import Instant, Interval, Length, Recurrence
from assistant.schedule import Schedule
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.testing.clock import FakeClock
from assistant.testing.paper import PaperHome
from assistant.understanding.understanding import Understanding
from benchmarks.schedule_cases import Case, Kept
from benchmarks.schedule_score import ENOUGH, Came, Made

YES = {"en": "yes", "ko": "네", "de": "ja", "fr": "oui", "es": "sí"}
_FAR = timedelta(days=366 * 12)
_HOUR = timedelta(hours=1)
_MANY = 2000
_LISTS, _LIST = "lists", "list:"
_TOLD = (OutcomeStatus.TOLD, OutcomeStatus.DONE, OutcomeStatus.ASSUMED, OutcomeStatus.ASKED)


class BorrowedClock(Clock):
    """Shows what the clock of the present case shows, so that sentences are compiled once for all of a zone."""

    def __init__(self) -> None:
        self.lender: Clock = FakeClock()

    def now(self) -> datetime:
        """The lender's instant."""
        return self.lender.now()

    def monotonic(self) -> float:
        """The lender's seconds."""
        return self.lender.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the lender."""
        await self.lender.sleep(seconds)


class SilentBell(Bell):
    """Rings without a sound until somebody answers."""

    def __init__(self) -> None:
        self._rings: dict[ItemId, tuple[DueItem, asyncio.Event]] = {}

    async def due(self, due: DueItem) -> None:
        """An item fell due; returns when its ringing was ended."""
        over = asyncio.Event()
        self._rings[due.item.id] = (due, over)
        await over.wait()

    def ringing(self) -> Sequence[DueItem]:
        """What rings, oldest first."""
        return [due for due, _ in self._rings.values()]

    def end(self, _: Ending, item_id: ItemId | None = None) -> bool:
        """End one, or what rings first."""
        wanted = item_id if item_id is not None else next(iter(self._rings), None)
        if wanted is None or wanted not in self._rings:
            return False
        self._rings.pop(wanted)[1].set()
        return True

    def end_all(self) -> int:
        """End everything."""
        count = len(self._rings)
        while self.end(Ending.STOPPED):
            pass
        return count

    def told(self, item_ids: Collection[ItemId]) -> None:
        """Nothing is kept of what was missed."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """It doesn't end by itself anyway."""
        yield


class Minds:
    """One Understanding per zone; compiling its sentences takes longest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._of: dict[str, Understanding] = {}

    def of(self, zone: ZoneInfo) -> Understanding:
        """That of a zone."""
        return self._of.setdefault(zone.key, Understanding(self._clock, zone))

    def close(self) -> None:
        """Give back all threads."""
        for mind in self._of.values():
            mind.close()


@dataclass
class Stage:
    """One case's assistant."""

    case: Case
    clock: FakeClock
    schedule: Schedule
    conversation: Conversation
    items: dict[ItemId, str] = field(default_factory=dict)
    """Items that were there before, with their ids in the case."""
    events: dict[EventId, str] = field(default_factory=dict)

    async def say(self) -> Sequence[Turn]:
        """The utterance; "yes" to a question whether it is meant so."""
        turns = [await self._take(self.case.utterance)]
        question = next((outcome.question for outcome in turns[0].outcomes if outcome.question), None)
        if question is not None and question.kind is QuestionKind.CONFIRM:
            turns.append(await self._take(YES.get(self.case.language, YES["en"])))
        return turns

    async def _take(self, text: str) -> Turn:
        turn = await self.conversation.take(Said(Transcript(text, self.case.language, "typed"), Source.TYPED))
        await self.clock.settle()
        return turn


class Theatre:
    """Sets the stage for case after case."""

    def __init__(self) -> None:
        self._clock = BorrowedClock()
        self._minds = Minds(self._clock)

    def close(self) -> None:
        """After the last case."""
        self._minds.close()

    @asynccontextmanager
    async def stage(self, case: Case) -> AsyncIterator[Stage]:
        """Everything that exists in the case, at its moment."""
        clock = FakeClock(min((kept.since for kept in case.kept), default=case.now))
        self._clock.lender = clock
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            bell = SilentBell()
            schedule = Schedule(folder / "schedule.sqlite", clock, ScheduleSettings(), bell.due)
            await stack.enter_async_context(schedule)
            stack.callback(bell.end_all)
            parts = ContextParts(clock, case.zone, schedule, schedule.notebook, check, schedule.calendar)
            skills = SkillHost(SkillSettings(), True, None, parts)
            await skills.start()
            stack.push_async_callback(skills.stop)
            mind = self._minds.of(case.zone)
            mind.use(skills.intents(), HomeView((), ()))
            await mind.prepare(case.language)
            rings = RingAnswers(bell, schedule, timedelta(minutes=ScheduleSettings().snooze_min))
            stage = Stage(case, clock, schedule, _conversation(mind, skills, rings, clock, case.zone))
            await _furnish(stage)
            yield stage


def _conversation(
    mind: Understanding, skills: SkillHost, rings: RingAnswers, clock: Clock, zone: ZoneInfo
) -> Conversation:
    replier = Replier(skills.words, CoreWords(), lambda: clock.now().astimezone(zone))
    return Conversation(
        ConversationParts(
            mind,
            Executor(skills, Fence(PaperHome(HomeView((), ())))),
            replier,
            clock,
            Trace(),
            rings=rings,
        )
    )


async def _furnish(stage: Stage) -> None:
    """Make what exists, each at its own moment, and let time come to the case's."""
    case = stage.case
    for kept in sorted(case.kept, key=lambda each: each.since):
        await _until(stage.clock, kept.since)
        if kept.kind is None:
            event = await stage.schedule.calendar.add(_event(kept, case.zone))
            stage.events[event.id] = kept.id
        else:
            item = await stage.schedule.add(_item(kept, kept.kind, case))
            stage.items[item.id] = kept.id
            if kept.paused_s is not None:
                await stage.schedule.pause(item.id)
    notebook = stage.schedule.notebook(_LISTS)
    for name, items in case.lists.items():
        rows = [{"text": text, "is_done": False, "count": 1} for text in items]
        await notebook.put(_LIST + name, json.dumps(rows))
    await _until(stage.clock, case.now)


async def _until(clock: FakeClock, at: datetime) -> None:
    if at > clock.now():
        await clock.advance(at - clock.now())


def _item(kept: Kept, kind: ItemKind, case: Case) -> NewItem:
    if kind is ItemKind.TIMER:
        length = timedelta(seconds=kept.paused_s) if kept.paused_s is not None else kept.at - kept.since
        return NewItem(kind, kept.label, length, zone=case.zone.key)
    local = _local(kept.at, case.zone)
    repeat = Repeat(kept.rule, local) if kept.rule else None
    return NewItem(kind, kept.label, None, local, case.zone.key, repeat=repeat)


def _event(kept: Kept, zone: ZoneInfo) -> NewEvent:
    start, end = _local(kept.at, zone), _local(kept.end or kept.at + _HOUR, zone)
    return NewEvent(kept.label, start, end, zone.key, repeat=Repeat(kept.rule, start) if kept.rule else None)


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Before:
    """How everything was before the words."""

    items: Mapping[ItemId, ScheduledItem]
    events: Mapping[EventId, tuple[Event, Sequence[datetime]]]


async def how_it_is(stage: Stage) -> Before:
    """All items (what rings too) and events, with their next times."""
    items = {item.id: item for item in (*stage.schedule.pending(), *stage.schedule.ringing())}
    events = {
        event.id: (event, await _event_times(stage, event.id)) for event in await stage.schedule.calendar.events()
    }
    return Before(items, events)


async def what_came(stage: Stage, before: Before, turns: Sequence[Turn]) -> Came:
    """What is different now, and what was told."""
    after = await how_it_is(stage)
    fresh = [_of_item(stage, item) for item in _by_id(after.items) if item.id not in before.items]
    fresh += [await _of_event(stage, event) for event, _ in after.events.values() if event.id not in before.events]
    changed = {
        stage.items[item_id]: _of_item(stage, item)
        for item_id, item in after.items.items()
        if item_id in before.items and _shape(item) != _shape(before.items[item_id])
    }
    for event_id, kept in after.events.items():
        if event_id in before.events and kept != before.events[event_id]:
            changed[stage.events[event_id]] = await _of_event(stage, kept[0])
    gone = [stage.items[item_id] for item_id in before.items if item_id not in after.items]
    gone += [stage.events[event_id] for event_id in before.events if event_id not in after.events]
    outcomes = [outcome for turn in turns for outcome in turn.outcomes]
    told, has_failed = tuple(_told(outcomes, stage.case.zone)), any(turn.error for turn in turns)
    return Came(fresh, changed, frozenset(gone), await _lists(stage), told, has_failed)


def _by_id(items: Mapping[ItemId, ScheduledItem]) -> list[ScheduledItem]:
    return sorted(items.values(), key=lambda item: item.id)


def _shape(item: ScheduledItem) -> tuple[object, ...]:
    """What about an item makes it another one."""
    return (item.label, item.due_at, item.duration, item.remaining, item.repeat, item.anchor)


def _of_item(stage: Stage, item: ScheduledItem) -> Made:
    times = _item_times(stage, item, ENOUGH)
    is_repeating = item.repeat is not None
    every = _item_times(stage, item, _MANY) if is_repeating else times
    length_s = item.duration.total_seconds() if item.duration is not None else None
    last = every[-1] if every and len(every) < _MANY else None
    return Made(item.label, times, is_repeating, length_s, last=last)


def _item_times(stage: Stage, item: ScheduledItem, limit: int) -> Sequence[datetime]:
    if item.repeat is None or item.snoozed:
        return [item.due_at] if item.due_at is not None else []
    now = stage.clock.now()
    return stage.schedule.occurrences(item.id, now, now + _FAR, limit)


async def _of_event(stage: Stage, event: Event) -> Made:
    times = await _event_times(stage, event.id)
    start, end = (
        at.replace(tzinfo=ZoneInfo(event.zone)).astimezone(UTC) for at in (event.start_local, event.end_local)
    )
    length = end - start
    first_end = times[0] + length if times else end
    return Made(event.label, times or [start], event.repeat is not None, length.total_seconds(), first_end)


async def _event_times(stage: Stage, event_id: EventId) -> Sequence[datetime]:
    now = stage.clock.now()
    coming = await stage.schedule.calendar.between(now, now + _FAR, _MANY)
    return [each.start_at for each in coming if each.event.id == event_id][:ENOUGH]


async def _lists(stage: Stage) -> Mapping[str, Sequence[str]]:
    notebook = stage.schedule.notebook(_LISTS)
    lists: dict[str, Sequence[str]] = {}
    for key in await notebook.keys():
        if key.startswith(_LIST):
            rows = json.loads(await notebook.get(key) or "[]")
            lists[key.removeprefix(_LIST)] = [_item_text(row) for row in rows if not row["is_done"]]
    return lists


def _item_text(row: Mapping[str, object]) -> str:
    count = row.get("count", 1)
    return str(row["text"]) if count == 1 else f"{count} {row['text']}"


def _told(outcomes: Sequence[Outcome], zone: ZoneInfo) -> Iterator[SlotValue]:
    """Values of what was told or done; times that were said as times, lengths as lengths."""
    for outcome in outcomes:
        if outcome.status not in _TOLD:
            continue
        for value in outcome.values.values():
            match value:
                case Instant():
                    yield value.at
                case Interval():
                    yield from (value.start, value.end)
                case Length():
                    yield value.span
                case Recurrence():
                    yield value.repeat.start_local.replace(tzinfo=zone)
                case _:
                    yield value
