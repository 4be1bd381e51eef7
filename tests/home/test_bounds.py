"""What other people's programs send must not fill the memory, and what is left out is told."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from assistant.core.home import EntityId
from assistant.home.discovery import ComponentKey
from assistant.home.faults import MAX_REPORTS, Faults
from assistant.home.hooks_edges import STORM, STORM_S, Damper
from assistant.home.kept_names import KeptNames, load_names
from assistant.home.listening import Heard, Listening
from assistant.home.payload import Payload
from tests.home.parts import NOON, House

KEY = ComponentKey("sensor", "", "s")


def test_the_last_fault_that_is_told_says_that_it_is_the_last(caplog: pytest.LogCaptureFixture) -> None:
    faults = Faults()
    with caplog.at_level(logging.ERROR):
        for number in range(MAX_REPORTS + 5):
            faults.report(str(number), "broken", "why")
    assert [record.levelno for record in caplog.records if record.levelno >= logging.ERROR] == [logging.ERROR]
    assert len(faults) == MAX_REPORTS


def test_last_messages_are_kept_while_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.home.listening.MAX_KEPT", 100)
    listening, late = Listening(), ComponentKey("sensor", "", "late")
    listening.listen(KEY, ["a", "b", "c"])
    for topic, size in (("a", 60), ("b", 60), ("a", 30), ("c", 60)):
        listening.keep(Heard(topic, Payload(b"x" * size), NOON))
    assert {heard.topic for heard in listening.listen(late, ["a", "b", "c"])} == {"a", "c"}
    listening.drop(KEY)
    listening.drop(late)
    listening.listen(KEY, ["b"])
    listening.keep(Heard("b", Payload(b"x" * 100), NOON))
    assert [heard.topic for heard in listening.listen(late, ["b"])] == ["b"], "what nobody listens to takes no room"


def test_what_comes_and_goes_leaves_nothing_behind() -> None:
    house = House()
    for number in range(50):
        topic = f"homeassistant/sensor/n{number}/config"
        house.send(topic, {"name": "S", "unique_id": f"u{number}", "state_topic": "s"})
        house.tell("s", "1")
        house.send(topic, b"")
        assert house.registry.roster.behind(topic) == ()
    assert house.registry.past.unsaved(everything=True) == {}
    assert house.registry.find(EntityId("sensor.s")) is None


def test_a_storm_of_hooks_is_told_once_each_time(caplog: pytest.LogCaptureFixture) -> None:
    damper = Damper()
    for second in (0.0, 1.0, STORM_S + 2):
        for number in range(STORM + 5):
            damper.lets(f"{second} {number}", 0, second)
    assert [record.message for record in caplog.records] == [
        "hooks fire too often; some are left out until there are fewer"
    ] * 2


def test_damaged_names_that_cannot_be_put_aside_cost_the_names_only(tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text("{")
    (tmp_path / "names.damaged" / "in the way").mkdir(parents=True)
    assert load_names(tmp_path / "names.json") == KeptNames()
