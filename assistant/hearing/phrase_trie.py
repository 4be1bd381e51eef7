"""Expected sentences as a trie of bytes, walked by a recogniser's tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_SPACE = ord(" ")
_ENDINGS = (ord("."), ord("?"), ord("!"))


@dataclass(slots=True)
class Node:
    """A place inside the sentences; `sentence` is the one that may end here."""

    children: dict[int, Node] = field(default_factory=dict)
    sentence: str | None = None
    ways: Ways | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """Tokens that lead on from a node, and where to."""

    tokens: NDArray[np.int64]
    nodes: tuple[Node, ...]


class PhraseTrie:
    """The sentences; a word may begin with a capital, a sentence may end with a full stop or question mark."""

    def __init__(self, phrases: Iterable[str], ids: Mapping[bytes, tuple[int, ...]]) -> None:
        self._ids = ids
        self.root = Node()
        self.has_sentences = False
        for phrase in phrases:
            self._add(phrase)

    def ways(self, node: Node) -> Ways:
        """The tokens allowed at a node; found once."""
        if node.ways is None:
            found: list[tuple[int, Node]] = []
            self._walk(node, b"", found)
            node.ways = Ways(np.array([token for token, _ in found], np.int64), tuple(place for _, place in found))
        return node.ways

    def _add(self, phrase: str) -> None:
        words = " ".join(phrase.split())
        if not words:
            return
        node = self.root
        is_start = False
        for byte in f" {words.lower()}".encode():
            child = node.children.setdefault(byte, Node())
            if is_start:
                node.children.setdefault(ord(chr(byte).upper()) if byte < 128 else byte, child)
            is_start = byte == _SPACE
            node = child
        node.sentence = words
        for ending in _ENDINGS:
            node.children.setdefault(ending, Node()).sentence = words
        self.has_sentences = True

    def _walk(self, node: Node, said: bytes, found: list[tuple[int, Node]]) -> None:
        """Every token whose bytes go on from here; no token holds a space but as its first byte."""
        for byte, child in node.children.items():
            if byte == _SPACE and said:
                continue
            longer = said + bytes((byte,))
            found.extend((token, child) for token in self._ids.get(longer, ()))
            self._walk(child, longer, found)
