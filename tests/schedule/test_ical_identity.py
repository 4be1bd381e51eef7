"""What is written to a file is read back whole, whatever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.home import AreaId
from assistant.core.schedule import ItemKind, NewEvent, NewItem, Repeat
from assistant.schedule.ical import Content, FileItem, ListEntry, read_calendar, write_calendar

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "Europe/Berlin"
ZONES = st.sampled_from([HOME, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "UTC"])
WALLS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)).map(lambda at: at.replace(microsecond=0, fold=0))
LABELS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40).map(str.strip)
NAMES = st.text(st.characters(categories=("L", "N"), include_characters=" -_"), min_size=1, max_size=20).map(
    lambda name: "list " + name.strip()
)
RULES = st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=5;INTERVAL=2",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;COUNT=3;INTERVAL=2;BYDAY=SA",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=YEARLY;BYDAY=2SU;BYMONTH=5",
    ]
)


@st.composite
def repeats(draw: st.DrawFn, start: datetime) -> Repeat:
    left_out = draw(st.lists(st.integers(1, 400), max_size=4, unique=True))
    return Repeat(draw(RULES), start, tuple(sorted(start + timedelta(days=days) for days in left_out)))


@st.composite
def events(draw: st.DrawFn) -> NewEvent:
    start, zone = draw(WALLS), draw(ZONES)
    is_all_day = draw(st.booleans())
    if is_all_day:
        start = start.replace(hour=0, minute=0, second=0)
        end = start + timedelta(days=draw(st.integers(1, 9)))
    else:
        end = start + timedelta(minutes=draw(st.integers(0, 4000)))
    repeat = draw(st.none() | repeats(start))
    return NewEvent(draw(LABELS), start, end, zone, is_all_day, repeat, "", "here")


@st.composite
def items(draw: st.DrawFn) -> FileItem:
    kind = draw(st.sampled_from(ItemKind))
    item = NewItem(kind, draw(LABELS), language=draw(st.sampled_from(["en", "ko"])))
    item = replace(item, area_id=draw(st.sampled_from([None, AreaId("kitchen")])))
    if kind is ItemKind.TIMER:
        item = replace(item, duration=timedelta(seconds=draw(st.integers(1, 100_000))))
        return FileItem(item, is_paused=draw(st.booleans()))
    due, zone = draw(WALLS), draw(ZONES)
    repeat = draw(st.none() | repeats(due))
    item = replace(item, zone=zone, repeat=repeat, due_local=None if repeat else due)
    if draw(st.booleans()):
        return FileItem(item, draw(st.sampled_from(["a@b", "x"])), timedelta(minutes=draw(st.integers(-3000, 3000))))
    return FileItem(item)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    entries = st.builds(ListEntry, NAMES, LABELS.filter(bool), st.booleans(), st.integers(1, 99))
    numbered = [
        replace(event, uid=f"{number}@home", label=event.label)
        for number, event in enumerate(draw(st.lists(events(), max_size=4)))
    ]
    return Content(
        tuple(numbered), tuple(draw(st.lists(items(), max_size=4))), tuple(draw(st.lists(entries, max_size=4)))
    )


def back(content: Content) -> Content:
    return read_calendar(write_calendar(content, NOW), zone=HOME, now=NOW, source="here", list_name="to do")


@settings(max_examples=25, deadline=None)
@given(contents())
def test_what_is_written_is_read_back(content: Content) -> None:
    found = back(content)
    assert found.refused == ()
    assert sorted(found.events, key=lambda event: event.uid) == list(content.events)
    # timers are no events: they come after alarms, so that only the order within a kind is kept
    assert sorted(map(repr, found.items)) == sorted(map(repr, content.items))
    assert found.entries == content.entries


def test_until_is_kept_on_the_clocks_of_the_zone() -> None:
    repeat = Repeat("FREQ=DAILY;UNTIL=20260724T073000", datetime(2026, 3, 2, 7, 30))
    item = FileItem(NewItem(ItemKind.ALARM, "up", zone=HOME, repeat=repeat))
    data = write_calendar(Content(items=(item,)), NOW)
    assert b"UNTIL=20260724T053000Z" in data
    assert back(Content(items=(item,))).items == (item,)


def test_a_moved_day_of_a_series_is_written_as_one_and_read_back() -> None:
    start = datetime(2026, 3, 2, 10)
    repeat = Repeat("FREQ=WEEKLY;BYDAY=MO", start, (datetime(2026, 3, 9, 10), datetime(2026, 3, 16, 10)))
    series = NewEvent("choir", start, start + timedelta(hours=1), HOME, repeat=repeat, uid="c@x", source="here")
    moved = replace(
        series,
        start_local=datetime(2026, 3, 10, 18),
        end_local=datetime(2026, 3, 10, 19),
        repeat=None,
        uid="c@x;RECURRENCE-ID=20260309T100000",
    )
    data = write_calendar(Content((series, moved)), NOW).decode()
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20260309T100000" in data
    assert "EXDATE;TZID=Europe/Berlin:20260316T100000" in data
    assert data.count("UID:c@x\r\n") == 2
    assert set(back(Content((series, moved))).events) == {series, moved}


def test_a_series_whose_start_is_not_in_its_rule_keeps_its_number_of_times() -> None:
    start = datetime(2026, 3, 4, 10)
    repeat = Repeat("FREQ=WEEKLY;COUNT=5;BYDAY=FR", start)
    series = NewEvent("choir", start, start + timedelta(hours=1), HOME, repeat=repeat, uid="c@x", source="here")
    data = write_calendar(Content((series,)), NOW)
    assert b"COUNT=6" in data
    assert b"EXDATE;TZID=Europe/Berlin:20260304T100000" in data
    assert back(Content((series,))).events == (series,)


def test_the_second_of_two_equal_times_stays_the_second() -> None:
    due = datetime(2026, 10, 25, 2, 30, fold=1)
    kept = FileItem(NewItem(ItemKind.ALARM, "up", due_local=due, zone=HOME))
    item = back(Content(items=(kept,))).items[0].item
    assert (item.due_local, item.due_local.fold if item.due_local else 0, item.zone) == (due, 1, HOME)
