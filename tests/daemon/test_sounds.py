"""The seam between what falls due and a voice that may not be there yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from pydantic import ValidationError

from assistant.acting.ringing import Ending, Ringer
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, ScheduledItem
from assistant.core.settings import ScheduleSettings
from assistant.daemon.sounds import Sounds
from tests.acting.air import CLOSED, Air
from tests.acting.parts import NOON, ZONE, Bench, HandClock
from tests.acting.rung import RungSchedule
from tests.acting.test_voice_loop import settle

pytestmark = pytest.mark.timeout(10)


def due(number: int, label: str) -> DueItem:
    at = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
    return DueItem(ScheduledItem(ItemId(number), ItemKind.TIMER, label, at, "UTC", at), DueReason.ON_TIME)


class Stage:
    """A voice that rings once, and the sounds that are to be attached to it. It is noon."""

    def __init__(self, quiet_from: str = "") -> None:
        self.air = Air(Bench())
        settings = ScheduleSettings(
            ring_times=1, alarm_times=1, ring_gap_s=4, quiet_from=quiet_from, quiet_until="13:00"
        )
        self.sounds = Sounds(self.air.clock, ZONE, settings)
        self.sounds.schedule = self.schedule = RungSchedule(self.air.clock)
        self.ringer = Ringer(self.air.speaking, lambda due: due.item.label, settings, self.sounds.ended)

    async def attach(self) -> None:
        await self.sounds.attach(self.air.loop, self.ringer, self.air.speaking)


@pytest.fixture
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    made = Stage(getattr(request, "param", ""))
    tasks = [asyncio.create_task(made.ringer.run()), asyncio.create_task(made.air.loop.run())]
    yield made
    made.air.ears.hear(CLOSED)
    tasks[0].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_an_item_counts_as_told_only_when_its_ringing_has_ended(stage: Stage) -> None:
    await stage.attach()
    stage.air.mouth.long.add("(ring)")
    telling = asyncio.create_task(stage.sounds.due(due(1, "tea")))
    await stage.air.mouth.started.wait()
    assert stage.sounds.is_ringing()
    assert not telling.done()
    assert stage.sounds.end()
    await asyncio.wait_for(telling, 5)
    assert not stage.sounds.is_ringing()
    assert stage.schedule.missed() == ()


async def test_what_fell_due_before_there_was_a_voice_rings_once_there_is_one(stage: Stage) -> None:
    telling = [asyncio.create_task(stage.sounds.due(due(number, label))) for number, label in [(1, "tea"), (2, "egg")]]
    await settle()
    assert stage.air.mouth.said == []
    await stage.attach()
    await asyncio.wait_for(asyncio.gather(*telling), 5)
    assert stage.air.mouth.said == ["(ring)", "tea", "(ring)", "egg"]


async def test_without_a_voice_nothing_rings_and_nothing_is_stopped() -> None:
    sounds = Sounds(HandClock(), ZONE, ScheduleSettings())
    assert not sounds.is_ringing()
    assert sounds.ringing() == ()
    assert not sounds.stop()
    assert not sounds.end()
    assert sounds.end_all() == 0
    with sounds.held():
        assert not sounds.is_ringing()


async def test_an_announcement_without_a_voice_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    await Sounds(HandClock(), ZONE, ScheduleSettings()).announce("no_microphone")
    assert [vars(record)["key"] for record in caplog.records] == ["no_microphone"]


async def test_an_announcement_is_said_in_the_assistants_words(stage: Stage) -> None:
    await stage.attach()
    await stage.sounds.announce("skill_broken", {"skill": "coin"})
    await settle()
    assert stage.air.mouth.said == ["The skill coin could not be loaded."]


async def test_giving_up_on_an_item_forgets_it(stage: Stage) -> None:
    await stage.attach()
    stage.air.mouth.long.add("(ring)")
    telling = asyncio.create_task(stage.sounds.due(due(1, "tea")))
    await stage.air.mouth.started.wait()
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)
    stage.sounds.end()
    await settle()
    again = asyncio.create_task(stage.sounds.due(due(1, "tea")))
    await settle()
    assert not again.done()
    stage.sounds.end()
    await asyncio.wait_for(again, 5)


async def test_what_rang_in_vain_is_kept_as_missed(stage: Stage) -> None:
    await stage.attach()
    tea = due(1, "tea")
    stage.schedule.rung[tea.item.id] = tea.item
    await asyncio.wait_for(stage.sounds.due(tea), 5)
    assert stage.schedule.missed() == (tea.item,)


def late(minutes: float, kind: ItemKind) -> DueItem:
    item = replace(due(1, "up").item, kind=kind, due_at=NOON.astimezone(UTC) - timedelta(minutes=minutes))
    return DueItem(item, DueReason.MISSED)


@pytest.mark.parametrize(
    ("missed", "rings"),
    [(late(20, ItemKind.ALARM), True), (late(45, ItemKind.ALARM), False), (late(20, ItemKind.REMINDER), False)],
)
async def test_an_alarm_that_comes_a_little_late_rings_all_the_same(stage: Stage, missed: DueItem, rings: bool) -> None:
    await stage.attach()
    stage.schedule.rung[missed.item.id] = missed.item
    await asyncio.wait_for(stage.sounds.due(missed), 5)
    assert ("(ring)" in stage.air.mouth.said) is rings


@pytest.mark.parametrize("stage", ["22:00"], indirect=True)
async def test_in_the_quiet_hours_only_what_is_due_makes_a_sound(stage: Stage) -> None:
    await stage.attach()
    await stage.sounds.announce("no_broker")
    missed = late(45, ItemKind.REMINDER)
    stage.schedule.rung[missed.item.id] = missed.item
    await asyncio.wait_for(stage.sounds.due(missed), 5)
    await settle()
    assert stage.air.mouth.said == []
    assert stage.schedule.missed() == (missed.item,)
    telling = asyncio.create_task(stage.sounds.due(due(2, "egg")))
    stage.air.mouth.long.add("(ring)")
    await asyncio.wait_for(stage.air.mouth.started.wait(), 5)
    assert [each.item.label for each in stage.sounds.ringing()] == ["egg"]
    assert stage.sounds.end(Ending.DONE)
    await asyncio.wait_for(telling, 5)


@pytest.mark.parametrize(
    ("begin", "end", "at", "is_quiet"),
    [
        ("22:30", "07:00", time(23, 0), True),
        ("22:30", "07:00", time(6, 59, 59), True),
        ("22:30", "07:00", time(7, 0), False),
        ("22:30", "07:00", time(22, 29), False),
        ("13:00", "14:30", time(13, 0), True),
        ("13:00", "14:30", time(14, 30), False),
        ("13:00", "13:00", time(13, 0), False),
        ("", "07:00", time(3, 0), False),
        ("22:30", "", time(23, 0), False),
    ],
)
def test_quiet_hours_may_span_midnight(begin: str, end: str, at: time, is_quiet: bool) -> None:
    assert ScheduleSettings(quiet_from=begin, quiet_until=end).is_quiet(at) is is_quiet


@pytest.mark.parametrize("text", ["24:00", "7:00", "22:60", "late", "22:30 "])
def test_a_quiet_hour_that_is_no_wall_time_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        ScheduleSettings(quiet_from=text)


async def test_the_voice_alone_is_broken_off_by_stop(stage: Stage) -> None:
    await stage.attach()
    stage.air.mouth.long.add("I have no microphone.")
    await stage.sounds.announce("no_microphone")
    await stage.air.mouth.started.wait()
    assert stage.sounds.stop()
    assert not stage.sounds.end()


async def test_what_somebody_was_told_already_is_not_said_when_the_voice_comes_up(stage: Stage) -> None:
    missed = late(45, ItemKind.REMINDER)
    telling = asyncio.create_task(stage.sounds.due(missed))
    await settle()
    stage.sounds.told([missed.item.id])
    await asyncio.wait_for(telling, 5)
    await stage.attach()
    await settle()
    assert stage.air.mouth.said == []
