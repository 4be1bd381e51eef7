"""A request told apart: what it is about, and when."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.values import Instant, Interval, Length, Offset, Reading, Recurrence, Request, Trigger, Wish
from assistant.language.request import request_from

NOW = datetime(2026, 11, 25, 15, 20, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Wednesday afternoon."""


def asked(text: str, wish: Wish, now: datetime = NOW) -> Request:
    return request_from(text, wish, Reading(now))


def told(trigger: Trigger) -> str:
    match trigger:
        case Instant(at):
            return f"{at:%a %d %b %H:%M}"
        case Interval(start, end):
            return f"{start:%a %d %b %H:%M}-{end:%H:%M}"
        case Recurrence(repeat):
            return f"{repeat.rule} {repeat.start_local:%a %d %b %H:%M}"
        case Offset(direction, by, reference, at):
            return " ".join(filter(None, [f"{by.seconds / 60:g} min" if by else "", direction.value, reference, at]))
        case Length():
            return f"{trigger.seconds:g} s"


@pytest.mark.parametrize(
    ("text", "label", "when"),
    [
        ("to ring tom tomorrow at 4 about gas from monday", "ring tom about gas from monday", "Thu 26 Nov 16:00"),
        ("to ask tom at four about the game at nine", "ask tom about the game at nine", "Wed 25 Nov 16:00"),
        ("to collect the three fifteen parcel at six", "collect the three fifteen parcel", "Wed 25 Nov 18:00"),
        ("next thursday at five to hand in the form", "hand in the form", "Thu 03 Dec 17:00"),
        ("on friday to call the bank", "call the bank", "Fri 27 Nov 09:00"),
        ("to call the bank on friday", "call the bank", "Fri 27 Nov 09:00"),
        ("to call the bank by friday", "call the bank", "Fri 27 Nov 09:00"),
        ("tomorrow evening to water the garden at eight", "water the garden", "Thu 26 Nov 20:00"),
        ("to water the garden on sunday evening", "water the garden", "Sun 29 Nov 19:00"),
        ("in the morning to water the garden", "water the garden", "Thu 26 Nov 09:00"),
        ("this morning to water the garden", "water the garden", "Wed 25 Nov 09:00"),
        ("this weekend to water the garden", "water the garden", "Sat 28 Nov 09:00"),
        ("at the end of the month to pay the rent", "pay the rent", "Mon 30 Nov 09:00"),
        ("today to buy stamps", "buy stamps", "Wed 25 Nov 18:00"),
        ("in twenty five minutes to check the oven", "check the oven", "Wed 25 Nov 15:45"),
        ("in two weeks on monday to renew the pass", "renew the pass", "Mon 14 Dec 09:00"),
        ("for seven to set the table", "set the table", "Wed 25 Nov 19:00"),
        ("every morning to feed the cat at seven", "feed the cat", "FREQ=DAILY Thu 26 Nov 07:00"),
        ("monday and friday at nine to do yoga", "do yoga", "FREQ=WEEKLY;BYDAY=MO,FR Fri 27 Nov 09:00"),
        ("an hour before my interview", "interview", "60 min before my interview"),
        ("half an hour before the concert to pack the tickets", "pack the tickets", "30 min before the concert"),
        ("to pack the tickets ten minutes after the meeting", "pack the tickets", "10 min after the meeting"),
        ("the evening before the trip to charge the camera", "charge the camera", "1440 min before the trip evening"),
        ("at 3 pm that the tea is cold", "the tea is cold", "Thu 26 Nov 15:00"),
    ],
)  # fmt: skip
def test_a_reminder_is_about_what_is_left_when_the_time_is_taken_out(text: str, label: str, when: str) -> None:
    request = asked(text, Wish.REMINDER)
    assert (request.label, [told(each) for each in request.triggers]) == (label, [when])


@pytest.mark.parametrize(
    ("text", "when"), [("in the morning", "Thu 26 Nov 09:00"), ("this morning", "Wed 25 Nov 09:00")]
)
def test_a_part_of_the_day_that_has_begun_is_the_next_one_unless_it_is_todays(text: str, when: str) -> None:
    request = asked(f"{text} to call tom", Wish.REMINDER, NOW.replace(hour=11, minute=45))
    assert [told(each) for each in request.triggers] == [when]


@pytest.mark.parametrize(
    "text",
    [
        "to buy milk",
        "twice a day to stretch",
        "to read the weekly paper's twelve pages",
        "at 25 o'clock to fly",
        "when the train is here to leave",
        "",
        "to",
    ],
)
def test_without_a_time_nothing_is_made_up(text: str) -> None:
    assert asked(text, Wish.REMINDER).triggers == ()


