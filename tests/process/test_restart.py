"""What survives SIGTERM and kill -9; and the unit's own command line."""

from __future__ import annotations

import re
import shlex
import time
from pathlib import Path

import pytest

from assistant.daemon.service import render_unit
from tests.process.conftest import Install
from tests.process.daemon import PROGRAM, Daemon, wait_until

pytestmark = pytest.mark.process
END_LIMIT_S = 2.0
QUICK = {"MQTT_MODE": "off", "AUDIO_MICROPHONE": "none", "AUDIO_SPEAKER": "none", "VOICE_ENGINE": "none"}
"""Nothing that this page isn't about."""


def pending(daemon: Daemon) -> list[tuple[int, str, str]]:
    return [(item["id"], item["label"], item["due"]) for item in daemon.request("timers")["items"]]


def test_killed_with_9_a_timer_keeps_its_end_and_one_that_ended_meanwhile_is_told_once(install: Install) -> None:
    daemon = install(**QUICK).start()
    assert daemon.outcomes("set a timer for 2 seconds") == ["done"]
    assert daemon.outcomes("set a pasta timer for 20 minutes") == ["done"]
    pasta = pending(daemon)[1:]
    daemon.kill()
    time.sleep(2.0)

    daemon.start()
    item = daemon.wait_logged("due", reason="missed")["item"]
    daemon.wait_logged("telling is over, and noted", item=item)
    assert pending(daemon) == pasta
    daemon.terminate()

    daemon.start()
    assert pending(daemon) == pasta
    assert not daemon.logged("due")


def test_sigterm_ends_it_quickly_and_cleanly_even_while_it_rings(install: Install) -> None:
    daemon = install(**QUICK).start()
    daemon.ask("set a timer for 1 second")
    daemon.wait_logged("due", reason="on_time")
    assert daemon.terminate() < END_LIMIT_S
    assert daemon.process.returncode == 0
    assert daemon.notify.has(STOPPING="1")
    assert daemon.logged("ended")
    assert not (daemon.data_dir / "run/control.sock").exists()
    assert not [row for row in daemon.log() if row["level"] == "error"]


def test_sigterm_while_it_starts_ends_it(install: Install) -> None:
    daemon = install(**QUICK).start(waits=False)
    wait_until("the first log line", daemon.log, 20)
    assert daemon.terminate() < END_LIMIT_S
    assert daemon.process.returncode in (0, -15)
    daemon.start()
    assert daemon.ask("what time is it")


def test_the_command_line_of_the_unit_runs_in_systemds_folders(install: Install) -> None:
    daemon = install(**QUICK)
    unit = render_unit(Path(PROGRAM[0]))
    command = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    variables = re.search(r"^Environment=(.*)$", unit, re.MULTILINE)
    watchdog = re.search(r"^WatchdogSec=(\d+)$", unit, re.MULTILINE)
    assert command
    assert variables
    assert watchdog
    del daemon.environ["ASSISTANT_DATA_DIR"]
    given = dict(variable.split("=", 1) for variable in shlex.split(variables[1]))
    config = daemon.folder / "config.toml"
    config.write_text('[general]\nname = "Unit"\n')
    for name in ("data", "data/run"):
        (daemon.folder / name).mkdir()
    systemd = {
        "STATE_DIRECTORY": str(daemon.data_dir),
        "RUNTIME_DIRECTORY": str(daemon.data_dir / "run"),
        "WATCHDOG_USEC": str(int(watchdog[1]) * 1_000_000),
    }
    daemon.launch(shlex.split(command[1]), {**given, **systemd, "ASSISTANT_CONFIG": str(config)})
    daemon.wait_ready()
    wait_until("WATCHDOG=1", lambda: daemon.notify.has(WATCHDOG="1"), 2)
    assert daemon.ask("what time is it")
    assert (daemon.data_dir / "assistant.sqlite").exists()
    assert daemon.terminate() < END_LIMIT_S
    assert daemon.process.returncode == 0
