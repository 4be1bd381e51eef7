"""What came of an utterance, and how it differs from what was to come of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from assistant.core.turn import SlotValue
from benchmarks.schedule_cases import Case

ENOUGH = 20
"""So many times of a rule are compared."""
_ELAPSED = re.compile(r"FREQ=(HOURLY|MINUTELY|SECONDLY)")
_ARTICLE = re.compile(r"^(?:the|a|an|to|my)\s+")
_CLOSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Made:
    """An item or event that was made or changed. `times` are its next instants, at most ENOUGH."""

    label: str
    times: Sequence[datetime]
    is_repeating: bool = False
    duration_s: float | None = None
    end: datetime | None = None
    last: datetime | None = None
    """Of a rule that ends."""


@dataclass(frozen=True, slots=True)
class Came:
    """All that came of an utterance."""

    made: Sequence[Made] = ()
    changed: Mapping[str, Made] = field(default_factory=dict)
    """By id in the case's state."""
    gone: frozenset[str] = frozenset()
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What lists hold afterwards, by name."""
    values: Sequence[SlotValue] = ()
    """What was told, not as words."""
    has_failed: bool = False
    """A part of the assistant broke down."""


def faults(case: Case, came: Came) -> Sequence[str]:
    """Which parts of the best fitting right answer are missing; empty when it is right."""
    return min((list(_faults(case, wanted, came)) for wanted in case.answers), key=len)


def is_said_back(case: Case, came: Came) -> bool:
    """True when one of the told values is the moment, the day, or a rule."""
    firsts = [made.times[0].astimezone(case.zone) for made in (*came.made, *came.changed.values()) if made.times]
    days = {at.date() for at in firsts}
    return any(_day_of(value, case.zone) in days for value in came.values)


def _faults(case: Case, wanted: Mapping[str, Any], came: Came) -> Iterator[str]:
    checks = {
        "triggers": _triggers,
        "rrule": _rule,
        "last": _last,
        "label": _label,
        "duration_s": _duration,
        "durations_s": _durations,
        "end": _end,
        "targets": _targets,
        "exdates": _exdates,
        "next": _next,
        "items": _items,
        "answer_s": _answer_s,
        "answer_time": _answer_time,
        "answer_date": _answer_date,
        "answer_days": _answer_days,
    }
    for key, check in checks.items():
        if key in wanted and not check(case, wanted, came):
            yield key
    if came.has_failed:
        yield "broke down"
    if _is_more_than_wanted(wanted, came):
        yield "more than that"


def _is_more_than_wanted(wanted: Mapping[str, Any], came: Came) -> bool:
    """What nobody asked for: an item too many, or something changed where only an answer was wanted."""
    if not wanted.keys() & {"triggers", "rrule", "duration_s", "durations_s", "label"}:
        return bool(came.made)
    if "targets" in wanted:
        return bool(came.made) and bool(came.changed)
    return bool(came.gone) or len(came.made) > len(wanted.get("durations_s", (None,)))


def _first(came: Came) -> Made | None:
    return next(iter((*came.made, *came.changed.values())), None)


def _triggers(_: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    times = [_instant(text) for text in wanted["triggers"]]
    if "durations_s" in wanted or len(came.made) > 1:
        return sorted(made.times[0] for made in came.made if made.times) == sorted(times)
    made = _first(came)
    if made is None or (len(times) == 1 and made.is_repeating and came.made and "rrule" not in wanted):
        return False
    return list(made.times[: len(times)]) == times


def _rule(case: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    made = _first(came)
    if made is None or not made.is_repeating:
        return False
    start = _instant(wanted.get("dtstart") or wanted["triggers"][0])
    without = {_instant(text) for text in wanted.get("exdates", ()) if "T" in text}
    expected = expand(wanted["rrule"], start, case.zone, ENOUGH + len(without))
    return list(made.times) == [at for at in expected if at not in without][:ENOUGH]


def expand(rule: str, start: datetime, zone: ZoneInfo, count: int) -> Sequence[datetime]:
    """The first instants (UTC) of a rule from `start` on: elapsed for hours and minutes, else wall time."""
    if _ELAPSED.search(rule):
        return list(islice(rrulestr(rule, dtstart=start.astimezone(UTC)), count))
    local = start.astimezone(zone).replace(tzinfo=None)
    until = re.sub(r"UNTIL=(\d{8}T\d{6})Z?", r"UNTIL=\1", rule)
    times = islice(rrulestr(until, dtstart=local), count)
    return [at.replace(tzinfo=zone).astimezone(UTC) for at in times]


def _last(_: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    made = _first(came)
    return made is not None and made.last == _instant(wanted["last"])


def _label(_: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    made = _first(came)
    return made is not None and plain(made.label) == plain(wanted["label"])


def plain(label: str) -> str:
    """A label as labels are compared: lower case, without a leading article or "to"."""
    return _ARTICLE.sub("", " ".join(label.casefold().split()))


def _duration(case: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    made = _first(came)
    if made is None:
        return False
    length_s = made.duration_s
    if length_s is None and made.times:
        length_s = (made.times[0] - case.now).total_seconds()
    return length_s is not None and abs(length_s - wanted["duration_s"]) < _CLOSE_S


def _durations(_: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    return sorted(made.duration_s or 0 for made in came.made) == sorted(wanted["durations_s"])


def _end(_: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    made = _first(came)
    return made is not None and made.end == _instant(wanted["end"])


def _targets(case: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    """Of a question no target is seen but in its answer, and nothing may have changed."""
    touched = {*came.gone, *came.changed}
    return not touched if case.kind == "query" else touched == set(wanted["targets"])


def _exdates(case: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    made = _first(came)
    if made is None:
        return False
    days = {at.astimezone(case.zone).date() for at in made.times}
    return not any(
        _instant(text) in made.times if "T" in text else date.fromisoformat(text) in days for text in wanted["exdates"]
    )


def _next(_: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    made = _first(came)
    return made is not None and list(made.times[:1]) == [_instant(wanted["next"])]


def _items(case: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    name = wanted.get("list", "")
    before = [plain(item) for item in case.lists.get(name, ())]
    after = [plain(item) for item in came.lists.get(name, ())]
    items = [plain(item) for item in wanted["items"]]
    added = [item for item in after if item not in before]
    removed = [item for item in before if item not in after]
    return items in (added, removed) if added or removed else items == after


def _answer_s(_: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    lengths = [value.total_seconds() for value in came.values if isinstance(value, timedelta)]
    return any(abs(length_s - wanted["answer_s"]) < _CLOSE_S for length_s in lengths)


def _answer_time(case: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    text = str(wanted["answer_time"])
    if "T" in text:
        return any(isinstance(value, datetime) and value == _instant(text) for value in came.values)
    clock = time.fromisoformat(text)
    return any(_clock_of(value, case.zone) == clock for value in came.values)


def _answer_date(case: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    day = date.fromisoformat(wanted["answer_date"])
    return any(_day_of(value, case.zone) == day for value in came.values)


def _answer_days(_: Case, wanted: Mapping[str, Any], came: Came) -> bool:
    """A count of days, or a list of days."""
    days = wanted["answer_days"]
    if isinstance(days, list):
        told = {str(each) for value in came.values for each in (value if isinstance(value, tuple) else (value,))}
        return set(map(str, days)) <= told
    return any(
        value == timedelta(days=days) if isinstance(value, timedelta) else value == days
        for value in came.values
        if isinstance(value, timedelta | int | float) and not isinstance(value, bool)
    )


def _clock_of(value: SlotValue, zone: ZoneInfo) -> time | None:
    match value:
        case datetime():
            return value.astimezone(zone).time() if value.tzinfo else value.time()
        case time():
            return value
        case _:
            return None


def _day_of(value: SlotValue, zone: ZoneInfo) -> date | None:
    match value:
        case datetime():
            return (value.astimezone(zone) if value.tzinfo else value).date()
        case date():
            return value
        case _:
            return None


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
