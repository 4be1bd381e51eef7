"""Values as people say them, text as voices read it, and text cut into sentences."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.core.turn import SlotValue
from assistant.language import clauses, normalise, say, sentences, speakable

NOW = datetime(2026, 11, 25, 10, 15, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("value", "english", "korean"),
    [
        (timedelta(minutes=90), "1 hour and 30 minutes", "1시간 30분"),
        (timedelta(seconds=1), "1 second", "1초"),
        (timedelta(), "0 seconds", "0초"),
        (timedelta(days=2, hours=1, minutes=5), "2 days, 1 hour and 5 minutes", "2일 1시간 5분"),
        (-timedelta(minutes=5), "minus 5 minutes", "마이너스 5분"),
        (NOW, "Wednesday, November 25 at 10:15 AM", "11월 25일 수요일 오전 10시 15분"),
        (date(2026, 11, 25), "Wednesday, November 25", "11월 25일 수요일"),
        (time(19, 30), "7:30 PM", "오후 7시 30분"),
        (time(7), "7 AM", "오전 7시"),
        (time(12), "noon", "정오"),
        (time(0), "midnight", "자정"),
        (3, "3", "3"),
        (21.0, "21", "21"),
        (0.1 + 0.2, "0.3", "0.3"),
        (True, "yes", "네"),
        (None, "", ""),
        ("Kitchen", "Kitchen", "Kitchen"),
        (("a", "b", "c"), "a, b and c", "a, b, 그리고 c"),
        (("a", "b"), "a and b", "a, 그리고 b"),
        (("a",), "a", "a"),
        ((), "", ""),
    ],
)
def test_values_are_said(value: SlotValue, english: str, korean: str) -> None:
    assert say(value, "en") == english
    assert say(value, "ko") == korean


def test_a_24_hour_clock_is_said_so() -> None:
    assert say(time(19, 30), "en", clock_24h=True) == "19:30"
    assert say(time(19, 30), "ko", clock_24h=True) == "19시 30분"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(hours=2), "today at 12:15 PM"),
        (timedelta(hours=20), "tomorrow at 6:15 AM"),
        (timedelta(days=2), "Friday, November 27 at 10:15 AM"),
        (timedelta(days=365), "Thursday, November 25, 2027 at 10:15 AM"),
    ],
)
def test_days_are_named_as_seen_from_now(ahead: timedelta, said: str) -> None:
    assert say(NOW + ahead, "en", now=NOW) == said


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("$49.95", "49 dollars and 95 cents"),
        ("$1", "1 dollar"),
        ("$0.50", "50 cents"),
        ("€5 million", "5 million euros"),
        ("8:00", "eight o'clock"),
        ("12:01am", "twelve oh one a m"),
        ("set for 7:30 PM.", "set for seven thirty p m."),
        ("1st", "first"),
        ("the 22nd", "the twenty second"),
        ("1/1/2023", "January first, twenty twenty three"),
        ("2024-02-29", "February twenty ninth, twenty twenty four"),
        ("2023-02-30", "2023-02-30"),
        ("2/3", "two thirds"),
        ("1/2", "one half"),
        ("1 1/2 cups", "1 and a half cups"),
        ("50g", "50 grams"),
        ("1 kg", "1 kilogram"),
        ("50%", "50 percent"),
        ("21.5 °C", "21.5 degrees Celsius"),
        ("-5°C", "minus 5 degrees Celsius"),
        ("1,234.5 km/h", "1234.5 kilometres per hour"),
        ("3–5 days", "3 to 5 days"),
        ("Dr. Smith, e.g. Tom & Jerry", "Doctor Smith, for example Tom and Jerry"),
        ("# Title\n- **bold** item", "Title\nbold item"),
        ("see [this](http://a.b/c) or https://x.y/z?a=b now", "see this or now"),
        ("😀 hi 👨‍👩‍👧", "hi"),
        ("😀", ""),
        ("****", ""),
    ],
)
def test_english_text_for_a_voice(written: str, spoken: str) -> None:
    assert speakable(written, "en") == spoken


def test_british_dates_begin_with_the_day() -> None:
    assert speakable("1/2/2023", "en-GB") == "February first, twenty twenty three"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("오후 3:30에", "오후 3시 30분에"),
        ("21.5°C, 50%", "21.5 도, 50 퍼센트"),
        ("2023-01-31", "2023년 1월 31일"),
        ("2/3", "3분의 2"),
    ],
)
def test_korean_text_for_a_voice(written: str, spoken: str) -> None:
    assert speakable(written, "ko") == spoken


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hello! How are you? Fine.", ["Hello!", "How are you?", "Fine."]),
        ("Dr. Smith is here. It is 2.5 m. Ok?", ["Dr. Smith is here.", "It is 2.5 m.", "Ok?"]),
        ("At 7 p.m. Then go.", ["At 7 p.m.", "Then go."]),
        ("at 7 p.m. then go", ["at 7 p.m. then go"]),
        ("Fruit, e.g. Apples. J. S. Bach wrote it.", ["Fruit, e.g. Apples.", "J. S. Bach wrote it."]),
        ('"Hi." She left.', ['"Hi."', "She left."]),
        ("One\nTwo", ["One", "Two"]),
        ("안녕하세요. 반갑습니다.", ["안녕하세요.", "반갑습니다."]),
        ("  ", []),
    ],
)
def test_sentences_end_where_people_end_them(text: str, parts: list[str]) -> None:
    assert sentences(text, "en") == parts


def test_a_long_sentence_is_cut_at_its_clauses() -> None:
    assert clauses("It rains today, but tomorrow the sun shines", 30) == [
        "It rains today,",
        "but tomorrow the sun shines",
    ]


@pytest.mark.parametrize(
    ("heard", "form"),
    [
        ("Um, turn on the lights, please!", "turn on the lights"),
        ("Could you please turn off the TV?", "turn off the tv"),
        ("wake me at seven p m", "wake me at seven pm"),
        ("wake me at 7 P.M.", "wake me at 7 pm"),
        ("Set it to 50%.", "set it to 50 percent"),
        ("it's 2.5, ok", "it's 2.5 ok"),
        ("at 7:30.", "at 7:30"),
        ("twenty-five", "twenty five"),
        ("'quoted' word", "quoted word"),
        ("seven o clock", "seven o'clock"),
        ("What’s the time?", "what's the time"),
        ("Okay", "okay"),
        ("please", "please"),
        ("Please, um, stop. Thank you very much!", "stop"),
        ("", ""),
    ],
)
def test_english_is_normalised_for_matching(heard: str, form: str) -> None:
    assert normalise(heard, "en") == form


def test_korean_is_normalised_for_matching() -> None:
    assert normalise("음, 거실 불 켜 줘.", "ko") == "거실 불 켜 줘"
