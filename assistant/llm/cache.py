"""Keys and values of what a context has read: buffers that the graph fills in place and that grow by steps."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from assistant.core.errors import InputError
from assistant.llm.form import Form

_STEP = 256
"""Positions; a buffer's room is this times a power of two. Untouched pages of it cost no memory."""

Buffer = NDArray[np.generic]


class KvCache:
    """Per layer one key and one value buffer [batch, kv_heads, room, head_dim], past and present at once."""

    def __init__(self, form: Form, batch: int = 1) -> None:
        self._form = form
        self._type = np.dtype(form.kv_type)
        self._batch = batch
        self._room = 0
        self.names = tuple(f"{part}_{layer}" for layer in range(form.layers) for part in ("key", "value"))
        self.buffers: tuple[Buffer, ...] = ()

    @property
    def room(self) -> int:
        """How many positions the buffers hold."""
        return self._room

    @property
    def position_bytes(self) -> int:
        """What one position of one sequence takes in all layers."""
        form = self._form
        return len(self.names) * form.kv_heads * form.head_dim * self._type.itemsize

    def reserve(self, positions: int, used: int) -> bool:
        """Make room for so many positions, keeping the first `used`; whether the buffers are new ones.

        Nothing may be bound to the old ones any more. Raises InputError beyond what the model can take.
        """
        if positions <= self._room:
            return False
        if positions > self._form.max_positions:
            raise InputError(
                "the prompt is too long for the language model",
                why=f"{positions} tokens; it takes {self._form.max_positions}",
                fix="shorten it",
            )
        room = _STEP
        while room < positions:
            room *= 2
        self._resize(min(room, self._form.max_positions), used)
        return True

    def copy_from(self, other: KvCache, used: int) -> None:
        """Take the first `used` positions of a cache of one sequence, for every sequence of this one."""
        for mine, theirs in zip(self.buffers, other.buffers, strict=True):
            mine[:, :, :used] = theirs[:, :, :used]

    def stripes(self, used: int) -> Iterator[Buffer]:
        """The first `used` positions, one head of one buffer at a time, each contiguous [used, head_dim]."""
        for buffer in self.buffers:
            yield from buffer[0, :, :used]

    def bind(self, binding: ort.IOBinding) -> None:
        """Make the buffers both past and present of the runs of `binding`."""
        for name, buffer in zip(self.names, self.buffers, strict=True):
            value = ort.OrtValue.ortvalue_from_numpy(buffer)
            binding.bind_ortvalue_input(f"past_{name}", value)
            binding.bind_ortvalue_output(f"present_{name}", value)

    def _resize(self, room: int, used: int) -> None:
        form = self._form
        shape = (self._batch, form.kv_heads, room, form.head_dim)
        old = list(reversed(self.buffers))
        self.buffers = ()
        fresh = []
        for _ in self.names:
            buffer = _untouched(shape, self._type)
            if old:
                buffer[:, :, :used] = old.pop()[:, :, :used]  # and the old one is gone: never all of both at once
            fresh.append(buffer)
        self.buffers = tuple(fresh)
        self._room = room


def _untouched(shape: tuple[int, ...], kind: np.dtype[np.generic]) -> Buffer:
    """Zeros whose pages the system hands out as they are written, 4 KiB at a time."""
    count = int(np.prod(shape))
    pages = mmap.mmap(-1, count * kind.itemsize)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        pages.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(pages, dtype=kind, count=count).reshape(shape)
