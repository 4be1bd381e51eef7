"""The rules of a language, read from tables and compiled once.

A table (TOML) may hold:

    [parts]                      named pieces of patterns: name = "(at|by|around)"
    [[lexicon]]                  words with a constant each: do = OP, words = {monday = 0}, rank, args
    [[formats]]                  regular expressions over the folded text: do = OP, match = "…(?P<hour>..)", rank, args
    [[rules]]                    do = OP, say = ["[in] {d:duration}"], rank, args

OP is a name among the operations given: a function of the slots (or the constant as `value`, or the groups) and of
`args`, by keyword, which gives a value, or None where the words don't make one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from assistant.language.chart.parse import Chart, Edge, Make, Node, Value
from assistant.language.chart.pattern import Element, Slot, sequences_from
from assistant.language.chart.tokens import Token, folded, tokens_of

Op = Callable[..., Value | None]
Table = Mapping[str, Any]
MOST_TOKENS = 120
"""Longer text is read in its first and last half of so many tokens: nobody says a time in the middle of a page."""


class Grammar:
    """Compiled rules. Raises ValueError or KeyError for a mistake in a table."""

    def __init__(self, tables: Sequence[Table], ops: Mapping[str, Op]) -> None:
        self._root = Node()
        self._words = Node()
        self._formats: list[tuple[re.Pattern[str], Op, float]] = []
        parts = {name: text for table in tables for name, text in table.get("parts", {}).items()}
        for table in tables:
            for entry in table.get("lexicon", ()):
                self._add_words(entry, ops)
            for entry in table.get("formats", ()):
                op = partial(ops[entry["do"]], **entry.get("args", {}))
                self._formats.append((re.compile(entry["match"]), op, entry.get("rank", 0.0)))
            for entry in table.get("rules", ()):
                self._add_rule(entry, ops, parts)

    def edges(self, text: str) -> tuple[Sequence[Token], Sequence[Edge]]:
        """The tokens of the text, and every value over them."""
        plain = folded(text)
        tokens = tokens_of(plain)
        if len(tokens) <= MOST_TOKENS:
            return tokens, Chart(tokens, self._root, self._leaves(plain, tokens)).edges
        half = MOST_TOKENS // 2
        head, tail = tokens[:half], tokens[-half:]
        edges = Chart(head, self._root, self._leaves(plain, head)).edges
        shift = len(tokens) - half
        later = Chart(tail, self._root, self._leaves(plain, tail)).edges
        return tokens, [*edges, *(replace(each, start=each.start + shift, end=each.end + shift) for each in later)]

    def _add_words(self, entry: Table, ops: Mapping[str, Op]) -> None:
        op = partial(ops[entry["do"]], **entry.get("args", {}))
        for words, constant in entry["words"].items():
            value = op(value=constant)
            if value is not None:
                make: Make = partial(_constant, value)
                node = self._words.grow(token.text for token in tokens_of(words))
                node.makes.append((make, entry.get("rank", 0.0)))

    def _add_rule(self, entry: Table, ops: Mapping[str, Op], parts: Mapping[str, str]) -> None:
        op = partial(ops[entry["do"]], **entry.get("args", {}))
        for pattern in entry["say"]:
            for elements in sequences_from(pattern, parts):
                make = _maker(op, elements)
                self._root.grow(elements).makes.append((make, entry.get("rank", 0.0)))

    def _leaves(self, plain: str, tokens: Sequence[Token]) -> Mapping[int, Sequence[Edge]]:
        found: dict[int, list[Edge]] = {}
        for start in range(len(tokens)):
            node: Node | None = self._words
            for place in range(start, len(tokens)):
                node = node.words.get(tokens[place].text) if node is not None else None
                if node is None:
                    break
                for make, rank in node.makes:
                    value = make(())
                    if value is not None:
                        found.setdefault(start, []).append(Edge(start, place + 1, value, rank))
        self._read_formats(plain, tokens, found)
        return found

    def _read_formats(self, plain: str, tokens: Sequence[Token], found: dict[int, list[Edge]]) -> None:
        if not tokens:
            return
        starts = {token.start: index for index, token in enumerate(tokens)}
        ends = {token.end: index + 1 for index, token in enumerate(tokens)}
        for pattern, op, rank in self._formats:
            for match in pattern.finditer(plain, tokens[0].start, tokens[-1].end):
                if match.start() in starts and match.end() in ends:
                    value = op(**{name: group for name, group in match.groupdict().items() if group is not None})
                    if value is not None:
                        edge = Edge(starts[match.start()], ends[match.end()], value, rank)
                        found.setdefault(edge.start, []).append(edge)


def _constant(value: Value, _: Sequence[Value]) -> Value:
    return value


def _maker(op: Op, elements: Sequence[Element]) -> Make:
    names = [element.name for element in elements if isinstance(element, Slot)]
    if not names:
        return lambda _: op()
    return lambda values: op(**dict(zip(names, values, strict=True)))
