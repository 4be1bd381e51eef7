"""A daemon on a real sound server: its microphone and speaker come and go, and it says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.daemon import Daemon, installed, wait_until
from tests.support.pulse import Pulse

pytestmark = [pytest.mark.process, pytest.mark.audio, pytest.mark.models]
HEAL_LIMIT_S = 30.0


@pytest.fixture(scope="module")
def daemon(models_dir: Path, pulse: Pulse) -> Iterator[Daemon]:
    if not (models_dir / "moonshine-tiny-en").is_dir():
        pytest.skip("moonshine-tiny-en was not pulled")
    metrics = {"DAEMON_METRICS_PORT": "0", "MQTT_MODE": "off"}
    with installed(models_dir, pulse.env, **metrics) as daemon:
        yield daemon.start(more_environ={"WATCHDOG_USEC": "500000"})


def part(daemon: Daemon, name: str) -> dict[str, str]:
    rows = json.loads(daemon.cli("doctor", "--json").stdout)
    return next(row for row in rows if row["part"] == name)


def test_a_microphone_that_vanishes_is_told_and_taken_up_when_it_comes_back(daemon: Daemon, pulse: Pulse) -> None:
    assert part(daemon, "microphone")["grade"] == "good"
    assert part(daemon, "speaker")["grade"] == "good"
    assert not daemon.logged("announcement")
    pulse.unplug_microphone()
    try:
        lost = daemon.wait_logged("announcement", HEAL_LIMIT_S, key="no_microphone")
        assert lost["level"] == "warning"
        assert daemon.ask("what time is it")
        daemon.notify.messages.clear()
        wait_until("still alive for systemd", lambda: daemon.notify.has(WATCHDOG="1"), 3)
    finally:
        pulse.plug_microphone()
    daemon.wait_logged("announcement", HEAL_LIMIT_S, key="microphone_back")
    assert daemon.ask("what time is it")


def test_what_it_is_to_say_is_heard(daemon: Daemon, pulse: Pulse) -> None:
    with pulse.hear() as heard:
        assert daemon.cli("say", "it works").returncode == 0
        wait_until("sound", lambda: any(heard.read_bytes()), 5)
