"""The control socket: JSON lines over a unix socket, open to this user and root only."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from assistant.core.errors import AssistantError, InputError

_LOGGER = logging.getLogger(__name__)
LINE_LIMIT_BYTES = 256 * 1024
ANSWER_LIMIT_BYTES = 16 * 1024 * 1024
"""Answers may be longer than requests: whoever asks trusts the daemon."""
Message = dict[str, Any]
Emit = Callable[[Message], Awaitable[None]]
Command = Callable[[Message, Emit], Awaitable[Message]]


class ControlServer:
    """Answers requests `{"command": NAME, …}` with `{"ok": true, …}` or `{"ok": false, "error": …}`.

    A command may emit any number of event lines (`{"event": …}`) before its answer.
    """

    def __init__(self, path: Path, commands: Mapping[str, Command]) -> None:
        self._path = path
        self._commands = commands
        self.is_ready = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        """The connections; some never end by themselves, because somebody watches."""
        self._is_ending = False

    async def run(self) -> None:
        """Serve until cancelled; the socket file is closed to others and removed at the end."""
        self._path.unlink(missing_ok=True)
        self._is_ending = False
        try:
            async with await self._listen() as server:
                self.is_ready.set()
                try:
                    await server.serve_forever()
                finally:
                    await self._end_connections()
        finally:
            self.is_ready.clear()
            self._path.unlink(missing_ok=True)

    async def _end_connections(self) -> None:
        self._is_ending = True
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _listen(self) -> asyncio.Server:
        old_mask = os.umask(0o177)
        try:
            return await asyncio.start_unix_server(self._serve, self._path, limit=LINE_LIMIT_BYTES)
        finally:
            os.umask(old_mask)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._converse(reader, writer)
        except asyncio.CancelledError:
            # asyncio's streams report a cancelled connection as a fault; one that we end is none
            if not self._is_ending:
                raise
        finally:
            self._open.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def emit(message: Message) -> None:
            writer.write(json.dumps(message, ensure_ascii=False, default=str).encode() + b"\n")
            await writer.drain()

        try:
            if not _is_allowed(writer):
                await emit({"ok": False, "error": "only this assistant's own user and root may control it"})
                return
            while line := await reader.readline():
                await emit(await self._answer(line, emit))
        except (ConnectionError, ValueError, asyncio.LimitOverrunError) as error:
            _LOGGER.info("a control connection ended", extra={"error": str(error)})

    async def _answer(self, line: bytes, emit: Emit) -> Message:
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise InputError("a request is a JSON object")
            command = self._commands.get(str(request.get("command")))
            if command is None:
                raise InputError(f"no such command; there are: {', '.join(sorted(self._commands))}")
            return {"ok": True, **await command(request, emit)}
        except ValueError as error:
            return {"ok": False, "error": f"not JSON: {error}", "code": "input"}
        except AssistantError as error:
            return {"ok": False, "error": str(error), "code": error.code}


def _is_allowed(writer: asyncio.StreamWriter) -> bool:
    peer: socket.socket = writer.get_extra_info("socket")
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", credentials)
    return uid in (0, os.getuid())


class ControlClient:
    """Talks to a running daemon."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def ask(self, command: str, **values: object) -> Message:
        """One request, one answer; events are skipped. Raises AssistantError with the daemon's words."""
        answer: Message = {}
        async for message in self.events(command, **values):
            answer = message
        return answer

    async def events(self, command: str, **values: object) -> AsyncIterator[Message]:
        """All lines of one request; the last is the answer."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._path, limit=ANSWER_LIMIT_BYTES)
        except OSError as error:
            raise InputError(
                f"no assistant answers on {self._path}", why=str(error), fix="start `assistant run`"
            ) from error
        try:
            writer.write(json.dumps({"command": command, **values}).encode() + b"\n")
            await writer.drain()
            while line := await reader.readline():
                message: Message = json.loads(line)
                if message.get("ok") is False:
                    raise InputError(str(message["error"]))
                yield message
                if "ok" in message:
                    return
            raise InputError("the assistant closed the connection before it answered")
        finally:
            writer.close()


def is_daemon_there(path: Path) -> bool:
    """True when a daemon accepts connections on the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True
