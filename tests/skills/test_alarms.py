"""Alarms by voice: set once and by rules, moved, left out, renamed and cancelled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.core.schedule import ItemKind
from assistant.core.turn import OutcomeStatus
from tests.skills.parts import ZONE, Talk, talk

FRIDAY_EVENING = datetime(2026, 3, 6, 19, tzinfo=UTC)


def alarms(me: Talk) -> list[str]:
    """Alarms that are to come, as "day hour:minute label" by the wall clock of Berlin."""
    items = me.schedule.pending(ItemKind.ALARM)
    return [f"{each.due_at.astimezone(ZONE):%a %H:%M} {each.label}".strip() for each in items if each.due_at]


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("set an alarm for half past six in the morning", "Tue 06:30"),
        ("wake me up at ten past seven", "Tue 07:10"),
        ("wake me at eight tonight", "Mon 20:00"),
        ("set an alarm for four", "Mon 16:00"),
        ("set a nine pm alarm for wednesday", "Wed 21:00"),
        ("set an alarm for quarter to three called school run", "Mon 14:45 school run"),
        ("i need to be up by twenty past five tomorrow", "Tue 05:20"),
        ("please give me a new alarm in an hour and a half", "Mon 13:30"),
        ("don't let me sleep past eight", "Tue 08:00"),
    ],
)
async def test_an_alarm_is_set_for_its_wall_time(tmp_path: Path, sentence: str, due: str) -> None:
    async with talk(tmp_path) as me:
        await me.say(sentence)
        assert me.status is OutcomeStatus.DONE
        assert alarms(me) == [due]


async def test_what_was_understood_is_said_back(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("wake me up at ten past seven") == "Your alarm is set for tomorrow at 7:10 AM."
        assert await me.say("set an alarm for next thursday at nine") == "Okay, Thursday, March 12 at 9 AM."


async def test_an_alarm_repeats_by_its_rule_and_begins_after_the_weekend(tmp_path: Path) -> None:
    async with talk(tmp_path, now=FRIDAY_EVENING) as me:
        answer = await me.say("wake me every weekday at twenty to seven")
        assert answer == "Your alarm is set for every weekday at 6:40 AM."
        assert alarms(me) == ["Mon 06:40"]


async def test_a_missing_time_is_asked_for_and_a_bare_hour_answers(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("wake me up") == "For when?"
        assert me.asks
        await me.say("six thirty am")
        assert alarms(me) == ["Tue 06:30"]


@pytest.mark.parametrize("sentence", ["set an alarm for 31 o'clock", "set an alarm for the pizza"])
async def test_what_is_no_time_sets_nothing(tmp_path: Path, sentence: str) -> None:
    async with talk(tmp_path) as me:
        assert await me.say(sentence) == "I heard no time that I understand. For when shall I set it?"
        assert alarms(me) == []


async def test_a_time_that_has_passed_is_refused_by_name(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("set an alarm for yesterday at six pm") == (
            "Sunday, March 1 at 6 PM is not ahead of us, so I set no alarm for it."
        )
        assert alarms(me) == []


async def test_alarms_are_listed_all_or_for_a_day(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("do i have any alarms") == "No alarm is set."
        await me.say("set an alarm for five pm called tea")
        await me.say("wake me at seven on wednesday")
        assert await me.say("what alarms do i have") == (
            "There are 2 alarms: tea, today at 5 PM; Wednesday, March 4 at 7 AM."
        )
        assert await me.say("is there an alarm for tomorrow") == "No alarm tomorrow."
        assert await me.say("when is my next alarm") == "That alarm is today at 5 PM: tea."


async def test_an_alarm_is_named_by_its_time_its_label_or_its_rule(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("wake me every weekday at seven")
        await me.say("set an alarm for six pm")
        await me.say("set an alarm for nine pm called medicine")
        assert await me.say("cancel the six o'clock alarm") == "Alarm cancelled: today at 6 PM."
        assert await me.say("delete my weekday alarm") == "Alarm cancelled: every weekday at 7 AM."
        assert await me.say("turn off the medicine alarm") == "Alarm cancelled: today at 9 PM, medicine."
        assert await me.say("cancel my alarm") == "There are no alarms."


async def test_it_asks_which_alarm_when_several_fit(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set an alarm for six pm")
        await me.say("set an alarm for eight pm")
        assert await me.say("cancel my alarm") == "Which one do you mean: today at 6 PM or today at 8 PM?"
        assert await me.say("the one at eight") == "Alarm cancelled: today at 8 PM."
        assert alarms(me) == ["Mon 18:00"]


async def test_all_alarms_go_only_after_a_yes_those_of_a_day_at_once(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        for time in ("six pm", "eight pm", "nine am on saturday", "ten am on sunday"):
            await me.say(f"set an alarm for {time}")
        assert await me.say("cancel all my alarms for the weekend") == (
            "Both alarms from Friday, March 6 to Sunday, March 8 cancelled."
        )
        assert await me.say("delete all alarms") == "Shall I really cancel all 2 alarms?"
        await me.say("no")
        assert len(alarms(me)) == 2
        await me.say("delete all alarms")
        await me.say("yes")
        assert alarms(me) == []


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("move my seven o'clock alarm a quarter of an hour earlier", "Tue 06:45"),
        ("push my seven o'clock alarm back by half an hour", "Tue 07:30"),
        ("change my alarm to eight", "Tue 08:00"),
        ("change my alarm to half past six", "Tue 06:30"),
        ("move my alarm to six pm", "Tue 18:00"),
        ("move my alarm to thursday", "Thu 07:00"),
        ("make it twenty past seven", "Tue 07:20"),
    ],
)
async def test_an_alarm_moves_to_the_time_that_is_near(tmp_path: Path, sentence: str, due: str) -> None:
    async with talk(tmp_path) as me:
        await me.say("wake me at seven")
        await me.say(sentence)
        assert me.status is OutcomeStatus.DONE
        assert alarms(me) == [due]


async def test_a_rule_moves_as_a_whole_or_for_the_day_that_is_named(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("wake me every weekday at seven")
        assert await me.say("move my weekday alarm ten minutes earlier") == "Okay, now every weekday at 6:50 AM."
        await me.say("move my alarm for tomorrow to eight")
        assert alarms(me) == ["Tue 08:00"]
        await me.clock.advance(24 * 3600)
        assert alarms(me) == ["Wed 06:50"]


async def test_the_next_time_of_a_rule_is_left_out(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("wake me every weekday at seven")
        assert await me.say("skip my next alarm") == (
            "I leave out tomorrow at 7 AM. The next time is Wednesday, March 4 at 7 AM."
        )
        assert await me.say("cancel my alarm for thursday") == (
            "I leave out Thursday, March 5 at 7 AM. The next time is Wednesday, March 4 at 7 AM."
        )
        await me.clock.advance(2 * 24 * 3600)
        assert alarms(me) == ["Fri 07:00"]


async def test_an_alarm_gets_another_name(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set an alarm for six pm called tea")
        assert await me.say("rename the tea alarm to supper") == "The alarm for today at 6 PM is now called supper."
        assert alarms(me) == ["Mon 18:00 supper"]


async def test_an_alarm_hangs_on_an_event_and_moves_with_it(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("schedule a haircut appointment for tomorrow at two")
        assert await me.say("wake me two hours before the haircut") == (
            "Your alarm is set for tomorrow at noon, before haircut."
        )
        await me.say("move the haircut to three")
        assert alarms(me) == ["Tue 13:00 haircut"]
        assert await me.say("wake me an hour before my exam") == (
            "I don't find my exam in your calendar, so I don't know when that is."
        )


async def test_two_commands_in_one_sentence_are_both_done(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set an alarm for six pm and turn on the lamp")
        assert alarms(me) == ["Mon 18:00"]
        assert me.turn is not None
        assert len(me.turn.outcomes) == 2


@pytest.mark.parametrize(
    ("sentence", "due"), [("내일 아침 7시에 알람 맞춰줘", "Tue 07:00"), ("오후 3시 알람 맞춰줘", "Mon 15:00")]
)
async def test_korean_alarms(tmp_path: Path, sentence: str, due: str) -> None:
    async with talk(tmp_path, "ko") as me:
        await me.say(sentence)
        assert alarms(me) == [due]
        assert (await me.say("내 알람 알려줘")).startswith("알람이 1개 있어요.")
        assert await me.say("모든 알람 꺼줘") == "알람 1개를 취소했어요."
