"""Who may come in to the embedded broker, and what becomes of the others."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from assistant.core.errors import ConfigError
from assistant.core.settings import MqttSettings
from assistant.home.broker import EmbeddedBroker
from assistant.home.broker_door import BAD_LOGIN, NO_SUCH_VERSION, read_connect
from tests.home.brokers import Embedded, free_port, running
from tests.home.client import client


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return len(raw).to_bytes(2) + raw


def connect_body(username: str | None, password: str | None, *, will: bool = False, level: int = 4) -> bytes:
    flags = 2 | (0x04 if will else 0) | (0x80 if username is not None else 0) | (0x40 if password is not None else 0)
    body = text("MQTT") + bytes([level, flags]) + (30).to_bytes(2) + text("me")
    if will:
        body += text("my/status") + text("offline")
    return body + b"".join(text(each) for each in (username, password) if each is not None)


@given(st.text(max_size=20), st.text(max_size=20), st.booleans())
def test_the_login_is_read_whatever_comes_before_it(username: str, password: str, will: bool) -> None:
    connect = read_connect(connect_body(username, password, will=will))
    assert (connect.username, connect.password) == (username.encode(), password.encode())


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert len(read_connect(body).username) < len(body)


@given(st.integers(0, 40))
def test_a_packet_cut_short_is_refused(kept: int) -> None:
    body = connect_body("me", "secret", will=True)
    with pytest.raises(ValueError, match="too early"):
        read_connect(body[: min(kept, len(body) - 1)])


def guarded(host: str = "127.0.0.1") -> MqttSettings:
    return MqttSettings(host=host, port=free_port(), username="hall", password=SecretStr("moss and stone"))


async def say(port: int, body: bytes, *, first: int = 0x10) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(bytes([first, len(body)]) + body)
    try:
        async with asyncio.timeout(5):
            return await reader.read(100)
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.broker
@pytest.mark.parametrize(
    ("username", "password"),
    [("hall", "wrong"), ("wrong", "moss and stone"), ("hall", None), (None, None), ("", ""), ("hall", "")],
)
async def test_a_wrong_login_is_answered_as_such_and_late(
    username: str | None, password: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.home.broker_door.GUESS_S", 0.2)
    async with running(Embedded(guarded())) as broker:
        before = time.monotonic()
        assert await say(broker.settings.port, connect_body(username, password)) == BAD_LOGIN
        assert time.monotonic() - before > 0.19


@pytest.mark.broker
async def test_who_knows_the_password_comes_in_on_every_interface() -> None:
    async with running(Embedded(guarded("0.0.0.0"))) as broker, client(broker.settings, "own", "x") as own:
        await own.connected()
        address = socket.gethostbyname(socket.gethostname())
        outside = broker.settings.model_copy(update={"mode": "external", "host": address})
        async with client(outside, "device") as device:
            await device.connected()
            device.link.publish("x", "hello")
            await own.until(lambda: bool(own.heard))


@pytest.mark.broker
async def test_a_stranger_cannot_throw_a_client_out_by_its_name() -> None:
    async with running(Embedded(guarded())) as broker, client(broker.settings, "own", client_id="me") as own:
        await own.connected()
        assert await say(broker.settings.port, connect_body("hall", "wrong")) == BAD_LOGIN
        assert own.link.status.is_connected
        assert own.connections == [True]


@pytest.mark.broker
async def test_a_client_of_version_5_is_told_that_it_is_not_spoken() -> None:
    async with running(Embedded()) as broker:
        assert await say(broker.settings.port, connect_body(None, None, level=5) + b"\x00") == NO_SUCH_VERSION


@pytest.mark.broker
async def test_our_own_link_speaks_3_1_1_with_a_broker_that_does_not_know_5() -> None:
    async with running(Embedded()) as broker:
        elsewhere = broker.settings.model_copy(update={"mode": "external"})
        async with client(elsewhere, "own") as own:
            before = time.monotonic()
            await own.connected()
            assert time.monotonic() - before < 2.0
            assert own.link.status.last_error == ""


@pytest.mark.broker
async def test_who_says_nothing_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.home.broker_door.CONNECT_S", 0.1)
    async with running(Embedded()) as broker:
        reader, writer = await asyncio.open_connection("127.0.0.1", broker.settings.port)
        async with asyncio.timeout(2):
            assert await reader.read(10) == b""
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("login", [{"username": "me"}, {"password": SecretStr("secret")}])
def test_half_a_login_does_not_open_it_to_others(login: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="open to everyone"):
        EmbeddedBroker(MqttSettings(host="0.0.0.0", **login))  # type: ignore[arg-type]  # pydantic makes SecretStr
