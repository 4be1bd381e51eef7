"""The doctor's findings name the fault and the fix."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.core.errors import ModelMissing
from assistant.daemon.doctor import BUILT_AT, Grade, clock_finding, examine, of_error

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, 0, 5, tzinfo=UTC), BUILT_AT - timedelta(seconds=1)])
def test_a_clock_that_was_never_set_is_a_fault_with_its_fix(now: datetime) -> None:
    finding = clock_finding(now, BERLIN)
    assert finding.grade is Grade.FAULT
    assert "never set" in finding.text
    assert "timedatectl" in finding.fix


def test_a_clock_that_was_set_shows_local_time() -> None:
    finding = clock_finding(datetime(2027, 7, 1, 10, tzinfo=UTC), BERLIN)
    assert finding.grade is Grade.GOOD
    assert finding.text == "2027-07-01 12:00 in Europe/Berlin"


def test_an_error_becomes_a_finding_with_cause_and_fix() -> None:
    error = ModelMissing("the model x is missing", why="there is no folder", fix="pull it")
    assert of_error("recogniser", error).as_json() == {
        "part": "recogniser",
        "grade": "fault",
        "text": "the model x is missing: there is no folder",
        "fix": "pull it",
    }


async def test_with_a_broken_configuration_only_that_is_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MQTT_PORT", "many")
    findings = await examine()
    assert [finding.part for finding in findings] == ["program", "configuration"]
    assert "mqtt.port = 'many'" in findings[-1].text
