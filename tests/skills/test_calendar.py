"""The calendar by voice: events added, asked for, moved, renamed and cancelled; the time between them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.core.turn import OutcomeStatus
from tests.skills.parts import MONDAY_NOON, ZONE, Talk, talk


async def events(me: Talk) -> list[str]:
    """What is to come, as "day hour:minute–hour:minute label" by the wall clock of Berlin."""
    found = await me.schedule.calendar.between(MONDAY_NOON, datetime(2026, 4, 1, tzinfo=UTC))
    return [
        f"{each.start_at.astimezone(ZONE):%a %d %H:%M}–{each.end_at.astimezone(ZONE):%H:%M} {each.event.label}"
        for each in found
    ]


@pytest.mark.parametrize(
    ("sentence", "event"),
    [
        ("schedule a walk with tom on wednesday from half past four to six", "Wed 04 16:30–18:00 walk with tom"),
        ("schedule the piano tuner for thursday at eleven", "Thu 05 11:00–12:00 piano tuner"),
        ("add swimming to my calendar tomorrow at seven pm for two hours", "Tue 03 19:00–21:00 swimming"),
        ("put the school play on my calendar for friday at five", "Fri 06 17:00–18:00 the school play"),
        ("i have an eye doctor appointment tomorrow at ten", "Tue 03 10:00–11:00 eye doctor"),
        ("create an event called market on saturday morning", "Sat 07 09:00–10:00 market"),
        ("add our anniversary to the calendar on the ninth of march", "Mon 09 00:00–00:00 our anniversary"),
    ],
)
async def test_an_event_is_added(tmp_path: Path, sentence: str, event: str) -> None:
    async with talk(tmp_path) as me:
        await me.say(sentence)
        assert me.status is OutcomeStatus.DONE
        assert [each.removeprefix("a ") for each in await events(me)] == [event]


async def test_what_was_understood_is_said_back_with_what_it_meets(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("schedule yoga on thursday from six pm to half past seven pm") == (
            "Added yoga, Thursday, March 5 from 6 PM to 7:30 PM."
        )
        assert await me.say("schedule choir every thursday at seven pm") == (
            "Added choir, every Thursday at 7 PM. You also have yoga then."
        )


async def test_a_missing_time_is_asked_for(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("schedule a haircut") == "When is that?"
        await me.say("on friday at three")
        assert [each[:15] for each in await events(me)] == ["Fri 06 15:00–16"]


async def test_the_past_takes_no_events(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("schedule chess yesterday at eight pm") == (
            "Sunday, March 1 at 8 PM is not ahead of us, so nothing has changed."
        )
        assert await events(me) == []


async def _filled(me: Talk) -> None:
    await me.say("schedule piano lesson tomorrow at four pm")
    await me.say("schedule lunch with eva on friday from noon to half past one")
    await me.say("schedule choir every thursday at seven pm")


async def test_it_tells_what_is_on(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await _filled(me)
        assert await me.say("what's on tomorrow") == "One thing tomorrow: piano lesson, 4 PM."
        assert await me.say("what do i have on wednesday") == "There is nothing on Wednesday, March 4."
        assert await me.say("what's on my calendar this week") == (
            "3 things from today to Sunday, March 8: piano lesson, tomorrow at 4 PM; choir, Thursday, March 5 at 7 PM; "
            "lunch with eva, Friday, March 6 at noon."
        )
        assert await me.say("what's my next appointment") == "piano lesson: tomorrow at 4 PM."
        assert await me.say("when is my lunch with eva") == "lunch with eva: Friday, March 6 from noon to 1:30 PM."
        assert await me.say("when is my flight") == "I don't find flight in your calendar."


async def test_it_tells_when_there_is_time(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await _filled(me)
        assert await me.say("when am i free on friday") == (
            "You are free Friday, March 6 from 8 AM to noon and Friday, March 6 from 1:30 PM to 8 PM."
        )
        assert await me.say("am i free tomorrow at four") == "No, you have piano lesson tomorrow at 4 PM."
        assert await me.say("am i free tomorrow at six pm") == "Yes, you are free tomorrow at 6 PM."
        assert await me.say("am i busy on wednesday") == "You are free Wednesday, March 4, nothing is on."


@pytest.mark.parametrize(
    ("sentence", "start"),
    [
        ("move the piano lesson to wednesday", "Wed 04 16:00–17:00"),
        ("move my piano lesson to five", "Tue 03 17:00–18:00"),
        ("reschedule the piano lesson to thursday at nine", "Thu 05 09:00–10:00"),
        ("push the piano lesson back by half an hour", "Tue 03 16:30–17:30"),
        ("move my four o'clock lesson to two pm", "Tue 03 14:00–15:00"),
    ],
)
async def test_an_event_moves_and_lasts_as_long_as_before(tmp_path: Path, sentence: str, start: str) -> None:
    async with talk(tmp_path) as me:
        await me.say("schedule piano lesson tomorrow at four pm")
        await me.say(sentence)
        assert await events(me) == [f"{start} piano lesson"]


async def test_of_an_event_that_repeats_it_asks_for_one_or_all(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("schedule choir every thursday at seven pm")
        asked = "choir comes again and again. Only that one, or all of them?"
        assert await me.say("call off choir") == asked
        assert await me.say("only that one") == "Cancelled: choir, Thursday, March 5 at 7 PM."
        assert (await events(me))[0] == "Thu 12 19:00–20:00 choir"
        assert await me.say("call off choir") == asked
        assert await me.say("purple") == "I left it as it is, since I didn't understand which you mean."
        assert await me.say("call off choir") == asked
        assert await me.say("all of them") == ("Cancelled: choir, every Thursday at 7 PM, except Thursday, March 5.")
        assert await events(me) == []


async def test_one_time_of_an_event_that_repeats_moves_alone(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("schedule choir every thursday at seven pm")
        await me.say("move choir to friday")
        await me.say("just this one")
        assert (await events(me))[:2] == ["Fri 06 19:00–20:00 choir", "Thu 12 19:00–20:00 choir"]


async def test_a_day_is_cleared_only_after_a_yes(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await _filled(me)
        assert await me.say("clear my calendar for tomorrow") == "Shall I really cancel the one thing tomorrow?"
        await me.say("no")
        assert (await events(me))[0].startswith("Tue 03")
        await me.say("clear my calendar for tomorrow")
        await me.say("yes")
        assert (await events(me))[0].startswith("Thu 05")


async def test_an_event_gets_another_name(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("schedule chess on friday at eight pm")
        assert await me.say("rename the chess event to club night") == "chess is now called club night."
        assert [each[19:] for each in await events(me)] == ["club night"]


async def test_korean_events(tmp_path: Path) -> None:
    async with talk(tmp_path, "ko") as me:
        await me.say("내일 오후 3시에 치과 일정 추가해줘")
        assert await events(me) == ["Tue 03 15:00–16:00 치과"]
        assert (await me.say("다음 일정 뭐야")).endswith("치과.")
        assert await me.say("치과 일정 취소해줘") == "치과 일정을 취소했어요."
