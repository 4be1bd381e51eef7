"""Hooks at work: kept, told, reminded of, carried out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.acting.converse import Said
from assistant.core.home import EntityId, EntityState
from assistant.core.hooks import HOOKS_SKILL, Deed, Watch
from assistant.core.settings import HookSettings, ScheduleSettings
from assistant.core.turn import Outcome, OutcomeStatus, Reply, Situation, Source, Turn, TurnId
from assistant.daemon.sounds import Sounds
from assistant.daemon.waiting import Waiting, WaitingParts
from assistant.home.link import Message
from assistant.testing.clock import FakeClock
from assistant.testing.home import FakeHome, small_home, thing
from assistant.testing.paper import PaperNotebook, PaperSchedule

DOOR = EntityId("binary_sensor.back_door")


class Told(Sounds):
    """Keeps what would be said."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock, ZoneInfo("UTC"), ScheduleSettings())
        self.heard: list[tuple[str, Mapping[str, object]]] = []

    async def tell(self, skill: str, key: str, values: Mapping[str, object]) -> None:
        self.heard.append((key, values))


class Scripted:
    """A conversation that answers as it was told."""

    def __init__(self) -> None:
        self.asked: list[Said] = []
        self.answer = Reply("Done.", "en")
        self.outcome = Outcome.done("switched")

    async def take(self, said: Said) -> Turn:
        self.asked.append(said)
        turn = Turn(TurnId("t"), datetime(2026, 3, 2, tzinfo=UTC), Situation("en", said.source), said.transcript)
        turn.reply, turn.outcomes = self.answer, (self.outcome,)
        return turn


@dataclass
class House:
    """Hooks that run, and what they reach."""

    waiting: Waiting
    clock: FakeClock
    home: FakeHome
    schedule: PaperSchedule
    sounds: Told
    notebook: PaperNotebook
    talk: Scripted

    async def open_door(self) -> None:
        for value in ("off", "on"):
            self.home.states[DOOR] = EntityState(value)
            self.waiting.hooks.changed(DOOR, self.home.states[DOOR], is_retained=False)
        await self.clock.settle()


@asynccontextmanager
async def house(*watches: Watch, hooks: tuple[HookSettings, ...] = ()) -> AsyncIterator[House]:
    clock, home, notebook = FakeClock(), small_home(), PaperNotebook()
    home.add(thing("binary_sensor", "Back Door", device_class="door"), "off")
    schedule, sounds = PaperSchedule(clock), Told(clock)
    for watch in watches:
        notebook.notes[watch.id] = watch.to_json()
    parts = WaitingParts(clock, home, schedule, notebook, sounds, lambda *_: None, ZoneInfo("UTC"), "en")
    waiting = Waiting(hooks, parts)
    waiting.conversation = talk = Scripted()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(waiting.run())
        await clock.settle()
        try:
            yield House(waiting, clock, home, schedule, sounds, notebook, talk)
        finally:
            task.cancel()


def door(deed: Deed = Deed.TELL, text: str = "", *, is_standing: bool = False) -> Watch:
    return Watch("1", DOOR, "back door", "opens", words=("on",), deed=deed, text=text, is_standing=is_standing)


async def test_what_was_waited_for_is_told_and_kept_no_longer() -> None:
    async with house(door()) as made:
        await made.open_door()
        assert made.sounds.heard == [("came_opens", {"name": "back door", "limit": 0, "value": "on"})]
        assert made.notebook.notes == {}


async def test_a_standing_watch_stays() -> None:
    async with house(door(is_standing=True)) as made:
        await made.open_door()
        assert list(made.notebook.notes) == ["1"]


async def test_words_are_said() -> None:
    async with house(door(Deed.SAY, "mind the step")) as made:
        await made.open_door()
        assert made.sounds.heard == [("said", {"text": "mind the step"})]


async def test_a_reminder_is_put_into_the_schedule_for_now() -> None:
    async with house(door(Deed.REMIND, "feed the cat")) as made:
        await made.open_door()
        (item,) = made.schedule.pending()
        assert item.label == "feed the cat"
        assert item.due_at is not None
        assert (item.due_at.astimezone(UTC) - made.clock.now()).total_seconds() == pytest.approx(1)


async def test_a_command_is_carried_out_without_a_word() -> None:
    async with house(door(Deed.RUN, "turn on the desk lamp")) as made:
        await made.open_door()
        assert [(said.transcript.text, said.source) for said in made.talk.asked] == [
            ("turn on the desk lamp", Source.MQTT)
        ]
        assert made.sounds.heard == []


async def test_what_needs_a_yes_is_told_and_not_done() -> None:
    async with house(door(Deed.RUN, "unlock the front door")) as made:
        made.talk.answer = Reply("Shall I really?", "en", expects_answer=True)
        made.talk.outcome = Outcome(OutcomeStatus.ASKED, "confirm")
        await made.open_door()
        assert made.sounds.heard == [("needs_yes", {"text": "unlock the front door"})]


async def test_a_command_that_fails_is_told() -> None:
    async with house(hooks=(HookSettings(topic="go", run="turn on the desk lamp"),)) as made:
        made.talk.answer, made.talk.outcome = Reply("The lamp is away.", "en"), Outcome.failed("away")
        made.waiting.hooks.take(Message("go", b"1", False))
        await made.clock.settle()
        assert made.sounds.heard == [("said", {"text": "The lamp is away."})]


async def test_a_new_watch_counts_at_once() -> None:
    async with house() as made:
        notebook = made.waiting.notebook_of(lambda _: made.notebook)(HOOKS_SKILL)
        await notebook.put("1", door().to_json())
        await made.clock.settle()
        await made.open_door()
        assert [key for key, _ in made.sounds.heard] == ["came_opens"]


async def test_what_was_seen_is_kept_for_the_next_start() -> None:
    watch = door()
    async with house(watch.having_been(True)) as made:
        made.waiting.hooks.changed(DOOR, EntityState("off"), is_retained=False)
        await made.clock.settle()
        assert Watch.from_json(made.notebook.notes["1"]).was is False


async def test_one_damaged_watch_does_not_harm_the_others() -> None:
    async with house(door()) as made:
        made.notebook.notes["2"] = "nonsense"
        await made.open_door()
        assert [key for key, _ in made.sounds.heard] == ["came_opens"]
