"""Cases in the form of the Recognizers-Text specs: `input`, `reference`, `results` with their readings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any

from assistant.core.values import Kind, Reading
from benchmarks.time_cases import Case, Row
from benchmarks.time_quantities import quantity
from benchmarks.time_wanted import (
    AnyOf,
    Wanted,
    WantedClock,
    WantedLength,
    WantedMoment,
    WantedNothing,
    WantedRange,
    WantedRule,
    years_on,
)

_POINTS = ("date", "time", "datetime")
_RANGES = ("daterange", "timerange", "datetimerange")
_TIMES = frozenset({Kind.TIME})
_ALL_TIMES = frozenset({Kind.TIME, Kind.LENGTH, Kind.RECURRENCE})
_MODE = re.compile(r"Mode$")
"""Sets of a mode that leaves out on purpose what others find; their negatives are no negatives elsewhere."""
_NO_SUCH_DAY = "not resolved"
"""Said of the 30th of February, and of ranges without numbers (a season)."""
_YEAR_S = 365 * 86_400
_NOON = datetime(2016, 11, 7, 12, tzinfo=UTC)
_SKIPPED = re.compile(r"Extractor|TimeZone|NumberRange|BooleanModel")
"""Sets that test spans alone, zones, ranges of numbers, and yes or no."""


def knows(_: str, row: Row) -> bool:
    """True for rows of this form."""
    return {"input", "results"} <= row.keys()


def make(name: str, row: Row, language: str) -> Case | None:
    """One case; None for what isn't scored: several results, and readings that the source left open."""
    if _SKIPPED.search(name):
        return None
    if not name.startswith("datetime-"):
        return quantity(name, row, language)
    now = _local(row["reference"]) if row.get("reference") else _NOON
    reading = Reading(now, f"{language or 'en'}-US")
    results = row["results"]
    if not results and _MODE.search(name):
        return None
    if not results:
        return Case(name, "negative", row["input"], reading, _kinds_of_set(name), None, language or "en")
    if len(results) > 1:
        return None
    kind = results[0]["type"].partition(".")[2] or results[0]["type"]
    wanted = _wanted(kind, results[0], now)
    if wanted is None:
        return None
    part, kinds = _part(kind)
    is_model = "Model" in name or "Merged" in name
    return Case(name, part, row["input"], reading, kinds, wanted, language or "en", not is_model or part == "instant")


def _part(kind: str) -> tuple[str, frozenset[Kind]]:
    match kind:
        case "duration":
            return "duration", frozenset({Kind.LENGTH})
        case "set":
            return "set", frozenset({Kind.RECURRENCE})
        case _:
            return ("instant" if kind in _POINTS else "interval"), _TIMES


def _kinds_of_set(name: str) -> frozenset[Kind]:
    if "Duration" in name:
        return frozenset({Kind.LENGTH})
    if "Set" in name:
        return frozenset({Kind.RECURRENCE})
    return _ALL_TIMES if "Model" in name or "Merged" in name else _TIMES


def _wanted(kind: str, result: Row, now: datetime) -> Wanted | None:
    if kind == "set":
        timex = result["timex"] if isinstance(result["timex"], str) else result["timex"][0]
        return WantedRule(timex, bool(re.search(r"\bother\b", result["text"], re.IGNORECASE)))
    make = _MAKERS.get(kind)
    if make is None:
        return None
    if kind in _POINTS and [each.get("value") for each in result["resolution"].get("values", ())] == [_NO_SUCH_DAY]:
        return WantedNothing()
    choices = [wanted for value in _values(result["resolution"]) if (wanted := make(value, now)) is not None]
    return AnyOf(tuple(choices)) if choices else None


def _values(resolution: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """All readings as `value`, or `start` and `end`."""
    for value in resolution.get("values") or ():
        if value.get("value") != _NO_SUCH_DAY:
            yield value
    for when in ("FutureResolution", "PastResolution"):
        found = {_plain(key): value for key, value in resolution.get(when, {}).items()}
        if found:
            yield found


def _plain(key: str) -> str:
    """ "startDateTime" → "start", "dateTime" → "value"."""
    return next((end for end in ("start", "end") if key.startswith(end)), "value")


def _day(value: Mapping[str, str], now: datetime) -> Wanted | None:
    if "value" not in value:
        return None
    at = _local(value["value"])
    return AnyOf((WantedMoment(at, is_day=True), *years_on(at, now)))


def _moment(value: Mapping[str, str], _: datetime) -> Wanted | None:
    return WantedMoment(_local(value["value"])) if "value" in value else None


def _clock(value: Mapping[str, str], now: datetime) -> Wanted | None:
    return WantedClock(_clock_of(value["value"]), now.date()) if "value" in value else None


def _duration(value: Mapping[str, str], _: datetime) -> Wanted | None:
    """Years are 365 days here, and months as long as a twelfth of one or 30 days."""
    if "value" not in value:
        return None
    seconds = float(value["value"])
    return WantedLength(seconds, seconds / _YEAR_S * 12)


def _range(value: Mapping[str, str], _: datetime) -> Wanted | None:
    start, end = (_local(value[each]) if each in value else None for each in ("start", "end"))
    return WantedRange(start, end) if start or end else None


def _clock_range(value: Mapping[str, str], now: datetime) -> Wanted | None:
    start, end = (
        datetime.combine(now.date(), _clock_of(value[each]), UTC) if each in value else None
        for each in ("start", "end")
    )
    return WantedRange(start, end, is_clock=True) if start or end else None


_MAKERS: Mapping[str, Callable[[Mapping[str, str], datetime], Wanted | None]] = {
    "date": _day,
    "datetime": _moment,
    "time": _clock,
    "duration": _duration,
    "daterange": _range,
    "datetimerange": _range,
    "timerange": _clock_range,
}


def _clock_of(text: str) -> time:
    """Some readings of a time of day name the day of the reference too."""
    return time.fromisoformat(text.rpartition(" ")[2])


def _local(text: str) -> datetime:
    """Wall time of the spec; an offset that it names is its machine's, not the speaker's."""
    return datetime.fromisoformat(text[:26] if "+" in text else text).replace(tzinfo=UTC)
