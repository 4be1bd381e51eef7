"""What a text means at a given moment, told in short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.core.values import Found, Instant, Interval, Kind, Meaning, Open, Reading
from assistant.language.found import found_in

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = Reading(datetime(2026, 6, 10, 9, 20, tzinfo=BERLIN), locale="en-US")
"""A Wednesday morning in June."""


def at(moment: str, zone: ZoneInfo = BERLIN, **more: object) -> Reading:
    """A reading at "2026-06-10 09:20"."""
    return replace(WEDNESDAY, now=datetime.fromisoformat(moment).replace(tzinfo=zone), **more)


def times(text: str, reading: Reading = WEDNESDAY) -> Sequence[Found]:
    """All times in it."""
    return found_in(text, reading, [Kind.TIME])


def told(text: str, reading: Reading = WEDNESDAY) -> str:
    """What it says: "2026-06-11 17:00 hour", two of them for an interval, after or before; "" for nothing."""
    return "; ".join(_told(each.meaning) for each in times(text, reading))


def _told(meaning: Meaning) -> str:
    match meaning:
        case Instant():
            return f"{_moment(meaning.at)} {meaning.grain}"
        case Interval():
            return f"{_moment(meaning.start)} to {_moment(meaning.end)}"
        case Open():
            return f"{meaning.direction} {_moment(meaning.at)}"
        case _:
            return repr(meaning)


def _moment(moment: datetime) -> str:
    text = f"{moment:%Y-%m-%d %H:%M:%S}"
    return text.removesuffix(":00").removesuffix(" 00:00")
