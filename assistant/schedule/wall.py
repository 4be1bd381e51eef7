"""Wall time and instants: what a clock on the wall shows in a zone, and when that is; pure."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.core.errors import InputError


def instant_from_local(local: datetime, zone: ZoneInfo) -> datetime:
    """UTC of a naive wall time. RFC 5545, 3.3.5: in a gap, the offset before it; what comes twice is the first.

    `fold=1` asks for the second of two."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if not local.fold:
        return first
    return max(first, local.replace(tzinfo=zone).astimezone(UTC))


def local_from_instant(at: datetime, zone: ZoneInfo) -> datetime:
    """The naive wall time; `fold=1` for the second of two."""
    return at.astimezone(zone).replace(tzinfo=None)


def zone_from_name(name: str) -> ZoneInfo:
    """The IANA zone. Raises InputError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"there is no time zone {name!r}", fix="use an IANA name such as Europe/Berlin") from error
