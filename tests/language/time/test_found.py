"""The public way in: what is found in a text, and what a whole text means."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.values import Grain, Instant, Kind, Length, Number
from assistant.language.found import found_in, grammar_of, meaning_of
from tests.language.time.reading import WEDNESDAY, at, times, told

NEW_YORK = ZoneInfo("America/New_York")


def test_only_the_kinds_asked_for_are_found() -> None:
    text = "two pizzas in ten minutes"
    assert [each.meaning for each in found_in(text, WEDNESDAY, [Kind.LENGTH])] == [Length(((10, Grain.MINUTE),))]
    assert found_in(text, WEDNESDAY, [Kind.NUMBER])[0].meaning == Number(2)
    assert found_in(text, WEDNESDAY, []) == []


def test_the_longer_meaning_wins() -> None:
    found = found_in("in ten minutes", WEDNESDAY, [Kind.NUMBER, Kind.LENGTH, Kind.TIME])
    assert [(each.start, each.end, type(each.meaning)) for each in found] == [(0, 14, Instant)]


@pytest.mark.parametrize("text", ["tomorrow at five", "Tomorrow at five, please.", "um, tomorrow at five"])
def test_a_whole_text_is_a_meaning_but_for_signs_and_fillers(text: str) -> None:
    meaning = meaning_of(text, WEDNESDAY, [Kind.TIME])
    assert isinstance(meaning, Instant)
    assert meaning.at == at("2026-06-11 17:00").now


@pytest.mark.parametrize("text", ["", "?", "tomorrow at five or so we think", "hello"])
def test_a_text_that_says_more_is_none(text: str) -> None:
    assert meaning_of(text, WEDNESDAY, [Kind.TIME]) is None


def test_a_language_without_tables_finds_nothing() -> None:
    unknown = replace(WEDNESDAY, locale="xx-YY")
    assert found_in("tomorrow", unknown, [Kind.TIME]) == []
    assert meaning_of("tomorrow", unknown, [Kind.TIME]) is None
    assert grammar_of("../en") is None


def test_hours_from_now_are_elapsed_time() -> None:
    before_summer_time = at("2026-03-08 01:30", NEW_YORK)
    meaning = times("in two hours", before_summer_time)[0].meaning
    assert isinstance(meaning, Instant)
    assert meaning.is_elapsed
    assert meaning.at == before_summer_time.now + timedelta(hours=3)  # on the clock, of which one hour is skipped
    assert meaning.at.astimezone(ZoneInfo("UTC")) - before_summer_time.now.astimezone(ZoneInfo("UTC")) == timedelta(
        hours=2
    )


def test_days_from_now_are_wall_time() -> None:
    assert told("in nine days", at("2026-03-07 11:00", NEW_YORK)) == "2026-03-16 11:00 minute"


def test_a_time_that_the_clocks_skip_takes_the_offset_before() -> None:
    assert told("at 2:30 am", at("2026-03-08 00:10", NEW_YORK)) == "2026-03-08 03:30 minute"


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    meaning = times("at 1:30 am", at("2026-11-01 00:10", NEW_YORK))[0].meaning
    assert isinstance(meaning, Instant)
    assert meaning.at.utcoffset() == timedelta(hours=-4)


def test_no_calendar_is_left() -> None:
    assert told("in 9000 years") == ""
    assert told("9000 years ago") == ""


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    for each in found_in(text, WEDNESDAY, list(Kind)):
        assert 0 <= each.start < each.end <= len(text)


_WORDS = ["at", "on", "the", "five", "to", "half", "past", "friday", "may", "first", "last", "of", "next", "week", "in"]
_MORE = ["two", "hours", "from", "until", "morning", "pm", "2026", "3rd", "-", ",", "and", "day", "before", "easter"]


@given(st.lists(st.sampled_from(_WORDS + _MORE), max_size=25))
def test_any_heap_of_words_about_time_is_read(words: list[str]) -> None:
    text = " ".join(words)
    found = found_in(text, replace(WEDNESDAY, is_latent_wanted=True), [Kind.TIME, Kind.LENGTH])
    places = sorted({(each.start, each.end) for each in found})  # "one two and four minutes" are several in one place
    assert all(one[1] <= other[0] for one, other in pairwise(places))
