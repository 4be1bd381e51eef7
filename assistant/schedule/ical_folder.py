"""A folder of .ics files: each is a source of events, followed as it changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from watchfiles import Change, awatch

from assistant.core.clock import Clock
from assistant.core.errors import CalendarError, InputError
from assistant.core.ports import CalendarPort
from assistant.schedule.aside import aside
from assistant.schedule.calendar_sources import SourceState, Told, put

_LOGGER = logging.getLogger(__name__)
PREFIX = "folder:"
SUFFIX = ".ics"
DEBOUNCE_MS = 300
"""Changes that come this close together are one."""
STEP_MS = 50
LOOK_AGAIN_MS = 5000
"""Without news the folder is looked at all the same: not every file system tells of its changes."""
WAIT_S = 1.0
MAX_FILES = 200
Stamp = tuple[int, int]
"""Time of change and size: what makes a file another one."""


class CalendarFolder:
    """Follows a folder. A file that can't be read keeps its last good version, also across restarts; one that is gone
    takes its events along. A folder that is gone takes nothing: it may be a drive that comes back."""

    def __init__(self, folder: Path, calendar: CalendarPort, zone: str, clock: Clock) -> None:
        self._folder = folder
        self._calendar = calendar
        self._zone = zone
        self._clock = clock
        self._told = Told()
        self._stamps: dict[str, Stamp] = {}
        self._states: dict[str, SourceState] = {}

    @property
    def states(self) -> Sequence[SourceState]:
        """How each file is doing, by name."""
        return [self._states[name] for name in sorted(self._states)]

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Follow until cancelled or stopped. Raises StoreError."""
        await self._take_up()
        while stop is None or not stop.is_set():
            if not await asyncio.to_thread(self._folder.is_dir):
                self._note(SourceState(str(self._folder), error="there is no such folder"))
                await self._clock.sleep(WAIT_S)
                continue
            self._states.pop(str(self._folder), None)
            await self.look()
            async for _ in awatch(
                self._folder,
                watch_filter=_is_calendar,
                debounce=DEBOUNCE_MS,
                step=STEP_MS,
                stop_event=stop,
                rust_timeout=LOOK_AGAIN_MS,
                yield_on_timeout=True,
                recursive=False,
            ):
                if not await self.look():
                    break

    async def look(self) -> bool:
        """Take over what changed since the last look; False when the folder is gone. Raises StoreError."""
        found = await asyncio.to_thread(_stamps, self._folder)
        if found is None:
            return False
        for name in sorted(self._stamps.keys() - found.keys()):
            await self._calendar.replace_source(PREFIX + name, ())
            del self._stamps[name]
            self._states.pop(name, None)
            _LOGGER.info("a calendar is gone", extra={"calendar": name})
        for name, stamp in sorted(found.items()):
            if self._stamps.get(name) != stamp:
                await self._take(name)
                self._stamps[name] = stamp
        return True

    async def _take_up(self) -> None:
        """Files whose events are kept from an earlier run: they may be gone by now."""
        for event in await self._calendar.events():
            if event.source.startswith(PREFIX):
                self._stamps.setdefault(event.source.removeprefix(PREFIX), (0, 0))

    async def _take(self, name: str) -> None:
        try:
            state = await self._read(name)
        except (CalendarError, InputError) as error:
            before = self._states.get(name, SourceState(name))
            state = replace(before, error=str(error))
        self._note(state)

    async def _read(self, name: str) -> SourceState:
        # the parser takes a while to load: only who has calendars pays for it
        from assistant.schedule.ical import read_calendar

        now = self._clock.now()
        read = partial(read_calendar, zone=self._zone, now=now, source=PREFIX + name, list_name=name)
        content = await aside("calendar-file", lambda: read(file_bytes(self._folder / name)))
        count = await put(self._calendar, PREFIX + name, content.events)
        return SourceState(name, count, tuple(f"{each.name}: {each.why}" for each in content.refused), "", now)

    def _note(self, state: SourceState) -> None:
        self._states[state.name] = state
        self._told.note(state)


def file_bytes(path: Path) -> bytes:
    """What is in an .ics file. Raises CalendarError."""
    from assistant.schedule.ical.chunks import MAX_BYTES

    try:
        if not path.is_file():
            raise CalendarError(f"{path.name} is no file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise CalendarError(f"{path.name} is too long", why=f"it has {size} bytes, at most {MAX_BYTES} are taken")
        return path.read_bytes()
    except OSError as error:
        raise CalendarError(f"{path.name} can't be read", why=error.strerror or str(error)) from error


def calendar_files(folder: Path) -> Sequence[Path]:
    """The files that are followed, by name. Raises OSError."""
    files = (path for path in folder.iterdir() if _is_calendar(Change.added, str(path)) and path.is_file())
    return sorted(files)[:MAX_FILES]


def _stamps(folder: Path) -> dict[str, Stamp] | None:
    """None when the folder can't be listed."""
    found: dict[str, Stamp] = {}
    try:
        for path in calendar_files(folder):
            status = path.stat()
            found[path.name] = (status.st_mtime_ns, status.st_size)
    except OSError:
        # gone between two looks: its files are kept as they were, and the next look tells
        return None
    return found


def _is_calendar(_change: Change, path: str) -> bool:
    """True for an .ics file that isn't hidden; editors write beside it."""
    name = Path(path).name
    return name.lower().endswith(SUFFIX) and not name.startswith(".")
