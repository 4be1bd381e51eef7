"""Keeps the keys and values of prompt beginnings on disk, so that they are computed once per change."""

from __future__ import annotations

import hashlib
import json
import logging
import mmap
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from assistant.llm.cache import Buffer, KvCache
from assistant.llm.decoder import Context, LanguageModel

_LOGGER = logging.getLogger(__name__)

DEFAULT_LIMIT_BYTES = 128 * 1024 * 1024
_MAGIC = b"assistant prefix 1\n"
_HEADER_BYTES = mmap.PAGESIZE
"""Magic, then JSON with what the file is of and its checksum, filled up with spaces."""
_ROOM_BEHIND = 256
"""Positions that a restored context has left before its buffers must be copied to grow."""
_BLOCK_BYTES = 512
"""What st_blocks counts in."""


class PrefixStore:
    """A folder of prefixes, each named by model and tokens (sha256), files 0600; the least recently used go first.

    A damaged or foreign file is logged, ignored and written anew. A full or read-only disk is logged and costs only
    the store.
    """

    def __init__(self, folder: Path, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def restore(self, model: LanguageModel, tokens: Sequence[int]) -> Context | None:
        """A context that has read `tokens`, if the store has them: their file's pages are its memory."""
        path = self._path(model, tokens)
        try:
            with path.open("rb") as stream:
                cache = _mapped(stream.fileno(), path.stem, KvCache(model.form), len(tokens))
                os.utime(stream.fileno())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            _LOGGER.warning("a stored prefix can't be used", extra={"file": path.name, "why": str(error)})
            return None
        return Context(model, tokens=tokens, cache=cache)

    def keep(self, model: LanguageModel, tokens: Sequence[int], cache: KvCache) -> None:
        """Write the keys and values of `tokens`, which are the first that `cache` holds."""
        path = self._path(model, tokens)
        size = _HEADER_BYTES + len(tokens) * cache.position_bytes
        if size > self._limit_bytes:
            _LOGGER.info("a prefix is too large to be stored", extra={"bytes": size})
            return
        draft = path.with_suffix(".new")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(size, besides=path)
            _write(draft, path.stem, cache, len(tokens))
            draft.replace(path)  # whoever has the old one mapped keeps it
        except OSError as error:
            _LOGGER.warning("a prefix can't be stored", extra={"why": str(error)})
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _path(self, model: LanguageModel, tokens: Sequence[int]) -> Path:
        digest = hashlib.sha256(model.key.encode())
        digest.update(np.asarray(tokens, dtype="<i8").tobytes())
        return self._folder / f"{digest.hexdigest()}.kv"

    def _make_room(self, size: int, besides: Path) -> None:
        """Remove the least recently used until `size` more bytes fit, and drafts of a write that was cut short."""
        for draft in self._folder.glob("*.new"):
            draft.unlink(missing_ok=True)
        kept = [(path.stat(), path) for path in self._folder.glob("*.kv") if path != besides]
        kept.sort(key=lambda one: one[0].st_mtime_ns)
        total = size + sum(facts.st_blocks * _BLOCK_BYTES for facts, _ in kept)
        for facts, path in kept:
            if total <= self._limit_bytes:
                return
            path.unlink(missing_ok=True)
            total -= facts.st_blocks * _BLOCK_BYTES


def _write(path: Path, name: str, cache: KvCache, used: int) -> None:
    """The file has the buffers as a context wants them: with room behind each head's positions, left as holes."""
    room = cache.room_for(min(used + _ROOM_BEHIND, cache.limit))
    stripes = list(cache.stripes(used))
    facts = {"of": name, "positions": used, "room": room, "type": str(cache.type), "sum": _checksum(stripes)}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as stream:
        stream.write((_MAGIC + json.dumps(facts).encode()).ljust(_HEADER_BYTES))
        for place, stripe in enumerate(stripes):
            stream.seek(_HEADER_BYTES + place * room * stripe.strides[0])
            if stream.write(stripe.data.cast("B")) < stripe.nbytes:
                raise OSError("the disk is full")
        stream.truncate(_HEADER_BYTES + room * cache.position_bytes)


def _mapped(descriptor: int, name: str, cache: KvCache, used: int) -> KvCache:
    """The cache, with the file's pages as its memory; what is written there stays out of the file.

    Raises ValueError for a file that isn't what it should be.
    """
    head = os.pread(descriptor, _HEADER_BYTES, 0)
    if not head.startswith(_MAGIC):
        raise ValueError("it is not a stored prefix")
    facts = json.loads(head[len(_MAGIC) :])
    if not isinstance(facts, dict) or facts | {"of": name, "positions": used, "type": str(cache.type)} != facts:
        raise ValueError("it is of another prompt or model")
    room = facts.get("room")
    size = os.fstat(descriptor).st_size
    if not isinstance(room, int) or room < used or size != _HEADER_BYTES + room * cache.position_bytes:
        raise ValueError("it is cut short")
    cache.lie_in(mmap.mmap(descriptor, size, access=mmap.ACCESS_COPY), _HEADER_BYTES, room)
    if facts.get("sum") != _checksum(cache.stripes(used)):
        raise ValueError("its checksum is wrong")
    return cache


def _checksum(stripes: Iterable[Buffer]) -> str:
    """Of the sums of each stripe's 64-bit words: finds what a disk does to a file at memory's speed."""
    sums = np.array([stripe.reshape(-1).view(np.uint64).sum(dtype=np.uint64) for stripe in stripes])
    return hashlib.sha256(sums.tobytes()).hexdigest()
