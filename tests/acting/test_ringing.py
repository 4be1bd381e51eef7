"""Ringing has gaps to listen in, stops without the wake word, and has an end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from assistant.acting.converse import Said
from assistant.core.ports import Unheard
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, ScheduledItem
from assistant.core.turn import DialogueAct, Source, Transcript
from tests.acting.air import CLOSED, WOKEN, Air, heard
from tests.acting.parts import Bench, commands
from tests.acting.test_voice_loop import settle

pytestmark = pytest.mark.timeout(10)

RING = ["(ring)", "Your tea timer is done."]


def due(label: str = "tea", kind: ItemKind = ItemKind.TIMER, reason: DueReason = DueReason.ON_TIME) -> DueItem:
    at = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
    return DueItem(ScheduledItem(ItemId(1), kind, label, at, "Europe/Berlin", at), reason)


@pytest.fixture
async def voice():
    bench = Bench()
    bench.understander.plans |= {"stop": DialogueAct.STOP, "lamp": commands("on lamp")}
    air = Air(bench)
    running = asyncio.create_task(air.loop.run())
    yield air
    air.ears.hear(CLOSED)
    await running


async def test_it_rings_so_often_and_is_then_listed_as_missed(voice: Air) -> None:
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == RING * 3
    assert voice.ears.opened == [4, 4, 4]
    assert voice.ringer.missed() == (due(),)
    assert voice.ended == [(due(), False)]
    assert not voice.ringer.is_ringing()


async def test_stop_without_the_wake_word_ends_it_in_silence(voice: Air) -> None:
    voice.ears.answers = [Unheard(None), heard("stop", None)]
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == RING * 2
    assert voice.ended == [(due(), True)]
    assert voice.ringer.missed() == ()


async def test_the_wake_word_breaks_the_tone_off_and_stop_ends_it(voice: Air) -> None:
    voice.mouth.long.add("(ring)")
    await voice.ringer.ring(due())
    await voice.mouth.started.wait()
    voice.ears.hear(WOKEN, heard("stop"))
    await settle()
    assert voice.mouth.said == ["(ring)"]
    assert voice.ended == [(due(), True)]


async def test_stop_that_is_typed_ends_it_too(voice: Air) -> None:
    voice.mouth.long.add("(ring)")
    await voice.ringer.ring(due())
    await voice.mouth.started.wait()
    turn = await voice.conversation.take(Said(Transcript("stop", "en", "typed"), Source.TYPED))
    await settle()
    assert turn.reply is not None
    assert turn.reply.text == "Stopped."
    assert voice.ended == [(due(), True)]


async def test_another_request_is_answered_and_it_rings_on(voice: Air) -> None:
    voice.ears.answers = [heard("lamp", None)]
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == [*RING, "Did it.", *RING, *RING]
    assert voice.bench.home.sent == [("lamp", "on")]


async def test_the_next_one_rings_after_the_first_was_stopped(voice: Air) -> None:
    voice.ears.answers = [heard("stop", None)]
    await voice.ringer.ring(due())
    await voice.ringer.ring(due("egg"))
    await settle()
    assert voice.mouth.said == [*RING, *["(ring)", "Your egg timer is done."] * 3]
    assert [was_stopped for _, was_stopped in voice.ended] == [True, False]


async def test_what_fell_due_while_off_is_told_once(voice: Air) -> None:
    await voice.ringer.ring(due("take the pill", ItemKind.REMINDER, DueReason.MISSED))
    await settle()
    (words,) = voice.mouth.said
    assert "take the pill" in words
    assert voice.ears.opened == []


async def test_where_nobody_hears_the_gaps_last_their_time(voice: Air) -> None:
    voice.ears.open_mic = lambda seconds: voice.ears.opened.append(seconds)  # type: ignore[method-assign]  # deaf
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == RING
    voice.clock.pass_time()
    await settle()
    assert voice.mouth.said == RING * 3


async def test_a_broken_voice_still_ends(voice: Air) -> None:
    voice.mouth.broken = True
    await voice.ringer.ring(due())
    await settle()
    assert voice.ended == [(due(), False)]