@pytest.mark.parametrize(
    ("text", "label", "when"),
    [
        ("for soup at five", "soup", "Wed 25 Nov 17:00"),
        ("for five", "", "Wed 25 Nov 17:00"),
        ("seven fifteen", "", "Wed 25 Nov 19:15"),
        ("for six tomorrow", "", "Thu 26 Nov 06:00"),
        ("for choir at six tomorrow", "choir", "Thu 26 Nov 18:00"),
        ("for 6 30 on weekdays", "", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR Thu 26 Nov 06:30"),
        ("called gym for seven thirty a m", "gym", "Thu 26 Nov 07:30"),
        ("for 20 minutes", "", "Wed 25 Nov 15:40"),
        ("for half an hour before the dentist", "dentist", "30 min before the dentist"),
    ],
)
def test_an_alarm_is_for_the_next_time_that_fits(text: str, label: str, when: str) -> None:
    request = asked(text, Wish.ALARM)
    assert (request.label, [told(each) for each in request.triggers]) == (label, [when])


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("at six", "Thu 26 Nov 06:00"),
        ("at six in the evening", "Wed 25 Nov 18:00"),
        ("by five", "Thu 26 Nov 05:00"),
        ("nine hours from now", "Thu 26 Nov 00:20"),
        ("monday wednesday and friday at six", "FREQ=WEEKLY;BYDAY=MO,WE,FR Fri 27 Nov 06:00"),
    ],
)
def test_one_is_woken_in_the_morning(text: str, when: str) -> None:
    assert [told(each) for each in asked(text, Wish.WAKE).triggers] == [when]


@pytest.mark.parametrize(
    ("text", "label", "when"),
    [
        ("dinner with ana next saturday from seven to nine thirty pm", "dinner with ana", "Sat 05 Dec 19:00-21:30"),
        ("dentist on tuesday at three for an hour", "dentist", "Tue 01 Dec 15:00-16:00"),
        ("my holiday on december 18th", "my holiday", "Fri 18 Dec 00:00"),
        ("team meeting every monday from nine to ten", "team meeting", "FREQ=WEEKLY;BYDAY=MO Mon 30 Nov 09:00"),
        ("swimming on saturdays from ten to noon", "swimming", "FREQ=WEEKLY;BYDAY=SA Sat 28 Nov 10:00"),
    ],
)
def test_an_event_keeps_from_when_to_when(text: str, label: str, when: str) -> None:
    request = asked(text, Wish.EVENT)
    assert (request.label, [told(each) for each in request.triggers]) == (label, [when])


@pytest.mark.parametrize(
    ("text", "label", "lengths"),
    [
        ("one for ten minutes and one for half an hour", "", ["600 s", "1800 s"]),
        ("a pasta timer for nine minutes", "pasta", ["540 s"]),
        ("twelve minutes and thirty seconds", "", ["750 s"]),
    ],
)
def test_timers_are_lengths(text: str, label: str, lengths: list[str]) -> None:
    request = asked(text, Wish.TIMER)
    assert (request.label, [told(each) for each in request.triggers]) == (label, lengths)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("next friday at four to leave", Wish.REMINDER),
        ("on the 29th of february to leave", Wish.REMINDER),
        ("for for minutes", Wish.TIMER),
    ],
)
def test_what_could_be_meant_otherwise_is_said_back(text: str, wish: Wish) -> None:
    assert asked(text, wish).needs_check
    assert not asked("tomorrow at four to leave", Wish.REMINDER).needs_check


def test_a_language_without_a_book_gives_all_as_label() -> None:
    assert request_from(" demain à six heures ", Wish.REMINDER, Reading(NOW, "fr-FR")) == Request("demain à six heures")


def test_a_label_of_ten_thousand_characters_stays_whole() -> None:
    label = "call " + "mum and " * 1250 + "dad"
    request = asked(f"tomorrow at nine to {label}", Wish.REMINDER)
    assert (request.label, [told(each) for each in request.triggers]) == (label, ["Thu 26 Nov 09:00"])


SAID = "to ring tom about the game on sunday at four every day for ten minutes before my flight next week by noon 7 pm"


@given(st.lists(st.sampled_from(SAID.split()), max_size=12), st.sampled_from(Wish))
def test_whatever_is_said_the_label_holds_only_words_that_were_said(words: list[str], wish: Wish) -> None:
    request = asked(" ".join(words), wish)
    assert set(request.label.split()) <= set(words)
