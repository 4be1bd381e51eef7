"""What the doctor says of calendars from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.settings import CalendarSettings, Settings
from assistant.daemon.calendar_checks import calendar_findings, is_this_machine
from assistant.daemon.config import Config
from assistant.daemon.doctor import Finding, Grade
from assistant.daemon.paths import Paths

EVENT = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:choir\r\nDTSTART:20260310T100000\r\n{}"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def findings(home: Path, **calendar: object) -> list[Finding]:
    settings = Settings(calendar=CalendarSettings.model_validate(calendar))
    paths = Paths(home, home / "models", home / "run")
    return list(calendar_findings(Config(settings, paths, home / "config.toml", False, ())))


def test_without_a_calendar_from_elsewhere_there_is_nothing_to_mend(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path)
    assert finding.grade is Grade.GOOD


def test_broken_files_and_entries_are_named_and_good_ones_are_not(tmp_path: Path) -> None:
    (tmp_path / "good.ics").write_text(EVENT.format(""))
    (tmp_path / "half.ics").write_text(EVENT.format("")[:60])
    (tmp_path / "attack.ics").write_text(EVENT.format("RRULE:FREQ=SECONDLY\r\n"))
    folder, attack, half = findings(tmp_path, folder=tmp_path)
    assert (folder.grade, "3 files" in folder.text) == (Grade.GOOD, True)
    assert attack.grade is half.grade is Grade.NOTE
    assert "choir" in attack.text
    assert "half.ics" in half.text
    assert "last good version" in half.fix


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, folder=tmp_path / "nowhere")
    assert finding.grade is Grade.FAULT
    assert "calendar.folder" in finding.fix


def test_a_password_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    pytest.importorskip("caldav", reason="the extra caldav isn't installed")
    (finding,) = findings(tmp_path, caldav_url="http://127.0.0.1:9/", caldav_password_file=tmp_path / "none")
    assert finding.grade is Grade.FAULT
    assert "caldav_password_file" in finding.fix


def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("caldav", reason="the extra caldav isn't installed")
    (tmp_path / "password").write_text("open sesame")
    (finding,) = findings(
        tmp_path, caldav_url="http://127.0.0.1:9/", caldav_username="anna", caldav_password_file=tmp_path / "password"
    )
    assert finding.grade is Grade.NOTE
    assert "sesame" not in str(finding)


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:5232/", True),
        ("http://localhost/dav", True),
        ("http://[::1]/", True),
        ("http://192.168.1.5/", False),
        ("http://localhost.example.org/", False),
    ],
)
def test_only_loopback_is_this_machine(url: str, is_here: bool) -> None:
    assert is_this_machine(url) is is_here


@pytest.mark.parametrize("url", ["ftp://host/", "https://", "host/path", "https://anna:secret@host/"])
def test_an_address_that_cannot_be_used_is_refused_by_the_configuration(url: str) -> None:
    with pytest.raises(ValueError, match=r"https://|no login"):
        CalendarSettings(caldav_url=url)
