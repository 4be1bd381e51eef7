"""The one connection to the MQTT broker; the only module that knows paho."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1, 30
KEEPALIVE_S = 30
MAX_WAITING = 20_000
"""Messages that may wait for the loop; more are dropped, and counted."""
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `is_retained` is true for what the broker had kept from before."""

    topic: str
    payload: bytes
    is_retained: bool = False


@dataclass(slots=True)
class LinkStatus:
    """How the connection is doing."""

    is_connected: bool = False
    connects: int = 0
    received: int = 0
    dropped: int = 0
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are to the broker; with a status topic, `online` and, as last will, `offline` are kept there."""

    client_id: str
    status_topic: str = ""


class MqttLink:
    """Connects by itself, again and again, and brings subscriptions back. Use: `await start()`, `await stop()`."""

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
        self._filters: list[str] = []
        self._waiting = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client = self._make_client()

    def _make_client(self) -> mqtt.Client:
        # the embedded broker speaks 3.1.1, and so does every other
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self._identity.client_id, protocol=mqtt.MQTTv311, clean_session=True
        )
        client.reconnect_delay_set(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_message = self._arrived
        if self._identity.status_topic:
            client.will_set(self._identity.status_topic, "offline", qos=1, retain=True)
        if self._settings.tls:
            client.tls_set()
        return client

    async def start(self) -> None:
        """Connect in the background; returns at once. Raises BrokerError for a password file that can't be read."""
        self._loop = asyncio.get_running_loop()
        if self._settings.username:
            self._client.username_pw_set(self._settings.username, self._password())
        self._client.connect_async(self._settings.host, self._settings.port, KEEPALIVE_S)
        self._client.loop_start()

    async def stop(self) -> None:
        """Say goodbye and end the network thread."""
        if self.status.is_connected and self._identity.status_topic:
            self._client.publish(self._identity.status_topic, "offline", qos=0, retain=True)
        # a goodbye is no loss: what paho reports from here on is not news
        self._loop = None
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)
        self.status.is_connected = False

    def subscribe(self, topic_filter: str) -> None:
        """Listen to a filter from now on, through all reconnects. Asking twice is one subscription."""
        if topic_filter not in self._filters:
            self._filters.append(topic_filter)
            if self.status.is_connected:
                self._client.subscribe(topic_filter, qos=1)

    def publish(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        """Send now. Raises BrokerError when there is no connection: a command is never kept for later."""
        if not self.status.is_connected:
            raise BrokerError(
                f"the broker {self._settings.host}:{self._settings.port} is away",
                why=self.status.last_error,
                fix="start it; the assistant connects by itself",
                may_retry=True,
            )
        sent = self._client.publish(topic, payload, qos=1, retain=retain)
        if sent.rc != mqtt.MQTT_ERR_SUCCESS:
            raise BrokerError("the message was not taken", why=mqtt.error_string(sent.rc), may_retry=True)

    def _password(self) -> str:
        file = self._settings.password_file
        if file is None:
            return self._settings.password.get_secret_value()
        try:
            return file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BrokerError(
                f"the password file {file} can't be read", why=error.strerror or "", fix="correct mqtt.password_file"
            ) from error

    # ── paho's thread ────────────────────────────────────────────────────────────────────────────

    def _hand_over(self, call: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def _connected(
        self, client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            text = f"the broker refuses us: {reason}"
            self._hand_over(lambda: self._note_refusal(text))
            return
        if self._filters:
            client.subscribe([(topic_filter, 1) for topic_filter in self._filters])
        if self._identity.status_topic:
            client.publish(self._identity.status_topic, "online", qos=1, retain=True)
        self._hand_over(lambda: self._set_connected(True, ""))

    def _disconnected(
        self, _client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        text = str(reason)
        self._hand_over(lambda: self._set_connected(False, text))

    def _arrived(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        if self._waiting >= MAX_WAITING:
            self.status.dropped += 1
            return
        self._waiting += 1
        arrived = Message(message.topic, bytes(message.payload), message.retain)
        self._hand_over(lambda: self._take(arrived))

    # ── the loop ─────────────────────────────────────────────────────────────────────────────────

    def _take(self, message: Message) -> None:
        self._waiting -= 1
        self.status.received += 1
        self._on_message(message)

    def _note_refusal(self, text: str) -> None:
        if text != self.status.last_error:
            _LOGGER.error("the broker refuses the login", extra={"why": text})
        self.status.last_error = text

    def _set_connected(self, is_connected: bool, why: str) -> None:
        if is_connected == self.status.is_connected:
            return
        self.status.is_connected = is_connected
        self.status.connects += is_connected
        self.status.last_error = why
        level = logging.INFO if is_connected else logging.WARNING
        _LOGGER.log(level, "broker connected" if is_connected else "broker lost", extra={"why": why})
        self._on_connection(is_connected)
