"""systemd's protocol, against a real datagram socket."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.core.clock import SystemClock
from assistant.daemon.notify import SEND_LIMIT_S, Notifier, feed_watchdog


def listening(tmp_path: Path) -> socket.socket:
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(str(tmp_path / "notify"))
    server.settimeout(2)
    return server


@contextmanager
def filled(path: Path) -> Iterator[None]:
    """The socket's queue is full."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
        sender.connect(str(path))
        with contextlib.suppress(BlockingIOError):
            while True:
                sender.send(b"x" * 1000)
        yield


def test_fields_are_sent_as_lines(tmp_path: Path) -> None:
    with listening(tmp_path) as server:
        Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")}).send(READY="1", STATUS="listening")
        assert server.recv(100) == b"READY=1\nSTATUS=listening"


def test_without_a_socket_nothing_happens() -> None:
    Notifier({}).send(READY="1")


def test_a_lost_socket_is_survived(tmp_path: Path) -> None:
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).send(READY="1")


def test_a_listener_that_takes_nothing_holds_up_nobody_for_long(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with listening(tmp_path):
        notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        with filled(tmp_path / "notify"):
            began = time.monotonic()
            notifier.send(WATCHDOG="1")
        assert time.monotonic() - began < 2 * SEND_LIMIT_S
    assert "did not take a message" in caplog.text


async def test_the_watchdog_is_fed_only_while_parts_make_progress(tmp_path: Path) -> None:
    alive = True
    with listening(tmp_path) as server:
        environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "20000"}
        task = asyncio.create_task(feed_watchdog(Notifier(environ), lambda: alive, SystemClock()))
        loop = asyncio.get_running_loop()
        assert await loop.run_in_executor(None, server.recv, 100) == b"WATCHDOG=1"
        alive = False
        await asyncio.sleep(0.05)
        server.setblocking(False)
        while True:
            try:
                server.recv(100)
            except BlockingIOError:
                break
        await asyncio.sleep(0.05)
        try:
            leftover = server.recv(100)
        except BlockingIOError:
            leftover = b""
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert leftover == b""


async def test_without_a_watchdog_the_task_ends_at_once() -> None:
    await feed_watchdog(Notifier({}), lambda: True, SystemClock())
