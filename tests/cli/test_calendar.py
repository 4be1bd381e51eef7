"""`assistant calendar` as a process, and a daemon that follows a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.process.daemon import Daemon, installed, wait_until

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is followed."""
    return tmp_path_factory.mktemp("calendars")


@pytest.fixture(scope="module")
def running(models_dir: Path, folder: Path) -> Iterator[Daemon]:
    """A daemon without sound."""
    settings = {
        "MQTT_MODE": "off",
        "AUDIO_MICROPHONE": "none",
        "AUDIO_SPEAKER": "none",
        "GENERAL_ZONE": "Europe/Berlin",
    }
    with installed(models_dir, CALENDAR_FOLDER=str(folder), **settings) as daemon:
        yield daemon.start()


def calendar_text(label: str, more: str = "") -> str:
    start = datetime.now(UTC) + timedelta(days=2)
    return (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{label}\nSUMMARY:{label}\nDTSTART:{start:%Y%m%dT%H%M%SZ}\nDURATION:PT1H\n"
        f"{more}END:VEVENT\nEND:VCALENDAR\n"
    )


def rows(daemon: Daemon, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(daemon.cli("calendar", *arguments, "--json").stdout)
    return found


def test_events_come_from_a_file_are_listed_exported_and_cancelled(running: Daemon, tmp_path: Path) -> None:
    file = tmp_path / "club.ics"
    file.write_text(calendar_text("regatta", "RRULE:FREQ=WEEKLY\n"))
    assert running.cli("calendar", "import", str(file)).stdout.strip() == "1 taken."
    found = rows(running, "list", "--days", "10")
    assert [(row["label"], row["source"]) for row in found] == [("regatta", "import:club")] * 2
    exported = running.cli("calendar", "export", "-").stdout
    assert "SUMMARY:regatta" in exported
    assert running.cli("calendar", "cancel", str(found[0]["id"])).stdout.strip() == "1 cancelled."
    assert rows(running, "list") == []


def test_what_cannot_be_taken_is_named_and_the_exit_code_tells(running: Daemon) -> None:
    attack = calendar_text("attack", "RRULE:FREQ=SECONDLY\n")
    result = running.cli("calendar", "import", "-", stdin=attack)
    assert result.returncode == 1
    assert "0 taken" in result.stdout
    assert "attack:" in result.stderr


def test_a_followed_folder_is_listed_and_its_faults_are_named(running: Daemon, folder: Path) -> None:
    (folder / "work.ics").write_text(calendar_text("review"))
    wait_until("the event", lambda: [row for row in rows(running, "list") if row["label"] == "review"], 10)
    (folder / "work.ics").write_text(calendar_text("review")[:70])
    wait_until("the fault", lambda: rows(running, "sources")[0]["error"], 10)
    assert [row["label"] for row in rows(running, "list")] == ["review"]
    assert len(running.logged("a calendar can't be read")) == 1
    assert "work.ics" in running.cli("doctor").stdout
    (folder / "work.ics").unlink()
    wait_until("an empty calendar", lambda: not rows(running, "list"), 10)
