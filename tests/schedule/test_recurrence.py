"""Rules become instants: compared with another implementation of RFC 5545 over random rules, zones and starts."""

from __future__ import annotations

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
    if any(part.startswith("BYSETPOS") for part in parts) and not any(
        part.startswith("BYDAY") or part.startswith("BYMONTHDAY") or part.startswith("BYYEARDAY") for part in parts
    ):
        parts = [part for part in parts if not part.startswith("BYSETPOS")]
    return ";".join(parts)


STARTS = st.datetimes(datetime(2009, 1, 1), datetime(2013, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))


@settings(max_examples=300, deadline=None)
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
