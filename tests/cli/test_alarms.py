"""`assistant timers|alarms|reminders` as processes: through the running daemon, and alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.process.daemon import Daemon, installed

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def running(models_dir: Path) -> Iterator[Daemon]:
    """A daemon without sound."""
    with installed(models_dir, MQTT_MODE="off", AUDIO_MICROPHONE="none", AUDIO_SPEAKER="none") as daemon:
        yield daemon.start()


def rows(daemon: Daemon, group: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(daemon.cli(group, "list", "--json").stdout)
    return found


@pytest.mark.parametrize(
    ("group", "phrase", "label"),
    [
        ("timers", "two hours for the bread", "bread"),
        ("alarms", "6:40 tomorrow", ""),
        ("reminders", "water the fern tomorrow at four pm", "water the fern"),
    ],
)
def test_a_phrase_is_kept_listed_carried_in_a_file_and_cancelled(
    running: Daemon, tmp_path: Path, group: str, phrase: str, label: str
) -> None:
    added = running.cli(group, "add", *phrase.split())
    assert added.returncode == 0, added.stdout + added.stderr
    (row,) = rows(running, group)
    assert row["label"] == label
    assert (label or "id") in running.cli(group, "list").stdout
    file = tmp_path / "kept.ics"
    assert running.cli(group, "export", str(file)).returncode == 0
    assert running.cli(group, "export", str(file)).returncode == 1, "a file that is there is not replaced"
    assert running.cli(group, "export", str(file), "--force").returncode == 0
    assert running.cli(group, "cancel", str(row["id"])).returncode == 0
    assert rows(running, group) == []
    taken = running.cli(group, "import", str(file), "--json")
    assert json.loads(taken.stdout) == {"new": 1, "known": 0, "refused": 0, "refusals": []}
    (back,) = rows(running, group)
    assert back["label"] == row["label"]
    apart = datetime.fromisoformat(back["due"]) - datetime.fromisoformat(row["due"])
    assert abs(apart) <= timedelta(seconds=1)  # a timer's end is told in whole seconds
    assert running.cli(group, "cancel", "--all").returncode == 0
    assert rows(running, group) == []


@pytest.mark.parametrize(
    ("command", "status", "words"),
    [
        (("alarms", "add", "purple", "elephants"), 1, ""),
        (("alarms", "cancel", "4711"), 1, "alarms list"),
        (("alarms", "cancel"), 1, "which ones"),
        (("alarms", "cancel", "seven"), 2, "Error"),
        (("alarms", "import", "/nonexistent.ics"), 1, "can't be read"),
        (("alarms", "export", "/nonexistent/a.ics"), 1, "can't be written"),
        (("alarms",), 2, "Usage"),
    ],
)
def test_exit_codes_and_words(running: Daemon, command: tuple[str, ...], status: int, words: str) -> None:
    result = running.cli(*command)
    said = result.stdout + result.stderr
    assert result.returncode == status, said
    assert words in said
    assert "Traceback" not in said


def test_a_file_that_is_no_calendar_is_told(running: Daemon) -> None:
    result = running.cli("alarms", "import", "-", stdin="hello")
    assert result.returncode == 1
    assert "no calendar" in result.stderr


def test_an_alarm_is_kept_and_exported_without_a_daemon(models_dir: Path, tmp_path: Path) -> None:
    with installed(models_dir, MQTT_MODE="off", AUDIO_MICROPHONE="none", AUDIO_SPEAKER="none") as alone:
        assert alone.cli("alarms", "add", "6:40 tomorrow").returncode == 0
        exported = alone.cli("alarms", "export", "-")
        assert exported.returncode == 0
        assert exported.stdout.startswith("BEGIN:VCALENDAR")
        assert "X-ASSISTANT-KIND:alarm" in exported.stdout
