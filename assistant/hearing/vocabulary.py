"""Moonshine's vocabulary file: token ids to bytes and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.core.errors import ModelDamaged, ModelMissing

_SPACE = "\u2581".encode()
_MARKUP = re.compile(rb"<[^>]*>|<<[^>]*>>")
_LONG = 128
"""A first length byte from here on has its high part in the next byte."""


class Vocabulary:
    """The tokens of one model, as bytes with plain spaces; special ones have none."""

    def __init__(self, tokens: tuple[bytes, ...]) -> None:
        self.tokens = tokens
        self.ids: Mapping[bytes, tuple[int, ...]] = _ids_by_bytes(tokens)
        self.longest = max(map(len, tokens), default=0)

    def text(self, ids: Iterable[int]) -> str:
        """The words of a row of tokens."""
        return b"".join(self.tokens[token] for token in ids).decode("utf-8", "replace").strip()


def load_vocabulary(path: Path) -> Vocabulary:
    """Read a tokenizer.bin. Raises ModelMissing or ModelDamaged."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        fix = f"run: assistant models pull {path.parent.name}"
        raise ModelMissing(f"{path.parent.name} lacks {path.name}", fix=fix) from error
    return Vocabulary(tuple(_plain(token) for token in _split(data, path)))


def _split(data: bytes, path: Path) -> Iterable[bytes]:
    """Tokens stored as length and bytes."""
    place = 0
    while place < len(data):
        length = data[place]
        place += 1
        if length >= _LONG and place < len(data):
            length = data[place] * _LONG + length - _LONG
            place += 1
        if place + length > len(data):
            raise ModelDamaged(
                f"{path.name} ends inside a token", fix=f"run: assistant models verify {path.parent.name}"
            )
        yield data[place : place + length]
        place += length


def _plain(token: bytes) -> bytes:
    """The bytes a token stands for: nothing for markup such as <s>."""
    return b"" if _MARKUP.fullmatch(token) else token.replace(_SPACE, b" ")


def _ids_by_bytes(tokens: tuple[bytes, ...]) -> Mapping[bytes, tuple[int, ...]]:
    ids: dict[bytes, tuple[int, ...]] = {}
    for token_id, token in enumerate(tokens):
        if token:
            ids[token] = (*ids.get(token, ()), token_id)
    return ids
