"""Rules become instants: compared with another implementation of RFC 5545 over random rules, zones and starts."""

from __future__ import annotations

import datetime as datetime_module
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.errors import InputError
from assistant.core.schedule import Repeat
from assistant.schedule.recurrence import check, instants, is_occurrence, latest_until, next_after
from assistant.schedule.rules import rule_from_text

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Pacific/Apia",
)
BERLIN = ZoneInfo("Europe/Berlin")


def oracle(repeat: Repeat, zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    """dateutil's expansion in naive wall time, put on the zone as RFC 5545 says; hours and minutes in UTC."""
    if repeat.rule.startswith(("FREQ=HOURLY", "FREQ=MINUTELY")):
        start = repeat.start_local.replace(tzinfo=zone, fold=0).astimezone(UTC).replace(tzinfo=None)
        walls = rrulestr(repeat.rule, dtstart=start).between(_naive(after), _naive(until), inc=True)
        found = {wall.replace(tzinfo=UTC) for wall in walls}
    else:
        rule = rrulestr(repeat.rule, dtstart=repeat.start_local)
        walls = rule.between(_naive(after) - timedelta(days=3), _naive(until) + timedelta(days=3), inc=True)
        found = {wall.replace(tzinfo=zone, fold=0).astimezone(UTC) for wall in walls if wall not in repeat.except_local}
    return sorted(at for at in found if after < at <= until)


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def ours(repeat: Repeat, zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    found = []
    for at in instants(repeat, zone, after):
        if at > until:
            break
        found.append(at)
    return found


def _list_of(numbers: st.SearchStrategy[int], most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(numbers, min_size=1, max_size=most, unique=True).map(lambda all_: ",".join(map(str, sorted(all_))))


def _signed(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high) | st.integers(-high, -low)


DAYS = st.sampled_from(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))
PLAIN_DAYS = st.lists(DAYS, min_size=1, max_size=7, unique=True).map(",".join)
NUMBERED_DAYS = st.lists(
    st.tuples(_signed(1, 5), DAYS).map(lambda each: f"{each[0]}{each[1]}"), min_size=1, max_size=2, unique=True
).map(",".join)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Any rule of wall time, but for what the other implementation reads otherwise than the RFC."""
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={frequency}"]

    def maybe(name: str, values: st.SearchStrategy[object]) -> None:
        if draw(st.integers(0, 2)) == 0:
            parts.append(f"{name}={draw(values)}")

    maybe("INTERVAL", st.integers(1, 5))
    maybe("BYMONTH", _list_of(st.integers(1, 12), 6))
    maybe("BYHOUR", _list_of(st.integers(0, 23)))
    maybe("BYMINUTE", _list_of(st.sampled_from((0, 15, 30, 45))))
    maybe("WKST", DAYS)
    can_number = frequency in ("MONTHLY", "YEARLY")
    maybe("BYDAY", PLAIN_DAYS | NUMBERED_DAYS if can_number else PLAIN_DAYS)
    if frequency != "WEEKLY":
        maybe("BYMONTHDAY", _list_of(_signed(1, 31)))
    if can_number:
        maybe("BYSETPOS", _list_of(_signed(1, 4), 2))
    if frequency == "YEARLY":
        maybe("BYYEARDAY", _list_of(_signed(1, 366)))
    if draw(st.integers(0, 2)) == 0:
        parts.append(
            draw(st.integers(1, 30).map("COUNT={}".format) | st.integers(2012, 2016).map("UNTIL={}0601T120000".format))
        )
    return ";".join(parts)


STARTS = st.datetimes(datetime(2009, 1, 1), datetime(2013, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))


@pytest.fixture(autouse=True, scope="module")
def a_short_calendar_for_the_oracle() -> Iterator[None]:
    """dateutil looks for the next occurrence up to the year 9999, which takes seconds when there is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datetime_module, "MAXYEAR", 2045)
        yield


@settings(max_examples=150, deadline=None)
@given(rules(), STARTS, st.sampled_from(ZONES), st.integers(0, 1200), st.integers(1, 120))
def test_a_rule_means_what_the_standard_says(
    rule: str, start: datetime, zone_name: str, skipped_days: int, days: int
) -> None:
    zone = ZoneInfo(zone_name)
    repeat = Repeat(rule, start)
    after = start.replace(tzinfo=UTC) + timedelta(days=skipped_days - 3)
    until = after + timedelta(days=days)
    wanted = oracle(repeat, zone, after, until)
    assert ours(repeat, zone, after, until) == wanted
    assert next_after(repeat, zone, after) in (wanted[:1] or [next_after(repeat, zone, until)])
    assert latest_until(repeat, zone, after, until) == (wanted[-1] if wanted else None)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(("FREQ=HOURLY", "FREQ=MINUTELY")),
    st.integers(1, 100),
    st.none() | st.integers(1, 90),
    STARTS,
    st.sampled_from(ZONES),
    st.integers(-30, 300),
)
def test_hours_and_minutes_are_elapsed_time(
    frequency: str, interval: int, count: int | None, start: datetime, zone_name: str, skipped_h: int
) -> None:
    zone = ZoneInfo(zone_name)
    repeat = Repeat(f"{frequency};INTERVAL={interval}" + (f";COUNT={count}" if count else ""), start)
    after = start.replace(tzinfo=UTC) + timedelta(hours=skipped_h)
    assert ours(repeat, zone, after, after + timedelta(hours=40)) == oracle(
        repeat, zone, after, after + timedelta(hours=40)
    )


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from((15, 20, 60, 90)),
    st.sets(st.integers(0, 23), min_size=1),
    st.sets(st.integers(0, 6), min_size=1),
    STARTS,
    st.sampled_from(ZONES),
)
def test_elapsed_time_within_hours_and_days_looks_at_the_clock_on_the_wall(
    minutes: int, hours: set[int], weekdays: set[int], start: datetime, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    listed_hours, listed_days = ",".join(map(str, hours)), ",".join(names[day] for day in weekdays)
    repeat = Repeat(f"FREQ=MINUTELY;INTERVAL={minutes};BYHOUR={listed_hours};BYDAY={listed_days}", start)
    first = start.replace(tzinfo=zone, fold=0).astimezone(UTC)
    end = first + timedelta(days=9)
    steps = (first + timedelta(minutes=minutes) * number for number in range(9 * 24 * 60 // minutes + 1))
    walls = [(at, at.astimezone(zone)) for at in steps]
    wanted = [at for at, wall in walls if wall.hour in hours and wall.weekday() in weekdays and at <= end]
    assert ours(repeat, zone, first - timedelta(seconds=1), end) == wanted


def _told(repeat: Repeat, after: datetime, many: int, zone: ZoneInfo = BERLIN) -> list[str]:
    return [f"{at.astimezone(zone):%d.%m. %H:%M %z}" for at in islice(instants(repeat, zone, after), many)]


def test_a_wall_time_that_does_not_exist_comes_by_the_offset_before_and_one_that_comes_twice_once() -> None:
    spring = Repeat("FREQ=DAILY", datetime(2026, 3, 1, 2, 30))
    assert _told(spring, datetime(2026, 3, 27, 12, tzinfo=UTC), 3) == [
        "28.03. 02:30 +0100", "29.03. 03:30 +0200", "30.03. 02:30 +0200",
    ]  # fmt: skip
    assert _told(spring, datetime(2026, 10, 23, 12, tzinfo=UTC), 3) == [
        "24.10. 02:30 +0200", "25.10. 02:30 +0200", "26.10. 02:30 +0100",
    ]  # fmt: skip


def test_times_that_a_gap_puts_at_the_same_instant_come_once_and_in_order() -> None:
    half_hours = Repeat("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,15,30", datetime(2026, 3, 1, 2))
    assert _told(half_hours, datetime(2026, 3, 28, 12, tzinfo=UTC), 4) == [
        "29.03. 03:00 +0200", "29.03. 03:15 +0200", "29.03. 03:30 +0200", "30.03. 02:00 +0200",
    ]  # fmt: skip


def test_an_island_that_leaves_out_a_day_has_its_alarm_the_day_after() -> None:
    daily = Repeat("FREQ=DAILY", datetime(2011, 12, 1, 7))
    apia = ZoneInfo("Pacific/Apia")
    assert _told(daily, datetime(2011, 12, 29, 12, tzinfo=UTC), 3, apia) == [
        "29.12. 07:00 -1000", "31.12. 07:00 +1400", "01.01. 07:00 +1400",
    ]  # fmt: skip


def test_what_is_left_out_does_not_come_but_counts() -> None:
    repeat = Repeat("FREQ=DAILY;COUNT=4", datetime(2026, 6, 1, 7), (datetime(2026, 6, 2, 7),))
    before = datetime(2026, 1, 1, tzinfo=UTC)
    assert [at.day for at in instants(repeat, BERLIN, before)] == [1, 3, 4]
    hourly = Repeat("FREQ=HOURLY;COUNT=3", datetime(2026, 6, 1, 7), (datetime(2026, 6, 1, 8),))
    assert [at.hour for at in instants(hourly, ZoneInfo("UTC"), before)] == [7, 9]


@pytest.mark.parametrize(
    ("until", "last"),
    [("20260603", 3), ("20260603T070000", 3), ("20260603T065959", 2), ("20260603T050000Z", 3), ("20260603T045959Z", 2)],
)
def test_until_is_the_last_moment_a_date_the_whole_day_and_z_is_utc(until: str, last: int) -> None:
    repeat = Repeat(f"FREQ=DAILY;UNTIL={until}", datetime(2026, 6, 1, 7))
    assert [at.day for at in instants(repeat, BERLIN, datetime(2026, 1, 1, tzinfo=UTC))][-1] == last


def test_a_weekday_and_a_numbered_one_are_both_meant() -> None:
    repeat = Repeat("FREQ=MONTHLY;BYDAY=MO,1FR", datetime(2026, 6, 1, 7))
    days = [at.day for at in islice(instants(repeat, BERLIN, datetime(2026, 5, 31, tzinfo=UTC)), 6)]
    assert days == [1, 5, 8, 15, 22, 29]


def test_an_occurrence_is_known_by_its_wall_time() -> None:
    repeat = Repeat("FREQ=WEEKLY;BYDAY=MO", datetime(2026, 6, 1, 7), (datetime(2026, 6, 15, 7),))
    assert is_occurrence(repeat, datetime(2026, 6, 8, 7))
    assert not is_occurrence(repeat, datetime(2026, 6, 9, 7))
    assert not is_occurrence(repeat, datetime(2026, 6, 15, 7))


@pytest.mark.parametrize(
    "rule",
    [
        "", "every day", "FREQ=", "FREQ=HOURS", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;COUNT", "FREQ=DAILY;X=1",
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=1e3", "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=4;UNTIL=20300101", "FREQ=DAILY;UNTIL=tomorrow", "FREQ=DAILY;UNTIL=99999999",
        "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;BYMONTH=0", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=DAILY;BYHOUR=\u0663", "FREQ=WEEKLY;WKST=9",
        "FREQ=SECONDLY", "FREQ=SECONDLY;INTERVAL=59", "FREQ=DAILY;BYSECOND=0,30", "FREQ=DAILY;COUNT=4000000000",
        "FREQ=YEARLY;BYWEEKNO=1;WKST=SU", "FREQ=MONTHLY;BYWEEKNO=1", "FREQ=MINUTELY;BYSETPOS=1",
        "FREQ=MINUTELY;BYMINUTE=7;COUNT=5", "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=MONTHLY;BYSETPOS=1;BYHOUR=0,1,2,3;BYMINUTE=" + ",".join(map(str, range(60))),
        "FREQ=DAILY;BYMINUTE=" + ",".join(["1"] * 3000),
    ],
)  # fmt: skip
def test_a_rule_that_is_wrong_or_an_attack_is_refused_with_its_reason(rule: str) -> None:
    began = time.perf_counter()
    with pytest.raises(InputError, match="this rule can't be used"):
        check(Repeat(rule, datetime(2026, 1, 1)))
    assert time.perf_counter() - began < 0.05


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO,TU,WE", "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;INTERVAL=2;BYMINUTE=7", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30;BYMINUTE=59",
        "FREQ=SECONDLY;INTERVAL=61;BYHOUR=3;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYYEARDAY=366;INTERVAL=7;BYMONTH=1",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=1,2,3,4;BYSETPOS=366", "FREQ=DAILY;UNTIL=19990101",
        "FREQ=YEARLY;BYWEEKNO=53,-53;BYYEARDAY=200", "FREQ=YEARLY;INTERVAL=10000;BYMONTH=2;BYMONTHDAY=30",
    ],
)  # fmt: skip
def test_a_rule_that_never_comes_is_given_up_at_once(rule: str) -> None:
    began = time.process_time()
    assert next_after(Repeat(rule, datetime(2026, 1, 1, 0, 0)), BERLIN, datetime(2026, 1, 1, tzinfo=UTC)) is None
    assert time.process_time() - began < 0.1


def test_leap_days_are_found_by_every_frequency() -> None:
    after = datetime(2097, 1, 1, tzinfo=UTC)
    for frequency in ("YEARLY", "MONTHLY", "DAILY", "HOURLY"):
        repeat = Repeat(f"FREQ={frequency};BYMONTH=2;BYMONTHDAY=29;BYHOUR=9", datetime(2026, 1, 1, 9))
        assert next_after(repeat, ZoneInfo("UTC"), after) == datetime(2104, 2, 29, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MINUTELY", "FREQ=DAILY;COUNT=5000", "FREQ=MONTHLY;COUNT=5000", "FREQ=YEARLY", "FREQ=HOURLY;BYHOUR=3",
        "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60))),
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=" + ",".join(map(str, range(24))) + ";BYSETPOS=-1",
    ],
)  # fmt: skip
def test_a_rule_that_began_long_ago_or_is_dense_costs_little(rule: str) -> None:
    began = time.process_time()
    repeat, now = Repeat(rule, datetime(1971, 1, 1)), datetime(2026, 6, 1, tzinfo=UTC)
    next_after(repeat, BERLIN, now)
    latest_until(repeat, BERLIN, now - timedelta(days=365), now)
    assert time.process_time() - began < 0.2


@given(st.text(max_size=60) | rules().map(lambda rule: rule.replace("1", "-9")))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule_from_text(text)
    except InputError:
        return
    next_after(Repeat(text, datetime(2026, 1, 1)), BERLIN, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("start", [datetime(1899, 1, 1), datetime(2201, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_start_beyond_belief_is_refused(start: datetime) -> None:
    with pytest.raises(InputError, match="starts"):
        check(Repeat("FREQ=DAILY", start))
