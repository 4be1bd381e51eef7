"""Operations for holidays, weekends and seasons.

When a holiday comes is told in a few words:

    12-25               every 25 December          2004-02-03          that one day
    4 thu 11            the fourth Thursday of November
    last mon 5          the last Monday of May
    easter-2            two days before Easter; orthodox+1 for the Orthodox one
    mon near 6-24       the Monday closest to 24 June; workday near …: Monday to Friday
    mon before 5-25     the last Monday before 25 May; mon from 5-26: the first on or after it; mon after …
    X +1                a day after X; X -3: three days before it
    X .. Y              from X to Y, both included
    weekend at X        from Friday evening to the end of the day X, a Monday
    X unless Y then Z   X, but Z of that year when X falls on Y
    X at 20:30 to 21:30 in the evening of X
    every 4 X           those of years that can be divided by four
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from assistant.core.values import Grain
from assistant.language.chart import Op, Value
from assistant.language.ops.times import Form, TimeValue
from assistant.language.time.derived import Between, Closest, InsteadOn, NthAfter, NthLast
from assistant.language.time.feasts import Easter, EveryYears, Workdays
from assistant.language.time.fields import Fields
from assistant.language.time.series import Cycle, Never, Series, all_of

WEEKDAYS = {name: place for place, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_SEASONS = (((3, 20), (6, 21)), ((6, 21), (9, 23)), ((9, 23), (12, 21)), ((12, 21), (3, 20)))
_WEEKEND_HOUR = 18


def day_after(base: Series, days: int) -> Series:
    """So many days after each, before it when negative."""
    return NthAfter(days, Cycle(Grain.DAY), base, is_whole=False) if days else base


def _day(name: str) -> Series:
    return Workdays() if name == "workday" else Fields(weekday=WEEKDAYS[name])


def _weekend_at(spec: str) -> Series:
    monday = when(spec)
    start = all_of(day_after(monday, -3), Fields(hour=_WEEKEND_HOUR))
    end = all_of(day_after(monday, 1), Fields(hour=0))
    if start is None or end is None:
        raise ValueError(f"no weekend at {spec!r}")
    return Between(start, end, is_closed=False)


def _hours_of(spec: str, hour: str, minute: str, last_hour: str, last_minute: str) -> Series:
    start = all_of(when(spec), Fields(hour=int(hour), minute=int(minute)))
    if start is None:
        raise ValueError(f"no such time at {spec!r}")
    return Between(start, Fields(hour=int(last_hour), minute=int(last_minute)))


_FORMS: tuple[tuple[str, Callable[..., Series]], ...] = (
    (r"(.+) unless (.+) then (.+)", lambda one, clash, other: InsteadOn(when(one), when(clash), when(other))),
    (r"(.+) \.\. (.+)", lambda first, last: Between(when(first), when(last))),
    (r"weekend at (.+)", _weekend_at),
    (r"(.+) at (\d+):(\d+) to (\d+):(\d+)", _hours_of),
    (r"every (\d+) (.+)", lambda years, spec: EveryYears(int(years), when(spec))),
    (r"(.+) ([+-]\d+)", lambda spec, days: day_after(when(spec), int(days))),
    (r"(\d+) (\w+) (\d+)", lambda n, day, month: NthAfter(int(n) - 1, _day(day), Fields(month=int(month)))),
    (r"last (\w+) (\d+)", lambda day, month: NthLast(1, _day(day), Fields(month=int(month)))),
    (r"(\w+) near (.+)", lambda day, spec: Closest(1, _day(day), when(spec))),
    (r"(\w+) before (.+)", lambda day, spec: NthAfter(-1, _day(day), when(spec))),
    (r"(\w+) from (.+)", lambda day, spec: NthAfter(0, _day(day), when(spec))),
    (r"(\w+) after (.+)", lambda day, spec: NthAfter(0, _day(day), day_after(when(spec), 1))),
    (r"easter([+-]\d+)?", lambda days: Easter(int(days or 0))),
    (r"orthodox([+-]\d+)?", lambda days: Easter(int(days or 0), is_orthodox=True)),
    (r"(\d+)-(\d+)", lambda month, day: Fields(month=int(month), day=int(day))),
    (r"(\d+)-(\d+)-(\d+)", lambda year, month, day: Fields(int(year), int(month), int(day))),
)


def when(spec: str) -> Series:
    """What a holiday's description means. Raises ValueError for one that is none."""
    for pattern, make in _FORMS:
        match = re.fullmatch(pattern, spec.strip())
        if match:
            return make(*match.groups())
    raise ValueError(f"{spec!r} does not tell when a holiday comes; see ops/holidays.py")


def _holiday(value: str) -> Value | None:
    """ "Christmas: 12-25"."""
    name, _, spec = value.partition(": ")
    series = when(spec)
    return TimeValue(series, Form.HOLIDAY, is_named=True, holiday=name)


def _unknown(value: str) -> Value | None:
    """A holiday that is not worked out here, so that its words are not taken for another."""
    return TimeValue(Never(), Form.HOLIDAY, is_named=True, holiday=value)


def _season(value: int) -> Value | None:
    """The season of every year: 0 is spring."""
    start, end = _SEASONS[value]
    return TimeValue(
        Between(Fields(month=start[0], day=start[1]), Fields(month=end[0], day=end[1])),
        Form.SEASON,
        is_latent=True,
        is_named=True,
    )


def _weekend() -> Value | None:
    start, end = Fields(weekday=4, hour=_WEEKEND_HOUR), Fields(weekday=0, hour=0)
    return TimeValue(Between(start, end, is_closed=False), Form.WEEKEND, is_named=True)


OPS: Mapping[str, Op] = {"holiday": _holiday, "unknown_holiday": _unknown, "named_season": _season, "weekend": _weekend}
