"""Keeps a connection to the MQTT broker: connects again and again, and brings subscriptions back."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings
from assistant.home.connection import Connection, Hooks, Identity, Login, Message

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 30.0
STEADY_S = 10.0
"""A connection that held for so long was no accident; the next pause is the first again."""
_LOGGER = logging.getLogger(__name__)

__all__ = ["Identity", "LinkStatus", "Message", "MqttLink"]


@dataclass(slots=True)
class LinkStatus:
    """How the connection is doing."""

    is_connected: bool = False
    connects: int = 0
    received: int = 0
    dropped: int = 0
    last_error: str = ""


class MqttLink:
    """Use: `run()` in a task. Everything else may be called before, while and after it runs."""

    def __init__(
        self,
        settings: MqttSettings,
        identity: Identity,
        on_message: Callable[[Message], None],
        on_connection: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self.status = LinkStatus()
        self._settings = settings
        self._identity = identity
        self._on_message = on_message
        self._on_connection = on_connection
        self._filters: dict[str, None] = {}
        self._connection: Connection | None = None
        self._is_open = False
        """The broker takes subscriptions; connected is more: it has taken them all."""

    async def run(self) -> None:
        """Stay connected until cancelled. Raises BrokerError for a password file that can't be read."""
        login = Login(self._settings, self._identity, self._password())
        loop = asyncio.get_running_loop()
        pause_s = FIRST_PAUSE_S
        while True:
            began = loop.time()
            self._connection = Connection(login, Hooks(self._open, self._up, self._take))
            try:
                self._connection.open()
                self._down(await self._connection.lost)
            finally:
                await self._close()
            if loop.time() - began > STEADY_S:
                pause_s = FIRST_PAUSE_S
            # many clients that lost one broker should not come back at one moment
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311  no secret hangs on it
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _close(self) -> None:
        connection, self._connection, self._is_open = self._connection, None, False
        was_connected, self.status.is_connected = self.status.is_connected, False
        if connection is not None:
            self.status.dropped += connection.dropped
            await connection.close()
        if was_connected:
            self._on_connection(False)

    def subscribe(self, filters: Iterable[str]) -> None:
        """Listen to these from now on, through all reconnects. Asking twice is one subscription."""
        new = [each for each in filters if each not in self._filters]
        self._filters |= dict.fromkeys(new)
        if new and self._connection is not None and self._is_open:
            self._connection.subscribe(new)

    def unsubscribe(self, filters: Iterable[str]) -> None:
        """Listen to these no more."""
        old = [each for each in filters if each in self._filters]
        for each in old:
            del self._filters[each]
        if old and self._connection is not None and self._is_open:
            self._connection.unsubscribe(old)

    def publish(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        """Send now. Raises BrokerError when there is no connection: a command is never kept for later."""
        if self._connection is None or not self.status.is_connected:
            raise BrokerError(
                f"the broker {self._settings.host}:{self._settings.port} is away",
                why=self.status.last_error,
                fix="start it; the assistant connects by itself",
                may_retry=True,
            )
        self._connection.publish(topic, payload, retain=retain)

    def _password(self) -> str:
        file = self._settings.password_file
        if file is None:
            return self._settings.password.get_secret_value()
        try:
            return file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BrokerError(
                f"the password file {file} can't be read",
                why=getattr(error, "strerror", None) or "it is no text",
                fix="correct mqtt.password_file",
            ) from error

    def _take(self, message: Message) -> None:
        self.status.received += 1
        self._on_message(message)

    def _open(self) -> None:
        if self._connection is not None:
            self._is_open = True
            self._connection.subscribe(list(self._filters))

    def _up(self) -> None:
        if self._connection is None:
            return
        self.status.is_connected, self.status.last_error = True, ""
        self.status.connects += 1
        _LOGGER.info("broker connected", extra={"host": self._settings.host, "port": self._settings.port})
        self._on_connection(True)
        if self._identity.status_topic:
            self._connection.publish(self._identity.status_topic, "online", retain=True)

    def _down(self, why: str) -> None:
        error = f"the broker {self._settings.host}:{self._settings.port} {why}"
        if "refuses" in why:
            error += "; check mqtt.username and mqtt.password_file"
        if error != self.status.last_error:
            _LOGGER.warning("no broker", extra={"error": error})
        self.status.last_error = error
