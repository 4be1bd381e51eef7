"""What people say to a ringing is done on disk first, and told from what was done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.acting.converse import Said
from assistant.acting.ringing import Ending
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, ScheduledItem
from assistant.core.turn import DialogueAct, OutcomeStatus, Plan, RingAnswer, RingVerb, Source, Transcript, Turn
from tests.acting.air import CLOSED, Air, heard
from tests.acting.parts import Bench, commands
from tests.acting.test_voice_loop import settle

pytestmark = pytest.mark.timeout(10)
SIX_THIRTY = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
PLANS: dict[str, Plan] = {
    "stop": DialogueAct.STOP,
    "stop all": RingAnswer(RingVerb.STOP_ALL),
    "snooze": RingAnswer(RingVerb.SNOOZE),
    "snooze for an hour": RingAnswer(RingVerb.SNOOZE, timedelta(hours=1)),
    "snooze for a year": RingAnswer(RingVerb.SNOOZE, timedelta(days=365)),
    "done": RingAnswer(RingVerb.DONE),
    "stop the eggs": RingAnswer(RingVerb.STOP, item_id=ItemId(2)),
    "what did i miss": DialogueAct.MISSED,
    "lamp": commands("on lamp"),
    "unlock": commands("unlock front"),
}


def item(number: int, kind: ItemKind, label: str = "") -> ScheduledItem:
    return ScheduledItem(ItemId(number), kind, label, SIX_THIRTY, "Europe/Berlin", SIX_THIRTY)


ALARM = item(1, ItemKind.ALARM)
EGGS = item(2, ItemKind.TIMER, "egg")
PILL = item(3, ItemKind.REMINDER, "take the pill")


@pytest.fixture
async def house() -> AsyncIterator[Air]:
    """Its tone lasts until it is stopped."""
    bench = Bench()
    bench.understander.plans |= PLANS
    air = Air(bench)
    air.mouth.long.add("(ring)")
    running = asyncio.create_task(air.loop.run())
    yield air
    air.ears.hear(CLOSED)
    await running


async def ring(house: Air, *items: ScheduledItem) -> None:
    for each in items:
        house.schedule.rung[each.id] = each
        await house.ringer.ring(DueItem(each, DueReason.ON_TIME))
    await house.mouth.started.wait()


async def typed(house: Air, text: str) -> Turn:
    turn = await house.conversation.take(Said(Transcript(text, "en", "typed"), Source.TYPED))
    await settle()
    return turn


def words(turn: Turn) -> str:
    assert turn.reply is not None
    return turn.reply.text


def endings(house: Air) -> list[Ending]:
    return [ending for _, ending in house.ended]


async def test_snooze_lasts_the_usual_while_and_says_the_new_time_back(house: Air) -> None:
    await ring(house, ALARM)
    turn = await typed(house, "snooze")
    assert words(turn) == "9 minutes more: I'll ring again today at 12:09 PM."
    assert [outcome.status for outcome in turn.outcomes] == [OutcomeStatus.DONE]
    assert [kept.id for kept in house.schedule.put_off] == [ALARM.id]
    assert endings(house) == [Ending.SNOOZED]


async def test_snooze_lasts_as_long_as_was_said(house: Air) -> None:
    await ring(house, EGGS)
    turn = await typed(house, "snooze for an hour")
    assert house.schedule.put_off[0].due_at == house.clock.now() + timedelta(hours=1)
    assert "egg" in words(turn)


async def test_snooze_needs_no_wake_word_in_a_gap_and_is_answered_aloud(house: Air) -> None:
    house.mouth.long.clear()
    house.ears.answers = [heard("snooze", None)]
    await ring_briefly(house, ALARM)
    assert house.mouth.said[2].startswith("9 minutes more")
    assert endings(house) == [Ending.SNOOZED]


async def ring_briefly(house: Air, each: ScheduledItem) -> None:
    house.schedule.rung[each.id] = each
    await house.ringer.ring(DueItem(each, DueReason.ON_TIME))
    await settle()


async def test_what_cannot_be_kept_rings_on_and_is_said(house: Air) -> None:
    await ring(house, ALARM)
    house.schedule.is_full = True
    assert words(await typed(house, "snooze")) == "I couldn't save that, so it rings on."
    assert house.ringer.ringing()
    assert house.ended == []
    house.ringer.end()


async def test_a_snooze_that_is_too_long_is_refused_and_it_rings_on(house: Air) -> None:
    await ring(house, ALARM)
    turn = await typed(house, "snooze for a year")
    assert [outcome.status for outcome in turn.outcomes] == [OutcomeStatus.REFUSED]
    assert house.ringer.ringing()
    house.ringer.end()


async def test_snooze_when_all_is_quiet_means_what_rang_in_vain_last(house: Air) -> None:
    house.schedule.in_vain = [EGGS, ALARM]
    await typed(house, "snooze")
    assert [kept.id for kept in house.schedule.put_off] == [ALARM.id]


async def test_snooze_again_puts_a_snoozed_one_off_further(house: Air) -> None:
    house.schedule.put_off = [replace(PILL, snoozed=True)]
    turn = await typed(house, "snooze for an hour")
    assert "take the pill" in words(turn)


async def test_snooze_and_done_without_anything_that_rang_do_nothing(house: Air) -> None:
    assert words(await typed(house, "snooze")) == "Nothing rings that I could snooze."
    assert words(await typed(house, "done")) == "Nothing is ringing."
    assert house.schedule.completed == []


async def test_done_ticks_a_reminder_off(house: Air) -> None:
    await ring(house, PILL)
    turn = await typed(house, "done")
    assert words(turn) == "Done: take the pill."
    assert house.schedule.completed == [PILL.id]
    assert endings(house) == [Ending.DONE]


async def test_done_says_what_remains(house: Air) -> None:
    await ring(house, PILL, ALARM)
    assert words(await typed(house, "done")) == "Done: take the pill. One more rings now."
    house.ringer.end_all()


async def test_done_stops_what_is_no_reminder(house: Air) -> None:
    await ring(house, ALARM)
    assert words(await typed(house, "done")) == "Stopped."
    assert house.schedule.completed == []
    assert endings(house) == [Ending.STOPPED]


async def test_done_to_what_is_on_no_disk_still_ends_it(house: Air) -> None:
    await ring(house, PILL)
    house.schedule.rung.clear()
    assert words(await typed(house, "done")) == "Stopped."
    assert endings(house) == [Ending.STOPPED]


async def test_a_reminder_that_is_stopped_is_not_done(house: Air) -> None:
    await ring(house, PILL)
    await typed(house, "stop")
    assert house.schedule.completed == []


async def test_stopping_one_of_several_says_what_remains(house: Air) -> None:
    await ring(house, ALARM, EGGS, PILL)
    assert words(await typed(house, "stop")) == "Stopped. 2 more ring now: egg and take the pill."
    assert [due.item for due in house.ringer.ringing()] == [EGGS, PILL]
    house.ringer.end_all()


async def test_one_that_waits_to_ring_is_stopped_and_the_first_rings_on(house: Air) -> None:
    await ring(house, ALARM, EGGS)
    assert words(await typed(house, "stop the eggs")) == "Stopped. One more rings now."
    assert endings(house) == [Ending.STOPPED]
    assert [due.item for due in house.ringer.ringing()] == [ALARM]
    assert words(await typed(house, "stop the eggs")) == "Nothing is ringing."
    house.ringer.end()


async def test_all_that_rings_is_stopped_at_once(house: Air) -> None:
    await ring(house, ALARM, EGGS, PILL)
    assert words(await typed(house, "stop all")) == "All 3 stopped."
    assert endings(house) == [Ending.STOPPED] * 3
    assert not house.ringer.is_ringing()


async def test_a_ringing_does_not_run_out_while_an_answer_is_carried_out(house: Air) -> None:
    house.mouth.long.clear()
    with house.ringer.held():
        await ring_briefly(house, EGGS)
        assert [due.item for due in house.ringer.ringing()] == [EGGS]
        house.ringer.end(Ending.SNOOZED)
    await settle()
    assert endings(house) == [Ending.SNOOZED]


async def test_two_answers_at_once_snooze_once(house: Air) -> None:
    await ring(house, ALARM)
    said = [Said(Transcript("snooze", "en", "typed"), Source.TYPED, channel) for channel in ("desk", "phone")]
    await asyncio.gather(*map(house.conversation.take, said))
    await settle()
    assert endings(house) == [Ending.SNOOZED]


async def test_what_was_wanted_of_what_rang_stands_in_the_trace(house: Air) -> None:
    await ring(house, PILL)
    turn = await typed(house, "snooze for an hour")
    plain = house.bench.trace.as_json(turn)
    assert json.loads(json.dumps(plain))["understood"]["plan"] == {"verb": "snooze", "by": 3600.0, "item_id": None}
    assert "take the pill" in house.bench.trace.as_text(turn)


# ── what was missed ──────────────────────────────────────────────────────────────────────────────


async def test_what_rang_in_vain_is_told_once_to_whoever_speaks_next(house: Air) -> None:
    house.schedule.in_vain = [ALARM, PILL]
    first, second = await typed(house, "lamp"), await typed(house, "lamp")
    told = "You missed your alarm, today at 6:30 AM. You missed a reminder: take the pill, today at 6:30 AM."
    assert words(first) == f"Did it. {told}"
    assert [outcome.key for outcome in first.outcomes] == ["did", "you_missed_alarm", "you_missed_reminder"]
    assert words(second) == "Did it."
    assert house.schedule.missed() == ()


async def test_asked_for_it_is_told_and_told_again(house: Air) -> None:
    house.schedule.in_vain = [EGGS]
    told = "You missed your egg timer, today at 6:30 AM."
    assert words(await typed(house, "what did i miss")) == told
    assert words(await typed(house, "what did i miss")) == told


async def test_nothing_missed_is_an_answer_too(house: Air) -> None:
    assert words(await typed(house, "what did i miss")) == "You didn't miss anything."


async def test_of_many_only_the_last_are_told_one_by_one(house: Air) -> None:
    house.schedule.in_vain = [item(number, ItemKind.TIMER, f"number {number}") for number in range(1, 9)]
    text = words(await typed(house, "what did i miss"))
    assert text.count("You missed") == 5
    assert "number 8" in text
    assert text.endswith("And 3 more.")


@pytest.mark.parametrize("text", ["flurb", "stop", "unlock"])
async def test_it_is_kept_for_later_where_there_is_no_answer_to_add_it_to(house: Air, text: str) -> None:
    house.schedule.in_vain = [EGGS]
    await typed(house, text)
    assert house.schedule.missed() == (EGGS,)


async def test_it_is_not_told_while_something_rings(house: Air) -> None:
    house.schedule.in_vain = [EGGS]
    await ring(house, ALARM)
    assert words(await typed(house, "lamp")) == "Did it."
    house.ringer.end()


async def test_what_was_told_in_an_answer_is_not_said_once_more_by_itself(house: Air) -> None:
    house.mouth.long.add("Did it.")
    house.ears.hear(heard("lamp"))
    await house.mouth.started.wait()
    house.schedule.in_vain = [EGGS]
    await house.ringer.ring(DueItem(EGGS, DueReason.MISSED))
    await typed(house, "what did i miss")
    house.mouth.stop()
    await settle()
    assert not any("egg timer ended" in text for text in house.mouth.said)
    assert endings(house) == [Ending.TOLD]


async def test_an_alarm_that_came_late_and_rings_now_was_not_missed(house: Air) -> None:
    house.schedule.in_vain = [ALARM]
    await ring(house, ALARM)
    assert words(await typed(house, "what did i miss")) == "You didn't miss anything."
    house.ringer.end()


async def test_a_full_disk_costs_the_note_and_not_the_telling(house: Air) -> None:
    house.schedule.in_vain, house.schedule.is_full = [EGGS], True
    assert "egg" in words(await typed(house, "what did i miss"))
