"""Ringing has gaps to listen in, stops without the wake word, and has an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from assistant.acting.converse import Said
from assistant.acting.ringing import MAX_WAITING, Ending, Ringer, loudness
from assistant.core.ports import Unheard
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, ScheduledItem
from assistant.core.settings import ScheduleSettings
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
async def voice() -> AsyncIterator[Air]:
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
    assert voice.ended == [(due(), Ending.UNANSWERED)]
    assert not voice.ringer.is_ringing()


async def test_stop_without_the_wake_word_ends_it_in_silence(voice: Air) -> None:
    voice.ears.answers = [Unheard(None), heard("stop", None)]
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == RING * 2
    assert voice.ended == [(due(), Ending.STOPPED)]


async def test_the_wake_word_breaks_the_tone_off_and_stop_ends_it(voice: Air) -> None:
    voice.mouth.long.add("(ring)")
    await voice.ringer.ring(due())
    await voice.mouth.started.wait()
    voice.ears.hear(WOKEN, heard("stop"))
    await settle()
    assert voice.mouth.said == ["(ring)"]
    assert voice.ended == [(due(), Ending.STOPPED)]


async def test_stop_that_is_typed_ends_it_too(voice: Air) -> None:
    voice.mouth.long.add("(ring)")
    await voice.ringer.ring(due())
    await voice.mouth.started.wait()
    turn = await voice.conversation.take(Said(Transcript("stop", "en", "typed"), Source.TYPED))
    await settle()
    assert turn.reply is not None
    assert turn.reply.text == "Stopped."
    assert voice.ended == [(due(), Ending.STOPPED)]


async def test_another_request_is_answered_and_it_rings_on(voice: Air) -> None:
    voice.ears.answers = [heard("lamp", None)]
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == [*RING, "Did it.", *RING, *RING]
    assert voice.bench.home.sent == [("lamp", "on")]


async def test_the_next_one_is_named_and_rings_after_the_first_was_stopped(voice: Air) -> None:
    voice.ears.answers = [heard("stop", None)]
    await voice.ringer.ring(due())
    await voice.ringer.ring(due("egg"))
    await settle()
    rest = "Stopped. One more rings now: egg."
    assert voice.mouth.said == [*RING, rest, *["(ring)", "Your egg timer is done."] * 3]
    assert [ending for _, ending in voice.ended] == [Ending.STOPPED, Ending.UNANSWERED]


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


async def test_a_broken_speaker_still_ends(voice: Air) -> None:
    voice.mouth.broken = True
    await voice.ringer.ring(due())
    await settle()
    assert voice.ended == [(due(), Ending.UNANSWERED)]


async def test_a_voice_that_fails_leaves_the_tone_and_is_not_waited_for_again(voice: Air) -> None:
    voice.mouth.is_mute = True
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == ["(ring)"] * 3


async def test_a_voice_that_hangs_does_not_keep_the_tone_from_coming_again(voice: Air) -> None:
    voice.mouth.long.add(RING[1])
    voice.ears.answers = [Unheard(None)] * 3
    await voice.ringer.ring(due())
    await voice.mouth.started.wait()
    voice.clock.pass_time()
    await settle()
    assert voice.mouth.said == [*RING, "(ring)", "(ring)"]
    assert voice.ears.speaking[-1] is False


async def test_it_gets_louder_by_steps_and_an_answer_has_its_usual_loudness(voice: Air) -> None:
    voice.ears.answers = [Unheard(None), heard("lamp", None)]
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == [*RING, *RING, "Did it.", *RING]
    assert voice.mouth.loudness == pytest.approx([0.4, 0.4, 0.55, 0.55, 1.0, 0.7, 0.7])
    assert voice.mouth.gains[-1] == 1.0


def test_full_loudness_is_the_limit() -> None:
    settings = ScheduleSettings(ring_first_percent=40, ring_steps=2)
    assert [round(loudness(number, settings), 2) for number in range(5)] == [0.4, 0.7, 1.0, 1.0, 1.0]


async def test_an_alarm_rings_longer_than_a_timer(voice: Air) -> None:
    await voice.ringer.ring(due(kind=ItemKind.ALARM))
    await settle()
    assert voice.mouth.said == RING * 4


async def test_while_somebody_turns_to_us_a_ring_is_lower_still(voice: Air) -> None:
    voice.mouth.long.add("(ring)")
    await voice.ringer.ring(due())
    await voice.mouth.started.wait()
    voice.ears.hear(WOKEN)
    await settle()
    assert voice.mouth.gains[:2] == pytest.approx([0.4, 0.2 * 0.4])


async def test_it_rings_right_after_a_turn_that_is_in_progress(voice: Air) -> None:
    voice.mouth.long.add("Did it.")
    voice.ears.hear(WOKEN, heard("lamp"))
    await voice.mouth.started.wait()
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == ["Did it."]
    voice.mouth.stop()
    await settle()
    assert voice.mouth.said == ["Did it.", *RING * 3]


async def test_talk_in_a_gap_that_is_not_meant_for_it_gets_no_complaint(voice: Air) -> None:
    voice.ears.answers = [heard("so i told him no", None), heard("stop", None)]
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == RING * 2
    assert voice.ended == [(due(), Ending.STOPPED)]


async def test_with_the_wake_word_what_was_not_understood_is_said(voice: Air) -> None:
    voice.ears.answers = [heard("flurb"), heard("stop", None)]
    await voice.ringer.ring(due())
    await settle()
    assert voice.mouth.said == [*RING, "Sorry, I didn't understand that.", *RING]


async def test_more_than_can_wait_is_missed_at_once(voice: Air) -> None:
    for _ in range(MAX_WAITING + 1):
        await voice.ringer.ring(due())
    assert voice.ended == [(due(), Ending.UNANSWERED)]
    assert voice.ringer.dropped == 1


async def test_what_rang_when_the_loop_broke_down_rings_again_in_the_next(voice: Air) -> None:
    voice.mouth.long.add("(ring)")
    ringer = Ringer(voice.speaking, lambda _: "", ScheduleSettings())
    await ringer.ring(due())
    broken = asyncio.create_task(ringer.run())
    await voice.mouth.started.wait()
    broken.cancel()
    await asyncio.gather(broken, return_exceptions=True)
    assert not ringer.is_ringing()
    again = asyncio.create_task(ringer.run())
    await settle()
    assert voice.mouth.said == ["(ring)", "(ring)"]
    assert ringer.end()
    await settle()
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)
