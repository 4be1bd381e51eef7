"""What the doctor says of calendars from elsewhere."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from assistant.core.errors import AssistantError
from assistant.core.settings import CalendarSettings
from assistant.daemon.config import Config
from assistant.daemon.doctor import Finding, Grade, good, of_error
from assistant.daemon.zone import home_zone
from assistant.schedule.caldav_source import calendar_names
from assistant.schedule.ical_folder import calendar_files, file_bytes

FOLDER = "calendar folder"
CALDAV = "CalDAV"
NAMED = 3
"""So many refused entries of a file are named."""


def calendar_findings(config: Config) -> Iterator[Finding]:
    """One line per source, and one per file that can't be read as a whole."""
    settings = config.settings.calendar
    if settings.folder is None and not settings.caldav_url:
        yield good("calendars", "none from elsewhere")
    if settings.folder is not None:
        yield from _folder(settings.folder.expanduser(), str(home_zone(config.settings.general)))
    if settings.caldav_url:
        yield from _caldav(settings)


def _folder(folder: Path, zone: str) -> Iterator[Finding]:
    try:
        files = calendar_files(folder)
    except OSError as error:
        text = f"{folder}: {error.strerror or error}"
        yield Finding(FOLDER, Grade.FAULT, text, "make the folder, or correct calendar.folder")
        return
    yield good(FOLDER, f"{folder}, {len(files)} files")
    for file in files:
        yield from _file(file, zone)


def _file(file: Path, zone: str) -> Iterator[Finding]:
    from assistant.schedule.ical import read_calendar

    try:
        content = read_calendar(
            file_bytes(file), zone=zone, now=datetime.now(UTC), source=file.name, list_name=file.name
        )
    except AssistantError as error:
        text = f"{file.name}: {error.what}" + (f": {error.why}" if error.why else "")
        yield Finding(FOLDER, Grade.NOTE, text, "correct or remove the file; its last good version is used")
        return
    if content.refused:
        named = "; ".join(f"{each.name} ({each.why})" for each in content.refused[:NAMED])
        text = f"{file.name}: {len(content.refused)} entries are left out: {named}"
        yield Finding(FOLDER, Grade.NOTE, text, "correct them where the calendar is kept")


def _caldav(settings: CalendarSettings) -> Iterator[Finding]:
    try:
        names = calendar_names(settings)
    except AssistantError as error:
        yield of_error(CALDAV, error, Grade.NOTE if error.may_retry else Grade.FAULT)
        return
    yield good(CALDAV, f"{settings.caldav_url} has {', '.join(names) or 'no calendars'}")
    if urlsplit(settings.caldav_url).scheme == "http" and not is_this_machine(settings.caldav_url):
        text = "the login goes over the network in the clear"
        yield Finding(CALDAV, Grade.NOTE, text, "use https:// in calendar.caldav_url")
    file = settings.caldav_password_file
    if file is not None and file.stat().st_mode & 0o077:
        yield Finding(CALDAV, Grade.NOTE, f"others can read {file}", f"chmod 600 {file}")


def is_this_machine(url: str) -> bool:
    """True for an address that never leaves the machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
