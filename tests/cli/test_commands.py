"""The command line by itself, without a daemon: help, completion, JSON, and exit codes as documented."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import __version__
from tests.process.daemon import PROGRAM, Daemon, installed

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def alone(models_dir: Path) -> Iterator[Daemon]:
    """Never started: its commands run alone."""
    with installed(models_dir, MQTT_MODE="off", AUDIO_MICROPHONE="none", AUDIO_SPEAKER="none") as daemon:
        yield daemon


def test_help_names_the_exit_codes_and_every_group(alone: Daemon) -> None:
    result = alone.cli("--help")
    assert result.returncode == 0
    text = re.sub(r"\s+", " ", result.stdout)
    assert "2 wrong arguments or configuration, 3 another instance runs" in text
    for name in ("run", "ask", "why", "doctor", "timers", "home", "skills", "models", "service", "audio", "config"):
        assert re.search(rf"\b{name}\b", text)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(alone: Daemon, shell: str) -> None:
    environ = {"_ASSISTANT_COMPLETE": f"source_{shell}"}
    result = alone.cli(**environ)
    assert result.returncode == 0, result.stderr
    assert "_ASSISTANT_COMPLETE" in result.stdout
    assert "assistant" in result.stdout


def test_completion_knows_groups_that_are_loaded_late(alone: Daemon) -> None:
    environ = {"_ASSISTANT_COMPLETE": "complete_bash", "COMP_WORDS": "assistant ti", "COMP_CWORD": "1"}
    assert "timers" in alone.cli(**environ).stdout.split()


def test_version_is_told_for_people_and_programs(alone: Daemon) -> None:
    assert alone.cli("version").stdout.strip() == __version__
    assert json.loads(alone.cli("version", "--json").stdout) == {"version": __version__}


def test_ask_is_answered_without_a_daemon(alone: Daemon) -> None:
    result = alone.cli("ask", "what", "time", "is", "it")
    assert result.returncode == 0, result.stderr
    assert re.search(r"\d:\d\d", result.stdout)


def test_a_timer_set_alone_is_kept_for_the_daemon(alone: Daemon) -> None:
    assert alone.cli("ask", "set a timer for three hours").returncode == 0
    rows = json.loads(alone.cli("timers", "list", "--json").stdout)
    assert len(rows) == 1
    assert rows[0]["remaining"].startswith("2:59")


@pytest.mark.parametrize(
    ("command", "status", "words"),
    [
        (("ask", "xyzzy plugh"), 1, ""),
        (("ask", "--area", "nowhere", "hello"), 1, "there is no area 'nowhere'"),
        (("ask", "   "), 1, "no words"),
        (("ask",), 1, "there is nothing to ask"),
        (("why",), 1, "no assistant is running"),
        (("listen",), 1, "assistant run"),
        (("models", "verify", "no-such-model"), 1, "no-such-model"),
        (("nonsense",), 2, "No such command"),
        (("why", "-1"), 2, "-1"),
        (("config", "check", "/nonexistent.toml"), 2, "config init"),
    ],
)
def test_exit_codes_and_words(alone: Daemon, command: tuple[str, ...], status: int, words: str) -> None:
    result = alone.cli(*command)
    said = result.stdout + result.stderr
    assert result.returncode == status, said
    assert words in said
    assert "Traceback" not in said


def test_a_configuration_is_written_once_and_passes_its_own_check(alone: Daemon) -> None:
    file = alone.folder / "made.toml"
    assert alone.cli("config", "init", "--file", str(file)).returncode == 0
    again = alone.cli("config", "init", "--file", str(file))
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert alone.cli("config", "check", str(file)).returncode == 0
    shown = alone.cli("config", "show", "--json", ASSISTANT_CONFIG=str(file), ASSISTANT_MQTT_PASSWORD="hunter2")
    assert json.loads(shown.stdout)["mqtt"]["mode"] == "off"
    assert "hunter2" not in shown.stdout


def test_a_reader_that_went_away_is_no_traceback(alone: Daemon) -> None:
    command = f"{PROGRAM[0]} models list --json | head -c 1"
    result = subprocess.run(["bash", "-c", command], env=alone.environ, capture_output=True, text=True)
    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr


def test_lines_typed_on_a_terminal_are_answered_and_the_end_of_input_ends_it(alone: Daemon) -> None:
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        (*PROGRAM, "run"), stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env=alone.environ
    )
    os.close(theirs)
    try:
        seen = read_until(ours, b"Ctrl-D to end")
        os.write(ours, b"what time is it\n")
        seen = read_until(ours, b"M.\r\n")
        assert re.search(rb"\d:\d\d", seen)
        os.write(ours, b"\x04")
        assert running.wait(10) == 0
    finally:
        running.kill()
        running.wait()
        os.close(ours)


def read_until(descriptor: int, wanted: bytes) -> bytes:
    seen = b""
    while wanted not in seen:
        seen += os.read(descriptor, 4096)
    return seen
