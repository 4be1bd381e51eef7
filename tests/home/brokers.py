"""Brokers for the tests: mosquitto as a process, and our own; both can be killed and started again."""

from __future__ import annotations

import asyncio
import getpass
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from assistant.core.settings import MqttSettings
from assistant.home.broker import EmbeddedBroker

PATIENCE_S = 10.0
LOGIN = ("voice", "open sesame")


def free_port() -> int:
    """A TCP port on loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class TestBroker(Protocol):
    """A broker under a test's hand."""

    __test__ = False
    settings: MqttSettings

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Mosquitto:
    """The real thing."""

    def __init__(self, folder: Path, *, needs_login: bool = False) -> None:
        self._program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if self._program is None:
            pytest.skip("mosquitto is not installed (apt install mosquitto)")
        port = free_port()
        login = {"username": LOGIN[0], "password": LOGIN[1]} if needs_login else {}
        self.settings = MqttSettings(mode="external", port=port, **login)  # type: ignore[arg-type]  # pydantic makes SecretStr
        self._file = folder / "mosquitto.conf"
        lines = [
            f"user {getpass.getuser()}",
            f"listener {port} 127.0.0.1",
            "persistence false",
            f"allow_anonymous {str(not needs_login).lower()}",
        ]
        if needs_login:
            lines.append(f"password_file {folder / 'passwords'}")
        self._file.write_text("\n".join(lines) + "\n")
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def write_login(self) -> None:
        """Make the file of passwords."""
        making = await asyncio.create_subprocess_exec(
            "mosquitto_passwd", "-b", "-c", str(self._folder / "passwords"), *LOGIN
        )
        assert await making.wait() == 0

    async def start(self) -> None:
        """Back when it listens."""
        assert self._program is not None
        self._process = await asyncio.create_subprocess_exec(
            self._program, "-c", str(self._file), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        await reachable(self.settings.port)

    async def stop(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None


class Embedded:
    """Our own, on the test's loop."""

    def __init__(self) -> None:
        self.settings = MqttSettings(mode="embedded", port=free_port())
        self._broker: EmbeddedBroker | None = None

    async def start(self) -> None:
        """Back when it listens."""
        self._broker = EmbeddedBroker(self.settings)
        await self._broker.__aenter__()

    async def stop(self) -> None:
        """End it."""
        if self._broker is not None:
            await self._broker.__aexit__(None, None, None)
            self._broker = None


@asynccontextmanager
async def running(broker: TestBroker) -> AsyncIterator[TestBroker]:
    """Started at first, stopped at last."""
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()


async def reachable(port: int) -> None:
    """Wait until somebody listens there."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            writer.close()
            await writer.wait_closed()
            return
