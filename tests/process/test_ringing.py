"""Ringing from outside: without a broker, snoozed by a typed word, kept as missed across a kill -9."""

from __future__ import annotations

import pytest

from tests.process.conftest import Install
from tests.process.daemon import wait_until

pytestmark = pytest.mark.process
QUIET = {"AUDIO_MICROPHONE": "none", "AUDIO_SPEAKER": "none", "VOICE_ENGINE": "none", "SCHEDULE_RING_GAP_S": "0.2"}


def test_it_rings_while_the_broker_is_away_and_is_snoozed_and_stopped_by_typing(install: Install) -> None:
    daemon = install(**QUIET, MQTT_MODE="external", SCHEDULE_RING_TIMES="20").start()
    daemon.ask("set a soup timer for 1 second")
    item = daemon.wait_logged("due", reason="on_time")["item"]
    assert "2 seconds" in daemon.ask("snooze for two seconds")
    assert daemon.wait_logged("ringing ended", item=item)["ending"] == "snoozed"
    wait_until("it is due again", lambda: len(daemon.logged("due", item=item)) == 2, 10)
    assert daemon.cli("ask", "stop").stdout.strip() == "Stopped."
    assert daemon.wait_logged("ringing ended", ending="stopped")["item"] == item
    assert daemon.request("timers")["items"] == []
    assert daemon.ask("stop") == "There is nothing to stop."


def test_what_rang_in_vain_survives_a_kill_and_is_told_once(install: Install) -> None:
    daemon = install(**QUIET, MQTT_MODE="off", SCHEDULE_RING_TIMES="1").start()
    daemon.ask("set a soup timer for 1 second")
    daemon.wait_logged("telling is over, and noted", is_missed=True)
    daemon.kill()

    daemon.start()
    told = daemon.ask("what time is it")
    assert "You missed your soup timer" in told
    assert "You missed" not in daemon.ask("what time is it")
    assert "You missed your soup timer" in daemon.ask("what did i miss")
    assert not daemon.logged("due")
    daemon.kill()

    daemon.start()
    assert daemon.ask("what did i miss") == "You didn't miss anything."
