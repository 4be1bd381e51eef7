"""The benchmark of scheduling: a perfect assistant is right in everything, others only where they are right."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.core.errors import InputError
from benchmarks.schedule import measure, tally_of
from benchmarks.schedule_cases import Case, case_from, cases_in
from benchmarks.schedule_score import Came, Made, expand, faults, is_said_back

NOW = "2026-05-04T10:00:00+02:00"
"""A Monday."""


def case(kind: str, expected: Mapping[str, Any], **more: Any) -> Case:
    row = {"id": "c", "now": NOW, "zone": "Europe/Berlin", "kind": kind, "utterance": "words", "expected": expected}
    return case_from({**row, **more})


def at(day: int, hour: int, minute: int = 0, month: int = 5) -> datetime:
    """Wall time in Berlin's summer, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=2)


ALARMS = {"alarms": [{"id": "a1", "at": "2026-05-05T07:00:00+02:00"}, {"id": "a2", "at": "2026-05-05T09:00:00+02:00"}]}
TIMER = case("timer", {"duration_s": 600, "triggers": ["2026-05-04T10:10:00+02:00"], "label": "Rice"})
TIMER_CAME = Came([Made("the rice", [at(4, 10, 10)], duration_s=600)])
WEEKLY = case(
    "reminder",
    {
        "rrule": "FREQ=WEEKLY;BYDAY=WE",
        "dtstart": "2026-05-06T08:00:00+02:00",
        "triggers": [f"2026-05-{day:02}T08:00:00+02:00" for day in (6, 13, 20)],
        "label": "water the ferns",
    },
)
WEDNESDAYS = [at(6, 8) + timedelta(weeks=n) for n in range(20)]
WEEKLY_CAME = Came([Made("to water the ferns", WEDNESDAYS, is_repeating=True)])
BOUNDED = case(
    "reminder",
    {
        "rrule": "FREQ=DAILY;COUNT=3",
        "dtstart": "2026-05-04T20:00:00+02:00",
        "triggers": [f"2026-05-{day:02}T20:00:00+02:00" for day in (4, 5, 6)],
        "last": "2026-05-06T20:00:00+02:00",
    },
)
THREE = [at(4, 20), at(5, 20), at(6, 20)]
BOUNDED_CAME = Came([Made("x", THREE, is_repeating=True, last=THREE[-1])])
MOVED = case("change", {"targets": ["a1"], "triggers": ["2026-05-05T06:30:00+02:00"]}, state=ALARMS)
MOVED_CAME = Came(changed={"a1": Made("", [at(5, 6, 30)])})
GONE = case("cancel", {"targets": ["a2"]}, state=ALARMS)
GONE_CAME = Came(gone=frozenset({"a2"}))
EVENT = case(
    "event",
    {"triggers": ["2026-05-07T12:00:00+02:00"], "end": "2026-05-07T13:30:00+02:00", "duration_s": 5400, "label": "tea"},
)
EVENT_CAME = Came([Made("tea", [at(7, 12)], duration_s=5400, end=at(7, 13, 30))])
LIST = case("list", {"list": "garden", "items": ["soil", "a spade"]}, state={"lists": {"garden": ["seeds"]}})
LIST_CAME = Came(lists={"garden": ["seeds", "soil", "spade"]})
LEFT = case("query", {"answer_s": 90, "targets": ["a1"]}, state=ALARMS)
LEFT_CAME = Came(values=("a1", timedelta(seconds=90)))
DATE = case("query", {"answer_date": "2026-05-25"})
DATE_CAME = Came(values=(date(2026, 5, 25),))
CLOCK = case("query", {"answer_time": "07:00"})
CLOCK_CAME = Came(values=(at(5, 7),))
TWO = case(
    "timer",
    {"durations_s": [60, 120], "triggers": ["2026-05-04T10:01:00+02:00", "2026-05-04T10:02:00+02:00"]},
)
TWO_CAME = Came([Made("", [at(4, 10, 2)], duration_s=120), Made("", [at(4, 10, 1)], duration_s=60)])
PAIRS = {
    "timer": (TIMER, TIMER_CAME),
    "weekly": (WEEKLY, WEEKLY_CAME),
    "bounded": (BOUNDED, BOUNDED_CAME),
    "moved": (MOVED, MOVED_CAME),
    "gone": (GONE, GONE_CAME),
    "event": (EVENT, EVENT_CAME),
    "list": (LIST, LIST_CAME),
    "left": (LEFT, LEFT_CAME),
    "date": (DATE, DATE_CAME),
    "clock": (CLOCK, CLOCK_CAME),
    "two": (TWO, TWO_CAME),
}


