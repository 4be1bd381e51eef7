"""The clock, asked as people ask."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import skills.clock
from assistant.core.turn import OutcomeStatus
from assistant.testing.say import Scene, say

CLOCK = Path(skills.clock.__file__).parent
BERLIN = Scene(now=datetime(2026, 3, 2, 12, 25, tzinfo=UTC), zone="Europe/Berlin")
KOREAN = Scene(now=datetime(2026, 3, 2, 12, 25, tzinfo=UTC), zone="Asia/Seoul", language="ko")


@pytest.mark.parametrize("sentence", ["what time is it", "tell me the time", "do you have the time", "what's the time"])
async def test_the_time_is_the_homes(sentence: str) -> None:
    answer = await say(sentence, to=CLOCK, scene=BERLIN)
    assert answer.text == "It's 1:25 PM."
    assert answer.outcomes[0].status is OutcomeStatus.TOLD


@pytest.mark.parametrize(
    "sentence",
    ["what's the date", "what day is it", "what day of the week is it", "what is today's date", "what month is it"],
)
async def test_the_date_has_the_day_of_the_week_in_it(sentence: str) -> None:
    assert (await say(sentence, to=CLOCK, scene=BERLIN)).text == "It's Monday, March 2."


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "It's Friday, January 1."),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), "It's Tuesday, February 29."),
    ],
)
async def test_the_date_is_the_homes_and_not_that_of_greenwich(now: datetime, words: str) -> None:
    assert (await say("what's the date", to=CLOCK, scene=Scene(now=now, zone="Europe/Berlin"))).text == words


async def test_the_year_is_said() -> None:
    assert (await say("what year is it", to=CLOCK, scene=BERLIN)).text == "It's 2026."


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("what time is it in tokyo", "It's 9:25 PM there."),
        ("what's the time in new york", "It's 7:25 AM there."),
        ("what time is it in London?", "It's 12:25 PM there."),
    ],
)
async def test_the_time_elsewhere(sentence: str, words: str) -> None:
    assert (await say(sentence, to=CLOCK, scene=BERLIN)).text == words


async def test_another_day_elsewhere_is_told() -> None:
    late = Scene(now=datetime(2026, 3, 2, 22, tzinfo=UTC), zone="Europe/Berlin")
    early = Scene(now=datetime(2026, 3, 2, 0, tzinfo=UTC), zone="Europe/Berlin")
    assert (await say("what time is it in tokyo", to=CLOCK, scene=late)).text == "It's 7 AM there, tomorrow already."
    assert (await say("time in new york", to=CLOCK, scene=early)).text == "It's 7 PM there, still yesterday."


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("what day is it tomorrow", "Tomorrow is Tuesday, March 3."),
        ("what day will it be in ten days", "That will be Thursday, March 12."),
        ("what is the date two weeks from now", "That will be Monday, March 16."),
        ("what date will it be in 400 days", "That will be Tuesday, April 6, 2027."),
    ],
)
async def test_the_date_of_another_day(sentence: str, words: str) -> None:
    assert (await say(sentence, to=CLOCK, scene=BERLIN)).text == words


async def test_tomorrow_is_one_day_on_although_the_clocks_change() -> None:
    before = Scene(now=datetime(2026, 10, 24, 22, 30, tzinfo=UTC), zone="Europe/Berlin")
    assert (await say("what is tomorrow's date", to=CLOCK, scene=before)).text == "Tomorrow is Monday, October 26."


async def test_how_long_it_is_until_a_time() -> None:
    answer = await say("how long is it until tomorrow at five pm", to=CLOCK, scene=BERLIN)
    assert answer.text == "1 day, 3 hours and 35 minutes until tomorrow at 5 PM."


async def test_hours_until_a_time_are_real_ones_when_the_clocks_go_forward() -> None:
    before = Scene(now=datetime(2026, 3, 28, 23, tzinfo=UTC), zone="Europe/Berlin")
    assert (await say("how long until 6 am", to=CLOCK, scene=before)).text == "5 hours until today at 6 AM."


@pytest.mark.parametrize(
    "sentence", ["what time is the meeting", "what time is it in narnia", "what is the year of the fox"]
)
async def test_what_the_clock_does_not_know_it_leaves_alone(sentence: str) -> None:
    assert not (await say(sentence, to=CLOCK, scene=BERLIN)).outcomes


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("지금 몇 시야", "지금은 오후 9시 25분입니다."),
        ("런던은 몇 시야", "거기는 오후 12시 25분입니다."),
        ("오늘 무슨 요일이야", "오늘은 3월 2일 월요일이에요."),
        ("오늘 며칠이야", "오늘은 3월 2일 월요일이에요."),
        ("내일 무슨 요일이야", "내일은 3월 3일 화요일이에요."),
        ("올해는 몇 년이야", "올해는 2026년이에요."),
    ],
)
async def test_the_clock_speaks_korean(sentence: str, words: str) -> None:
    assert (await say(sentence, to=CLOCK, scene=KOREAN)).text == words


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("what day is the ninth of june", "That will be Tuesday, June 9."),
        ("what's the date two weeks from sunday", "That will be Sunday, March 22."),
        ("what date is next wednesday", "That will be Wednesday, March 11."),
        ("when is halloween", "That will be Saturday, October 31."),
        ("what day was yesterday", "That was Sunday, March 1."),
        ("how many days until the tenth of march", "8 days."),
        ("how many weeks until the first of april", "4 weeks and 2 days."),
        ("how long until halloween", "243 days."),
        ("what time will it be in an hour and a half", "That will be today at 2:55 PM."),
    ],
)
async def test_days_are_counted_and_named(sentence: str, words: str) -> None:
    answer = await say(sentence, to=CLOCK, scene=BERLIN)
    assert answer.outcomes[0].status is OutcomeStatus.TOLD
    assert answer.text == words


async def test_a_count_of_days_is_a_number_among_the_values() -> None:
    answer = await say("how many days until the tenth of march", to=CLOCK, scene=BERLIN)
    assert answer.outcomes[0].values["days"] == 8
