"""The control socket: JSON lines, own user only, bad input answered and survived."""

import asyncio
import json
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.core.errors import InputError, StoreError
from assistant.daemon.control import ControlClient, ControlServer, Emit, Message, is_daemon_there


async def echo(request: Message, emit: Emit) -> Message:
    await emit({"event": "working"})
    return {"text": request.get("text")}


async def broken(request: Message, emit: Emit) -> Message:
    raise StoreError("the disk is full", fix="free some space")


@asynccontextmanager
async def serving(path: Path) -> AsyncIterator[ControlClient]:
    server = ControlServer(path, {"echo": echo, "broken": broken})
    task = asyncio.create_task(server.run())
    await server.is_ready.wait()
    try:
        yield ControlClient(path)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_command_is_answered_after_its_events(tmp_path: Path) -> None:
    async with serving(tmp_path / "s") as client:
        messages = [message async for message in client.events("echo", text="hello")]
    assert messages == [{"event": "working"}, {"ok": True, "text": "hello"}]


async def test_an_error_arrives_with_its_fix(tmp_path: Path) -> None:
    async with serving(tmp_path / "s") as client:
        with pytest.raises(InputError, match=r"disk is full.*free some space"):
            await client.ask("broken")


async def test_an_unknown_command_lists_those_there_are(tmp_path: Path) -> None:
    async with serving(tmp_path / "s") as client:
        with pytest.raises(InputError, match="broken, echo"):
            await client.ask("nonsense")


@pytest.mark.parametrize("line", [b"not json\n", b"[1]\n", b'"x"\n', b"{}\n", b"\xff\xfe\n", b"\n"])
async def test_bad_lines_are_answered_and_the_server_lives(tmp_path: Path, line: bytes) -> None:
    async with serving(tmp_path / "s") as client:
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(line)
        answer = json.loads(await reader.readline())
        assert answer["ok"] is False
        writer.close()
        assert (await client.ask("echo", text="still here"))["text"] == "still here"


async def test_an_endless_line_ends_only_its_own_connection(tmp_path: Path) -> None:
    async with serving(tmp_path / "s") as client:
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(b"x" * 400_000)
        assert await reader.read() == b""
        writer.close()
        assert (await client.ask("echo", text="ok"))["ok"]


async def test_the_socket_is_closed_to_others_and_removed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "s"
    async with serving(path):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        assert is_daemon_there(path)
    assert not path.exists()
    assert not is_daemon_there(path)


async def test_no_daemon_is_said_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="start `assistant run`"):
        await ControlClient(tmp_path / "none").ask("echo")


async def test_somebody_who_watches_does_not_keep_it_from_ending(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def forever(request: Message, emit: Emit) -> Message:
        await emit({"event": "watching"})
        await asyncio.Event().wait()
        return {}

    server = ControlServer(tmp_path / "s", {"watch": forever})
    task = asyncio.create_task(server.run())
    await server.is_ready.wait()
    events = ControlClient(tmp_path / "s").events("watch")
    assert await anext(events) == {"event": "watching"}
    task.cancel()
    async with asyncio.timeout(2):
        await asyncio.gather(task, return_exceptions=True)
        with pytest.raises(InputError, match="closed the connection"):
            await anext(events)
    assert caplog.records == []
