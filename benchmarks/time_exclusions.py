"""The kinds of rows that aren't counted, each with its reason, from `time_exclusions.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows of sets whose name begins so, whose expected value has this form."""

    name: str
    set: str
    expected: re.Pattern[str]
    reason: str


@cache
def exclusions() -> tuple[Exclusion, ...]:
    """All kinds."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Exclusion(each["name"], each["set"], re.compile(each["expected"]), each["reason"]) for each in raw["kind"]
    )


def kind_excluded(name: str, expected: str) -> str:
    """By which kind a row (its expected value as JSON) isn't counted; empty for one that is."""
    return next((e.name for e in exclusions() if name.startswith(e.set) and e.expected.search(expected)), "")
