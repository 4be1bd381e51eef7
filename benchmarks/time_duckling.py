"""Cases in the form of Duckling's corpora: `text`, `expected` with its kind, `reference`, `lang`, `region`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from assistant.core.values import Direction, Grain, Kind, Reading
from benchmarks.time_cases import Case, Row
from benchmarks.time_exclusions import kind_excluded
from benchmarks.time_wanted import (
    Wanted,
    WantedInstant,
    WantedLength,
    WantedNumber,
    WantedOpen,
    WantedOrdinal,
    WantedSpan,
)

_KINDS = {
    "duration": frozenset({Kind.LENGTH}),
    "numeral": frozenset({Kind.NUMBER}),
    "ordinal": frozenset({Kind.ORDINAL}),
}
_TIME = frozenset({Kind.TIME})
_REGIONS = {"en": "US", "de": "DE", "fr": "FR", "es": "ES", "ko": "KR"}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_NOON = "2013-02-12T12:00:00+00:00"
"""For rows to which the time doesn't matter."""


def knows(_: str, row: Row) -> bool:
    """True for rows of this form."""
    return {"text", "expected", "section"} <= row.keys()


def make(name: str, row: Row, language: str) -> Case:
    """One case, read with Duckling's own policy."""
    lang = language or row.get("lang", "en")
    expected = row["expected"]
    kinds = next((kinds for dimension, kinds in _KINDS.items() if name.startswith(dimension)), _TIME)
    is_latent = bool(row.get("latent"))
    excluded = kind_excluded(name, json.dumps(expected))
    part = _part(expected, is_latent)
    return Case(
        name,
        part,
        row["text"],
        replace(
            with_ducklings_policy(datetime.fromisoformat(row.get("reference", _NOON))),
            locale=f"{lang}-{row.get('region') or _REGIONS.get(lang, lang.upper())}",
            is_latent_wanted=is_latent,
        ),
        kinds,
        None if excluded else _wanted(expected),
        lang,
        part not in ("holiday", "latent"),
        excluded=excluded,
    )


def with_ducklings_policy(now: datetime) -> Reading:
    """The next such hour, am or pm, on a named day too; what is now still counts; "nine to eleven" takes in all of
    the hour of eleven; a part of the day tells am from pm."""
    return Reading(
        now,
        is_waking_on_named_day=False,
        is_last_unit_included=True,
        is_present_unit_kept=True,
        is_passed_part_moved=True,
        is_rounded_from_now=True,
        is_hour_inside_part_of_day=False,
    )


def _part(expected: Any, is_latent: bool) -> str:
    if expected is None:
        return "negative"
    if is_latent:
        return "latent"
    return "holiday" if expected.get("holiday") else str(expected["kind"])


def _wanted(expected: Any) -> Wanted | None:
    match expected:
        case None:
            return None
        case {"kind": "instant", "value": at, "grain": grain}:
            return WantedInstant(_at(at), Grain(grain))
        case {"kind": "interval", "from": start, "to": end}:
            return WantedSpan(_at(start), _at(end))
        case {"kind": "open", "direction": direction, "value": at}:
            return WantedOpen(Direction(direction), _at(at))
        case {"kind": "duration", "n": n, "unit": unit}:
            months = n * _MONTHS[unit] if unit in _MONTHS else None
            return WantedLength(expected.get("seconds"), months)
        case {"kind": "number", "value": value}:
            return WantedNumber(value)
        case {"kind": "ordinal", "value": value}:
            return WantedOrdinal(value)
        case _:
            raise ValueError(f"no such kind of expectation: {expected}")


def _at(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
