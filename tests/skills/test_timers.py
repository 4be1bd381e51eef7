"""Timers by voice: many at once, told apart, changed, asked about."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assistant.core.schedule import ItemKind
from assistant.core.turn import OutcomeStatus
from skills.timers import rounded
from tests.skills.parts import KITCHEN, talk


@pytest.mark.parametrize(
    ("sentence", "timers"),
    [
        ("set a timer for 5 minutes", ["300"]),
        ("set a timer for an hour and a half", ["5400"]),
        ("start a two and a half minute timer", ["150"]),
        ("ninety second timer", ["90"]),
        ("set a pizza timer for ten minutes", ["pizza 600"]),
        ("set a 10 minute timer for the eggs", ["eggs 600"]),
        ("set a timer called tea for 3 minutes", ["tea 180"]),
        ("set a timer for 20 minutes named roast", ["roast 1200"]),
        ("please set a timer for one hour and ten minutes", ["4200"]),
    ],
)
async def test_a_timer_is_set(tmp_path: Path, sentence: str, timers: list[str]) -> None:
    async with talk(tmp_path) as me:
        await me.say(sentence)
        assert me.status is OutcomeStatus.DONE
        assert me.timers() == timers


async def test_a_timer_stands_in_the_room_it_was_set_in(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a timer for 5 minutes")
        [timer] = me.schedule.pending(ItemKind.TIMER)
        assert (timer.area_id, timer.zone, timer.language) == (KITCHEN, "Europe/Berlin", "en")


async def test_a_timer_without_a_length_asks_for_it(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("set a pizza timer") == "How long should the pizza timer be?"
        assert me.asks
        assert me.timers() == []
        await me.say("twelve minutes")
        assert me.timers() == ["pizza 720"]
        assert await me.say("start a timer") == "For how long?"
        assert await me.say("never mind") == "All right, I leave it as it is."
        assert me.timers() == ["pizza 720"]


async def test_timers_ring_with_their_own_words(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a timer for 2 minutes")
        await me.say("set a pasta timer for 1 minute")
        await me.clock.advance(130)
        assert me.due == ["Your pasta timer is done.", "Your timer for 2 minutes is done."]


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("cancel the pizza timer", ["300", "600"]),
        ("cancel the 5 minute timer", ["pizza 480", "600"]),
        ("delete the ten minute timer", ["300", "pizza 480"]),
        ("cancel all timers", []),
        ("delete all my timers", []),
        ("cancel my timers", []),
    ],
)
async def test_timers_are_cancelled_by_name_by_length_or_all(tmp_path: Path, sentence: str, left: list[str]) -> None:
    async with talk(tmp_path) as me:
        for each in ("set a 5 minute timer", "set a 10 minute timer", "set a pizza timer for 8 minutes"):
            await me.say(each)
        await me.say(sentence)
        assert me.status is OutcomeStatus.DONE
        assert me.timers() == left


async def test_it_asks_which_timer_when_there_are_several(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a 5 minute timer")
        await me.say("set a 10 minute timer")
        assert await me.say("cancel the timer") == "Which one shall I cancel: 5 minutes or 10 minutes?"
        await me.say("ten minutes")
        assert me.timers() == ["300"]
        await me.say("set a pizza timer for 8 minutes")
        assert await me.say("pause the timer") == "Which one shall I pause: pizza, or one without a name?"
        assert await me.say("pizza") == "Your pizza timer is paused with 8 minutes left."


async def test_a_timer_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        assert await me.say("cancel the timer") == "There is no timer."
        assert await me.say("how long is left on the timer") == "No timer is running."
        await me.say("set a pizza timer for 8 minutes")
        assert await me.say("cancel the tea timer") == "There is no tea timer."
        assert await me.say("cancel the 5 minute timer") == "There is no timer for 5 minutes."
        assert me.status is OutcomeStatus.NOT_FOUND
        assert me.timers() == ["pizza 480"]


async def test_an_ending_more_or_less_still_names_the_timer(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a 10 minute timer for the eggs")
        assert await me.say("how much time is left on the egg timer") == "10 minutes left on the eggs timer."


async def test_a_timer_is_paused_and_runs_on(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a 5 minute timer")
        await me.clock.advance(60)
        assert await me.say("pause the timer") == "Timer paused with 4 minutes left."
        assert await me.say("pause the timer") == "It is paused already."
        await me.clock.advance(1000)
        assert await me.say("how long is left on the timer") == "4 minutes left, but it is paused."
        assert await me.say("resume the timer") == "Timer running again, 4 minutes left."
        assert await me.say("resume the timer") == "No timer is paused."
        await me.clock.advance(239)
        assert me.due == []
        await me.clock.advance(1)
        assert len(me.due) == 1


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("add 2 minutes to the timer", 720),
        ("add two and a half minutes to my timer", 750),
        ("increase the timer by 1 hour", 4200),
        ("give me five more minutes", None),
        ("add five minutes to the 10 minute timer", 900),
        ("take 2 minutes off the timer", 480),
        ("remove thirty seconds from the timer", 570),
        ("make the timer five minutes longer", 900),
        ("shorten the timer by ninety seconds", 510),
    ],
)
async def test_time_is_added_and_taken_off(tmp_path: Path, sentence: str, left: int | None) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a 10 minute timer")
        await me.say(sentence)
        assert me.timers() == [str(600 if left is None else left)]
        assert (me.status is OutcomeStatus.DONE) == (left is not None)


async def test_a_timer_is_not_shortened_to_nothing(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a 5 minute timer")
        assert await me.say("take 5 minutes off the timer") == "I can't change it by 5 minutes: it has 5 minutes left."
        assert me.timers() == ["300"]


async def test_several_timers_are_told_in_one_sentence(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        for each in ("set a 5 minute timer", "set a tea timer for 3 minutes"):
            await me.say(each)
        await me.clock.advance(30)
        assert await me.say("what timers do i have") == (
            "You have 2 timers: tea with 2 minutes and 30 seconds left and the one for 5 minutes with 4 minutes and "
            "30 seconds."
        )
        for each in ("set a 1 hour timer", "set a roast timer for 2 hours"):
            await me.say(each)
        assert (await me.say("how long is left")).endswith(", the one for 1 hour with 1 hour and 1 more.")


async def test_timers_of_one_room_are_told_apart(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a 5 minute timer")
        me.area_id = None
        await me.say("set a 6 minute timer")
        assert await me.say("cancel all timers in the kitchen") == "Timer cancelled."
        assert me.timers() == ["360"]


async def test_what_is_to_be_done_later_is_refused_in_plain_words(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        reply = await me.say("add milk to the shopping list in five minutes")
        assert reply.startswith("I can't do that later yet")
        assert me.status is OutcomeStatus.REFUSED
        assert me.timers() == []


@pytest.mark.parametrize(
    ("sentence", "timers"),
    [
        ("10분 타이머 맞춰줘", ["600"]),
        ("라면 타이머 4분", ["라면 240"]),
        ("한 시간 반 타이머 시작해줘", ["5400"]),
    ],
)
async def test_korean_timers(tmp_path: Path, sentence: str, timers: list[str]) -> None:
    async with talk(tmp_path, "ko") as me:
        await me.say(sentence)
        assert me.timers() == timers
        assert await me.say("타이머에 5분 추가해줘")
        assert me.status is OutcomeStatus.DONE
        assert await me.say("타이머 전부 취소해줘") == "타이머를 취소했어요."
        assert me.timers() == []


@pytest.mark.parametrize(
    ("left_s", "said_s"), [(0.2, 1), (59.4, 59), (59.6, 60), (599.4, 599), (600, 600), (629, 600), (4000, 4020)]
)
def test_what_is_left_is_rounded_as_people_say_it(left_s: float, said_s: float) -> None:
    assert rounded(timedelta(seconds=left_s)) == timedelta(seconds=said_s)


@pytest.mark.parametrize(
    ("sentence", "timers"),
    [
        ("set two timers one for three minutes and one for an hour and a quarter", ["180", "4500"]),
        ("set timers for two minutes and four minutes", ["120", "240"]),
        ("set a noodle timer for three minutes and a stock timer for forty minutes", ["noodle 180", "stock 2400"]),
        ("set a dough timer for one hour and thirty minutes", ["dough 5400"]),
        ("set a timer until half past twelve", ["1800"]),
    ],
)
async def test_timers_in_one_breath(tmp_path: Path, sentence: str, timers: list[str]) -> None:
    async with talk(tmp_path) as me:
        await me.say(sentence)
        assert me.timers() == timers


@pytest.mark.parametrize("sentence", ["set a timer for zero minutes", "set a timer for zero seconds"])
async def test_a_timer_without_any_time_is_refused_in_words(tmp_path: Path, sentence: str) -> None:
    async with talk(tmp_path) as me:
        assert await me.say(sentence) == "A timer needs some time to run, so I started none."
        assert me.timers() == []


async def test_a_timer_is_renamed_restarted_and_given_another_length(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a timer for twenty minutes")
        await me.clock.advance(300)
        assert await me.say("rename the timer to bread") == "That timer is now called bread."
        assert (
            await me.say("when does the bread timer end") == "Your bread timer ends today at 12:20 PM, in 15 minutes."
        )
        assert await me.say("restart the bread timer") == "Your bread timer starts again: 20 minutes."
        assert await me.say("change the bread timer to half an hour") == "Your bread timer is now set for 30 minutes."
        assert me.timers() == ["bread 1800"]


async def test_make_it_changes_the_timer_that_was_set_just_now(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a soup timer for twenty minutes")
        await me.say("set a timer for four minutes")
        assert await me.say("make it six minutes") == "The timer is now set for 6 minutes."
        assert me.timers() == ["360", "soup 1200"]


async def test_a_timer_and_another_command_are_both_done(tmp_path: Path) -> None:
    async with talk(tmp_path) as me:
        await me.say("set a timer for ten minutes and turn on the lamp")
        assert me.timers() == ["600"]
        assert me.turn is not None
        assert len(me.turn.outcomes) == 2
