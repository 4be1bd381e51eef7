"""Reads a client's first packet before the embedded broker does: in time, of a known version, with the right login."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass

from amqtt.adapters import StreamReaderAdapter

CONNECT_S = 5.0
MAX_CONNECT_BYTES = 64_000
MAX_AT_DOOR = 50
"""Who have not shown yet that they may come in; more are sent away at once."""
GUESS_S = 1.0
"""A wrong login is answered so late."""
CONNECT, VERSION_3_1_1 = 0x10, 4
USERNAME_FLAG, PASSWORD_FLAG, WILL_FLAG = 0x80, 0x40, 0x04
NO_SUCH_VERSION, BAD_LOGIN = b"\x20\x02\x00\x01", b"\x20\x02\x00\x04"
"""CONNACK packets of MQTT 3.1.1, section 3.2."""


@dataclass(frozen=True, slots=True)
class Connect:
    """What we look at in a CONNECT packet."""

    is_known_version: bool
    username: bytes = b""
    password: bytes = b""


class Door:
    """With a username everybody has to know it, and the password."""

    def __init__(self, username: str = "", password: str = "") -> None:
        self._username, self._password = username.encode(), password.encode()
        self._at_door = 0

    async def admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
        """The client's first packet; None for one that may not come in, and was told so."""
        if self._at_door >= MAX_AT_DOOR:
            return None
        self._at_door += 1
        try:
            async with asyncio.timeout(CONNECT_S):
                packet, body = await _first_packet(reader)
                refusal = await self._refusal(body)
                if not refusal:
                    return packet
                writer.write(refusal)
                await writer.drain()
        except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError):
            return None
        finally:
            self._at_door -= 1
        return None

    async def _refusal(self, body: bytes) -> bytes:
        connect = read_connect(body)
        if not connect.is_known_version:
            return NO_SUCH_VERSION
        if self._knows(connect):
            return b""
        await asyncio.sleep(GUESS_S)
        return BAD_LOGIN

    def _knows(self, connect: Connect) -> bool:
        if not self._username:
            return True
        is_user = hmac.compare_digest(connect.username, self._username)
        return hmac.compare_digest(connect.password, self._password) and is_user


class Replay(StreamReaderAdapter):  # type: ignore[misc]  # amqtt's types are not followed
    """A stream whose first bytes were read already."""

    def __init__(self, first: bytes, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self._first = first

    async def read(self, n: int = -1) -> bytes:
        """The next `n` bytes."""
        if not self._first:
            rest: bytes = await super().read(n)
            return rest
        if n < 0 or n > len(self._first):
            n = len(self._first)
        part, self._first = self._first[:n], self._first[n:]
        return part


async def _first_packet(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The packet and its part behind the length. Raises ValueError when it is no CONNECT, or a large one."""
    head = await reader.readexactly(1)
    if head[0] != CONNECT:
        raise ValueError("no CONNECT packet")
    length = 0
    for place in range(4):
        head += await reader.readexactly(1)
        length += (head[-1] & 0x7F) << (7 * place)
        if not head[-1] & 0x80:
            break
    if length > MAX_CONNECT_BYTES:
        raise ValueError("a CONNECT packet too large")
    body = await reader.readexactly(length)
    return head + body, body


def read_connect(body: bytes) -> Connect:
    """A CONNECT packet behind its length (MQTT 3.1.1, section 3.1). Raises ValueError for anything else."""
    fields = _Fields(body)
    name = fields.text()
    level, flags = fields.number(1), fields.number(1)
    if name != b"MQTT" or level != VERSION_3_1_1:
        return Connect(is_known_version=False)
    fields.number(2)
    fields.text()
    if flags & WILL_FLAG:
        fields.text()
        fields.text()
    username = fields.text() if flags & USERNAME_FLAG else b""
    password = fields.text() if flags & PASSWORD_FLAG else b""
    return Connect(True, username, password)


class _Fields:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def number(self, size_bytes: int) -> int:
        return int.from_bytes(self._cut(size_bytes))

    def text(self) -> bytes:
        return self._cut(self.number(2))

    def _cut(self, size_bytes: int) -> bytes:
        if len(self._body) < size_bytes:
            raise ValueError("a CONNECT packet ends too early")
        part, self._body = self._body[:size_bytes], self._body[size_bytes:]
        return part
