"""A network that is cut for half a minute without a word: a broker in a namespace of its own, behind a router."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings
from assistant.home.link import Delivery
from tests.home.brokers import reachable
from tests.home.client import client

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(150)]

CUT_S = 30.0
TO_BROKER = "10.213.47"
TO_HUB = "10.213.46"


class Net:
    """Hub – router – broker; the router forwards, or drops everything."""

    def __init__(self) -> None:
        end = str(os.getpid() % 100_000)
        self.router, self.broker = f"vr{end}", f"vb{end}"
        self._links = [(f"vh{end}", f"vi{end}"), (f"vo{end}", f"vp{end}")]

    def build(self) -> None:
        """Needs root."""
        (hub, inner), (outer, far) = self._links
        for name in (self.router, self.broker):
            ip("netns", "add", name)
        ip("link", "add", hub, "type", "veth", "peer", "name", inner, "netns", self.router)
        ip("-n", self.router, "link", "add", outer, "type", "veth", "peer", "name", far, "netns", self.broker)
        for namespace, device, address in (
            ("", hub, f"{TO_HUB}.1/24"),
            (self.router, inner, f"{TO_HUB}.2/24"),
            (self.router, outer, f"{TO_BROKER}.2/24"),
            (self.broker, far, f"{TO_BROKER}.1/24"),
        ):
            inside = ["-n", namespace] if namespace else []
            ip(*inside, "address", "add", address, "dev", device)
            ip(*inside, "link", "set", device, "up")
        ip("-n", self.broker, "link", "set", "lo", "up")
        ip("-n", self.broker, "route", "add", "default", "via", f"{TO_BROKER}.2")
        ip("route", "add", f"{TO_BROKER}.0/24", "via", f"{TO_HUB}.2")
        self.forward(True)

    def forward(self, is_on: bool) -> None:
        """What does not go through vanishes without a word."""
        line = f"echo {int(is_on)} > /proc/sys/net/ipv4/ip_forward"
        ip("netns", "exec", self.router, "sh", "-c", line)

    def remove(self) -> None:
        """Its links go with it."""
        for name in (self.router, self.broker):
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
        subprocess.run(["ip", "link", "delete", self._links[0][0]], capture_output=True, check=False)


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture
def net() -> Iterator[Net]:
    if not all(map(shutil.which, ("ip", "mosquitto_sub", "mosquitto_pub"))):
        pytest.skip("ip and mosquitto's clients are not installed (apt install iproute2 mosquitto-clients)")
    made = Net()
    try:
        made.build()
    except subprocess.CalledProcessError as error:
        made.remove()
        pytest.skip(f"network namespaces are not allowed here: {error.stderr.decode().strip()}")
    try:
        yield made
    finally:
        made.remove()


@asynccontextmanager
async def inside(net: Net, *program: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program beside the broker, killed at the end."""
    process = await asyncio.create_subprocess_exec(
        "ip", "netns", "exec", net.broker, *program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def tell(net: Net, topic: str, payload: str) -> None:
    """A device beside the broker reports, and is acknowledged."""
    async with inside(net, "mosquitto_pub", "-q", "1", "-t", topic, "-m", payload) as sending:
        assert await sending.wait() == 0


async def test_cut_for_half_a_minute_commands_fail_at_once_and_never_come_late_and_states_come_after(
    net: Net, tmp_path: Path
) -> None:
    file = tmp_path / "mosquitto.conf"
    file.write_text(f"user root\nlistener 1883 {TO_BROKER}.1\nlistener 1883 127.0.0.1\nallow_anonymous true\n")
    settings = MqttSettings(mode="external", host=f"{TO_BROKER}.1")
    async with (
        inside(net, shutil.which("mosquitto", path="/usr/sbin:/usr/bin") or "mosquitto", "-c", str(file)),
        client(settings, "hub", "lamp/state") as hub,
    ):
        await reachable(settings.port, settings.host)
        async with inside(net, "mosquitto_sub", "-q", "1", "-t", "lamp/set") as lamp:
            assert lamp.stdout is not None
            await hub.connected()
            await asyncio.sleep(0.5)
            assert await hub.link.publish("lamp/set", "before") is Delivery.TAKEN
            net.forward(False)
            began = time.monotonic()
            lost = await hub.link.publish("lamp/set", "into the void")
            assert lost is Delivery.LOST
            assert time.monotonic() - began < 8.0
            with pytest.raises(BrokerError, match="away"):
                hub.link.publish("lamp/set", "while away")
            await tell(net, "lamp/state", "switched by hand")
            await asyncio.sleep(CUT_S - (time.monotonic() - began))
            net.forward(True)
            async with asyncio.timeout(40):
                while not hub.link.status.is_connected:  # noqa: ASYNC110  longer than the client's own patience
                    await asyncio.sleep(0.1)
            await hub.until(lambda: hub.payloads("lamp/state") == ["switched by hand"])
            assert await hub.link.publish("lamp/set", "after") is Delivery.TAKEN
            heard = [(await lamp.stdout.readline()).decode().strip() for _ in range(2)]
    assert heard == ["before", "after"]
    assert hub.link.status.connects == 2
