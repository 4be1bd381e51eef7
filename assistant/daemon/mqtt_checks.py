"""What the doctor says of the broker: whether it takes us, and how well its password is kept."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings
from assistant.daemon.doctor import Finding, Grade, good, of_error
from assistant.home.link_probe import probe_broker

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def broker_findings(mqtt: MqttSettings) -> Iterator[Finding]:
    """For a broker that is not ours: log in as the assistant would."""
    where = f"{mqtt.host}:{mqtt.port}"
    try:
        asyncio.run(probe_broker(mqtt))
    except BrokerError as error:
        yield of_error("broker", error)
        return
    yield good("broker", f"{where} takes us{', encrypted' if mqtt.tls else ''}")
    if mqtt.username and not mqtt.tls and mqtt.host not in {"127.0.0.1", "localhost", "::1"}:
        text = "the password crosses the network unencrypted"
        yield Finding("broker", Grade.NOTE, text, "set mqtt.tls where the broker can")


def secret_findings(mqtt: MqttSettings) -> Iterator[Finding]:
    """How well the password and the key are kept."""
    if mqtt.password.get_secret_value():
        fix = "put it into a file that only the assistant can read, and set mqtt.password_file"
        yield Finding("broker login", Grade.NOTE, "the password stands in the configuration", fix)
    for file in (mqtt.password_file, mqtt.tls_key_file):
        if file is not None and _is_open(file):
            yield Finding("broker login", Grade.NOTE, f"others can read {file}", f"chmod 600 {file}")


def _is_open(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & OTHERS)
    except OSError:
        # a file that is missing is told by whoever needs it
        return False
