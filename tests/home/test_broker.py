"""Our own broker: its port, its end, what it says."""

from __future__ import annotations

import asyncio
import logging
import socket
import time

import pytest

from assistant.core.errors import BrokerError, ConfigError
from assistant.core.settings import MqttSettings
from assistant.home.broker import EmbeddedBroker
from tests.home.brokers import Embedded, free_port, reachable, running
from tests.home.client import client

pytestmark = pytest.mark.broker


async def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BrokerError) as raised:
            await EmbeddedBroker(MqttSettings(port=port)).__aenter__()
    assert str(port) in raised.value.what
    assert "in use" in raised.value.why
    assert "mqtt.mode" in raised.value.fix
    assert "mqtt.port" in raised.value.fix


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(ConfigError, match="open to everyone"):
        EmbeddedBroker(MqttSettings(host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
async def test_every_name_of_loopback_will_do(host: str) -> None:
    settings = MqttSettings(host=host, port=free_port())
    async with EmbeddedBroker(settings), client(settings) as one:
        await one.connected()


async def test_it_ends_within_a_second_with_clients_connected_and_frees_its_port() -> None:
    broker = Embedded()
    await broker.start()
    async with client(broker.settings, "one") as one, client(broker.settings, "two") as two:
        await one.connected()
        await two.connected()
        before = time.monotonic()
        await broker.stop()
        assert time.monotonic() - before < 1.0
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", broker.settings.port))


async def test_it_ends_every_time_however_busy_its_clients_are() -> None:
    for _ in range(20):
        broker = Embedded()
        await broker.start()
        async with client(broker.settings, "one", "#") as one, client(broker.settings, "two", "#") as two:
            await one.connected()
            await two.connected()
            for number in range(5):
                one.link.publish("x", str(number))
            async with asyncio.timeout(2):
                await broker.stop()


async def test_it_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    async with running(Embedded()) as broker, client(broker.settings) as one:
        await one.connected()
    async with asyncio.timeout(1):
        while left := asyncio.all_tasks() - before:
            await asyncio.wait(left, timeout=0.1)


async def test_payloads_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with running(Embedded()) as broker, client(broker.settings, "one", "secret") as one:
            await one.connected()
            one.link.publish("secret", "the alarm code is 1234")
            await one.until(lambda: bool(one.heard))
    assert "1234" not in caplog.text


async def test_rubbish_on_its_port_harms_nobody() -> None:
    async with running(Embedded()) as broker:
        await reachable(broker.settings.port)
        for rubbish in (
            b"",
            b"GET / HTTP/1.1\r\n\r\n",
            b"\x10\xff\xff\xff\xff",
            b"\x10\x02\x00\x04",
            bytes(range(256)),
        ):
            _, writer = await asyncio.open_connection("127.0.0.1", broker.settings.port)
            writer.write(rubbish)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        async with client(broker.settings, "one", "x") as one:
            await one.connected()
            one.link.publish("x", "still here")
            await one.until(lambda: bool(one.heard))
