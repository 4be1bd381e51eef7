"""The rules of a language, read from tables and compiled once.

A table (TOML) may hold:

    [parts]                      named pieces of patterns: name = "(at|by|around)"; those of the other tables can be
                                 used too
    [[lexicon]]                  words with a constant each: do = OP, words = {monday = 0}, rank, args
                                 phrases = {"new year's [day]" = 0}: in the notation of rules, without slots;
                                 "year's" stands for year's, years, years' and year
    [[formats]]                  regular expressions over the folded text: do = OP, match = "…(?P<hour>..)", rank, args
    [[rules]]                    do = OP, say = ["[in] {d:duration}"], rank, args

Rules and words with before = ["to", …] count only at the end, before a sign or figure, or before these words.
An entry may have `regions` or `not_regions`: it counts in these countries only, or in all others.

OP is a name among the operations given: a function of the slots (or the constant as `value`, or the groups) and of
`args`, by keyword, which gives a value, or None where the words don't make one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from assistant.language.chart.parse import Chart, Edge, Make, Node, Value, is_before
from assistant.language.chart.pattern import Choice, Elements, Parts, Slot, parsed
from assistant.language.chart.tokens import Token, folded, tokens_of

Op = Callable[..., Value | None]
Table = Mapping[str, Any]
UNUSED = "_"
"""A slot of this name must be there, but its value is not handed on."""
MOST_WAYS = 5000
MOST_TOKENS = 120
"""Longer text is read in its first and last half of so many tokens: nobody says a time in the middle of a page."""


_UNREAD = re.compile(r"\(\?<?[=!][^()]*\)|\[[^\]]*\]")
"""Parts of a regular expression that tell nothing of the figures it needs: what is around it, and classes."""
_POSSESSIVE = re.compile(r"(\w+)'s\b|\(([\w |]+)\)'s\b")


class Grammar:
    """Compiled rules. Raises ValueError or KeyError for a mistake in a table."""

    def __init__(self, tables: Sequence[Table], ops: Mapping[str, Op], region: str = "") -> None:
        self._root = Node()
        self._words = Node()
        self._formats: list[_Format] = []
        shared = {name: text for table in tables for name, text in table.get("parts", {}).items()}
        for table in tables:
            parts = Parts({**shared, **table.get("parts", {})})
            for entry in _entries(table, "lexicon", region):
                self._add_words(entry, ops, parts)
            for entry in _entries(table, "formats", region):
                op = partial(ops[entry["do"]], **entry.get("args", {}))
                self._formats.append(_Format(entry["match"], op, entry.get("rank", 0.0)))
            for entry in _entries(table, "rules", region):
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

    def _add_words(self, entry: Table, ops: Mapping[str, Op], parts: Parts) -> None:
        op, rank = partial(ops[entry["do"]], **entry.get("args", {})), entry.get("rank", 0.0)
        before = _before(entry)
        for words, constant in entry.get("words", {}).items():
            node = self._words
            for token in tokens_of(words):
                node = node.grow(token.text)
            node.end((_constant(op, constant), rank, before))
        for phrase, constant in entry.get("phrases", {}).items():
            make = _constant(op, constant)
            for node, _ in _ends(self._words, parsed(_POSSESSIVE.sub(_possessives, phrase), parts)):
                node.end((make, rank, before))

    def _add_rule(self, entry: Table, ops: Mapping[str, Op], parts: Parts) -> None:
        op, rank = partial(ops[entry["do"]], **entry.get("args", {})), entry.get("rank", 0.0)
        makers: dict[tuple[str, ...], Make] = {}
        before = _before(entry)
        for pattern in entry["say"]:
            for node, names in _ends(self._root, parsed(pattern, parts)):
                if names not in makers:
                    makers[names] = _maker(op, names)
                node.end((makers[names], rank, before))

    def _leaves(self, plain: str, tokens: Sequence[Token]) -> Mapping[int, Sequence[Edge]]:
        found: dict[int, list[Edge]] = {}
        texts = [token.text for token in tokens]
        for start in range(len(tokens)):
            node: Node | None = self._words
            for place in range(start, len(tokens)):
                node = node.words.get(tokens[place].text) if node is not None else None
                if node is None:
                    break
                for make, rank, before in node.makes:
                    value = make(()) if before is None or is_before(texts, place + 1, before) else None
                    if value is not None:
                        found.setdefault(start, []).append(Edge(start, place + 1, value, rank))
        self._read_formats(plain, tokens, found)
        return found

    def _read_formats(self, plain: str, tokens: Sequence[Token], found: dict[int, list[Edge]]) -> None:
        if not tokens:
            return
        starts = {token.start: index for index, token in enumerate(tokens)}
        ends = {token.end: index + 1 for index, token in enumerate(tokens)}
        has_figures = any(token.text.isdigit() for token in tokens)
        for each in self._formats:
            if each.needs_figures and not has_figures:
                continue
            for match in each.pattern.finditer(plain, tokens[0].start, tokens[-1].end):
                if match.start() in starts and match.end() in ends:
                    value = each.op(**{name: group for name, group in match.groupdict().items() if group is not None})
                    if value is not None:
                        edge = Edge(starts[match.start()], ends[match.end()], value, each.rank)
                        found.setdefault(edge.start, []).append(edge)


class _Format:
    """A regular expression, compiled when there is first something to match."""

    def __init__(self, match: str, op: Op, rank: float) -> None:
        self._match = match
        self.op = op
        self.rank = rank
        self.needs_figures = "\\d" in _UNREAD.sub("", match)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled."""
        return re.compile(self._match)


def _entries(table: Table, name: str, region: str) -> Iterator[Table]:
    for entry in table.get(name, ()):
        if region in entry.get("regions", (region,)) and region not in entry.get("not_regions", ()):
            yield entry


def _before(entry: Table) -> frozenset[str] | None:
    return frozenset(entry["before"]) if "before" in entry else None


def _possessives(owner: re.Match[str]) -> str:
    """ "Year's", "(father|mother)'s" in all the ways they are written."""
    names = (owner[1] or owner[2]).split("|")
    return "(" + "|".join(f"{name} ' s|{name}s '|{name}s|{name}" for name in names) + ")"


def _constant(op: Op, constant: object) -> Make:
    """The value of a word, made when it is first heard."""
    kept: list[Value | None] = []

    def make(_: Sequence[Value]) -> Value | None:
        if not kept:
            kept.append(op(value=constant))
        return kept[0]

    return make


def _maker(op: Op, names: Sequence[str]) -> Make:
    kept = [(place, name) for place, name in enumerate(names) if name != UNUSED]
    return lambda values: op(**{name: values[place] for place, name in kept})


def _ends(root: Node, tree: Elements) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """The nodes that all ways through a tree of elements end in, and the names of the slots on the way."""
    ends = _grown([(root, ())], tree)
    if len(ends) > MOST_WAYS:
        raise ValueError(f"a pattern stands for {len(ends)} sequences, which is a mistake")
    return (end for end in ends if end[0] is not root)


_Ways = list[tuple[Node, tuple[str, ...]]]


def _grown(ways: _Ways, tree: Elements) -> _Ways:
    for element in tree:
        if isinstance(element, Choice):
            found = [end for option in element.options for end in _grown(ways, option)]
            ways = [*ways, *found] if element.is_optional else found
        elif isinstance(element, Slot):
            ways = [(node.grow(element), (*names, element.name)) for node, names in ways]
        else:
            ways = [(node.grow(element), names) for node, names in ways]
    return ways
