"""Files on the control socket: in pieces that fit its lines, gathered with a bound."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from assistant.core.errors import InputError

PIECE_BYTES = 96 * 1024
MAX_BYTES = 64 * 1024 * 1024
MAX_OPEN = 2
"""Uploads at a time; a new one more drops the oldest."""


def pieces(data: bytes) -> Iterator[str]:
    """The pieces of a file as text; one empty piece for an empty file."""
    for start in range(0, max(1, len(data)), PIECE_BYTES):
        yield base64.b64encode(data[start : start + PIECE_BYTES]).decode("ascii")


def from_piece(text: object) -> bytes:
    """The bytes of a piece. Raises InputError."""
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("a piece of the file is no base64") from error


class Inbox:
    """Gathers the pieces of uploads."""

    def __init__(self) -> None:
        self._open: dict[str, bytearray] = {}

    def put(self, upload: str, piece: bytes) -> None:
        """Add a piece. Raises InputError when the file grows too long."""
        if upload not in self._open and len(self._open) >= MAX_OPEN:
            del self._open[next(iter(self._open))]
        data = self._open.setdefault(upload, bytearray())
        if len(data) + len(piece) > MAX_BYTES:
            del self._open[upload]
            raise InputError("the file is too long", fix=f"at most {MAX_BYTES} bytes are taken")
        data += piece

    def take(self, upload: str) -> bytes:
        """The whole file. Raises InputError when a piece was lost."""
        data = self._open.pop(upload, None)
        if data is None:
            raise InputError("the upload was interrupted", fix="send the file again", may_retry=True)
        return bytes(data)
