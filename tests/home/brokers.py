"""Brokers for the tests: mosquitto as a process, and our own; both can be killed and started again."""

from __future__ import annotations

import asyncio
import getpass
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Papers:
    """What a broker shows, and whom it trusts."""

    cert: Path
    key: Path
    client_ca: Path | None = None


class Mosquitto:
    """The real thing."""

    def __init__(
        self, folder: Path, *, needs_login: bool = False, papers: Papers | None = None, host: str = "127.0.0.1"
    ) -> None:
        self._program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if self._program is None:
            pytest.skip("mosquitto is not installed (apt install mosquitto)")
        port = free_port()
        login = {"username": LOGIN[0], "password": LOGIN[1]} if needs_login else {}
        self.settings = MqttSettings(mode="external", host=host, port=port, **login)  # type: ignore[arg-type]  # pydantic makes SecretStr
        self._file = folder / "mosquitto.conf"
        lines = [
            f"user {getpass.getuser()}",
            f"listener {port} {host}",
            "persistence false",
            f"allow_anonymous {str(not needs_login).lower()}",
        ]
        if needs_login:
            lines.append(f"password_file {folder / 'passwords'}")
        if papers is not None:
            lines += [f"certfile {papers.cert}", f"keyfile {papers.key}"]
            if papers.client_ca is not None:
                lines += [f"cafile {papers.client_ca}", "require_certificate true"]
        self._file.write_text("\n".join(lines) + "\n")
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.log = folder / "mosquitto.log"
        """What it says of itself; each start and each client is a line."""

    async def write_login(self) -> None:
        """Make the file of passwords."""
        making = await asyncio.create_subprocess_exec(
            "mosquitto_passwd", "-b", "-c", str(self._folder / "passwords"), *LOGIN
        )
        assert await making.wait() == 0

    async def start(self) -> None:
        """Back when it listens."""
        assert self._program is not None
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                self._program, "-v", "-c", str(self._file), stdout=log, stderr=log
            )
        await reachable(self.settings.port, self.settings.host)

    async def stop(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None


class Embedded:
    """Our own, on the test's loop."""

    def __init__(self, settings: MqttSettings | None = None) -> None:
        self.settings = settings or MqttSettings(mode="embedded", port=free_port())
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


async def reachable(port: int, host: str = "127.0.0.1") -> None:
    """Wait until somebody listens there."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            writer.close()
            await writer.wait_closed()
            return
