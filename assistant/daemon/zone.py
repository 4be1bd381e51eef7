"""The zone this home lives in."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal import get_localzone_name

from assistant.core.settings import GeneralSettings


def home_zone(general: GeneralSettings) -> ZoneInfo:
    """The configured zone, else the system's, else UTC (where the system names none)."""
    name = general.zone or get_localzone_name() or "UTC"
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")
