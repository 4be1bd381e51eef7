"""Cases in the form of Lingua Franca's tests: `input`, `reference`, `expected` (local), or `seconds`."""

from __future__ import annotations

from datetime import UTC, datetime, time

from assistant.core.values import Kind, Reading
from benchmarks.time_cases import Case, Row
from benchmarks.time_wanted import AnyOf, Wanted, WantedFirst, WantedLength, WantedMoment, WantedPart, years_on

_KINDS = frozenset({Kind.TIME, Kind.LENGTH, Kind.RECURRENCE})
_NOON = datetime(2017, 6, 27, 12, tzinfo=UTC)
_PART_HOURS = (8, 15, 19, 22)
"""What this data says for "morning", "afternoon", "evening" and "night"."""


def knows(_: str, row: Row) -> bool:
    """True for rows of this form."""
    return "input" in row and ("seconds" in row or {"expected", "reference"} <= row.keys())


def make(name: str, row: Row, language: str) -> Case:
    """One case: "next friday" is the coming one here, and a bare hour on a day is as said."""
    lang = language or row.get("lang", "en")
    now = _local(row["reference"]) if "reference" in row else _NOON
    locale = f"{lang}-US" if lang == "en" else lang
    reading = Reading(now, locale, is_waking_on_named_day=False, is_next_weekday_in_next_week=False)
    if "seconds" in row:
        wanted = None if row["seconds"] is None else WantedLength(float(row["seconds"]))
        return Case(name, _part(wanted), row["input"], reading, frozenset({Kind.LENGTH}), wanted, lang)
    moment = None if row["expected"] is None else _moment(row, now)
    return Case(name, _part(moment), row["input"], reading, _KINDS, moment, lang)


def _part(wanted: Wanted | None) -> str:
    match wanted:
        case None:
            return "negative"
        case WantedLength():
            return "duration"
        case _:
            return "instant"


def _moment(row: Row, now: datetime) -> Wanted:
    at = _local(row["expected"])
    is_day = at.time() in (time(0), time.fromisoformat(row.get("default_time") or "00:00"))
    choices: list[Wanted] = [WantedMoment(at, is_day=is_day), WantedFirst(at, now)]
    if is_day:
        choices.extend(years_on(at, now))
    if at.minute == 0 and at.hour in _PART_HOURS:
        choices.append(WantedPart(at))
    return AnyOf(tuple(choices))


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
