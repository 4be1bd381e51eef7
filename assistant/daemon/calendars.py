"""Which calendars from elsewhere are followed, by the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.ports import CalendarPort
from assistant.core.settings import CalendarSettings
from assistant.schedule.caldav_source import CaldavSource
from assistant.schedule.calendar_sources import CalendarSource
from assistant.schedule.ical_folder import CalendarFolder


def calendar_sources(
    settings: CalendarSettings, calendar: CalendarPort, zone: ZoneInfo, clock: Clock
) -> Mapping[str, CalendarSource]:
    """Part's name → source."""
    sources: dict[str, CalendarSource] = {}
    if settings.folder is not None:
        sources["calendar folder"] = CalendarFolder(settings.folder.expanduser(), calendar, str(zone), clock)
    if settings.caldav_url:
        sources["caldav"] = CaldavSource(settings, calendar, str(zone), clock)
    return sources
