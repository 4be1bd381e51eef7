"""Files of other programs: zones, single days of series, and everything that is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.errors import InputError
from assistant.core.schedule import ItemKind, NewEvent
from assistant.schedule.ical import Content, ListEntry, read_calendar
from assistant.schedule.ical.events import STAMP
from assistant.schedule.ical.times import MAX_USELESS_RULES

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "Europe/Berlin"


def read(data: bytes, home: str = HOME) -> Content:
    return read_calendar(data, zone=home, now=NOW, source="here", list_name="to do")


def calendar(*parts: str) -> bytes:
    lines = [line.strip() for part in parts for line in part.strip().splitlines()]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def event(*lines: str, uid: str = "a@b", label: str = "choir") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{label}", *lines, "END:VEVENT"])


def only(content: Content) -> NewEvent:
    assert content.refused == ()
    (found,) = content.events
    return found


@pytest.mark.parametrize(
    ("start", "zone", "local"),
    [
        ("DTSTART;TZID=America/New_York:20260305T100000", "America/New_York", datetime(2026, 3, 5, 10)),
        ('DTSTART;TZID="europe/paris":20260305T100000', "Europe/Paris", datetime(2026, 3, 5, 10)),
        ("DTSTART;TZID=/example.org/20200101_1/Asia/Kolkata:20260305T100000", "Asia/Kolkata", datetime(2026, 3, 5, 10)),
        ("DTSTART;TZID=W. Europe Standard Time:20260305T100000", "Europe/Berlin", datetime(2026, 3, 5, 10)),
        ("DTSTART;TZID=Tokyo Standard Time:20260305T100000", "Asia/Tokyo", datetime(2026, 3, 5, 10)),
        ("DTSTART:20260305T100000", HOME, datetime(2026, 3, 5, 10)),
        ("DTSTART:20260305T100000Z", HOME, datetime(2026, 3, 5, 11)),
    ],
)
def test_a_time_is_kept_on_the_clocks_that_are_meant(start: str, zone: str, local: datetime) -> None:
    found = only(read(calendar(event(start))))
    assert (found.zone, found.start_local) == (zone, local)


CUSTOM_ZONE = """
BEGIN:VTIMEZONE
TZID:Our office
BEGIN:STANDARD
DTSTART:19701101T020000
TZOFFSETFROM:-0700
TZOFFSETTO:-0800
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700308T020000
TZOFFSETFROM:-0800
TZOFFSETTO:-0700
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
END:VTIMEZONE
"""


def test_a_zone_of_the_files_own_is_found_by_its_rules() -> None:
    data = calendar(CUSTOM_ZONE, event("DTSTART;TZID=Our office:20260705T100000"))
    assert only(read(data)).zone == "America/Los_Angeles"
    assert only(read(data, home="America/Vancouver")).zone in {"America/Vancouver", "America/Los_Angeles"}


def test_a_zone_of_the_files_own_that_is_nowhere_is_refused_by_name() -> None:
    nowhere = CUSTOM_ZONE.replace("-0700", "-0717")
    content = read(
        calendar(nowhere, event("DTSTART;TZID=Our office:20260705T100000"), event("DTSTART:20260305T100000"))
    )
    assert [(refusal.name, refusal.why) for refusal in content.refused] == [
        ("choir", "its time zone 'Our office' is unknown")
    ]
    assert len(content.events) == 1


def test_a_zone_that_sets_its_clocks_every_second_costs_nothing() -> None:
    attack = CUSTOM_ZONE.replace("FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "FREQ=SECONDLY")
    content = read(calendar(attack, event("DTSTART;TZID=Our office:20260705T100000")))
    assert [refusal.why for refusal in content.refused] == ["its time zone 'Our office' is unknown"]


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (("DTSTART;TZID=Europe/Berlin:20260305T100000",), datetime(2026, 3, 5, 10)),
        (("DTSTART;TZID=Europe/Berlin:20260305T100000", "DURATION:PT90M"), datetime(2026, 3, 5, 11, 30)),
        (
            ("DTSTART;TZID=Europe/Berlin:20260305T100000", "DTEND;TZID=America/New_York:20260305T100000"),
            datetime(2026, 3, 5, 16),
        ),
        # the clocks go forward in this night: an hour on the wall is missing
        (("DTSTART;TZID=Europe/Berlin:20260329T010000", "DURATION:PT2H"), datetime(2026, 3, 29, 4)),
        (("DTSTART;TZID=Europe/Berlin:20260328T010000", "DURATION:P1DT1H"), datetime(2026, 3, 29, 3)),
        (("DTSTART;VALUE=DATE:20260305",), datetime(2026, 3, 6)),
        (("DTSTART;VALUE=DATE:20260305", "DTEND;VALUE=DATE:20260305"), datetime(2026, 3, 6)),
        (("DTSTART;VALUE=DATE:20260305", "DTEND;VALUE=DATE:20260308"), datetime(2026, 3, 8)),
        (("DTSTART;VALUE=DATE:20260305", "DURATION:P2D"), datetime(2026, 3, 7)),
    ],
)
def test_an_event_ends_when_it_says(lines: tuple[str, ...], end: datetime) -> None:
    assert only(read(calendar(event(*lines)))).end_local == end


def test_until_in_utc_is_the_last_time_on_the_clocks_of_the_zone() -> None:
    found = only(
        read(
            calendar(event("DTSTART;TZID=America/New_York:20260302T200000", "RRULE:FREQ=DAILY;UNTIL=20260310T000000Z"))
        )
    )
    assert found.repeat is not None
    assert found.repeat.rule == "FREQ=DAILY;UNTIL=20260309T200000"


def test_days_left_out_are_those_of_the_zone() -> None:
    found = only(
        read(
            calendar(
                event(
                    "DTSTART;TZID=America/New_York:20260302T200000",
                    "RRULE:FREQ=DAILY",
                    "EXDATE:20260304T010000Z",
                    "EXDATE;TZID=America/New_York:20260305T200000,20260306T200000",
                    "EXDATE;VALUE=DATE:20260308",
                )
            )
        )
    )
    assert found.repeat is not None
    assert [local.day for local in found.repeat.except_local] == [3, 5, 6, 8]
    assert {local.hour for local in found.repeat.except_local} == {20}


def test_a_moved_and_a_cancelled_day_leave_the_series() -> None:
    content = read(
        calendar(
            event("DTSTART;TZID=Europe/Berlin:20260302T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"),
            event(
                "RECURRENCE-ID;TZID=Europe/Berlin:20260309T100000",
                "DTSTART;TZID=Europe/Berlin:20260310T180000",
                "DURATION:PT1H",
                label="choir, late",
            ),
            event("RECURRENCE-ID:20260316T090000Z", "DTSTART;TZID=Europe/Berlin:20260316T100000", "STATUS:CANCELLED"),
        )
    )
    series, moved = content.events
    assert series.repeat is not None
    assert series.repeat.except_local == (datetime(2026, 3, 9, 10), datetime(2026, 3, 16, 10))
    assert (moved.label, moved.start_local, moved.repeat) == ("choir, late", datetime(2026, 3, 10, 18), None)


def test_extra_days_are_events_of_their_own() -> None:
    content = read(
        calendar(
            event(
                "DTSTART;TZID=Europe/Berlin:20260302T100000",
                "DTEND;TZID=Europe/Berlin:20260302T110000",
                "RRULE:FREQ=WEEKLY;COUNT=2",
                "RDATE;TZID=Europe/Berlin:20260304T100000,20260305T100000",
                "EXDATE;TZID=Europe/Berlin:20260305T100000",
            )
        )
    )
    assert [(each.start_local.day, each.repeat is not None) for each in content.events] == [(2, True), (4, False)]
    assert content.events[1].end_local == datetime(2026, 3, 4, 11)


def test_a_start_outside_the_rule_comes_all_the_same_and_counts() -> None:
    content = read(calendar(event("DTSTART:20260304T100000", "RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=3")))
    series, start = content.events
    assert series.repeat is not None
    assert series.repeat.rule == "FREQ=WEEKLY;COUNT=2;BYDAY=FR"
    assert (start.start_local, start.repeat) == (datetime(2026, 3, 4, 10), None)


def test_a_rule_that_gives_nothing_but_its_start_is_an_event_that_takes_place_once() -> None:
    content = read(calendar(event("DTSTART:20260304T100000", "RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=1")))
    assert {each.start_local for each in content.events} == {datetime(2026, 3, 4, 10)}
    assert all(each.repeat is None for each in content.events)


def test_what_was_called_off_is_not_taken_and_not_refused() -> None:
    assert read(calendar(event("DTSTART:20260305T100000", "STATUS:CANCELLED"))) == Content()


def test_to_dos_with_a_time_are_reminders_and_the_others_lines_of_a_list() -> None:
    todo = "BEGIN:VTODO\nUID:{0}\nSUMMARY:{0}\n{1}\nEND:VTODO"
    content = read(
        calendar(
            "X-WR-CALNAME:Garden",
            todo.format("rake", "DUE;TZID=Europe/Berlin:20260305T170000"),
            todo.format("sow", "DUE;VALUE=DATE:20260306"),
            todo.format("seeds", "STATUS:NEEDS-ACTION"),
            todo.format("string", "STATUS:COMPLETED"),
        )
    )
    assert [(each.item.kind, each.item.label, each.item.due_local) for each in content.items] == [
        (ItemKind.REMINDER, "rake", datetime(2026, 3, 5, 17)),
        (ItemKind.REMINDER, "sow", datetime(2026, 3, 6, 9)),
    ]
    assert content.entries == (ListEntry("Garden", "seeds"), ListEntry("Garden", "string", is_done=True))


def test_an_event_of_the_category_alarm_is_one() -> None:
    content = read(calendar(event("DTSTART:20260305T063000", "CATEGORIES:Home,alarm", "RRULE:FREQ=DAILY")))
    (kept,) = content.items
    assert content.events == ()
    assert kept.item.kind is ItemKind.ALARM
    assert kept.item.repeat is not None


def test_alarms_inside_an_event_hang_on_its_start() -> None:
    content = read(
        calendar(
            event(
                "DTSTART:20260305T100000",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "TRIGGER:-PT45M",
                "END:VALARM",
                label="exam",
            )
        )
    )
    (kept,) = content.items
    assert (kept.event_uid, kept.by, kept.item.label) == ("a@b", timedelta(minutes=-45), "exam")
    assert kept.item.due_local == datetime(2026, 3, 5, 9, 15)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART:20260305T100000", "RRULE:FREQ=SECONDLY"), "once a minute"),
        (("DTSTART:20260305T100000", "RRULE:FREQ=DAILY;COUNT=999999999"), "COUNT"),
        (("DTSTART:20260305T100000", "RRULE:FREQ=DAILY;COUNT=1", "EXDATE:20260305T100000"), "no occurrence"),
        (("DTSTART:20260305T100000", "RRULE:FREQ=FORTNIGHTLY"), ""),
        (("DTSTART:20260305T100000", "RRULE:FREQ=DAILY;UNTIL=never"), ""),
        (("DTSTART:20260305T100000", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), "several rules"),
        (("DTSTART:20260305T100000", "RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY"), "several rules"),
        (("DTSTART:20260305T100000", "DTSTART:20260306T100000"), "DTSTART twice"),
        (("DTSTART:20260305T100000", "DTEND:20260304T100000"), "ends before it begins"),
        (("DTSTART:20260305T100000", "DURATION:-PT1H"), "no length of time"),
        (("DTSTART:tomorrow",), ""),
        (("DTSTART:99990305T100000",), "no time"),
        (("DTSTART;TZID=Mars/Olympus:20260305T100000",), "Mars/Olympus"),
        ((), "no beginning"),
        (("DTSTART:20260305T100000", "RRULE:" + "X" * 200_000), "characters long"),
        (("DTSTART:20260305T100000", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260305T100000"), "all days that follow"),
    ],
)
def test_one_event_that_cannot_be_taken_is_named_and_the_rest_is_taken(lines: tuple[str, ...], why: str) -> None:
    content = read(calendar(event(*lines, label="bad one"), event("DTSTART:20260305T100000", uid="good")))
    assert [each.uid for each in content.events] == ["good"]
    (refusal,) = content.refused
    assert refusal.name == "bad one"
    assert refusal.why
    assert why in refusal.why


def test_a_file_of_rules_that_never_come_is_given_up_after_some_and_the_rest_is_taken() -> None:
    attack = [
        event("DTSTART:20260305T100000", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", uid=f"{number}")
        for number in range(MAX_USELESS_RULES + 5)
    ]
    good = event("DTSTART:20260305T100000", uid="once")
    weekly = event("DTSTART:20260305T100000", "RRULE:FREQ=WEEKLY", uid="weekly")
    content = read(calendar(weekly, *attack, good))
    assert {each.uid for each in content.events} == {"weekly", "once"}
    assert [refusal.why for refusal in content.refused][-1] == "the file has too many rules that can't be kept"


def test_thousands_of_changed_days_of_one_series_are_put_in_at_once() -> None:
    start = datetime(2026, 3, 2, 10)
    changed = [
        event(f"RECURRENCE-ID:{start + timedelta(days=day):{STAMP}}", "DTSTART:20260305T100000", "STATUS:CANCELLED")
        for day in range(1, 1500)
    ]
    found = only(read(calendar(event(f"DTSTART:{start:{STAMP}}", "RRULE:FREQ=DAILY"), *changed)))
    assert found.repeat is not None
    assert len(found.repeat.except_local) == 1499


def test_an_event_of_endless_dates_is_refused() -> None:
    line = "RDATE:" + ",".join(["20260305T100000"] * 4000)
    content = read(calendar(event("DTSTART:20260305T100000", *[line] * 100)))
    assert content.events == ()
    assert "longer than" in content.refused[0].why


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "no calendar"),
        (b"\x00\x01\x02\xff" * 1000, "no calendar"),
        (b"<html><body>Log in</body></html>", "no calendar"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "no calendar"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", "not whole"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "can't be read"),
        (b"BEGIN:VCALENDAR\r\n" * 5000, "not whole"),
    ],
)
def test_a_file_that_is_no_whole_calendar_is_refused_whole(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read(data)


def test_a_line_of_ten_megabytes_that_does_not_matter_does_not_matter() -> None:
    content = read(calendar(event("DTSTART:20260305T100000", "DESCRIPTION:" + "x" * 10_000_000)))
    assert only(content).label == "choir"


def test_a_name_of_ten_megabytes_is_refused_with_its_event() -> None:
    content = read(calendar(event("DTSTART:20260305T100000", label="x" * 10_000_000)))
    assert content.events == ()
    assert "characters long" in content.refused[0].why


def test_folded_lines_and_other_line_ends_and_encodings_are_read() -> None:
    text = calendar(event("DTSTART:20260305T100000", label="Käthe and the")).decode()
    folded = text.replace("and the", "and\n  the long\n\t road").replace("\r\n", "\n")
    for data in (folded.encode(), b"\xef\xbb\xbf" + folded.encode(), folded.encode("utf-16")):
        assert only(read(data)).label == "Käthe and the long road"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "DTSTART:20260305T100000",
                    "DTSTART;TZID=:2026",
                    "DTEND:",
                    "RRULE:FREQ=",
                    "RRULE:FREQ=DAILY;BYDAY=9XX",
                ),
                *(
                    "EXDATE:,",
                    "RDATE;VALUE=PERIOD:20260305T100000/PT1H",
                    "RECURRENCE-ID:x",
                    "DURATION:P",
                    "UID",
                    "SUMMARY",
                ),
                *(
                    "BEGIN:VALARM",
                    "END:VALARM",
                    "TRIGGER:x",
                    "TRIGGER;VALUE=DATE-TIME:20260305T100000Z",
                    ";;:",
                    "X-ASSISTANT-OFFSET:nan",
                ),
                *(
                    "X-ASSISTANT-EVENT:e",
                    "X-ASSISTANT-KIND:alarm",
                    "X-ASSISTANT-KIND:timer",
                    "CATEGORIES:ALARM",
                    'STATUS;X=":A',
                ),
                *(
                    "DTSTART;VALUE=DATE:20260230",
                    "RRULE:COUNT=-1;FREQ=DAILY",
                    "X-ASSISTANT-ZONE:Moon",
                    "DUE:00010101T000000Z",
                ),
            ]
        )
        | st.text(max_size=20),
        max_size=8,
    ),
    st.sampled_from(["VEVENT", "VTODO"]),
)
def test_no_component_breaks_the_reading(lines: list[str], kind: str) -> None:
    body = "\r\n".join(lines)
    data = f"BEGIN:VCALENDAR\r\nBEGIN:{kind}\r\n{body}\r\nEND:{kind}\r\nEND:VCALENDAR\r\n".encode("utf-8", "replace")
    try:
        content = read(data)
    except InputError:
        return
    assert len(content.refused) + len(content.items) + len(content.entries) + len(content.events) < 30


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    with pytest.raises(InputError):
        read(data)
