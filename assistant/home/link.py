"""Keeps a connection to the MQTT broker: connects again and again, and brings subscriptions back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings
from assistant.home.connection import Connection, Hooks
from assistant.home.connection_loss import own_id
from assistant.home.connection_message import Delivery, Message, OnMessage, Use
from assistant.home.link_backoff import Backoff, Loss, LossKind
from assistant.home.link_login import Identity, Login, read_password, read_tls
from assistant.home.topics import is_wild, matches

_LOGGER = logging.getLogger(__name__)

__all__ = ["Delivery", "Identity", "LinkStatus", "Message", "MqttLink", "Use"]


@dataclass(slots=True)
class LinkStatus:
    """How the connection is doing."""

    is_connected: bool = False
    connects: int = 0
    received: int = 0
    dropped: int = 0
    """Messages that came faster than they could be read, or without a topic."""
    ignored: int = 0
    """Commands that the broker had kept from before."""
    last_error: str = ""
    refused_filters: tuple[str, ...] = ()
    """What the broker does not let us listen to."""


class MqttLink:
    """Use: `run()` in a task. Everything else may be called before, while and after it runs."""

    def __init__(
        self,
        settings: MqttSettings,
        identity: Identity,
        on_message: OnMessage,
        on_connection: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self.status = LinkStatus()
        self._settings = settings
        self._identity = identity
        self._on_message = on_message
        self._on_connection = on_connection
        self._filters: dict[str, Use] = {}
        self._given_up: dict[str, None] = {}
        """Filters that a session which the broker keeps may still have."""
        self._connection: Connection | None = None
        self._is_open = False
        """The broker takes subscriptions; connected is more: it has taken them all."""
        self._speaks_5 = settings.version == "5" or (settings.version == "auto" and settings.mode == "external")
        self._is_version_sure = settings.version != "auto" or not self._speaks_5
        self._has_session = False
        self._backoff = Backoff()

    async def run(self) -> None:
        """Stay connected until cancelled. Raises BrokerError for a password or certificate that can't be read."""
        loop = asyncio.get_running_loop()
        hooks = Hooks(self._open, self._up, self._take, self._note_refused)
        while True:
            login = await self._login()
            began = loop.time()
            self._connection = Connection(login, hooks)
            try:
                self._connection.open()
                loss = await self._connection.lost
                await self._connection.hear_out()
                pause_s = self._judge(loss, loop.time() - began)
            finally:
                await self._close()
            # many clients that lost one broker should not come back at one moment
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311  no secret hangs on it

    async def _login(self) -> Login:
        password = read_password(self._settings)
        tls = await asyncio.to_thread(read_tls, self._settings) if self._settings.tls else None
        return Login(self._settings, self._identity, password, tls, speaks_5=self._speaks_5, resumes=self._has_session)

    async def _close(self) -> None:
        connection, self._connection, self._is_open = self._connection, None, False
        was_connected, self.status.is_connected = self.status.is_connected, False
        if connection is not None:
            await connection.close()
            self.status.dropped += connection.inbox.dropped
        if was_connected:
            self._on_connection(False)

    def subscribe(self, filters: Iterable[str], use: Use = Use.STATE) -> None:
        """Listen to these from now on, through all reconnects. Asking twice is one subscription."""
        new = [each for each in filters if self._filters.get(each) is not use]
        for each in new:
            self._filters[each] = use
            self._given_up.pop(each, None)
        if new and self._connection is not None and self._is_open:
            self._connection.subscribe(new, use)

    def unsubscribe(self, filters: Iterable[str]) -> None:
        """Listen to these no more."""
        old = [each for each in filters if self._filters.pop(each, None) is not None]
        if old and self._connection is not None and self._is_open:
            self._connection.unsubscribe(old)
        elif self._has_session:
            self._given_up |= dict.fromkeys(old)

    def publish(
        self, topic: str, payload: str | bytes, *, retain: bool = False, use: Use = Use.COMMAND
    ) -> asyncio.Future[Delivery]:
        """Send now; the future tells what became of it, and need not be asked. Raises BrokerError when there is no
        connection: a command is never kept for later."""
        if self._connection is None or not self.status.is_connected:
            raise BrokerError(
                f"the broker {self._settings.host}:{self._settings.port} is away",
                why=self.status.last_error,
                fix="start it; the assistant connects by itself",
                may_retry=True,
            )
        return self._connection.publish(topic, payload, retain=retain, use=use)

    @property
    def in_flight(self) -> int:
        """Messages that were sent, and of which the broker has said nothing yet."""
        return 0 if self._connection is None else len(self._connection.outbox)

    def break_off(self) -> None:
        """Drop the connection as a bad network would, and come again."""
        if self._connection is not None:
            self._connection.break_off()

    def _take(self, message: Message) -> Iterable[None] | None:
        self.status.received += 1
        if message.is_retained and self._is_command(message.topic):
            self.status.ignored += 1
            return None
        return self._on_message(message)

    def _is_command(self, topic: str) -> bool:
        """Kept commands are old ones: whoever left them there must not switch anything at each of our starts."""
        return any(
            use is Use.COMMAND and (each == topic or (is_wild(each) and matches(each, topic)))
            for each, use in self._filters.items()
        )

    def _open(self, is_known: bool) -> None:
        if self._connection is None:
            return
        self._is_open = True
        if self._has_session and not is_known:
            self._backoff.note_restart()
        if is_known and self._given_up:
            self._connection.unsubscribe(list(self._given_up))
        self._given_up.clear()
        self._has_session = self._speaks_5 and self._settings.session_expiry_s > 0
        self.status.refused_filters = ()
        for use in Use:
            self._connection.subscribe([each for each, its in self._filters.items() if its is use], use)

    def _up(self) -> None:
        if self._connection is None:
            return
        self._is_version_sure = True
        self.status.is_connected, self.status.last_error = True, ""
        self.status.connects += 1
        _LOGGER.info("broker connected", extra={"host": self._settings.host, "port": self._settings.port})
        self._on_connection(True)
        if self._identity.status_topic:
            # a connection that has just gone will say so itself
            with contextlib.suppress(BrokerError):
                self._connection.publish(self._identity.status_topic, "online", retain=True, use=Use.STATE)

    def _note_refused(self, filters: Sequence[str]) -> None:
        self.status.refused_filters += tuple(filters)
        _LOGGER.warning("the broker does not let us listen", extra={"filters": list(filters)})

    def _judge(self, loss: Loss, held_s: float) -> float:
        """Tell why the connection ended; gives the pause before the next."""
        if self._tries_other_version(loss):
            return 0.0
        pause_s = self._backoff.pause_s(loss.kind, held_s)
        is_contested = self._backoff.is_contested and not loss.fix
        self._tell(replace(loss, fix=own_id(self._identity.client_id)) if is_contested else loss)
        return pause_s

    def _tries_other_version(self, loss: Loss) -> bool:
        """True when a broker that knows 3.1.1 alone has said so: then it is asked again at once. Some just hang up, and
        whether that was the reason nobody knows: then the two take turns."""
        if not loss.is_of_version or self._is_version_sure:
            return False
        is_told = self._speaks_5 and loss.kind is LossKind.REFUSED
        self._speaks_5 = not self._speaks_5
        self._is_version_sure = is_told
        return is_told

    def _tell(self, loss: Loss) -> None:
        error = f"the broker {self._settings.host}:{self._settings.port} {loss.why}"
        if loss.fix:
            error += f"; {loss.fix}"
        if error != self.status.last_error:
            _LOGGER.warning("no broker", extra={"error": error})
        self.status.last_error = error
