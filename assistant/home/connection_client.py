"""Makes paho's client for one connection: version, will, login, limits; only `connection` knows paho too."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable

import paho.mqtt.client as mqtt
from paho.mqtt import MQTTException
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from assistant.home.link_login import Login

KEEPALIVE_S = 15
CONNECT_S = 5.0
UNANSWERED_MS = 10_000
"""A network that took nothing for so long is lost, whatever TCP still hopes for."""
IN_FLIGHT = 16
"""Messages sent and not yet acknowledged; fewer than what brokers allow a client (mosquitto: 20)."""
MAX_QUEUED = 5_000
"""Messages that may wait for their turn; one more is an error."""
RECEIVE_MAXIMUM = 65_535
"""Mosquitto hands over that many kept messages when we subscribe, and drops what is more than 1,000 beyond: with the
usual 20 a home of 2,000 kept configurations would lose half."""
MAX_PACKET_BYTES = 16_000_000
BROKEN = (MQTTException, struct.error, IndexError, KeyError, ValueError)
"""What paho's decoders raise at bytes that are no MQTT."""
ANY = {"localhost", "0.0.0.0", "::", ""}  # noqa: S104  we connect there, we don't listen


class PahoClient(mqtt.Client):
    """paho's thread dies of a packet it can't decode, and nobody hears of it; here it is told."""

    on_broken: Callable[[], None]

    def loop_forever(self, timeout: float = 1.0, retry_first_connection: bool = False) -> MQTTErrorCode:
        """Serve until the connection ends."""
        try:
            return super().loop_forever(timeout, retry_first_connection)
        except BROKEN:
            self.hang_up()
            self.on_broken()
            return MQTTErrorCode.MQTT_ERR_PROTOCOL

    def hang_up(self) -> None:
        """End the connection now. What the network has not taken yet is thrown away: it must not arrive late."""
        sock = self.socket()
        if isinstance(sock, socket.socket):
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def release(self) -> None:
        """Close what paho would leave to the garbage collector, which comes late or complains."""
        self._reset_sockets()


def make_client(login: Login, on_broken: Callable[[], None]) -> PahoClient:
    """Set up, not connected."""
    client = PahoClient(
        CallbackAPIVersion.VERSION2,
        client_id=login.identity.client_id,
        protocol=mqtt.MQTTv5 if login.speaks_5 else mqtt.MQTTv311,
        clean_session=None if login.speaks_5 else True,
        reconnect_on_failure=False,
    )
    client.on_broken = on_broken
    client.connect_timeout = CONNECT_S
    client.max_inflight_messages_set(IN_FLIGHT)
    client.max_queued_messages_set(MAX_QUEUED)
    client.on_socket_open = _be_impatient
    if login.identity.status_topic:
        client.will_set(login.identity.status_topic, "offline", qos=1, retain=True)
    if login.settings.username:
        client.username_pw_set(login.settings.username, login.password)
    if login.tls is not None:
        client.tls_set_context(login.tls)
    return client


def connect(client: mqtt.Client, login: Login) -> None:
    """Connect; blocks. Raises OSError or ValueError."""
    settings = login.settings
    host = settings.host
    if settings.mode == "embedded" and host in ANY:
        host = "::1" if host == "::" else "127.0.0.1"
    if not login.speaks_5:
        client.connect(host, settings.port, KEEPALIVE_S)
        return
    properties = _properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = settings.session_expiry_s
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    properties.MaximumPacketSize = MAX_PACKET_BYTES
    client.connect(host, settings.port, KEEPALIVE_S, clean_start=not login.resumes, properties=properties)


def disconnect(client: mqtt.Client, *, speaks_5: bool) -> None:
    """Say goodbye for good: the broker need not keep anything for us."""
    if not speaks_5:
        client.disconnect()
        return
    properties = _properties(PacketTypes.DISCONNECT)
    properties.SessionExpiryInterval = 0
    client.disconnect(ReasonCode(PacketTypes.DISCONNECT), properties)


def expiring(seconds: int) -> Properties:
    """The broker throws a message away that it could not hand on for so long."""
    properties = _properties(PacketTypes.PUBLISH)
    properties.MessageExpiryInterval = seconds
    return properties


def _properties(kind: int) -> Properties:
    return Properties(kind)  # type: ignore[no-untyped-call]  # paho gives it no types


def _be_impatient(_client: mqtt.Client, _data: object, sock: object) -> None:
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNANSWERED_MS)


def be_quick(client: mqtt.Client) -> None:
    """Mosquitto holds the device's report back until our kernel has acknowledged its PUBACK, which takes 40 ms."""
    sock = client.socket()
    if isinstance(sock, socket.socket):
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
