"""Rules that repeat and spans of time, as they are said."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.core.schedule import Repeat
from assistant.core.values import Grain, Instant, Interval, Recurrence
from assistant.language.say import say

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 12, tzinfo=ZONE)
FRIDAY = datetime(2026, 3, 6, 9, 30)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day at 9:30 AM"),
        ("FREQ=DAILY;INTERVAL=2", "every other day at 9:30 AM, starting Friday, March 6"),
        ("FREQ=DAILY;COUNT=2", "every day at 9:30 AM, twice"),
        ("FREQ=DAILY;COUNT=12", "every day at 9:30 AM, 12 times"),
        ("FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0", "every day at 8 AM and 8 PM"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday at 9:30 AM"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "every day at 9:30 AM"),
        ("FREQ=WEEKLY;BYDAY=SA,SU", "every Saturday and Sunday at 9:30 AM"),
        ("FREQ=WEEKLY", "every Friday at 9:30 AM"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=FR", "every 3 weeks on Friday at 9:30 AM, starting Friday, March 6"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260331T093000", "every Monday at 9:30 AM, until Tuesday, March 31"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "on the last Friday of every month at 9:30 AM"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "on the last weekday of every month at 9:30 AM"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "on the first Monday and third Monday of every month at 9:30 AM"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month at 9:30 AM"),
        ("FREQ=MONTHLY", "on the 6th of every month at 9:30 AM"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,22", "on the 1st and 22nd of every month at 9:30 AM"),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=3", "every year on May 3 at 9:30 AM"),
        ("FREQ=HOURLY;INTERVAL=4", "every 4 hours, starting Friday, March 6 at 9:30 AM"),
    ],
)
def test_a_rule_is_said_as_people_say_it(rule: str, words: str) -> None:
    assert say(Recurrence(Repeat(rule, FRIDAY)), "en", now=NOW) == words


def test_a_rule_that_begins_late_and_leaves_days_out_says_so() -> None:
    repeat = Repeat("FREQ=DAILY", datetime(2026, 4, 1, 7), (datetime(2026, 4, 2, 7),))
    assert say(Recurrence(repeat), "en", now=NOW) == (
        "every day at 7 AM, starting Wednesday, April 1, except Thursday, April 2"
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "매주 평일 오전 9시 30분"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "매월 마지막 금요일 오전 9시 30분"),
    ],
)
def test_a_rule_in_korean(rule: str, words: str) -> None:
    assert say(Recurrence(Repeat(rule, FRIDAY)), "ko", now=NOW) == words


@pytest.mark.parametrize(
    ("start", "hours", "words"),
    [
        (datetime(2026, 3, 3, 12), 1.5, "tomorrow from noon to 1:30 PM"),
        (datetime(2026, 3, 3), 24, "tomorrow"),
        (datetime(2026, 3, 7), 48, "from Saturday, March 7 to Sunday, March 8"),
        (datetime(2026, 3, 6, 18), 54, "from Friday, March 6 to Sunday, March 8"),
    ],
)
def test_a_span_is_said_by_its_ends(start: datetime, hours: float, words: str) -> None:
    begin = start.replace(tzinfo=ZONE)
    assert say(Interval(begin, begin + timedelta(hours=hours), Grain.MINUTE), "en", now=NOW) == words


def test_a_moment_is_said_as_exactly_as_it_was_named() -> None:
    at = datetime(2026, 3, 9, tzinfo=ZONE)
    assert say(Instant(at, Grain.DAY), "en", now=NOW) == "Monday, March 9"
    assert say(Instant(at, Grain.WEEK), "en", now=NOW) == "from Monday, March 9 to Sunday, March 15"
    assert say(Instant(at.replace(hour=7), Grain.HOUR), "en", now=NOW) == "Monday, March 9 at 7 AM"
