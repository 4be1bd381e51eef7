"""Operations for dates as they are written with dots: "14. - 15.10.2026"."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.language.chart import Op, Value
from assistant.language.ops.days import year_of
from assistant.language.ops.times import Form, TimeValue
from assistant.language.time.derived import Between
from assistant.language.time.fields import Fields


def _dotted_days(
    first_day: str, last_day: str, month: str, first_month: str | None = None, year: str | None = None
) -> Value | None:
    """From one day to another; the month and year at the end are meant for both."""
    said_year = year_of(len(year), int(year)) if year else None
    first, last = _date(first_day, first_month or month, said_year), _date(last_day, month, said_year)
    return TimeValue(Between(first, last), Form.RANGE) if first and last else None


def _date(day: str, month: str, year: int | None) -> Fields | None:
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
        return None
    return Fields(year=year).merged(Fields(month=int(month), day=int(day)))


OPS: Mapping[str, Op] = {"dotted_days": _dotted_days}
