"""`assistant lists` as a process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.daemon import Daemon, installed

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def running(models_dir: Path) -> Iterator[Daemon]:
    """A daemon without sound."""
    with installed(models_dir, MQTT_MODE="off", AUDIO_MICROPHONE="none", AUDIO_SPEAKER="none") as daemon:
        yield daemon.start()


def texts(daemon: Daemon, *name: str) -> list[str]:
    return [line["text"] for line in json.loads(daemon.cli("lists", "list", *name, "--json").stdout)]


def test_lists_are_filled_by_phrase_carried_in_a_file_and_emptied(running: Daemon, tmp_path: Path) -> None:
    assert running.cli("lists", "add", "lentils, rice and two lemons").returncode == 0
    assert texts(running, "shopping") == ["lentils", "rice", "two lemons"]
    file = tmp_path / "lists.ics"
    assert running.cli("lists", "export", str(file)).returncode == 0
    assert running.cli("lists", "cancel", "shopping", "rice").returncode == 0
    assert texts(running) == ["lentils", "two lemons"]
    assert running.cli("lists", "cancel", "shopping").returncode == 0
    assert "no lists" in running.cli("lists", "list").stdout
    assert running.cli("lists", "import", str(file)).returncode == 0
    assert texts(running) == ["lentils", "rice", "two lemons"]
    # what came from the file is what the voice knows
    assert "two lemons" in running.ask("what is on my shopping list")


def test_a_list_that_is_not_there_names_those_that_are(running: Daemon) -> None:
    result = running.cli("lists", "cancel", "holiday")
    assert result.returncode == 1
    assert "there is no list 'holiday'" in result.stderr
