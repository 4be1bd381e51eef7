"""`assistant home` as processes: through a running daemon with a simulated home, and alone."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.process.daemon import PROGRAM, Daemon, installed, wait_until

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def running(models_dir: Path) -> Iterator[Daemon]:
    """A daemon without sound, its locks behind a PIN."""
    with installed(models_dir, AUDIO_MICROPHONE="none", AUDIO_SPEAKER="none", SAFETY_PIN="lock") as daemon:
        daemon.start("--simulate")
        wait_until("the home is there", lambda: "lock" in kinds(daemon), 15)
        yield daemon


def kinds(daemon: Daemon) -> set[str]:
    return {str(row["domain"]) for row in daemon.request("home")["entities"]}


def one_of(daemon: Daemon, domain: str, device_class: str | None = None) -> dict[str, Any]:
    exported = json.loads(daemon.cli("home", "export").stdout)
    rows: list[dict[str, Any]] = exported["entities"]
    return next(row for row in rows if (row["domain"], row["device_class"]) == (domain, device_class))


def _as_on_a_terminal() -> None:
    """A test run in the background of a script ignores Ctrl+C, and its children would too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_what_is_done_is_done_by_the_device_seen_by_who_watches_and_logged(running: Daemon) -> None:
    garage = one_of(running, "cover", "garage")
    watching = subprocess.Popen(
        (*PROGRAM, "home", "watch", "--json"),
        env=running.environ,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_as_on_a_terminal,
    )
    assert watching.stdout is not None
    assert json.loads(watching.stdout.readline())["id"]
    refused = running.cli("home", "set", garage["id"], "open")
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    done = running.cli("home", "set", garage["id"], "open", "--yes", "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "confirmed")
    seen = next(
        row for row in map(json.loads, watching.stdout) if row["id"] == garage["id"] and row["state"] != "closed"
    )
    assert seen["state"] in {"opening", "open"}
    watching.send_signal(signal.SIGINT)
    assert watching.wait(10) == 130
    watching.stdout.close()
    rows = json.loads(running.cli("home", "log", "--entity", garage["name"], "--since", "10m", "--json").stdout)
    assert [(row["verb"], row["status"]) for row in rows] == [("open", "asked"), ("open", "confirmed")]


def test_a_lock_opens_for_the_pin_that_was_set(running: Daemon) -> None:
    lock = one_of(running, "lock")["name"]
    assert running.cli("home", "set", lock, "lock").returncode == 0
    assert "assistant home pin" in running.cli("home", "set", lock, "unlock", "--yes").stderr
    assert running.cli("home", "pin", stdin="3579\n").returncode == 0
    wrong = running.cli("home", "set", lock, "unlock", "--yes", stdin="1111\n")
    assert (wrong.returncode, "not the PIN" in wrong.stderr) == (1, True)
    right = running.cli("home", "set", lock, "unlock", stdin="3579\n")
    assert right.returncode == 0, right.stderr
    assert "3579" not in running.log_text()


def test_without_a_daemon_it_is_told_rather_than_an_empty_home_shown(models_dir: Path) -> None:
    with installed(models_dir, AUDIO_MICROPHONE="none", AUDIO_SPEAKER="none") as alone:
        for command in (("list",), ("set", "lamp", "on"), ("watch",), ("areas",)):
            told = alone.cli("home", *command)
            assert (told.returncode, "assistant run" in told.stderr) == (1, True), told.stderr
        assert alone.cli("home", "log").stdout.strip() == "Nothing was done to the home."
        assert alone.cli("home", "pin", stdin="24680\n").returncode == 0
        assert alone.cli("home", "pin", stdin="12\n").returncode == 1
