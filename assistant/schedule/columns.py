"""How times and rules lie in the database's columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from assistant.core.schedule import Repeat

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def us_from_instant(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def instant_from_us(us: int) -> datetime:
    """Aware UTC."""
    return _EPOCH + us * _MICROSECOND


def us_from_span(span: timedelta | None) -> int | None:
    """Microseconds."""
    return None if span is None else span // _MICROSECOND


def span_from_us(us: int | None) -> timedelta | None:
    """A length of time."""
    return None if us is None else us * _MICROSECOND


def repeat_columns(repeat: Repeat | None) -> Mapping[str, str | None]:
    """The columns of a rule, but for its start."""
    if repeat is None:
        return {"rule": None, "except_local": ""}
    return {"rule": repeat.rule, "except_local": ",".join(at.isoformat() for at in repeat.except_local)}


def repeat_from_row(row: Row[Any]) -> Repeat | None:
    """The rule of an item or event."""
    if row.rule is None:
        return None
    left_out = tuple(datetime.fromisoformat(each) for each in row.except_local.split(",") if each)
    return Repeat(row.rule, datetime.fromisoformat(row.start_local), left_out)
