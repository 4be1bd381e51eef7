"""Every value that can be read in a row of tokens: a chart filled from right to left over a trie of rules.

At each place all values that start there are worked out to the end. What may follow them starts further right and
is known already, so each rule is tried once per place, and rules that begin alike share their way.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.language.chart.pattern import Element, Slot
from assistant.language.chart.tokens import Token

MOST_PER_PLACE = 600
"""More values at one place come only from text that nobody says."""
JOINT = "-"
"""A token that may stand between any two elements."""


class Value(Hashable, Protocol):
    """What a rule makes; equal values over the same tokens count once."""

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        ...


@dataclass(frozen=True, slots=True)
class Edge:
    """A value over tokens start..end (exclusive). Of two readings the higher rank wins, then the smaller size."""

    start: int
    end: int
    value: Value
    rank: float = 0.0
    size: int = 1


Make = Callable[[Sequence[Value]], Value | None]


class Node:
    """A place in the trie of rules: what may come next, and what is complete here."""

    __slots__ = ("makes", "tags", "words")

    def __init__(self, words: dict[str, Node] | None = None, tags: dict[str, Node] | None = None) -> None:
        self.words = words if words is not None else _NOTHING
        self.tags = tags if tags is not None else _NOTHING
        self.makes: list[Ending] = _NEVER

    def grow(self, element: Element) -> Node:
        """The node after an element, made if need be."""
        if isinstance(element, Slot):
            if self.tags is _NOTHING:
                self.tags = {}
            following, name = self.tags, element.tag
        else:
            if self.words is _NOTHING:
                self.words = {}
            following, name = self.words, element
        node = following.get(name)
        if node is None:
            node = following[name] = Node()
        return node

    def end(self, ending: Ending) -> None:
        """Something is complete here."""
        if self.makes is _NEVER:
            self.makes = []
        self.makes.append(ending)


Ending = tuple[Make, float, frozenset[str] | None]
"""What makes a value, its rank, and which words may follow (None: any)."""
_NOTHING: dict[str, Node] = {}
_NEVER: list[Ending] = []
"""Shared by the nodes that have none; never changed."""


def is_before(texts: Sequence[str], place: int, words: frozenset[str]) -> bool:
    """The text ends there, or a sign, a figure or one of the words follows."""
    if place >= len(texts):
        return True
    text = texts[place]
    return text in words or text.isdigit() or not (text[0].isalnum() or text == JOINT)


class Chart:
    """All edges over some tokens. `leaves` are edges that no rule makes, by the token they start at."""

    def __init__(self, tokens: Sequence[Token], root: Node, leaves: Mapping[int, Sequence[Edge]]) -> None:
        self._texts = [token.text for token in tokens]
        self._root = root
        self._at: list[dict[str, list[Edge]]] = [{} for _ in range(len(tokens) + 1)]
        self._seen: dict[tuple[int, Value], Edge] = {}
        self._agenda: list[Edge] = []
        self._start = 0
        self._edges: list[Edge] = []
        for start in range(len(tokens) - 1, -1, -1):
            self._fill(start, leaves.get(start, ()))

    @property
    def edges(self) -> Sequence[Edge]:
        """Every edge, those that start last first."""
        return self._edges

    def _fill(self, start: int, leaves: Sequence[Edge]) -> None:
        self._start, self._seen, self._agenda = start, {}, list(leaves)
        node = self._root.words.get(self._texts[start])
        if node is not None:
            self._walk(node, start + 1, (), 0.0, 0)
        while self._agenda:
            edge = self._agenda.pop()
            key = (edge.end, edge.value)
            known = self._seen.get(key)
            if known is not None and (known.rank, -known.size) >= (edge.rank, -edge.size):
                continue
            if len(self._seen) >= MOST_PER_PLACE:
                break
            self._seen[key] = edge
            for tag in edge.value.tags:
                node = self._root.tags.get(tag)
                if node is not None:
                    self._walk(node, edge.end, (edge.value,), edge.rank, edge.size)
        here = self._at[start]
        for edge in self._seen.values():
            self._edges.append(edge)
            for tag in edge.value.tags:
                here.setdefault(tag, []).append(edge)

    def _walk(self, node: Node, place: int, values: tuple[Value, ...], rank: float, size: int) -> None:
        for make, own_rank, before in node.makes:
            if before is not None and not is_before(self._texts, place, before):
                continue
            value = make(values)
            if value is not None:
                self._agenda.append(Edge(self._start, place, value, rank + own_rank, size + 1))
        if place >= len(self._texts):
            return
        text = self._texts[place]
        following = node.words.get(text)
        if following is not None:
            self._walk(following, place + 1, values, rank, size)
        here = self._at[place]
        for tag, following in node.tags.items():
            for edge in here.get(tag, ()):
                self._walk(following, edge.end, (*values, edge.value), rank + edge.rank, size + edge.size)
        if text == JOINT and (node.words or node.tags):
            self._walk(Node(node.words, node.tags), place + 1, values, rank, size)
