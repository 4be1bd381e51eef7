"""The doctor's words about the broker and its login."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.core.settings import MqttSettings
from assistant.daemon.doctor import Grade
from assistant.daemon.mqtt_checks import broker_findings, secret_findings
from tests.home.brokers import LOGIN, Mosquitto, free_port, running


def test_a_password_that_others_can_read_is_noted_with_the_command(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("x")
    file.chmod(0o644)
    settings = MqttSettings(mode="external", username="me", password_file=file)
    assert [each.fix for each in secret_findings(settings)] == [f"chmod 600 {file}"]
    file.chmod(0o600)
    assert list(secret_findings(settings)) == []


def test_a_password_in_the_configuration_is_noted_and_not_shown() -> None:
    (finding,) = secret_findings(MqttSettings(password=SecretStr("hunter2")))
    assert finding.grade is Grade.NOTE
    assert "mqtt.password_file" in finding.fix
    assert "hunter2" not in str(finding)


@pytest.mark.broker
async def test_a_broker_that_takes_us_is_good_and_one_that_refuses_us_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.home.link_probe.PROBE_S", 1.5)
    broker = Mosquitto(tmp_path, needs_login=True)
    await broker.write_login()
    async with running(broker):
        (good,) = await asyncio.to_thread(lambda: list(broker_findings(broker.settings)))
        wrong = broker.settings.model_copy(update={"password": SecretStr(LOGIN[1][:-1])})
        (bad,) = await asyncio.to_thread(lambda: list(broker_findings(wrong)))
    assert good.grade is Grade.GOOD
    assert (bad.grade, "mqtt.password_file" in bad.fix) == (Grade.FAULT, True)


@pytest.mark.broker
def test_a_broker_that_is_not_there_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.home.link_probe.PROBE_S", 0.3)
    (finding,) = broker_findings(MqttSettings(mode="external", port=free_port()))
    assert finding.grade is Grade.FAULT
    assert "refused" in finding.text.lower()
