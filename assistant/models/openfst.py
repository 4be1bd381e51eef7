"""Reads and writes OpenFst's binary files: headers, symbol tables, and graphs with label look-ahead."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from assistant.core.errors import ModelDamaged

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.void]
"""Rows of STATE or ARC."""

ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("weight", "<f4"), ("next", "<i4")])
STATE = np.dtype([("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("no_input", "<u4"), ("no_output", "<u4")])
_FST, _SYMBOLS, _ADD_ON = 2125659606, 2125658996, 446681434
_ARC_TYPE = b"standard"
_OUTPUT_SIDE_ONLY = b"\1\0\1\0\0"
"""An add-on is there; none for the input, one for the output; it reaches output labels; it holds no new numbers."""


class Reader:
    """Takes value after value out of a file that lies in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._place = 0
        if path.stat().st_size == 0:
            raise self.fault("it is empty")
        # mapped, so that only what is looked at takes memory
        self._data = np.memmap(path, mode="r").data

    @property
    def left(self) -> int:
        """Bytes not taken yet."""
        return len(self._data) - self._place

    def number(self, form: str) -> int:
        """One number of `struct`'s form. Raises ModelDamaged, as all of these do."""
        (value,) = struct.unpack("<" + form, self.raw(struct.calcsize("<" + form)))
        return int(value)

    def text(self) -> bytes:
        """A length and so many bytes."""
        return bytes(self.raw(self.number("i")))

    def rows(self, dtype: npt.DTypeLike, count: int) -> npt.NDArray[Any]:
        """So many rows, not copied."""
        return np.frombuffer(self.raw(np.dtype(dtype).itemsize * count), dtype)

    def raw(self, count: int) -> memoryview:
        """So many bytes, not copied."""
        if not 0 <= count <= self.left:
            raise self.fault("it is too short")
        self._place += count
        return self._data[self._place - count : self._place]

    def expect(self, is_so: bool, why: str) -> None:
        """Raise ModelDamaged unless the file is as it should be."""
        if not is_so:
            raise self.fault(why)

    def fault(self, why: str) -> ModelDamaged:
        """What is told of a file that can't be understood."""
        return ModelDamaged(f"{self.path.name} is no graph of the kind expected", why=why, fix="pull the model again")


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before every graph."""

    kind: bytes
    version: int
    flags: int
    properties: int
    start: int
    states: int
    arcs: int


def read_header(reader: Reader, kind: bytes) -> Header:
    """The header of a graph of this kind."""
    reader.expect(reader.number("i") == _FST, "it doesn't begin as a graph")
    found, arc_type = reader.text(), reader.text()
    reader.expect((found, arc_type) == (kind, _ARC_TYPE), f"it is a graph of the kind {found!r}")
    return Header(found, *(reader.number(form) for form in "iiQqqq"))


def write_header(stream: BinaryIO, header: Header) -> None:
    """The header, as read_header takes it."""
    stream.write(struct.pack("<i", _FST) + _text(header.kind) + _text(_ARC_TYPE))
    numbers = (header.version, header.flags, header.properties, header.start, header.states, header.arcs)
    stream.write(struct.pack("<iiQqqq", *numbers))


@dataclass(frozen=True, slots=True)
class Symbols:
    """A table of words: label → word. A label may have none."""

    name: bytes
    words: dict[int, bytes]


def read_symbols(reader: Reader) -> Symbols:
    """A table of words; of two words with one label the first is kept."""
    reader.expect(reader.number("i") == _SYMBOLS, "it holds no table of words")
    name = reader.text()
    reader.number("q")
    words: dict[int, bytes] = {}
    for _ in range(reader.number("q")):
        word = reader.text()
        words.setdefault(reader.number("q"), word)
    return Symbols(name, words)


def write_symbols(stream: BinaryIO, symbols: Symbols) -> None:
    """The table by rising labels: only then OpenFst keeps it without two more maps."""
    labels = sorted(symbols.words)
    stream.write(struct.pack("<i", _SYMBOLS) + _text(symbols.name))
    stream.write(struct.pack("<qq", labels[-1] + 1, len(labels)))
    stream.writelines(_text(symbols.words[label]) + struct.pack("<q", label) for label in labels)


@dataclass(frozen=True, slots=True)
class Lookahead:
    """A graph of sounds, with the output labels that can come next after each state."""

    properties: int
    start: int
    states: Rows
    arcs: Rows
    """Of all states, one after the other."""
    end_label: int
    """Stands for a final state among the labels."""
    reach: Ints
    """Of each state: how many intervals (as 64 bits), begin and end of each, how many labels in all."""


def read_lookahead(path: Path) -> Lookahead:
    """A graph of the type olabel_lookahead. Raises ModelDamaged, OSError."""
    reader = Reader(path)
    properties = read_header(reader, b"olabel_lookahead").properties
    reader.expect(reader.number("i") == _ADD_ON, "it has no add-on")
    inner = read_header(reader, b"const")
    # a graph padded for mapping would have other places; none of ours is
    reader.expect(inner.flags == 0, "its arrays are padded")
    states, arcs = reader.rows(STATE, inner.states), reader.rows(ARC, inner.arcs)
    reader.expect(bytes(reader.raw(5)) == _OUTPUT_SIDE_ONLY, "its look-ahead is not that of output labels")
    end_label = reader.number("i")
    reader.expect(reader.number("q") == inner.states, "its look-ahead has another number of states")
    reach = reader.rows("<i4", reader.left // 4)
    return Lookahead(properties, inner.start, states, arcs, end_label, reach)


def write_lookahead(path: Path, graph: Lookahead) -> None:
    """The graph, as read_lookahead takes it. Raises OSError."""
    with path.open("wb") as stream:
        write_header(stream, Header(b"olabel_lookahead", 1, 0, graph.properties, -1, 0, 0))
        stream.write(struct.pack("<i", _ADD_ON))
        inner = Header(b"const", 2, 0, graph.properties, graph.start, len(graph.states), len(graph.arcs))
        write_header(stream, inner)
        stream.write(graph.states.data)
        stream.write(graph.arcs.data)
        stream.write(_OUTPUT_SIDE_ONLY + struct.pack("<iq", graph.end_label, len(graph.states)))
        stream.write(graph.reach.data)


def reach_places(reach: Ints, wanted: Flags) -> npt.NDArray[np.int64]:
    """Where in `reach` the wanted states begin: each state's length is known only from its first number."""
    numbers = reach.view(np.uint8).data.cast("B").cast("i")
    places = array("q")
    place = 0
    for is_wanted in wanted.tobytes():
        if is_wanted:
            places.append(place)
        place += 3 + 2 * numbers[place]
    return np.frombuffer(places, np.int64)


def _text(text: bytes) -> bytes:
    return struct.pack("<i", len(text)) + text
