"""A broker that misbehaves as told: answers CONNECT, then sends the bytes it was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from assistant.core.settings import MqttSettings
from tests.home.brokers import free_port

TAKEN_5 = b"\x20\x03\x00\x00\x00"
TAKEN_3 = b"\x20\x02\x00\x00"


def packet(kind: int, body: bytes) -> bytes:
    """A control packet with a short body."""
    assert len(body) < 128
    return bytes([kind, len(body)]) + body


def publish_5(topic: str, payload: bytes, properties: bytes = b"") -> bytes:
    """PUBLISH of MQTT 5 with QoS 0 and any bytes for properties."""
    name = topic.encode()
    return packet(0x30, len(name).to_bytes(2) + name + bytes([len(properties)]) + properties + payload)


class FakeBroker:
    """Plays one script of byte strings to each client; then hangs up, or waits."""

    def __init__(self, *script: bytes, version: str = "5", hangs_up: bool = False) -> None:
        self.settings = MqttSettings(mode="external", port=free_port(), version=version)  # type: ignore[arg-type]  # checked by pydantic
        self.came = 0
        self._script = script
        self._hangs_up = hangs_up

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client; a SUBSCRIBE is acknowledged."""
        self.came += 1
        await reader.read(1000)
        for each in self._script:
            writer.write(each)
        try:
            while not self._hangs_up and (came := await reader.read(1000)):
                if came[0] == 0x82:
                    is_5 = self.settings.version == "5"
                    writer.write(packet(0x90, came[2:4] + (b"\x00" if is_5 else b"") + b"\x00"))
        except ConnectionError:
            return
        finally:
            writer.close()


@asynccontextmanager
async def playing(broker: FakeBroker) -> AsyncIterator[FakeBroker]:
    """Listening meanwhile."""
    server = await asyncio.start_server(broker.serve, "127.0.0.1", broker.settings.port)
    try:
        yield broker
    finally:
        server.close()
        await server.wait_closed()
