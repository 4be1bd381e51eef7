"""A folder of calendars: what changes is taken over, what breaks keeps its last good version and is told once."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.core.ports import CalendarPort
from assistant.schedule.ical_folder import CalendarFolder
from assistant.testing.clock import FakeClock
from tests.schedule.parts import NOON, schedule_on

ZONE = "Europe/Berlin"
EVENT = "BEGIN:VEVENT\r\nUID:{0}\r\nSUMMARY:{0}\r\nDTSTART:20260310T100000\r\n{1}END:VEVENT\r\n"


def calendar_text(*labels: str, more: str = "") -> str:
    return f"BEGIN:VCALENDAR\r\n{''.join(EVENT.format(label, more) for label in labels)}END:VCALENDAR\r\n"


class Folder:
    """A folder, and the calendar that follows it."""

    def __init__(self, path: Path, calendar: CalendarPort) -> None:
        self.path = path
        self.calendar = calendar
        self.follower = self.followed()
        self._age = 0

    def followed(self) -> CalendarFolder:
        return CalendarFolder(self.path, self.calendar, ZONE, FakeClock(NOON))

    def write(self, name: str, text: str) -> None:
        self._age += 1
        file = self.path / name
        file.write_text(text, newline="")
        os.utime(file, ns=(self._age, self._age))

    async def labels(self) -> list[str]:
        return sorted(event.label for event in await self.calendar.events())

    async def until(self, *labels: str, limit_s: float = 5) -> None:
        async with asyncio.timeout(limit_s):
            while await self.labels() != list(labels):  # noqa: ASYNC110  the database tells nobody when it changes
                await asyncio.sleep(0.02)

    async def look(self) -> list[str]:
        await self.follower.look()
        return await self.labels()


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    (path := tmp_path / "calendars").mkdir()
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        yield Folder(path, schedule.calendar)


async def test_files_come_change_and_go(folder: Folder) -> None:
    folder.write("club.ics", calendar_text("choir"))
    folder.write("work.ICS", calendar_text("meeting", "lunch"))
    assert await folder.look() == ["choir", "lunch", "meeting"]
    folder.write("work.ICS", calendar_text("meeting"))
    assert await folder.look() == ["choir", "meeting"]
    (folder.path / "club.ics").unlink()
    assert await folder.look() == ["meeting"]


async def test_a_broken_file_keeps_its_last_good_version_and_is_told_once(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    folder.write("club.ics", calendar_text("choir"))
    await folder.look()
    folder.write("club.ics", calendar_text("choir", "party")[:80])
    assert await folder.look() == ["choir"]
    await folder.look()
    folder.write("club.ics", calendar_text("choir", "party")[:80])
    await folder.look()
    (state,) = folder.follower.states
    assert (state.name, state.events) == ("club.ics", 1)
    assert "not whole" in state.error
    assert [record.message for record in caplog.records] == ["a calendar can't be read"]
    folder.write("club.ics", calendar_text("party"))
    assert await folder.look() == ["party"]
    assert folder.follower.states[0].error == ""


async def test_entries_that_cannot_be_taken_are_named(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    folder.write("club.ics", calendar_text("attack", more="RRULE:FREQ=SECONDLY\r\n"))
    assert await folder.look() == []
    assert len(folder.follower.states[0].refused) == 1
    # a field of that name is redacted in the log unless words are wanted there
    assert "attack" in caplog.records[0].__dict__["names"]


async def test_a_file_that_went_while_we_were_off_takes_its_events_along(folder: Folder) -> None:
    folder.write("club.ics", calendar_text("choir"))
    folder.write("work.ics", calendar_text("meeting"))
    await folder.look()
    (folder.path / "club.ics").unlink()
    stop = asyncio.Event()
    running = asyncio.create_task(folder.followed().run(stop))
    await folder.until("meeting")
    stop.set()
    await running


async def test_a_file_that_stayed_the_same_is_not_written_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("club.ics", calendar_text("choir", more="RRULE:FREQ=WEEKLY\r\nEXDATE:20260317T100000\r\n"))
    await folder.look()

    async def refuse(source: str, events: object) -> int:
        raise AssertionError(f"{source} is written again")

    monkeypatch.setattr(folder.calendar, "replace_source", refuse)
    again = folder.followed()
    await again.look()
    assert [state.events for state in again.states] == [1]


async def test_a_folder_that_is_gone_takes_nothing_along(folder: Folder) -> None:
    folder.write("club.ics", calendar_text("choir"))
    await folder.look()
    folder.path.rename(folder.path.with_name("elsewhere"))
    assert not await folder.follower.look()
    assert await folder.labels() == ["choir"]


async def test_what_is_no_regular_file_or_hidden_is_left_alone(folder: Folder) -> None:
    os.mkfifo(folder.path / "pipe.ics")
    (folder.path / "folder.ics").mkdir()
    folder.write(".hidden.ics", calendar_text("hidden"))
    folder.write("notes.txt", calendar_text("notes"))
    assert await folder.look() == []


@pytest.mark.slow
async def test_a_change_is_there_within_two_seconds(folder: Folder) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(folder.follower.run(stop))
    folder.write("first.ics", calendar_text("first"))
    await folder.until("first", limit_s=10)
    folder.write("second.ics", calendar_text("second"))
    await folder.until("first", "second", limit_s=2)
    folder.write("second.ics", calendar_text("third"))
    await folder.until("first", "third", limit_s=2)
    (folder.path / "first.ics").unlink()
    await folder.until("third", limit_s=2)
    stop.set()
    await running