async def test_a_perfect_assistant_is_right_in_everything() -> None:
    came = {id(each): came for each, came in PAIRS.values()}

    async def hear(each: Case) -> tuple[Came, str, float]:
        return came[id(each)], "done", 1.0

    tally = await tally_of([each for each, _ in PAIRS.values()], hear)
    figures = tally.figures()
    assert (figures["right"], figures["n"], tally.wrong) == (len(PAIRS), len(PAIRS), [])
    assert figures["timer"] == {"right": 2, "n": 2}


async def test_an_assistant_that_does_nothing_is_never_right() -> None:
    async def hear(_: Case) -> tuple[Came, str, float]:
        return Came(), "sorry", 1.0

    tally = await tally_of([each for each, _ in PAIRS.values()], hear)
    assert tally.figures()["right"] == 0
    assert len(tally.wrong) == len(PAIRS)


def made(came: Came, **changes: Any) -> Came:
    return replace(came, made=[replace(came.made[0], **changes), *came.made[1:]])


@pytest.mark.parametrize(
    ("name", "came", "missing"),
    [
        ("timer", made(TIMER_CAME, label="pasta"), ["label"]),
        ("timer", made(TIMER_CAME, duration_s=601.5, times=[at(4, 10, 11)]), ["triggers", "duration_s"]),
        ("timer", replace(TIMER_CAME, made=[*TIMER_CAME.made, *TIMER_CAME.made]), ["triggers", "more than that"]),
        ("timer", replace(TIMER_CAME, gone=frozenset({"t1"})), ["more than that"]),
        ("timer", replace(TIMER_CAME, has_failed=True), ["broke down"]),
        ("weekly", made(WEEKLY_CAME, times=WEDNESDAYS[:1], is_repeating=False), ["triggers", "rrule"]),
        ("weekly", made(WEEKLY_CAME, times=WEDNESDAYS[:10]), ["rrule"]),
        ("weekly", made(WEEKLY_CAME, times=[*WEDNESDAYS[:3], *WEDNESDAYS[4:]]), ["rrule"]),
        ("bounded", made(BOUNDED_CAME, last=at(7, 20)), ["last"]),
        ("bounded", made(BOUNDED_CAME, times=[*THREE, at(7, 20)]), ["rrule"]),
        ("moved", Came(changed={"a2": Made("", [at(5, 6, 30)])}), ["targets"]),
        ("moved", Came(changed={"a1": Made("", [at(5, 7, 30)])}), ["triggers"]),
        ("moved", Came([Made("", [at(5, 6, 30)])]), ["targets"]),
        ("gone", Came(gone=frozenset({"a1", "a2"})), ["targets"]),
        ("event", made(EVENT_CAME, end=at(7, 13)), ["end"]),
        ("list", Came(lists={"garden": ["seeds", "soil"]}), ["items"]),
        ("list", Came(lists={"shopping": ["soil", "spade"]}), ["items"]),
        ("left", replace(LEFT_CAME, gone=frozenset({"a1"})), ["targets"]),
        ("left", Came(values=(timedelta(minutes=9),)), ["answer_s"]),
        ("date", Came(values=(date(2026, 5, 24), "2026-05-25")), ["answer_date"]),
        ("clock", Came(values=(time(7, 5),)), ["answer_time"]),
        ("two", replace(TWO_CAME, made=TWO_CAME.made[:1]), ["triggers", "durations_s"]),
    ],
)
def test_what_is_missing_is_named(name: str, came: Came, missing: list[str]) -> None:
    assert faults(PAIRS[name][0], came) == missing


