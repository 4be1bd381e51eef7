"""Operations for days: weekdays, months, days of the month, years, and dates as written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.core.values import Grain
from assistant.language.chart import Op, Value
from assistant.language.ops.quantities import NumberValue, OrdinalValue
from assistant.language.ops.times import Form, TimeValue, joined
from assistant.language.time.fields import Fields
from assistant.language.time.series import Cycle, Never, Nth
from assistant.language.time.spans import days_in

_LEAP_DAY = (2, 29)
_LONG_MONTHS = (3, 5, 7, 10)
"""Their ides were on the 15th, those of the others on the 13th."""


def _weekday(value: int, is_latent: bool = False) -> Value | None:
    return TimeValue(Fields(weekday=value), Form.WEEKDAY, is_latent, is_named=True)


def _month(value: int, is_latent: bool = False) -> Value | None:
    return TimeValue(Fields(month=value), Form.MONTH, is_latent, is_named=True)


def _units_away(value: int, grain: str = "day") -> Value | None:
    """Today, tomorrow, the day before yesterday."""
    return TimeValue(Nth(value, Cycle(Grain(grain))))


def year_of(digits: int, value: int) -> int:
    """The year meant; two figures are of the hundred years around 2000."""
    return (value + 50) % 100 + 1950 if digits == 2 or (not digits and value < 100) else value


def _year(n: NumberValue) -> Value | None:
    """A bare number that may be a year."""
    if not 1000 <= n.value <= 2999 or n.digits not in (0, 4):
        return None
    return TimeValue(Fields(year=int(n.value)), Form.OTHER, is_latent=True)


def _year_in_words(a: NumberValue, b: NumberValue) -> Value | None:
    """ "Twenty" "forty one"."""
    if a.digits or b.digits or not 15 <= a.value <= 21 or not 10 <= b.value < 100 or a.form == "count":
        return None
    return TimeValue(Fields(year=int(a.value) * 100 + int(b.value)), Form.OTHER, is_latent=True)


def _small_year_in_words(a: NumberValue, b: NumberValue) -> Value | None:
    """ "Nineteen" oh "seven"."""
    if a.digits or b.digits or not 15 <= a.value <= 21 or not 0 < b.value < 10:
        return None
    return TimeValue(Fields(year=int(a.value) * 100 + int(b.value)), Form.OTHER, is_latent=True)


def _year_of_era(n: NumberValue, is_before: bool = False) -> Value | None:
    """ "1066" AD; no calendar of ours has years before that."""
    if is_before:
        return TimeValue(Never())
    return TimeValue(Fields(year=int(n.value))) if 1 <= n.value <= 9999 else None


def _day_of_month(d: NumberValue | OrdinalValue, is_latent: bool = True) -> Value | None:
    day = _day(d)
    return None if day is None else TimeValue(Fields(day=day), Form.DAY_OF_MONTH, is_latent)


def _day(d: NumberValue | OrdinalValue) -> int | None:
    if not 1 <= d.value <= 31 or d.value != int(d.value) or d.form in ("count", "fraction"):
        return None
    return int(d.value)


def _day_of(d: NumberValue | OrdinalValue, m: TimeValue, is_framed: bool = False) -> Value | None:
    """ "The 8th" "of june", "of next month"; "sunday" "the 21st"."""
    day = _day(d)
    if day is None or (m.is_latent and isinstance(d, NumberValue) and not d.digits and not is_framed):
        return None  # "one may"
    if m.form is Form.MONTH and isinstance(m.series, Fields) and day > days_in(2000, m.series.month or 1):
        return TimeValue(Never())
    return joined(TimeValue(Fields(day=day)), m)


def _date_in_year(d: TimeValue, y: NumberValue) -> Value | None:
    """A date and the year, which may be two figures."""
    if y.digits not in (2, 4) or y.form or not isinstance(d.series, Fields):
        return None
    year = TimeValue(Fields(year=year_of(y.digits, int(y.value))))
    return joined(d, year) or (TimeValue(Never()) if d.series[1:3] == _LEAP_DAY else None)


def _month_in_year(m: TimeValue, y: NumberValue) -> Value | None:
    """ "May" "2031"."""
    return joined(replace(m, is_latent=False), TimeValue(Fields(year=int(y.value)))) if y.digits == 4 else None


def _glued_date(month: str, day: str, months: Mapping[str, int]) -> Value | None:
    """ "Dec3"."""
    return _written(day, str(months[month]))


def _ides(m: TimeValue) -> Value | None:
    month = m.series.month if isinstance(m.series, Fields) else None
    return joined(m, TimeValue(Fields(day=15 if month in _LONG_MONTHS else 13)))


def _day_month_year(d: NumberValue, m: TimeValue, y: NumberValue, year_digits: int = 2) -> Value | None:
    """ "3-dec-2026", whatever the order; `year_digits`: how many the year has at least."""
    if y.digits not in (2, 4) or y.digits < year_digits or d.digits > 2:
        return None
    date = _day_of(d, m)
    return _date_in_year(date, y) if isinstance(date, TimeValue) else None


def _written(
    day: str | None = None, month: str | None = None, year: str | None = None, or_swapped: bool = False
) -> Value | None:
    """A date in figures; `or_swapped`: day and month may change places where only that is a date."""
    fields = _fields(day, month, year)
    if fields is None and or_swapped:
        fields = _fields(month, day, year)
    if fields is None:
        return None
    return TimeValue(fields, Form.DATE if year is None and day is not None else Form.OTHER)


def _fields(day: str | None, month: str | None, year: str | None) -> Fields | None:
    if (month and not 1 <= int(month) <= 12) or (day and not 1 <= int(day) <= 31):
        return None
    whole = Fields(year=year_of(len(year), int(year)) if year else None)
    if whole.year is not None and not 1 <= whole.year <= 9999:
        return None
    rest = Fields(month=int(month) if month else None, day=int(day) if day else None)
    return whole.merged(rest)


OPS: Mapping[str, Op] = {
    "weekday": _weekday,
    "month": _month,
    "units_away": _units_away,
    "year": _year,
    "year_in_words": _year_in_words,
    "small_year_in_words": _small_year_in_words,
    "year_of_era": _year_of_era,
    "day_of_month": _day_of_month,
    "day_of": _day_of,
    "date_in_year": _date_in_year,
    "month_in_year": _month_in_year,
    "glued_date": _glued_date,
    "ides": _ides,
    "day_month_year": _day_month_year,
    "written_date": _written,
}
