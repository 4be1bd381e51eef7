"""The seam between what falls due and a voice that may not be there yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from assistant.acting.ringing import Ringer
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, ScheduledItem
from assistant.core.settings import ScheduleSettings
from assistant.daemon.sounds import Sounds
from tests.acting.air import CLOSED, Air
from tests.acting.parts import Bench
from tests.acting.test_voice_loop import settle

pytestmark = pytest.mark.timeout(10)


def due(number: int, label: str) -> DueItem:
    at = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
    return DueItem(ScheduledItem(ItemId(number), ItemKind.TIMER, label, at, "UTC", at), DueReason.ON_TIME)


class Stage:
    """A voice that rings once, and the sounds that are to be attached to it."""

    def __init__(self) -> None:
        self.sounds = Sounds()
        self.air = Air(Bench())
        settings = ScheduleSettings(ring_times=1, ring_gap_s=4)
        self.ringer = Ringer(self.air.speaking, lambda due: due.item.label, settings, self.sounds.ended)

    async def attach(self) -> None:
        await self.sounds.attach(self.air.loop, self.ringer, self.air.speaking)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
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
    assert stage.sounds.stop()
    await asyncio.wait_for(telling, 5)
    assert not stage.sounds.is_ringing()


async def test_what_fell_due_before_there_was_a_voice_rings_once_there_is_one(stage: Stage) -> None:
    telling = [asyncio.create_task(stage.sounds.due(due(number, label))) for number, label in [(1, "tea"), (2, "egg")]]
    await settle()
    assert stage.air.mouth.said == []
    await stage.attach()
    await asyncio.wait_for(asyncio.gather(*telling), 5)
    assert stage.air.mouth.said == ["(ring)", "tea", "(ring)", "egg"]


async def test_without_a_voice_nothing_rings_and_nothing_is_stopped() -> None:
    sounds = Sounds()
    assert not sounds.is_ringing()
    assert not sounds.stop()


async def test_an_announcement_without_a_voice_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    await Sounds().announce("no_microphone")
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
    stage.sounds.stop()
    await settle()
    again = asyncio.create_task(stage.sounds.due(due(1, "tea")))
    await settle()
    assert not again.done()
    stage.sounds.stop()
    await asyncio.wait_for(again, 5)
