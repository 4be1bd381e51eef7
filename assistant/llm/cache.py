"""Keys and values of what a context has read: buffers that the graph fills in place and that grow by steps."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from assistant.core.errors import InputError
from assistant.llm.form import Form

_STEP = 256
"""Positions; a buffer's room is this times a power of two. Untouched pages of it cost no memory."""

Buffer = NDArray[Any]


class KvCache:
    """Per layer one key and one value buffer [batch, kv_heads, room, head_dim], past and present at once."""

    def __init__(self, form: Form, batch: int = 1) -> None:
        self._form = form
        self._batch = batch
        self.type = np.dtype(form.kv_type)
        self.room = 0
        """How many positions the buffers hold."""
        self.names = tuple(f"{part}_{layer}" for layer in range(form.layers) for part in ("key", "value"))
        self.buffers: tuple[Buffer, ...] = ()

    @property
    def limit(self) -> int:
        """The most positions that the model can take."""
        return self._form.max_positions

    @property
    def position_bytes(self) -> int:
        """What one position of every sequence takes in all layers."""
        return len(self.names) * int(np.prod(self._shape(1))) * self.type.itemsize

    def room_for(self, positions: int) -> int:
        """The room that buffers for so many positions would have. Raises InputError beyond what the model can take."""
        limit = self._form.max_positions
        if positions > limit:
            raise InputError(
                "the prompt is too long for the language model",
                why=f"{positions} tokens; it takes {limit}",
                fix="shorten it",
            )
        room = _STEP
        while room < positions:
            room *= 2
        return min(room, limit)

    def reserve(self, positions: int, used: int) -> None:
        """Make room for so many positions, keeping the first `used`. Nothing may be bound to the old buffers."""
        if positions <= self.room:
            return
        room = self.room_for(positions)
        old = list(reversed(self.buffers))
        self.buffers = ()
        fresh = []
        for _ in self.names:
            buffer = _untouched(self._shape(room), self.type)
            if old:
                buffer[:, :, :used] = old.pop()[:, :, :used]  # and the old one is gone: never all of both at once
            fresh.append(buffer)
        self.buffers = tuple(fresh)
        self.room = room

    def lie_in(self, pages: mmap.mmap, offset: int, room: int) -> None:
        """Take buffers that lie one after the other in mapped pages; they stay mapped as long as this needs them."""
        shape = self._shape(room)
        count = int(np.prod(shape))
        size = count * self.type.itemsize
        self.buffers = tuple(
            np.frombuffer(pages, self.type, count, offset + place * size).reshape(shape)
            for place in range(len(self.names))
        )
        self.room = room

    def copy_from(self, other: KvCache, used: int) -> None:
        """Take the first `used` positions of a cache of one sequence, for every sequence of this one."""
        for mine, theirs in zip(self.buffers, other.buffers, strict=True):
            mine[:, :, :used] = theirs[:, :, :used]

    def stripes(self, used: int) -> Iterator[Buffer]:
        """The first `used` positions, one head of one buffer at a time, each contiguous [used, head_dim]."""
        for buffer in self.buffers:
            yield from buffer[0, :, :used]

    def bind(self, binding: ort.IOBinding) -> None:
        """Make the buffers, where there are any yet, both past and present of the runs of `binding`."""
        for name, buffer in zip(self.names, self.buffers, strict=False):
            value = ort.OrtValue.ortvalue_from_numpy(buffer)
            binding.bind_ortvalue_input(f"past_{name}", value)
            binding.bind_ortvalue_output(f"present_{name}", value)

    def _shape(self, room: int) -> tuple[int, ...]:
        return (self._batch, self._form.kv_heads, room, self._form.head_dim)


def _untouched(shape: tuple[int, ...], kind: np.dtype[Any]) -> Buffer:
    """Zeros whose pages the system hands out as they are written, 4 KiB at a time."""
    count = int(np.prod(shape))
    pages = mmap.mmap(-1, count * kind.itemsize, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    pages.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(pages, kind, count).reshape(shape)
