"""Times in German: the same operations, other tables."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.core.values import Direction, Instant, Interval, Kind, Meaning, Open, Reading
from assistant.language.found import found_in, meaning_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 9, 16, 10, 20, tzinfo=BERLIN)  # a Wednesday
READING = Reading(NOW, "de-DE")


def time_of(text: str) -> Meaning | None:
    return meaning_of(text, READING, [Kind.TIME])


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("übermorgen", "2026-09-18"),
        ("am Freitag", "2026-09-18"),
        ("nächsten Samstag", "2026-09-19"),
        ("nächste Woche", "2026-09-21"),
        ("3. Oktober", "2026-10-03"),
        ("am dritten Oktober", "2026-10-03"),
        ("24.12.", "2026-12-24"),
        ("Freitag, den 05.02.2027", "2027-02-05"),
        ("der erste Montag im November", "2026-11-02"),
        ("letzter Sonntag im Oktober", "2026-10-25"),
        ("Heiligabend", "2026-12-24"),
        ("Ostermontag", "2027-03-29"),
    ],
)
def test_a_day_is_read(text: str, at: str) -> None:
    time = time_of(text)
    assert isinstance(time, Instant)
    assert time.at == wall(at)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("um halb acht", "2026-09-16T19:30"),
        ("viertel nach elf", "2026-09-16T11:15"),
        ("zehn vor zwölf", "2026-09-16T11:50"),
        ("um 17 Uhr 40", "2026-09-16T17:40"),
        ("morgen um 6:45", "2026-09-17T06:45"),
        ("heute Abend um acht", "2026-09-16T20:00"),
        ("morgen früh um sieben", "2026-09-17T07:00"),
        ("am Samstag gegen 9 Uhr", "2026-09-19T09:00"),
        ("in anderthalb Stunden", "2026-09-16T11:50"),
        ("in 25 Minuten", "2026-09-16T10:45"),
    ],
)
def test_a_clock_time_is_read(text: str, at: str) -> None:
    time = time_of(text)
    assert isinstance(time, Instant)
    assert time.at == wall(at)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("morgen Nachmittag", "2026-09-17T12:00", "2026-09-17T19:00"),
        ("5. bis 8. Oktober", "2026-10-05", "2026-10-09"),
        ("5. - 8.10.2027", "2027-10-05", "2027-10-09"),
        ("vom 30.10. bis 2.11.", "2026-10-30", "2026-11-03"),
        ("von 14:00 bis 15:30", "2026-09-16T14:00", "2026-09-16T15:30"),
        ("die nächsten drei Tage", "2026-09-17", "2026-09-20"),
    ],
)
def test_a_stretch_of_time_is_read(text: str, start: str, end: str) -> None:
    time = time_of(text)
    assert isinstance(time, Interval)
    assert (time.start, time.end) == (wall(start), wall(end))


@pytest.mark.parametrize(
    ("text", "direction"),
    [("bis 18 Uhr", Direction.BEFORE), ("ab 18 Uhr", Direction.AFTER), ("spätestens 18 Uhr", Direction.BEFORE)],
)
def test_an_open_side_is_read(text: str, direction: Direction) -> None:
    time = time_of(text)
    assert isinstance(time, Open)
    assert (time.direction, time.at) == (direction, wall("2026-09-16T18:00"))


@pytest.mark.parametrize("text", ["so viel Milch", "ein Zimmer", "fünf Äpfel", "35.13.", "die nächsten Schritte"])
def test_what_is_no_time_stays_nothing(text: str) -> None:
    assert found_in(text, READING, [Kind.TIME]) == []
