"""What repeats: the words, the rule, the first time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.values import Kind, Reading, Recurrence
from assistant.language.found import found_in, meaning_of

NOW = datetime(2026, 11, 25, 18, 2, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Wednesday."""


def repeat(text: str) -> Recurrence:
    meaning = meaning_of(text, Reading(NOW), [Kind.RECURRENCE])
    assert isinstance(meaning, Recurrence), text
    return meaning


def first(text: str, count: int = 3) -> list[str]:
    """The first occurrences, as dateutil expands them, without those left out."""
    found = repeat(text).repeat
    times: list[str] = []
    for each in rrulestr(found.rule, dtstart=found.start_local):
        if each not in found.except_local:
            times.append(f"{each:%a %d %b %H:%M}")
        if len(times) == count:
            break
    return times


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("every day at seven", ["Thu 26 Nov 07:00", "Fri 27 Nov 07:00", "Sat 28 Nov 07:00"]),
        ("at 19:30 every day", ["Wed 25 Nov 19:30", "Thu 26 Nov 19:30", "Fri 27 Nov 19:30"]),
        ("every second day at noon", ["Thu 26 Nov 12:00", "Sat 28 Nov 12:00", "Mon 30 Nov 12:00"]),
        ("every tuesday and thursday at 6 p m", ["Thu 26 Nov 18:00", "Tue 01 Dec 18:00", "Thu 03 Dec 18:00"]),
        ("saturdays at ten", ["Sat 28 Nov 10:00", "Sat 05 Dec 10:00", "Sat 12 Dec 10:00"]),
        ("on weekends at nine", ["Sat 28 Nov 09:00", "Sun 29 Nov 09:00", "Sat 05 Dec 09:00"]),
        ("tuesday to thursday at half past six", ["Wed 25 Nov 18:30", "Thu 26 Nov 18:30", "Tue 01 Dec 18:30"]),
        ("every other monday at 8", ["Mon 30 Nov 08:00", "Mon 14 Dec 08:00", "Mon 28 Dec 08:00"]),
        ("every second monday at 8", ["Mon 30 Nov 08:00", "Mon 14 Dec 08:00", "Mon 28 Dec 08:00"]),
        ("every third monday at 8", ["Mon 21 Dec 08:00", "Mon 18 Jan 08:00", "Mon 15 Feb 08:00"]),
        ("the second monday of every month", ["Mon 14 Dec 09:00", "Mon 11 Jan 09:00", "Mon 08 Feb 09:00"]),
        ("the last sunday of each month at five", ["Sun 29 Nov 17:00", "Sun 27 Dec 17:00", "Sun 31 Jan 17:00"]),
        ("on the 31st of every month", ["Thu 31 Dec 09:00", "Sun 31 Jan 09:00", "Wed 31 Mar 09:00"]),
        ("every month on the tenth at 4 pm", ["Thu 10 Dec 16:00", "Sun 10 Jan 16:00", "Wed 10 Feb 16:00"]),
        ("on the last day of every month", ["Mon 30 Nov 09:00", "Thu 31 Dec 09:00", "Sun 31 Jan 09:00"]),
        ("every june 21st", ["Mon 21 Jun 09:00", "Wed 21 Jun 09:00", "Thu 21 Jun 09:00"]),
        ("every morning", ["Thu 26 Nov 09:00", "Fri 27 Nov 09:00", "Sat 28 Nov 09:00"]),
        ("every evening at eight", ["Wed 25 Nov 20:00", "Thu 26 Nov 20:00", "Fri 27 Nov 20:00"]),
        ("every friday evening", ["Fri 27 Nov 19:00", "Fri 04 Dec 19:00", "Fri 11 Dec 19:00"]),
        ("every four hours", ["Wed 25 Nov 22:02", "Thu 26 Nov 02:02", "Thu 26 Nov 06:02"]),
        ("every hour between nine and noon", ["Thu 26 Nov 09:00", "Thu 26 Nov 10:00", "Thu 26 Nov 11:00"]),
        ("every two hours between nine and five", ["Thu 26 Nov 09:00", "Thu 26 Nov 11:00", "Thu 26 Nov 13:00"]),
        ("every two weeks starting next monday at 3", ["Mon 30 Nov 15:00", "Mon 14 Dec 15:00", "Mon 28 Dec 15:00"]),
        ("every day at 8 except on sundays", ["Thu 26 Nov 08:00", "Fri 27 Nov 08:00", "Sat 28 Nov 08:00"]),
        ("every day at 8 except tomorrow", ["Fri 27 Nov 08:00", "Sat 28 Nov 08:00", "Sun 29 Nov 08:00"]),
        ("every weekday but not on friday at 7", ["Thu 26 Nov 07:00", "Mon 30 Nov 07:00", "Tue 01 Dec 07:00"]),
        ("every day at 8 and 20", ["Wed 25 Nov 20:00", "Thu 26 Nov 08:00", "Thu 26 Nov 20:00"]),
    ],
)
def test_it_comes_when_people_mean(text: str, times: list[str]) -> None:
    assert first(text) == times


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("every day at 8 for two weeks", "Wed 09 Dec 08:00"),
        ("every day at 8 until sunday", "Sun 29 Nov 08:00"),
        ("every monday at 8 ten times", "Mon 01 Feb 08:00"),
        ("every monday at 8 until march", "Mon 22 Feb 08:00"),
        ("every monday at 8 through march", "Mon 29 Mar 08:00"),
        ("every day at 8 until christmas", "Fri 25 Dec 08:00"),
        ("every day until christmas at 8", "Fri 25 Dec 08:00"),
        ("every friday at 8 for three months", "Fri 26 Feb 08:00"),
    ],
)
def test_it_ends_when_people_mean(text: str, last: str) -> None:
    found = repeat(text).repeat
    assert f"{list(rrulestr(found.rule, dtstart=found.start_local))[-1]:%a %d %b %H:%M}" == last


def test_what_comes_right_now_comes_the_next_time() -> None:
    seven = NOW.replace(hour=7, minute=0)
    meaning = meaning_of("every day at seven", Reading(seven), [Kind.RECURRENCE])
    assert isinstance(meaning, Recurrence)
    assert meaning.repeat.start_local == datetime(2026, 11, 26, 7)


def test_each_time_can_last() -> None:
    lasting = repeat("every tuesday at six for ninety minutes").lasting
    assert lasting is not None
    assert lasting.seconds == 5400


@pytest.mark.parametrize(
    "text",
    ["every", "each one of them", "every second", "every day at 8 and half past 9", "a week", "the weekly paper at"],
)
def test_what_names_no_rule_as_a_whole_is_none(text: str) -> None:
    assert meaning_of(text, Reading(NOW), [Kind.RECURRENCE]) is None


@pytest.mark.parametrize("text", ["every last crumb", "on and on", "once upon a time", "for ever"])
def test_no_rule_is_read_where_none_was_said(text: str) -> None:
    assert not found_in(text, Reading(NOW), [Kind.RECURRENCE])


SAID = "every each other day week friday fridays at seven pm the first of month until except for two weeks and on"


@given(st.lists(st.sampled_from(SAID.split()), max_size=14))
def test_whatever_is_said_every_rule_comes_after_now(words: list[str]) -> None:
    for found in found_in(" ".join(words), Reading(NOW), [Kind.RECURRENCE]):
        assert isinstance(found.meaning, Recurrence)
        rule = found.meaning.repeat
        begin = next(iter(rrulestr(rule.rule, dtstart=rule.start_local)))
        assert begin == rule.start_local > NOW.replace(tzinfo=None)
