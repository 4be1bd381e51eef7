"""systemd's protocol, against a real datagram socket."""

import asyncio
import socket
from pathlib import Path

from assistant.core.clock import SystemClock
from assistant.daemon.notify import Notifier, feed_watchdog


def listening(tmp_path: Path) -> socket.socket:
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(str(tmp_path / "notify"))
    server.settimeout(2)
    return server


def test_fields_are_sent_as_lines(tmp_path: Path) -> None:
    with listening(tmp_path) as server:
        Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")}).send(READY="1", STATUS="listening")
        assert server.recv(100) == b"READY=1\nSTATUS=listening"


def test_without_a_socket_nothing_happens() -> None:
    Notifier({}).send(READY="1")


def test_a_lost_socket_is_survived(tmp_path: Path) -> None:
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).send(READY="1")


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
