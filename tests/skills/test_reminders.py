"""Reminders by voice: kept by wall time, told, listed and cancelled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.schedule import ItemKind
from assistant.core.turn import OutcomeStatus
from tests.skills.parts import talk


@pytest.mark.parametrize(
    ("sentence", "reminders"),
    [
        ("remind me to call mum tomorrow at five", ["Tue 17:00 call mum"]),
        ("remind me tomorrow at five to call mum", ["Tue 17:00 call mum"]),
        ("remind me in twenty minutes to check the oven", ["Mon 12:20 check the oven"]),
        ("remind me to check the oven in an hour and a half", ["Mon 13:30 check the oven"]),
        ("remind me about the meeting at 3 pm", ["Mon 15:00 the meeting"]),
        ("set a reminder for tomorrow at noon to pay rent", ["Tue 12:00 pay rent"]),
        ("set a reminder to pay rent on friday at 9 am", ["Fri 09:00 pay rent"]),
        ("don't let me forget to water the plants tonight at eight", ["Mon 20:00 water the plants"]),
    ],
)
async def test_a_reminder_is_kept_by_its_wall_time(tmp_path: Path, sentence: str, reminders: list[str]) -> None:
    async with talk(tmp_path) as me:
        await me.say(sentence)
        assert me.status is OutcomeStatus.DONE
        assert me.reminders() == reminders


async def test_it_says_the_moment_and_the_matter_back(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("remind me to call Mum tomorrow at five") == "Okay, tomorrow at 5 PM: call Mum."


async def test_a_missing_moment_is_asked_for(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("remind me to take out the bins") == "When shall I remind you?"
        assert me.asks
        assert me.reminders() == []
        await me.say("at eight pm")
        assert me.reminders() == ["Mon 20:00 take out the bins"]


async def test_a_missing_matter_is_asked_for_and_then_the_moment(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("set a reminder") == "What shall I remind you of?"
        assert await me.say("call Bob") == "When shall I remind you?"
        await me.say("tomorrow at noon")
        assert me.reminders() == ["Tue 12:00 call Bob"]


async def test_a_reminder_is_told_with_its_matter(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("remind me in ten minutes to turn off the oven")
        await me.clock.advance(601)
        assert me.due == ["Here's your reminder: turn off the oven."]
        assert me.reminders() == []


async def test_a_missed_reminder_is_told_with_its_moment(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("remind me at 1 pm to call mum")
    async with talk(tmp_path, now=datetime(2026, 3, 2, 15, tzinfo=UTC)) as me:
        await me.clock.advance(1)
        assert me.due == ["While I was off, today at 1 PM, I should have reminded you: call mum."]


async def test_reminders_are_told_soonest_first(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("what are my reminders") == "There are no reminders."
        await me.say("remind me tomorrow at five to call mum")
        assert await me.say("what are my reminders") == "There is one reminder: call mum, tomorrow at 5 PM."
        await me.say("remind me at 2 pm to eat")
        await me.say("remind me tomorrow at noon to pay rent")
        await me.say("remind me on friday at 9 am to sleep in")
        assert await me.say("what reminders do i have") == (
            "There are 4 reminders: eat, today at 2 PM; pay rent, tomorrow at noon; call mum, tomorrow at 5 PM; and 1 "
            "more."
        )


async def test_reminders_are_cancelled_by_their_matter(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        for each in (
            "remind me at 2 pm to check the oven",
            "remind me at 3 pm to call mum",
            "remind me at 4 pm to eat",
        ):
            await me.say(each)
        assert await me.say("cancel the oven reminder") == "Reminder cancelled: check the oven."
        assert await me.say("cancel the reminder to call dad") == "I have no reminder about call dad."
        assert await me.say("cancel my reminder") == "Which one do you mean: call mum and eat?"
        assert await me.say("eat") == "Reminder cancelled: eat."
        assert await me.say("cancel my reminder") == "Reminder cancelled: call mum."
        assert await me.say("cancel all reminders") == "There are no reminders."


async def test_all_reminders_are_cancelled_and_timers_stay(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a 5 minute timer")
        await me.say("remind me at 2 pm to eat")
        await me.say("remind me at 3 pm to eat again")
        assert await me.say("delete all my reminders") == "Shall I really cancel all 2 reminders?"
        assert len(me.reminders()) == 2
        assert await me.say("yes") == "Both reminders cancelled."
        assert (me.reminders(), me.timers()) == ([], ["300"])


async def test_a_reminder_over_the_change_of_the_clocks_keeps_its_wall_time(tmp_path: Path) -> None:
    quarter_before_the_change = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    async with talk(tmp_path, now=quarter_before_the_change) as me:
        await me.say("remind me at 4 am to feed the cat")
        await me.say("set a timer for two hours")
        await me.clock.advance(timedelta(hours=2))
        assert me.due == ["Your timer for 2 hours is done."]
        await me.clock.advance(timedelta(minutes=15))
        assert me.due[1:] == ["Here's your reminder: feed the cat."]


@pytest.mark.parametrize(
    ("sentence", "reminders"),
    [
        ("내일 아침 8시에 약 먹으라고 알려줘", ["Tue 08:00 약 먹으라고"]),
        ("10분 뒤에 오븐 알림 맞춰줘", ["Mon 12:10 오븐"]),
    ],
)
async def test_korean_reminders(tmp_path: Path, sentence: str, reminders: list[str]) -> None:
    async with talk(tmp_path, "ko") as me:
        await me.say(sentence)
        assert me.reminders() == reminders
        assert (await me.say("내 알림 알려줘")).startswith("알림이 하나 있어요.")
        assert await me.say("모든 알림 취소해줘") == "알림을 취소했어요."
        assert me.reminders() == []


@pytest.mark.parametrize(
    ("sentence", "reminders", "rule"),
    [
        ("remind me every other monday at half past eight to buy stamps", ["Mon 08:30 buy stamps"], "INTERVAL=2"),
        ("remind me on the last sunday of every month to test the alarm", ["Sun 09:00 test the alarm"], "-1SU"),
        ("remind me every day at eight pm to feed the fish", ["Mon 20:00 feed the fish"], "FREQ=DAILY"),
        ("every saturday remind me to wash the car at ten", ["Sat 10:00 wash the car"], "BYDAY=SA"),
    ],
)
async def test_a_reminder_repeats_by_its_rule(tmp_path: Path, sentence: str, reminders: list[str], rule: str) -> None:
    async with talk(tmp_path) as me:
        await me.say(sentence)
        assert me.reminders() == reminders
        [item] = me.schedule.pending(ItemKind.REMINDER)
        assert item.repeat is not None
        assert rule in item.repeat.rule


async def test_a_rule_is_said_back(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("remind me every other monday at half past eight to buy stamps") == (
            "Okay, every other Monday at 8:30 AM, starting Monday, March 9: buy stamps."
        )
        assert await me.say("remind me every six hours to drink") == (
            "I'll remind you every 6 hours, starting today at 6 PM: drink."
        )


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("remind me tomorrow at six to ask ben about the party on saturday", "ask ben about the party on saturday"),
        ("remind me to catch the eight fifteen bus tomorrow morning", "catch the eight fifteen bus"),
    ],
)
async def test_a_time_that_belongs_to_the_matter_stays_in_it(tmp_path: Path, sentence: str, label: str) -> None:
    async with talk(tmp_path) as me:
        await me.say(sentence)
        assert [each[10:] for each in me.reminders()] == [label]


async def test_a_passed_time_is_refused_by_name(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("remind me yesterday at four to post the letter") == (
            "Sunday, March 1 at 4 PM is not ahead of us, so I set no reminder."
        )
        assert me.reminders() == []


@pytest.mark.parametrize("said", ["i watered the ferns", "i have watered the ferns", "mark water the ferns as done"])
async def test_a_reminder_is_done_by_voice(tmp_path: Path, said: str) -> None:
    async with talk(tmp_path) as me:
        await me.say("remind me at six to water the ferns")
        await me.say("remind me at seven to iron")
        assert await me.say(said) == "Done: water the ferns."
        assert me.reminders() == ["Mon 19:00 iron"]


async def test_a_deed_of_today_does_not_use_up_tomorrows_reminder(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("remind me every day at nine am to water the ferns")
        assert await me.say("i watered the ferns") == "Good. I'll remind you again tomorrow at 9 AM: water the ferns."
        assert me.reminders() == ["Tue 09:00 water the ferns"]
        assert await me.say("i fed the lion") == "I have no reminder about the lion."


@pytest.mark.parametrize(
    ("sentence", "reminders"),
    [
        ("move the stamps reminder to seven", ["Mon 19:00 buy stamps"]),
        ("push my stamps reminder back by twenty minutes", ["Mon 18:20 buy stamps"]),
        ("move my stamps reminder half an hour earlier", ["Mon 17:30 buy stamps"]),
        ("move the reminder to buy stamps to friday", ["Fri 18:00 buy stamps"]),
        ("rename the stamps reminder to buy envelopes", ["Mon 18:00 buy envelopes"]),
        ("make it quarter past six", ["Mon 18:15 buy stamps"]),
    ],
)
async def test_a_reminder_is_changed(tmp_path: Path, sentence: str, reminders: list[str]) -> None:
    async with talk(tmp_path) as me:
        await me.say("remind me at six pm to buy stamps")
        await me.say(sentence)
        assert me.status is OutcomeStatus.DONE
        assert me.reminders() == reminders


async def test_reminders_of_one_day_are_listed_and_cancelled(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("remind me tomorrow at ten to iron")
        await me.say("remind me on friday at noon to buy stamps")
        assert await me.say("what are my reminders for tomorrow") == "There is one reminder: iron, tomorrow at 10 AM."
        assert await me.say("cancel all reminders for tomorrow") == "Reminder cancelled."
        assert me.reminders() == ["Fri 12:00 buy stamps"]


async def test_a_reminder_hangs_on_an_event_and_ends_with_it(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("schedule a haircut appointment for tomorrow at three")
        assert await me.say("remind me forty five minutes before the haircut to leave") == (
            "Okay, tomorrow at 2:15 PM, before haircut: leave."
        )
        await me.say("cancel the haircut appointment")
        assert me.reminders() == []


async def test_a_time_that_the_clocks_skip_is_said(tmp_path: Path) -> None:
    async with talk(tmp_path, now=datetime(2026, 3, 28, 20, tzinfo=UTC)) as me:
        assert await me.say("remind me tomorrow at half past two am to look at the clocks") == (
            "Okay, tomorrow at 3:30 AM: look at the clocks. The clocks go forward that night, past 2:30 AM."
        )
