"""One connection to the MQTT broker, from opening to loss.

Each connection has a client of its own: paho would keep what was not yet acknowledged and send it after a reconnect,
and a command must never come late."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import paho.mqtt.client as mqtt
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from assistant.core.errors import BrokerError
from assistant.home.connection_boxes import Inbox, Outbox
from assistant.home.connection_client import be_quick, connect, disconnect, expiring, make_client
from assistant.home.connection_loss import loss_of_error, loss_of_goodbye, loss_of_refusal, loss_unanswered
from assistant.home.connection_message import Delivery, Message, OnMessage, Use
from assistant.home.link_backoff import Loss, LossKind
from assistant.home.link_login import Login

ANSWER_S = 5.0
"""The broker gets so long to say whether it takes us."""
SUBSCRIBE_S = 10.0
GOODBYE_S = 0.5
COMMAND_EXPIRY_S = 10
FILTERS_A_PACKET = 100
NOBODY_THERE = 16
"""Reason code of MQTT 5: no matching subscribers."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Called on the loop."""

    on_open: Callable[[bool], None]
    """The broker takes us, and says whether it still knew us; now is the time to subscribe."""
    on_heard: Callable[[], None]
    """It has taken all of those subscriptions: no answer is missed from here on."""
    on_message: OnMessage
    on_unheard: Callable[[Sequence[str]], None]
    """It does not let us listen to these."""


