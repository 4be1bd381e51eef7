"""The embedded MQTT broker, for a home that has none; on loopback, and elsewhere with a password only."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
from typing import Any

from amqtt.adapters import StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.errors import BrokerError as StartFault

from assistant.core.errors import BrokerError, ConfigError
from assistant.core.settings import MqttSettings
from assistant.home.broker_door import Door, Replay
from assistant.home.link_login import read_password

MAX_CONNECTIONS = 200
START_S, HANG_UP_S, STOP_S = 10.0, 0.3, 0.3
STOP_TRIES = 3
_LOGGER = logging.getLogger(__name__)


class _Broker(Broker):  # type: ignore[misc]  # amqtt's types are not followed
    """amqtt leaves the sockets of its clients open when it ends; this one closes them."""

    def __init__(self, configuration: dict[str, Any], door: Door) -> None:
        super().__init__(configuration)
        self._door = door
        self._clients: set[asyncio.StreamWriter] = set()

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        """Serve one client."""
        self._clients.add(writer)
        try:
            first = await self._door.admit(reader, writer)
            if first is not None:
                await self._client_connected(listener_name, Replay(first, reader), StreamWriterAdapter(writer))
        finally:
            self._clients.discard(writer)
            writer.close()

    async def close_clients(self) -> None:
        """Hang up on everybody who is still there."""
        left = list(self._clients)
        for writer in left:
            writer.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HANG_UP_S):
                await asyncio.gather(*(writer.wait_closed() for writer in left), return_exceptions=True)


class EmbeddedBroker:
    """amqtt on our own loop. Async context manager; raises BrokerError when the port is taken. The constructor raises
    ConfigError for an address that others reach without a password set, BrokerError for a password file that can't be
    read."""

    def __init__(self, settings: MqttSettings) -> None:
        self._host, self._port = settings.host, settings.port
        password = read_password(settings) if settings.username else ""
        self._is_closed = bool(settings.username and password)
        if not self._is_closed and not _is_loopback(self._host):
            raise ConfigError(
                f"the embedded broker would listen on {self._host}, open to everyone",
                why="mqtt.username and mqtt.password_file are not set",
                fix="set both, or set mqtt.host to 127.0.0.1",
            )
        self._door = Door(settings.username, password) if self._is_closed else Door()
        self._broker: _Broker | None = None

    async def __aenter__(self) -> EmbeddedBroker:
        self._check_port()
        # it tells every packet, payloads included
        logging.getLogger("amqtt").setLevel(logging.ERROR)
        logging.getLogger("transitions").setLevel(logging.ERROR)
        broker = _Broker(_configuration(self._host, self._port, is_open=not self._is_closed), self._door)
        try:
            async with asyncio.timeout(START_S):
                await broker.start()
        except (StartFault, OSError) as error:
            raise self._refused(str(error.__cause__ or error)) from error
        self._broker = broker
        _LOGGER.info("embedded broker", extra={"host": self._host, "port": self._port})
        return self

    async def __aexit__(self, *_: object) -> None:
        broker, self._broker = self._broker, None
        if broker is None:
            return
        # clients first: amqtt's readers then end by themselves, and not by being cancelled, which they may not notice
        await broker.close_clients()
        is_ended = False
        for attempt in range(STOP_TRIES):
            if is_ended := await _ends(broker):
                break
            _LOGGER.debug("the embedded broker does not end yet", extra={"attempt": attempt})
        if not is_ended:
            _LOGGER.error("the embedded broker does not end", extra={"port": self._port})
        await broker.close_clients()

    def _check_port(self) -> None:
        family, _, _, _, address = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                raise self._refused(error.strerror or str(error)) from error

    def _refused(self, why: str) -> BrokerError:
        return BrokerError(
            f"the embedded broker can't listen on {self._host}:{self._port}",
            why=why,
            fix='if that is your own broker, set mqtt.mode to "external"; else choose a free mqtt.port',
            may_retry=True,
        )


async def _ends(broker: _Broker) -> bool:
    try:
        async with asyncio.timeout(STOP_S):
            await broker.shutdown()
    except TimeoutError:
        return False
    return True


def _configuration(host: str, port: int, *, is_open: bool) -> dict[str, Any]:
    # no brackets round an IPv6 address: amqtt would keep them
    bind = f"{host}:{port}"
    return {
        "listeners": {"default": {"type": "tcp", "bind": bind, "max_connections": MAX_CONNECTIONS}},
        # who has a name has shown the password at the door
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": is_open}},
    }


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
