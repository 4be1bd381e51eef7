"""Certificates: the right ones, and each way in which they can be wrong, on mosquitto."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings
from tests.home.brokers import Mosquitto, free_port, running
from tests.home.brokers_papers import Authority, openssl
from tests.home.client import client

pytestmark = [
    pytest.mark.broker,
    pytest.mark.slow,
    # paho leaves the socket of a failed handshake to the garbage collector
    pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"),
]

HERE = "IP:127.0.0.1"


def trusting(broker: Mosquitto, **changes: object) -> MqttSettings:
    return MqttSettings.model_validate(broker.settings.model_dump() | {"tls": True} | changes)


async def test_our_own_authority_is_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    broker = Mosquitto(tmp_path, papers=authority.papers("broker", subject=HERE))
    async with running(broker), client(trusting(broker, tls_ca_file=authority.ca), "one", "x") as one:
        await one.connected()
        one.link.publish("x", "secretly")
        await one.until(lambda: bool(one.heard))


async def test_a_large_message_arrives_whole(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    broker = Mosquitto(tmp_path, papers=authority.papers("broker", subject=HERE))
    async with running(broker), client(trusting(broker, tls_ca_file=authority.ca), "one", "x") as one:
        await one.connected()
        one.link.publish("x", "o" * 1_000_000)
        await one.until(lambda: bool(one.heard))
    assert len(one.heard[0].payload) == 1_000_000


async def test_our_own_certificate_is_shown(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    broker = Mosquitto(tmp_path, papers=authority.papers("broker", subject=HERE, client_ca=authority.ca))
    ours = authority.papers("hub", subject="DNS:hub")
    shown = trusting(broker, tls_ca_file=authority.ca, tls_cert_file=ours.cert, tls_key_file=ours.key)
    async with running(broker), client(shown, "one") as one:
        await one.connected()


async def test_without_the_certificate_that_it_wants_that_is_said(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    broker = Mosquitto(tmp_path, papers=authority.papers("broker", subject=HERE, client_ca=authority.ca))
    async with running(broker), client(trusting(broker, tls_ca_file=authority.ca), "one") as one:
        await one.until_error("mqtt.tls_cert_file")


@pytest.mark.parametrize(
    ("subject", "days", "is_known", "says"),
    [
        (HERE, 2, False, "nobody we trust has signed; set mqtt.tls_ca_file"),
        (HERE, -1, True, "has expired; renew it"),
        ("DNS:broker.example", 2, True, "for another name; set mqtt.host to the name in the certificate"),
        ("IP:10.9.8.7", 2, True, "make one for 127.0.0.1"),
    ],
    ids=["unknown authority", "expired", "other name", "other address"],
)
async def test_a_certificate_that_can_not_be_trusted_is_told_and_tried_rarely(
    subject: str, days: int, is_known: bool, says: str, tmp_path: Path
) -> None:
    authority, other = Authority(tmp_path), Authority(tmp_path, "other")
    broker = Mosquitto(tmp_path, papers=authority.papers("broker", subject=subject, days=days))
    trusted = authority if is_known else other
    async with running(broker), client(trusting(broker, tls_ca_file=trusted.ca), "one") as one:
        await one.until_error(says)
        assert not one.link.status.is_connected
    assert broker.log.read_text().count("New connection") <= 3


async def test_encryption_at_a_port_without_is_told(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path)
    async with running(broker), client(trusting(broker), "one") as one:
        await one.until_error("check mqtt.port (mostly 8883 with TLS)")


async def test_no_encryption_at_a_port_with_it_is_told(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path, papers=Authority(tmp_path).papers("broker", subject=HERE))
    async with running(broker), client(broker.settings, "one") as one:
        await one.until_error("set mqtt.tls")


@pytest.mark.parametrize("key", ["tls_ca_file", "tls_cert_file"])
@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_file_that_is_missing_or_wrong_is_told_with_its_key(
    key: str, content: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "some.pem"
    if content is not None:
        file.write_text(content)
    settings = MqttSettings.model_validate({"mode": "external", "port": free_port(), "tls": True, key: file})
    async with client(settings, "one") as one:
        with pytest.raises(BrokerError, match=r"some\.pem can't be read") as raised:
            await one.link.run()
    assert f"mqtt.{key}" in raised.value.fix


async def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked(tmp_path: Path) -> None:
    papers = Authority(tmp_path).papers("hub", subject="DNS:hub")
    locked = tmp_path / "locked.key"
    openssl("pkcs8", "-topk8", "-in", papers.key, "-out", locked, "-passout", "pass:word")
    settings = MqttSettings.model_validate(
        {"mode": "external", "port": free_port(), "tls": True, "tls_cert_file": papers.cert, "tls_key_file": locked}
    )
    async with client(settings, "one") as one:
        with pytest.raises(BrokerError, match="can't be read") as raised:
            await one.link.run()
    assert "without passphrase" in raised.value.fix