class Connection:
    """Open once, close once; `lost` tells why it ended."""

    def __init__(self, login: Login, hooks: Hooks) -> None:
        self._loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[Loss] = self._loop.create_future()
        self.inbox = Inbox()
        self.outbox = Outbox(partial(self._lose, Loss(LossKind.SILENT, "does not answer any more")))
        self._login = login
        self._hooks = hooks
        self._asked: dict[int, Sequence[str]] = {}
        """Subscriptions that the broker has not acknowledged."""
        self._unheard: set[int] = set()
        """The first of them."""
        self._is_opening, self._is_open, self._is_taken, self._has_heard = True, True, False, False
        self._max_qos = 1
        self._is_woken = False
        self._opener = threading.Thread(target=self._connect, name="mqtt connect", daemon=True)
        self._client = make_client(login, self._broken)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._arrived
        self._client.on_subscribe = self._subscribed
        self._client.on_publish = self._published

    def open(self) -> None:
        """Connect in the background; returns at once."""
        self._opener.start()

    def subscribe(self, filters: Sequence[str], use: Use) -> None:
        """Listen to these."""
        qos = min(use.subscribe_qos, self._max_qos)
        for first in range(0, len(filters), FILTERS_A_PACKET):
            some = filters[first : first + FILTERS_A_PACKET]
            _, mid = self._client.subscribe([(each, qos) for each in some])
            # without one the connection is gone, which will be told
            if mid is not None:
                self._asked[mid] = some
                if self._is_opening:
                    self._unheard.add(mid)

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """Listen to these no more."""
        for first in range(0, len(filters), FILTERS_A_PACKET):
            self._client.unsubscribe(list(filters[first : first + FILTERS_A_PACKET]))

    def publish(self, topic: str, payload: str | bytes, *, retain: bool, use: Use) -> asyncio.Future[Delivery]:
        """Send now; the future tells what became of it. Raises BrokerError when paho doesn't take it."""
        expires = self._login.speaks_5 and use is Use.COMMAND and not retain
        properties = expiring(COMMAND_EXPIRY_S) if expires else None
        qos = min(use.publish_qos, self._max_qos)
        try:
            sent = self._client.publish(topic, payload, qos=qos, retain=retain, properties=properties)
        except ValueError as error:
            raise BrokerError("the message can't be sent", why=str(error)) from error
        if sent.rc == mqtt.MQTT_ERR_QUEUE_SIZE:
            raise BrokerError("too many messages wait for the broker", why="it does not keep up", may_retry=True)
        if sent.rc != mqtt.MQTT_ERR_SUCCESS:
            raise BrokerError("the message was not taken", why=mqtt.error_string(sent.rc), may_retry=True)
        return self.outbox.note(sent.mid)

    def break_off(self) -> None:
        """End it at once, without goodbye."""
        self._client.hang_up()

    async def hear_out(self) -> None:
        """Hand on what came before the end: the broker will not send again what we have acknowledged."""
        while self.inbox:
            self.inbox.take(self._hooks.on_message)
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Say goodbye; what the network reports from here on is not news. Ends in time, whatever the network does."""
        self._is_open = False
        self.outbox.lose()
        if self.lost.done():
            # nothing that is still on its way may arrive later
            self._client.hang_up()
        elif self._client.is_connected() and self._login.identity.status_topic:
            self._client.publish(self._login.identity.status_topic, "offline", qos=0, retain=True)
        disconnect(self._client, speaks_5=self._login.speaks_5)
        ended = asyncio.Event()
        threading.Thread(target=self._end, args=(ended,), name="mqtt goodbye", daemon=True).start()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await ended.wait()
        except TimeoutError:
            self._client.hang_up()

    # ── threads ──────────────────────────────────────────────────────────────────────────────────

    def _connect(self) -> None:
        try:
            connect(self._client, self._login)
        except (OSError, ValueError) as error:
            self._tell(partial(self._lose, loss_of_error(error, self._login.settings)))
            return
        if self._is_open:
            self._client.loop_start()
            self._tell(self._await_answer)
        else:
            self._client.disconnect()

    def _end(self, ended: asyncio.Event) -> None:
        # paho's thread can't be joined while it is being started
        if self._opener.is_alive():
            self._opener.join()
        self._client.loop_stop()
        self._client.release()
        # a loop that is closed has nobody left who waits
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(ended.set)

    def _tell(self, call: Callable[[], None]) -> None:
        if self._is_open:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(call)

    def _connected(
        self,
        _client: mqtt.Client,
        _data: object,
        flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._tell(partial(self._lose, loss_of_refusal(reason.value, str(reason))))
        else:
            max_qos = getattr(properties, "MaximumQoS", 1)
            self._tell(partial(self._opened, is_known=flags.session_present, max_qos=max_qos))

    def _disconnected(
        self, _client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._tell(partial(self._gone, reason.value, str(reason)))

    def _broken(self) -> None:
        self._tell(partial(self._lose, Loss(LossKind.LOST, "sends what is no MQTT", "check mqtt.port")))

    def _subscribed(
        self, _client: mqtt.Client, _data: object, mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        self._tell(partial(self._hear_of, mid, [reason.is_failure for reason in reasons]))

    def _published(
        self, client: mqtt.Client, _data: object, mid: int, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        be_quick(client)
        delivery = Delivery.REFUSED if reason.is_failure else Delivery.TAKEN
        if reason.value == NOBODY_THERE:
            delivery = Delivery.NOBODY
        self._tell(partial(self.outbox.settle, mid, delivery))

    def _arrived(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        self.inbox.put(Message(topic, bytes(message.payload), message.retain))
        if not self._is_woken:
            self._is_woken = True
            self._tell(self._take)

    # ── the loop ─────────────────────────────────────────────────────────────────────────────────

    def _opened(self, *, is_known: bool, max_qos: int) -> None:
        self._is_taken, self._max_qos = True, max_qos
        if self.lost.done() or not self._client.is_connected():
            return
        self._hooks.on_open(is_known)
        self._is_opening = False
        if self._unheard:
            self._loop.call_later(SUBSCRIBE_S, self._check_subscribed)
        else:
            self._has_heard = True
            self._hooks.on_heard()

    def _hear_of(self, mid: int, refused: Sequence[bool]) -> None:
        filters = self._asked.pop(mid, ())
        if any(refused):
            self._hooks.on_unheard([each for each, is_refused in zip(filters, refused, strict=False) if is_refused])
        self._unheard.discard(mid)
        if not self._unheard and not self._has_heard:
            self._has_heard = True
            self._hooks.on_heard()

    def _await_answer(self) -> None:
        self._loop.call_later(ANSWER_S, self._check_taken)

    def _check_taken(self) -> None:
        if not self._is_taken:
            self._lose(loss_unanswered(self._login.settings))

    def _check_subscribed(self) -> None:
        if self._unheard and not self._has_heard:
            self._lose(Loss(LossKind.SILENT, "does not answer subscriptions"))

    def _gone(self, code: int, words: str) -> None:
        if self._is_taken:
            self._lose(loss_of_goodbye(code, words, self._login.identity.client_id))
        else:
            self._lose(loss_unanswered(self._login.settings))

    def _lose(self, loss: Loss) -> None:
        if not self.lost.done():
            self.lost.set_result(loss)

    def _take(self) -> None:
        self._is_woken = False
        try:
            self.inbox.take(self._hooks.on_message)
        finally:
            # what went wrong with one message keeps no other waiting
            if self.inbox and not self._is_woken:
                self._is_woken = True
                self._loop.call_soon(self._take)
