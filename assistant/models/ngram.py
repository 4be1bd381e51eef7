"""Reads and writes OpenFst's n-gram graphs, and leaves words out of them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.models.openfst import (
    Flags,
    Floats,
    Header,
    Ints,
    Reader,
    Symbols,
    read_header,
    read_symbols,
    write_header,
    write_symbols,
)

_KIND = b"ngram"
_VERSION = 4
_HAS_INPUT_WORDS, _HAS_OUTPUT_WORDS = 1, 2
_NO_STATE = -1


@dataclass(frozen=True, slots=True)
class Ngram:
    """A tree of contexts, level by level from the empty one; each has the words that may follow, with their costs."""

    properties: int
    start: int
    symbols: Symbols
    children: Ints
    """Of each context: how many contexts are one word longer."""
    followers: Ints
    """Of each context: how many words it lists as next."""
    can_end: Flags
    context_words: Ints
    next_words: Ints
    backoff: Floats
    end_costs: Floats
    """Of each context that can end."""
    next_costs: Floats

    @property
    def single_words(self) -> tuple[Ints, Floats]:
        """Every word, and its cost where nothing is known of what came before."""
        count = int(self.followers[0])
        return self.next_words[:count], self.next_costs[:count]


def read_ngram(path: Path) -> Ngram:
    """A graph of the type ngram with its output words. Raises ModelDamaged, OSError."""
    reader = Reader(path)
    header = read_header(reader, _KIND)
    reader.expect(bool(header.flags & _HAS_OUTPUT_WORDS), "it has no table of words")
    if header.flags & _HAS_INPUT_WORDS:
        read_symbols(reader)
    symbols = read_symbols(reader)
    states, nexts, ends = (reader.number("Q") for _ in range(3))
    children = _counts(_bits(reader, 2 * states + 1), 2)
    followers = _counts(_bits(reader, states + nexts + 1), 1)
    reader.expect(len(children) == len(followers) == states, "its tree is broken")
    can_end = _bits(reader, states)
    # the arrays over states and over next words have one row more than there are
    context_words, next_words = reader.rows("<i4", states + 1)[:-1], reader.rows("<i4", nexts)
    backoff, end_costs = reader.rows("<f4", states + 1)[:-1], reader.rows("<f4", ends)
    next_costs = reader.rows("<f4", nexts + 1)[:-1]
    return Ngram(
        header.properties, header.start, symbols, children, followers, can_end, context_words, next_words,
        backoff, end_costs, next_costs,
    )  # fmt: skip


def write_ngram(path: Path, ngram: Ngram) -> None:
    """The graph with one table of words, that of its output. Raises OSError."""
    states = len(ngram.children)
    with path.open("wb") as stream:
        write_header(stream, Header(_KIND, _VERSION, _HAS_OUTPUT_WORDS, ngram.properties, ngram.start, states, 0))
        write_symbols(stream, ngram.symbols)
        stream.write(struct.pack("<QQQ", states, len(ngram.next_words), len(ngram.end_costs)))
        for bits in (_runs(ngram.children, [True, False]), _runs(ngram.followers, [False]), ngram.can_end):
            stream.write(_packed(bits))
        parts = (_and_a_zero(ngram.context_words), ngram.next_words)
        costs = (_and_a_zero(ngram.backoff), ngram.end_costs, _and_a_zero(ngram.next_costs))
        stream.writelines(part.tobytes() for part in (*parts, *costs))


def without_words(ngram: Ngram, kept: Flags, new_labels: Ints) -> Ngram:
    """The same graph of the kept labels alone: contexts and followers with any other word are gone."""
    states = len(ngram.children)
    parents = np.repeat(np.arange(states, dtype=np.int32), ngram.children)
    # the empty context has no word of its own, and no parent
    stays = kept[np.maximum(ngram.context_words, 0)]
    stays[0] = True
    while True:
        with_parents = stays.copy()
        with_parents[1:] &= stays[parents]
        if (with_parents == stays).all():
            break
        stays = with_parents
    owners = np.repeat(np.arange(states, dtype=np.int32), ngram.followers)
    follows = stays[owners] & kept[ngram.next_words]
    context_words = ngram.context_words[stays]
    words = {int(new_labels[label]): word for label, word in ngram.symbols.words.items() if kept[label]}
    return Ngram(
        ngram.properties,
        ngram.start if ngram.start < 0 else int(np.cumsum(stays)[ngram.start]) - 1,
        Symbols(ngram.symbols.name, words),
        _count(parents[stays[1:]], states)[stays],
        _count(owners[follows], states)[stays],
        ngram.can_end[stays],
        np.where(context_words < 0, _NO_STATE, new_labels[context_words]).astype(np.int32),
        new_labels[ngram.next_words[follows]],
        ngram.backoff[stays],
        ngram.end_costs[stays[ngram.can_end]],
        ngram.next_costs[follows],
    )


def _count(owners: Ints, states: int) -> Ints:
    return np.bincount(owners, minlength=states).astype(np.int32)


def _bits(reader: Reader, count: int) -> Flags:
    """So many bits out of whole 64-bit words."""
    packed = reader.rows(np.uint8, -(-count // 64) * 8)
    return np.unpackbits(packed, count=count, bitorder="little").astype(np.bool_)


def _packed(bits: Flags) -> bytes:
    packed = np.packbits(bits, bitorder="little").tobytes()
    return packed + bytes(-len(packed) % 8)


def _counts(bits: Flags, head: int) -> Ints:
    """How many ones stand before each zero, after the first `head` bits."""
    zeros = np.flatnonzero(~bits[head - 1 :])
    return (np.diff(zeros) - 1).astype(np.int32)


def _runs(counts: Ints, head: list[bool]) -> Flags:
    """The bits that _counts reads."""
    ends = np.cumsum(counts + 1)
    bits = np.ones(len(head) + int(ends[-1]), np.bool_)
    bits[: len(head)] = head
    bits[len(head) + ends - 1] = False
    return bits


def _and_a_zero(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.append(values, np.zeros(1, values.dtype))
