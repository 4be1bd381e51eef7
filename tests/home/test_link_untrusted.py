"""The link at a broker that says things it should not say, or nothing."""

from __future__ import annotations

import asyncio

import pytest

from assistant.home.link import Delivery, Use
from assistant.home.link_backoff import FIRST_S, LossKind
from tests.home.brokers_fake import TAKEN_3, TAKEN_5, FakeBroker, packet, playing, publish_5
from tests.home.client import client

pytestmark = pytest.mark.broker

TOPIC_ALIAS, USER_PROPERTY, RESPONSE_TOPIC = b"\x23\x00\x01", b"\x26\x00\x01k\x00\x01v", b"\x08\x00\x01r"
AFTER = publish_5("x", b"after")


async def test_an_alias_in_place_of_a_topic_is_dropped_and_counted() -> None:
    async with playing(FakeBroker(TAKEN_5, publish_5("", b"evil", TOPIC_ALIAS), AFTER)) as broker:
        async with client(broker.settings, "ear", "x") as ear:
            await ear.until(lambda: bool(ear.heard))
        assert ear.payloads("x") == ["after"]
        assert [each.topic for each in ear.heard] == ["x"]
        assert ear.link.status.dropped == 1


async def test_properties_of_a_message_change_nothing() -> None:
    extra = USER_PROPERTY * 5 + RESPONSE_TOPIC
    async with (
        playing(FakeBroker(TAKEN_5, publish_5("x", b"hello", extra))) as broker,
        client(broker.settings, "ear", "x") as ear,
    ):
        await ear.until(lambda: bool(ear.heard))
        assert ear.payloads("x") == ["hello"]


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\xff\xff\xff\xff\xff\xff",
        packet(0x30, b"\x00\x09x"),
        packet(0x30, b"\x00\x02\xff\xfe\x00evil")[:-1] + b"\x00",
        publish_5("x", b"", b"\x7f\x7f\x7f"),
        publish_5("x", b"", b"\x26\x00\x09k"),
        packet(0x30, b"\x00\x01x\xff\xff\xff\xff\x7f"),
        packet(0x36, b"\x00\x01x\x00\x01\x00y"),
        packet(0x40, b"\x00"),
        packet(0x90, b""),
        packet(0xE0, b"\x8e\xff\xff"),
    ],
)
async def test_after_bytes_that_are_no_mqtt_it_is_there_again(rubbish: bytes) -> None:
    """paho's thread may die of them: nobody would notice that nothing comes any more."""
    async with playing(FakeBroker(TAKEN_5, rubbish, AFTER)) as broker, client(broker.settings, "ear", "x") as ear:
        await ear.eventually(lambda: bool(ear.payloads("x")) or broker.came >= 2)
        assert {each.topic for each in ear.heard} <= {"x", ""}


async def test_a_broker_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.home.connection.ANSWER_S", 0.1)
    async with playing(FakeBroker()) as broker, client(broker.settings) as one:
        await one.until_error("gives no answer; check mqtt.port")


async def test_hung_up_on_without_an_answer_both_versions_are_tried() -> None:
    broker = FakeBroker(TAKEN_3, version="3.1.1")
    deaf = FakeBroker(hangs_up=True)
    async with playing(deaf), client(deaf.settings.model_copy(update={"version": "auto"})) as one:
        await one.until_error("gives no answer")
        broker.settings = broker.settings.model_copy(update={"port": deaf.settings.port})
        deaf.serve = broker.serve  # type: ignore[method-assign]  # from now on it speaks 3.1.1
        assert deaf.came >= 1


async def test_what_is_not_acknowledged_is_told_as_lost_and_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.home.connection_boxes.ACKNOWLEDGE_S", 0.2)
    async with playing(FakeBroker(TAKEN_5)) as broker, client(broker.settings, "mouth") as mouth:
        await mouth.connected()
        delivery = mouth.link.publish("lamp/set", "ON")
        async with asyncio.timeout(2):
            assert await delivery is Delivery.LOST
        assert "does not answer any more" in mouth.link.status.last_error
        await mouth.until(lambda: mouth.connections == [True, False])


async def test_a_client_id_that_another_uses_is_told_with_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    taken_over = packet(0xE0, b"\x8e\x00")
    async with playing(FakeBroker(TAKEN_5, taken_over)) as broker, client(broker.settings, client_id="hub-1") as one:
        await one.until_error("knows another client by our id hub-1; if two hubs use")
        assert "mqtt.client_id" in one.link.status.last_error
        await asyncio.sleep(0.5)
        assert broker.came == 1
    assert [each.msg for each in caplog.records if each.name == "assistant.home.link"].count("no broker") == 1


async def test_a_broker_of_3_1_1_that_hangs_up_again_and_again_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIRST_S, LossKind.LOST, 0.01)
    broker = FakeBroker(TAKEN_3, version="3.1.1", hangs_up=True)
    async with playing(broker), client(broker.settings, client_id="hub-1") as one:
        await one.until_error("if two hubs use the client id hub-1, give each its own mqtt.client_id")
        assert broker.came >= 3


async def test_a_kept_command_is_not_heard_and_a_fresh_one_is() -> None:
    kept = publish_5("say/set", b"old")
    kept = bytes([kept[0] | 1]) + kept[1:]
    async with playing(FakeBroker(TAKEN_5, kept, publish_5("say/set", b"new"), AFTER)) as broker:
        async with client(broker.settings, "ear", "say/#", use=Use.COMMAND) as ear:
            ear.link.subscribe(["x"])
            await ear.until(lambda: bool(ear.payloads("x")))
        assert ear.payloads("say/set") == ["new"]
        assert ear.link.status.ignored == 1
