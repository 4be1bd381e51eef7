"""One CalDAV server: its events, read again and again; offline, the last ones stay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from assistant.core.clock import Clock
from assistant.core.errors import CalendarError, InputError
from assistant.core.ports import CalendarPort
from assistant.core.settings import CalendarSettings
from assistant.schedule.aside import aside
from assistant.schedule.calendar_sources import SourceState, Told, put

SOURCE = "caldav"
FIRST_PAUSE_S = 30.0
TIMEOUT_S = 20
MAX_BYTES = 64 * 1024 * 1024


class CaldavSource:
    """Reads the calendars of one login. After a failure it tries again soon, then with growing pauses."""

    def __init__(self, settings: CalendarSettings, calendar: CalendarPort, zone: str, clock: Clock) -> None:
        self._settings = settings
        self._calendar = calendar
        self._zone = zone
        self._clock = clock
        self._told = Told()
        self._state = SourceState(SOURCE)
        self._digest = b""

    @property
    def states(self) -> Sequence[SourceState]:
        """How it is doing."""
        return [self._state]

    async def run(self) -> None:
        """Read until cancelled. Raises StoreError."""
        every_s = self._settings.caldav_every_min * 60
        pause_s = FIRST_PAUSE_S
        while True:
            is_read = await self.read()
            await self._clock.sleep(every_s if is_read else min(pause_s, every_s))
            pause_s = FIRST_PAUSE_S if is_read else pause_s * 2

    async def read(self) -> bool:
        """Read once; False when that failed and the last version stays. Raises StoreError."""
        try:
            files = await aside("caldav", lambda: list(fetch(self._settings)))
            self._state = await self._take(files)
        except (CalendarError, InputError) as error:
            self._state = replace(self._state, error=str(error))
        self._told.note(self._state)
        return not self._state.error

    async def _take(self, files: Sequence[bytes]) -> SourceState:
        from assistant.schedule.ical import join, read_calendar

        now = self._clock.now()
        digest = hashlib.sha256(b"\0".join(files)).digest()
        if digest == self._digest:
            return replace(self._state, error="", read_at=now)
        content = await aside(
            "caldav-read",
            lambda: join(
                read_calendar(data, zone=self._zone, now=now, source=SOURCE, list_name=SOURCE) for data in files
            ),
        )
        count = await put(self._calendar, SOURCE, content.events)
        self._digest = digest
        return SourceState(SOURCE, count, tuple(f"{each.name}: {each.why}" for each in content.refused), "", now)


def fetch(settings: CalendarSettings) -> Iterator[bytes]:
    """All entries of the wanted calendars, each as a file of its own. Blocks. Raises CalendarError, whose words hold
    no login."""
    with _calendars(settings) as calendars:
        yield from _entries(calendars, settings)


def calendar_names(settings: CalendarSettings) -> Sequence[str]:
    """Names of all calendars of this login. Blocks. Raises CalendarError."""
    with _calendars(settings) as calendars:
        return sorted(str(calendar.name or "") for calendar in calendars)


@contextmanager
def _calendars(settings: CalendarSettings) -> Iterator[Sequence[Any]]:
    """The calendars of this login, while the connection is open."""
    try:
        import caldav
        from caldav.lib.error import AuthorizationError, DAVError
        from requests.exceptions import RequestException
    except ImportError as error:
        raise CalendarError(
            "this calendar can't be read", why="the CalDAV client isn't installed", fix="install assistant[caldav]"
        ) from error
    try:
        client: Any = caldav.DAVClient(
            url=settings.caldav_url,
            username=settings.caldav_username or None,
            password=password_of(settings),
            timeout=TIMEOUT_S,
        )
        with client:
            yield client.principal().calendars()
    except AuthorizationError as error:
        fix = "correct calendar.caldav_username and the password file"
        raise CalendarError(f"{settings.caldav_url} can't be read", why="it refuses the login", fix=fix) from error
    except (DAVError, RequestException, ValueError, OSError) as error:
        # the client's own words may hold what was sent
        why = f"no usable answer ({type(error).__name__})"
        raise CalendarError(
            f"{settings.caldav_url} can't be read", why=why, fix="check calendar.caldav_url", may_retry=True
        ) from error


def _entries(calendars: Sequence[Any], settings: CalendarSettings) -> Iterator[bytes]:
    wanted = {name.casefold() for name in settings.caldav_calendars}
    found = [(str(calendar.name or ""), calendar) for calendar in calendars]
    missing = wanted - {name.casefold() for name, _ in found}
    if missing:
        there = ", ".join(sorted(name for name, _ in found)) or "none"
        raise CalendarError(f"there is no calendar {min(missing)!r} on the server", fix=f"there are: {there}")
    length = 0
    for name, calendar in found:
        if wanted and name.casefold() not in wanted:
            continue
        for entry in calendar.events():
            data = str(entry.data).encode()
            length += len(data)
            if length > MAX_BYTES:
                raise CalendarError("the calendars are too long", why=f"they have more than {MAX_BYTES} bytes")
            yield data


def password_of(settings: CalendarSettings) -> str | None:
    """The password. Raises CalendarError if its file can't be read."""
    file = settings.caldav_password_file
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", "") or "it is no text"
        raise CalendarError(
            "the CalDAV password can't be read", why=f"{file}: {why}", fix="correct calendar.caldav_password_file"
        ) from error
