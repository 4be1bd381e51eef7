"""One connection to the MQTT broker, from opening to loss; the only module that knows paho.

Each connection has a client of its own: paho would keep what was not yet acknowledged and send it after a reconnect,
and a command must never come late."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings

KEEPALIVE_S = 30
CONNECT_S = 5.0
SUBSCRIBE_S = 10.0
UNANSWERED_MS = 10_000
"""A network that took nothing for so long is lost, whatever TCP still hopes for."""
GOODBYE_S = 0.5
MAX_WAITING = 20_000
"""Messages that may wait for the loop; more are dropped, and counted."""
BATCH = 100
"""Messages taken in one turn of the loop."""
FILTERS_A_PACKET = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `is_retained` is true for what the broker had kept from before."""

    topic: str
    payload: bytes
    is_retained: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are to the broker; with a status topic, `online` and, as last will, `offline` are kept there."""

    client_id: str
    status_topic: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """Where to connect, and as whom."""

    settings: MqttSettings
    identity: Identity
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Hooks:
    """Called on the loop."""

    on_open: Callable[[], None]
    """The broker takes us; now is the time to subscribe."""
    on_heard: Callable[[], None]
    """It has taken all of those subscriptions: no answer is missed from here on."""
    on_message: Callable[[Message], None]


class Connection:
    """Open once, close once; `lost` tells why it ended."""

    def __init__(self, login: Login, hooks: Hooks) -> None:
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.dropped = 0
        self._loop = asyncio.get_running_loop()
        self._login = login
        self._hooks = hooks
        self._unheard: set[int] = set()
        """The first subscriptions, as far as the broker has not acknowledged them."""
        self._is_opening = True
        self._is_open = True
        self._refusal = ""
        self._waiting: deque[Message] = deque()
        self._is_woken = False
        self._has_heard = False
        self._client = self._make_client()

    def _make_client(self) -> mqtt.Client:
        # 3.1.1 is what every broker speaks, the embedded one included; nothing of 5 is needed here
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._login.identity.client_id,
            protocol=mqtt.MQTTv311,
            clean_session=True,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_S
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_message = self._arrived
        client.on_subscribe = self._acknowledged
        client.on_publish = _be_quick
        client.on_socket_open = _be_impatient
        if self._login.identity.status_topic:
            client.will_set(self._login.identity.status_topic, "offline", qos=1, retain=True)
        if self._login.settings.username:
            client.username_pw_set(self._login.settings.username, self._login.password)
        if self._login.settings.tls:
            client.tls_set()
        return client

    def open(self) -> None:
        """Connect in the background; returns at once."""
        threading.Thread(target=self._connect, name="mqtt connect", daemon=True).start()

    def subscribe(self, filters: Sequence[str]) -> None:
        """Listen to these."""
        for first in range(0, len(filters), FILTERS_A_PACKET):
            _, mid = self._client.subscribe([(each, 1) for each in filters[first : first + FILTERS_A_PACKET]])
            if mid is not None and self._is_opening:
                self._unheard.add(mid)

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """Listen to these no more."""
        for first in range(0, len(filters), FILTERS_A_PACKET):
            self._client.unsubscribe(list(filters[first : first + FILTERS_A_PACKET]))

    def publish(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        """Send now. Raises BrokerError when paho doesn't take it."""
        try:
            sent = self._client.publish(topic, payload, qos=1, retain=retain)
        except ValueError as error:
            raise BrokerError("the message can't be sent", why=str(error)) from error
        if sent.rc != mqtt.MQTT_ERR_SUCCESS:
            raise BrokerError("the message was not taken", why=mqtt.error_string(sent.rc), may_retry=True)

    async def close(self) -> None:
        """Say goodbye; what the network reports from here on is not news. Ends in time, whatever the network does."""
        self._is_open = False
        if self._client.is_connected() and self._login.identity.status_topic:
            self._client.publish(self._login.identity.status_topic, "offline", qos=0, retain=True)
        self._client.disconnect()
        ended = asyncio.Event()
        threading.Thread(target=self._end, args=(ended,), name="mqtt goodbye", daemon=True).start()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await ended.wait()

    # ── threads ──────────────────────────────────────────────────────────────────────────────────

    def _connect(self) -> None:
        settings = self._login.settings
        try:
            self._client.connect(settings.host, settings.port, KEEPALIVE_S)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            self._tell(partial(self._lose, f"can't be reached: {why}"))
            return
        if self._is_open:
            self._client.loop_start()
        else:
            self._client.disconnect()

    def _end(self, ended: asyncio.Event) -> None:
        self._client.loop_stop()
        # a loop that is closed has nobody left who waits
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(ended.set)

    def _tell(self, call: Callable[[], None]) -> None:
        if self._is_open:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(call)

    def _connected(
        self, _client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._refusal = f"refuses us: {reason}"
        else:
            self._tell(self._opened)

    def _acknowledged(
        self,
        _client: mqtt.Client,
        _data: object,
        mid: int,
        _reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        self._tell(partial(self._hear_of, mid))

    def _disconnected(
        self, _client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._tell(partial(self._lose, self._refusal or f"went away: {reason}"))

    def _arrived(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self.dropped += 1
            return
        self._waiting.append(Message(message.topic, bytes(message.payload), message.retain))
        if not self._is_woken:
            self._is_woken = True
            self._tell(self._take)

    # ── the loop ─────────────────────────────────────────────────────────────────────────────────

    def _opened(self) -> None:
        self._hooks.on_open()
        self._is_opening = False
        if self._unheard:
            self._loop.call_later(SUBSCRIBE_S, self._check_subscribed)
        else:
            self._has_heard = True
            self._hooks.on_heard()

    def _hear_of(self, mid: int) -> None:
        self._unheard.discard(mid)
        if not self._unheard and not self._has_heard:
            self._has_heard = True
            self._hooks.on_heard()

    def _check_subscribed(self) -> None:
        if self._unheard and not self._has_heard:
            self._lose("does not answer subscriptions")

    def _lose(self, why: str) -> None:
        if not self.lost.done():
            self.lost.set_result(why)

    def _take(self) -> None:
        self._is_woken = False
        for _ in range(min(BATCH, len(self._waiting))):
            self._hooks.on_message(self._waiting.popleft())
        if self._waiting and not self._is_woken:
            self._is_woken = True
            self._loop.call_soon(self._take)


def _be_impatient(_client: mqtt.Client, _data: object, sock: object) -> None:
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNANSWERED_MS)


def _be_quick(
    client: mqtt.Client, _data: object, _mid: int, _reason: ReasonCode, _properties: Properties | None
) -> None:
    """Mosquitto holds the device's report back until our kernel has acknowledged its PUBACK, which takes 40 ms."""
    sock = client.socket()
    if isinstance(sock, socket.socket):
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
