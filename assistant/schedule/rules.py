"""RFC 5545 recurrence rules: text to a checked `Rule`; what is wrong, or would cost too much, is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from assistant.core.errors import InputError

MAX_CHARS = 2000
MAX_COUNT = 5000
MAX_INTERVAL = 10_000
MAX_TIMES_WITH_POSITIONS = 24
"""Times a day when some of a period's occurrences are picked out by BYSETPOS: all of them have to be listed."""
LEAST = timedelta(minutes=1)
_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}


class Frequency(StrEnum):
    """How long a rule's period is."""

    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"
    MINUTELY = "MINUTELY"
    SECONDLY = "SECONDLY"


STEPS = {
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.MINUTELY: timedelta(minutes=1),
    Frequency.SECONDLY: timedelta(seconds=1),
}
"""Periods of elapsed time; all others are wall time."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that may be expanded. Empty sets do not restrict. Weekdays are (ordinal or 0, Monday = 0)."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    """Naive local time, or aware UTC; inclusive."""
    months: frozenset[int] = frozenset()
    week_numbers: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    hours: frozenset[int] = frozenset()
    minutes: frozenset[int] = frozenset()
    seconds: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    week_start: int = 0

    @property
    def step(self) -> timedelta | None:
        """Elapsed time from one period to the next; None for a rule of wall time."""
        unit = STEPS.get(self.frequency)
        return None if unit is None else self.interval * unit

    @property
    def names_days(self) -> bool:
        """True when a BY part other than BYMONTH says which days are meant."""
        return bool(self.week_numbers or self.year_days or self.month_days or self.weekdays)


@lru_cache(512)
def rule_from_text(text: str) -> Rule:
    """Parse and check a rule. Raises InputError."""
    if len(text) > MAX_CHARS:
        raise _refused(f"it is longer than {MAX_CHARS} characters")
    parts = _parts(text)
    if "FREQ" not in parts:
        raise _refused("FREQ is missing")
    frequency = parts.pop("FREQ")
    if frequency not in Frequency.__members__:
        raise _refused(f"{frequency!r} is no frequency")
    rule = Rule(Frequency(frequency))
    for name, value in parts.items():
        if name not in _PARTS:
            raise _refused(f"{name!r} is unknown")
        rule = _PARTS[name](rule, value)
    _check(rule)
    return rule


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").strip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise _refused(f"{part[:40]!r} can't be read")
        parts[name] = value
    return parts


def _check(rule: Rule) -> None:
    if rule.count is not None and rule.until is not None:
        raise _refused("COUNT and UNTIL exclude each other")
    if len(rule.seconds) > 1 or (rule.step is not None and rule.step < LEAST):
        raise _refused("nothing comes more than once a minute")
    if rule.step is not None:
        _check_elapsed(rule)
    has_ordinals = any(ordinal for ordinal, _ in rule.weekdays)
    if has_ordinals and (rule.frequency not in (Frequency.MONTHLY, Frequency.YEARLY) or rule.week_numbers):
        raise _refused("a weekday with a number needs a month or a year")
    if rule.week_numbers and (rule.frequency is not Frequency.YEARLY or rule.week_start != 0):
        raise _refused("week numbers are of a year whose weeks start on Monday")
    if rule.positions and len(rule.hours or (0,)) * len(rule.minutes or (0,)) > MAX_TIMES_WITH_POSITIONS:
        raise _refused(f"BYSETPOS takes at most {MAX_TIMES_WITH_POSITIONS} times a day")


def _check_elapsed(rule: Rule) -> None:
    if rule.positions or rule.year_days or rule.week_numbers or rule.seconds:
        raise _refused(f"BYSETPOS, BYYEARDAY, BYWEEKNO and BYSECOND don't go with {rule.frequency.value}")
    is_filtered = rule.months or rule.names_days or rule.hours or rule.minutes
    if is_filtered and rule.count is not None:
        raise _refused(f"COUNT doesn't go with {rule.frequency.value} and other parts", "say until when, not how often")


def _refused(why: str, fix: str = "") -> InputError:
    return InputError("this rule can't be used", why=why, fix=fix)


def _number(name: str, text: str, low: int, high: int) -> int:
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise _refused(f"{name} takes whole numbers, not {text[:20]!r}")
    number = int(text)
    if not low <= number <= high:
        raise _refused(f"{name} takes {low} to {high}, not {number}")
    return number


def _numbers(name: str, text: str, low: int, high: int) -> frozenset[int]:
    """A list of numbers; a list that allows negative ones counts from both ends, and has no zero."""
    found = frozenset(_number(name, each, low, high) for each in text.split(","))
    if low < 0 and 0 in found:
        raise _refused(f"{name} has no 0")
    return found


def _until(text: str) -> datetime:
    """Local time; with Z, UTC; a mere date lasts to its end."""
    try:
        if "T" not in text:
            return datetime.strptime(text, "%Y%m%d") + timedelta(days=1, microseconds=-1)
        until = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")
    except (ValueError, OverflowError) as error:
        raise _refused(f"UNTIL is no time: {text[:20]!r}", "write 20271231T180000") from error
    return until.replace(tzinfo=UTC) if text.endswith("Z") else until


def _weekday(text: str) -> tuple[int, int]:
    ordinal, day = text[:-2], text[-2:]
    if day not in _WEEKDAYS:
        raise _refused(f"{text[:20]!r} is no weekday")
    number = _number("BYDAY", ordinal, -53, 53) if ordinal else 0
    if ordinal and number == 0:
        raise _refused("BYDAY has no 0")
    return number, _WEEKDAYS[day]


def _week_start(text: str) -> int:
    if text not in _WEEKDAYS:
        raise _refused(f"{text[:20]!r} is no weekday")
    return _WEEKDAYS[text]


_PARTS: Mapping[str, Callable[[Rule, str], Rule]] = {
    "INTERVAL": lambda rule, text: replace(rule, interval=_number("INTERVAL", text, 1, MAX_INTERVAL)),
    "COUNT": lambda rule, text: replace(rule, count=_number("COUNT", text, 1, MAX_COUNT)),
    "UNTIL": lambda rule, text: replace(rule, until=_until(text)),
    "BYMONTH": lambda rule, text: replace(rule, months=_numbers("BYMONTH", text, 1, 12)),
    "BYWEEKNO": lambda rule, text: replace(rule, week_numbers=_numbers("BYWEEKNO", text, -53, 53)),
    "BYYEARDAY": lambda rule, text: replace(rule, year_days=_numbers("BYYEARDAY", text, -366, 366)),
    "BYMONTHDAY": lambda rule, text: replace(rule, month_days=_numbers("BYMONTHDAY", text, -31, 31)),
    "BYDAY": lambda rule, text: replace(rule, weekdays=frozenset(map(_weekday, text.split(",")))),
    "BYHOUR": lambda rule, text: replace(rule, hours=_numbers("BYHOUR", text, 0, 23)),
    "BYMINUTE": lambda rule, text: replace(rule, minutes=_numbers("BYMINUTE", text, 0, 59)),
    "BYSECOND": lambda rule, text: replace(rule, seconds=_numbers("BYSECOND", text, 0, 59)),
    "BYSETPOS": lambda rule, text: replace(rule, positions=_numbers("BYSETPOS", text, -366, 366)),
    "WKST": lambda rule, text: replace(rule, week_start=_week_start(text)),
}
