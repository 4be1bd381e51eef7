"""Moments in templates: now, timestamps and their texts, as Home Assistant has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from assistant.home.template_budget import TemplateFault, moment

_MISSING = object()
MAX_FORMAT = 100
_WIDE = re.compile(r"%[-_0^#]*\d")
METHODS = frozenset({"isoformat", "strftime", "timestamp", "total_seconds"})


def now() -> datetime:
    """The moment of the message, in the zone of the house."""
    return moment().astimezone()


def utcnow() -> datetime:
    """The moment of the message, in UTC."""
    return moment().astimezone(UTC)


def as_datetime(value: Any, default: Any = _MISSING) -> Any:
    """A timestamp or an ISO text as a moment; None for what is neither."""
    if isinstance(value, datetime):
        return value
    try:
        return _from_timestamp(value)
    except (TypeError, ValueError, OverflowError, OSError):
        pass
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None if default is _MISSING else default


def as_timestamp(value: Any, default: Any = _MISSING) -> Any:
    """A moment as seconds since 1970. Raises TemplateFault for what is none."""
    at = as_datetime(value, None)
    if at is None:
        return _or_fault(default)
    return at.timestamp()


def as_local(value: Any) -> Any:
    """A moment in the zone of the house."""
    return value.astimezone() if isinstance(value, datetime) else value


def as_timedelta(value: Any) -> Any:
    """A length from seconds."""
    return timedelta(seconds=float(value))


def timestamp_local(value: Any, default: Any = _MISSING) -> Any:
    """A timestamp as text in the zone of the house."""
    return _told(value, default, lambda at: at.astimezone().isoformat())


def timestamp_utc(value: Any, default: Any = _MISSING) -> Any:
    """A timestamp as text in UTC."""
    return _told(value, default, lambda at: at.isoformat())


def timestamp_custom(value: Any, form: str = "%Y-%m-%d %H:%M:%S", local: bool = True, default: Any = _MISSING) -> Any:
    """A timestamp as text in a form of one's own."""
    checked(form)
    return _told(value, default, lambda at: (at.astimezone() if local else at).strftime(form))


def strptime(value: Any, form: str, default: Any = _MISSING) -> Any:
    """A text in a known form as a moment."""
    checked(form)
    try:
        return datetime.strptime(str(value), form)
    except ValueError:
        return _or_fault(default)


def checked(form: str) -> str:
    """The form of a moment. Raises TemplateFault for one that would blow up."""
    if len(form) > MAX_FORMAT or _WIDE.search(form):
        raise TemplateFault("this format is not allowed here")
    return form


def _told(value: Any, default: Any, tell: Callable[[datetime], str]) -> Any:
    try:
        return tell(_from_timestamp(value))
    except (TypeError, ValueError, OverflowError, OSError):
        return _or_fault(default)


def _from_timestamp(value: Any) -> datetime:
    return datetime.fromtimestamp(float(value), UTC)


def _or_fault(default: Any) -> Any:
    if default is _MISSING:
        raise TemplateFault("a value is no moment")
    return default


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "now": now,
    "utcnow": utcnow,
    "as_datetime": as_datetime,
    "as_timestamp": as_timestamp,
    "as_local": as_local,
    "as_timedelta": as_timedelta,
    "strptime": strptime,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "as_datetime": as_datetime,
    "as_timestamp": as_timestamp,
    "as_local": as_local,
    "timestamp_local": timestamp_local,
    "timestamp_utc": timestamp_utc,
    "timestamp_custom": timestamp_custom,
}
