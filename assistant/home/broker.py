"""The embedded MQTT broker, for a home that has none; on loopback only."""

from __future__ import annotations

import ipaddress
import logging
import socket
from typing import Any

from amqtt.broker import Broker

from assistant.core.errors import BrokerError, ConfigError
from assistant.core.settings import MqttSettings

MAX_CONNECTIONS = 200
_LOGGER = logging.getLogger(__name__)


class EmbeddedBroker:
    """amqtt on our own loop. Async context manager; raises BrokerError when the port is taken."""

    def __init__(self, settings: MqttSettings) -> None:
        self._host, self._port = settings.host, settings.port
        if not _is_loopback(self._host):
            raise ConfigError(
                f"the embedded broker would listen on {self._host}, open to everyone",
                why="it knows no passwords",
                fix='set mqtt.host to 127.0.0.1, or run mosquitto and set mqtt.mode to "external"',
            )
        self._broker: Broker | None = None

    async def __aenter__(self) -> EmbeddedBroker:
        self._check_port()
        broker = Broker(_configuration(self._host, self._port))
        await broker.start()
        self._broker = broker
        _LOGGER.info("embedded broker", extra={"host": self._host, "port": self._port})
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._broker is not None:
            await self._broker.shutdown()
            self._broker = None

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self._host, self._port))
            except OSError as error:
                raise BrokerError(
                    f"the embedded broker can't listen on {self._host}:{self._port}",
                    why=error.strerror or str(error),
                    fix='if that is your own broker, set mqtt.mode to "external"; else choose a free mqtt.port',
                    may_retry=True,
                ) from error


def _configuration(host: str, port: int) -> dict[str, Any]:
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"{host}:{port}", "max_connections": MAX_CONNECTIONS}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
