"""The link, over mosquitto and over our own broker."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings
from assistant.home.link_backoff import FIRST_S, LossKind
from tests.home.brokers import LOGIN, Embedded, Mosquitto, TestBroker, free_port, running
from tests.home.client import client

pytestmark = pytest.mark.broker


@pytest.fixture(params=["mosquitto", "embedded"])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TestBroker]:
    made: TestBroker = Mosquitto(tmp_path) if request.param == "mosquitto" else Embedded()
    async with running(made):
        yield made


async def test_a_message_arrives_as_it_was_sent(broker: TestBroker) -> None:
    async with client(broker.settings, "ear", "a/#") as ear, client(broker.settings, "mouth") as mouth:
        await ear.connected()
        await mouth.connected()
        mouth.link.publish("a/b", "grüß dich")
        mouth.link.publish("a/c", b"\xff\x00")
        await ear.until(lambda: len(ear.heard) == 2)
    assert [(each.topic, each.payload, each.is_retained) for each in ear.heard] == [
        ("a/b", "grüß dich".encode(), False),
        ("a/c", b"\xff\x00", False),
    ]


async def test_kept_messages_are_marked_as_such(broker: TestBroker) -> None:
    async with client(broker.settings, "mouth") as mouth:
        await mouth.connected()
        mouth.link.publish("kept/a", "old", retain=True)
        async with client(broker.settings, "ear", "kept/a") as ear:
            await ear.until(lambda: len(ear.heard) == 1)
            mouth.link.publish("kept/a", "new", retain=True)
            await ear.until(lambda: len(ear.heard) == 2)
    assert [each.is_retained for each in ear.heard] == [True, False]


async def test_messages_keep_their_order(broker: TestBroker) -> None:
    async with client(broker.settings, "ear", "n") as ear, client(broker.settings, "mouth") as mouth:
        await ear.connected()
        await mouth.connected()
        for number in range(300):
            mouth.link.publish("n", str(number))
        await ear.until(lambda: len(ear.heard) == 300)
    assert ear.payloads("n") == [str(number) for number in range(300)]


async def test_a_filter_subscribed_later_works_at_once(broker: TestBroker) -> None:
    async with client(broker.settings, "ear") as ear:
        await ear.connected()
        ear.link.subscribe(["late/+"])
        ear.link.subscribe(["late/+"])
        ear.link.publish("late/a", "x")
        await ear.until(lambda: bool(ear.heard))
    assert len(ear.heard) == 1


async def test_subscriptions_come_back_after_the_broker_was_killed(broker: TestBroker) -> None:
    async with client(broker.settings, "ear", "x") as ear:
        await ear.connected()
        await broker.stop()
        await ear.until(lambda: not ear.link.status.is_connected)
        await broker.start()
        await ear.connected()
        ear.link.publish("x", "again")
        await ear.until(lambda: bool(ear.heard))
    assert ear.connections == [True, False, True, False]
    assert ear.link.status.connects == 2


async def test_nothing_said_during_an_outage_is_sent_afterwards(broker: TestBroker) -> None:
    async with client(broker.settings, "ear", "command") as ear:
        await ear.connected()
        await broker.stop()
        await ear.until(lambda: not ear.link.status.is_connected)
        before = time.monotonic()
        with pytest.raises(BrokerError, match="away") as raised:
            ear.link.publish("command", "ON")
        assert time.monotonic() - before < 0.3
        assert raised.value.may_retry
        await broker.start()
        await ear.connected()
        ear.link.publish("command", "OFF")
        await ear.until(lambda: bool(ear.heard))
    assert ear.payloads("command") == ["OFF"]


async def test_it_connects_when_the_broker_comes_later(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path)
    async with client(broker.settings, "early", "x") as early:
        await asyncio.sleep(0.1)
        assert not early.link.status.is_connected
        assert early.link.status.last_error
        async with running(broker):
            await early.connected()
            assert early.link.status.last_error == ""


async def test_others_see_whether_we_are_there(broker: TestBroker) -> None:
    async with client(broker.settings, "watcher", "test/hub/status") as watcher:
        await watcher.connected()
        async with client(broker.settings, "hub") as hub:
            await hub.connected()
            await watcher.until(lambda: watcher.payloads("test/hub/status") == ["online"])
        await watcher.until(lambda: watcher.payloads("test/hub/status") == ["online", "offline"])


async def test_a_login_is_used_and_never_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broker = Mosquitto(tmp_path, needs_login=True)
    await broker.write_login()
    secret = tmp_path / "secret"
    secret.write_text(LOGIN[1] + "\n")
    from_file = broker.settings.model_copy(update={"password": SecretStr(""), "password_file": secret})
    with caplog.at_level(logging.DEBUG):
        async with running(broker):
            for settings in (broker.settings, from_file):
                async with client(settings, "known") as known:
                    await known.connected()
    assert LOGIN[1] not in caplog.text
    assert LOGIN[1] not in str([record.__dict__ for record in caplog.records])


async def test_a_wrong_password_is_told_once_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FIRST_S, LossKind.REFUSED, 0.01)
    broker = Mosquitto(tmp_path, needs_login=True)
    await broker.write_login()
    async with running(broker):
        wrong = broker.settings.model_copy(update={"password": SecretStr("wrong")})
        async with client(wrong, "stranger") as stranger:
            await asyncio.sleep(0.5)
            assert "mqtt.password_file" in stranger.link.status.last_error
    assert [record.msg for record in caplog.records if record.name == "assistant.home.link"] == ["no broker"]


async def test_a_password_file_that_is_missing_is_told_with_its_name(tmp_path: Path) -> None:
    settings = MqttSettings(mode="external", port=free_port(), username="me", password_file=tmp_path / "none")
    async with client(settings, "me") as me:
        with pytest.raises(BrokerError, match=r"password file .*none can't be read"):
            await me.link.run()


async def test_a_topic_with_a_wildcard_is_refused(broker: TestBroker) -> None:
    async with client(broker.settings, "mouth") as mouth:
        await mouth.connected()
        with pytest.raises(BrokerError, match="can't be sent"):
            mouth.link.publish("a/+", "x")


async def test_a_filter_given_up_is_heard_no_more_even_after_a_restart(broker: TestBroker) -> None:
    async with client(broker.settings, "ear", "kept", "dropped") as ear:
        await ear.connected()
        ear.link.unsubscribe(["dropped"])
        await broker.stop()
        await ear.until(lambda: not ear.link.status.is_connected)
        await broker.start()
        await ear.connected()
        ear.link.publish("dropped", "x")
        ear.link.publish("kept", "y")
        await ear.until(lambda: bool(ear.heard))
    assert [each.topic for each in ear.heard] == ["kept"]


async def test_a_link_ends_within_a_second(broker: TestBroker) -> None:
    async with client(broker.settings, "brief") as brief:
        await brief.connected()
        before = time.monotonic()
    assert time.monotonic() - before < 1.0
