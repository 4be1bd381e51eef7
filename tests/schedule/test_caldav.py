"""CalDAV against a real Radicale: read, changed, refused, offline."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import requests

from assistant.core.settings import CalendarSettings
from assistant.schedule import Schedule
from assistant.schedule.caldav_source import SOURCE, CaldavSource
from assistant.testing.clock import FakeClock
from tests.process.daemon import free_port, wait_until
from tests.schedule.parts import NOON, schedule_on

pytest.importorskip("caldav", reason="the extra caldav isn't installed")
pytest.importorskip("radicale", reason="Radicale isn't installed")
pytestmark = pytest.mark.process
PASSWORD = "open sesame"
EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:{0}\r\nSUMMARY:{0}\r\n"
    "DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20260310T100000\r\n{1}END:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Server:
    """A Radicale with one user."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}/"
        self._auth = ("anna", PASSWORD)
        (folder / "users").write_text(f"anna:{PASSWORD}\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {
            "server-hosts": f"127.0.0.1:{self._port}",
            "auth-type": "htpasswd",
            "auth-htpasswd-filename": str(self._folder / "users"),
            "auth-htpasswd-encryption": "plain",
            "storage-filesystem-folder": str(self._folder / "store"),
        }
        command = [sys.executable, "-m", "radicale", "--config", ""]
        command += [f"--{name}={value}" for name, value in options.items()]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until("Radicale answers", self._answers, 20)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def _answers(self) -> bool:
        try:
            return requests.get(self.url, timeout=1).status_code < 500
        except requests.ConnectionError:
            return False

    def make_calendar(self, name: str) -> None:
        body = (
            '<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
            f"<D:displayname>{name}</D:displayname></D:prop></D:set></C:mkcalendar>"
        )
        self._send("MKCALENDAR", f"anna/{name}/", body)

    def put(self, calendar: str, label: str, more: str = "") -> None:
        self._send("PUT", f"anna/{calendar}/{label}.ics", EVENT.format(label, more))

    def delete(self, calendar: str, label: str) -> None:
        self._send("DELETE", f"anna/{calendar}/{label}.ics", "")

    def _send(self, verb: str, path: str, body: str) -> None:
        answer = requests.request(verb, self.url + path, data=body.encode(), auth=self._auth, timeout=5)
        assert answer.status_code < 300, (verb, path, answer.status_code, answer.text)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("radicale"))
    server.start()
    try:
        server.make_calendar("Family")
        server.make_calendar("Work")
        server.put("Family", "dentist")
        server.put("Family", "choir", "RRULE:FREQ=WEEKLY\r\n")
        server.put("Work", "standup")
        yield server
    finally:
        server.stop()


@pytest.fixture
def config(server: Server, tmp_path: Path) -> CalendarSettings:
    (tmp_path / "password").write_text(PASSWORD + "\n")
    return CalendarSettings(
        caldav_url=server.url, caldav_username="anna", caldav_password_file=tmp_path / "password", caldav_every_min=15
    )


@pytest.fixture
async def schedule(tmp_path: Path) -> AsyncIterator[Schedule]:
    async with schedule_on(tmp_path, FakeClock(NOON)) as (schedule, _):
        yield schedule


def source_of(config: CalendarSettings, schedule: Schedule, **changes: object) -> CaldavSource:
    settings = CalendarSettings.model_validate({**config.model_dump(), **changes})
    return CaldavSource(settings, schedule.calendar, "Europe/Berlin", FakeClock(NOON))


async def labels(schedule: Schedule) -> list[str]:
    return sorted(event.label for event in await schedule.calendar.events(SOURCE))


async def test_events_of_all_calendars_come_and_go_with_the_server(
    server: Server, config: CalendarSettings, schedule: Schedule
) -> None:
    source = source_of(config, schedule)
    assert await source.read()
    assert await labels(schedule) == ["choir", "dentist", "standup"]
    series = next(event for event in await schedule.calendar.events(SOURCE) if event.label == "choir")
    assert series.repeat is not None
    server.put("Work", "review")
    server.delete("Work", "standup")
    assert await source.read()
    assert await labels(schedule) == ["choir", "dentist", "review"]
    server.put("Work", "standup")
    server.delete("Work", "review")


async def test_only_wanted_calendars_are_read(config: CalendarSettings, schedule: Schedule) -> None:
    assert await source_of(config, schedule, caldav_calendars=("work",)).read()
    assert await labels(schedule) == ["standup"]


async def test_a_calendar_that_is_not_there_names_those_that_are(config: CalendarSettings, schedule: Schedule) -> None:
    source = source_of(config, schedule, caldav_calendars=("Wrok",))
    assert not await source.read()
    assert "Family, Work" in source.states[0].error


async def test_a_refused_login_is_told_and_the_password_is_not(
    config: CalendarSettings, schedule: Schedule, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert await source_of(config, schedule).read()
    (tmp_path / "password").write_text("another secret")
    source = source_of(config, schedule)
    assert not await source.read()
    assert "refuses the login" in source.states[0].error
    assert len(await labels(schedule)) == 3
    told = caplog.text + str([vars(record) for record in caplog.records])
    assert PASSWORD not in told
    assert "another secret" not in told


async def test_without_the_server_the_last_version_stays_and_it_is_told_once(
    server: Server, config: CalendarSettings, schedule: Schedule, caplog: pytest.LogCaptureFixture
) -> None:
    source = source_of(config, schedule)
    assert await source.read()
    server.stop()
    try:
        caplog.clear()
        caplog.set_level(logging.WARNING, "assistant")
        assert not await source.read()
        assert not await source.read()
        assert await labels(schedule) == ["choir", "dentist", "standup"]
        assert [record.message for record in caplog.records if record.name.startswith("assistant")] == [
            "a calendar can't be read"
        ]
    finally:
        server.start()
    assert await source.read()
    assert source.states[0].error == ""


async def test_a_password_that_cannot_be_read_is_told(config: CalendarSettings, schedule: Schedule) -> None:
    source = source_of(config, schedule, caldav_password_file="/nonexistent/password")
    assert not await source.read()
    assert "caldav_password_file" in source.states[0].error