def test_a_one_time_thing_must_not_repeat() -> None:
    once = case("reminder", {"triggers": ["2026-05-06T08:00:00+02:00"]})
    assert faults(once, WEEKLY_CAME) == ["triggers"]


def test_another_accepted_answer_is_right_too() -> None:
    either = case(
        "reminder",
        {"triggers": ["2026-05-15T09:00:00+02:00"], "label": "pay"},
        accept=[{"triggers": ["2026-05-08T09:00:00+02:00"]}],
    )
    assert faults(either, Came([Made("pay", [at(8, 9)])])) == []
    assert faults(either, Came([Made("play", [at(8, 9)])])) == ["label"]
    assert faults(either, Came([Made("pay", [at(9, 9)])])) == ["triggers"]


def test_the_day_must_be_said_back_where_it_may_be_another() -> None:
    doubtful = case("reminder", {"triggers": ["2026-05-15T09:00:00+02:00"]}, confirm=True)
    came = Came([Made("", [at(15, 9)])], values=(at(15, 9),))
    assert is_said_back(doubtful, came)
    assert not is_said_back(doubtful, replace(came, values=("pay",)))


def test_a_rule_keeps_wall_time_and_hours_are_elapsed() -> None:
    zone = TIMER.zone
    start = datetime(2026, 10, 24, 7, tzinfo=zone)
    assert [t.hour for t in expand("FREQ=DAILY", start, zone, 3)] == [5, 6, 6]
    assert [t.hour for t in expand("FREQ=HOURLY;INTERVAL=12", start, zone, 4)] == [5, 17, 5, 17]


def test_what_exists_was_made_before_it_is_due() -> None:
    rings = case("snooze", {}, state={"ringing": ["a"], "alarms": [{"id": "a", "at": "2026-05-04T09:59:40+02:00"}]})
    (alarm,) = rings.kept
    assert alarm.since < alarm.at < rings.now
    timer = case("query", {}, state={"timers": [{"id": "t", "ends": "2026-05-04T10:03:00+02:00", "duration_s": 300}]})
    assert timer.kept[0].since == at(4, 9, 58)


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.jsonl").write_text('{"text": "x"}\n')
    assert list(cases_in(tmp_path)) == []
    with pytest.raises(InputError, match="no file"):
        measure(Namespace(data=tmp_path, limit=0, show=0))


@pytest.mark.slow
def test_the_product_is_measured_from_words_to_what_is_kept(tmp_path: Path) -> None:
    rows = [
        {"kind": "timer", "utterance": "set a tea timer for four minutes", "expected": {
            "duration_s": 240, "triggers": ["2026-05-04T10:04:00+02:00"], "label": "tea"}},
        {"kind": "timer", "utterance": "set a tea timer for four minutes", "expected": {"duration_s": 300}},
        {"kind": "snooze", "utterance": "snooze", "expected": {"targets": ["a"]}, "state": {
            "ringing": ["a"], "alarms": [{"id": "a", "at": "2026-05-04T09:59:40+02:00"}]}},
        {"kind": "query", "utterance": "how much time is left on the soup timer", "expected": {"answer_s": 180},
         "state": {"timers": [{"id": "t", "label": "soup", "ends": "2026-05-04T10:03:00+02:00"}]}},
        {"kind": "list", "utterance": "add soap to the shopping list",
         "expected": {"list": "shopping", "items": ["soap"]}, "state": {"lists": {"shopping": ["bread"]}}},
    ]  # fmt: skip
    common = {"now": NOW, "zone": "Europe/Berlin", "locale": "en-GB"}
    lines = [json.dumps({"id": str(n), **common, **row}) for n, row in enumerate(rows)]
    (tmp_path / "dev.jsonl").write_text("\n".join(lines))
    figures = measure(Namespace(data=tmp_path, limit=0, show=0))
    assert (figures["right"], figures["n"]) == (4, 5)
    assert figures["timer"] == {"right": 1, "n": 2}
