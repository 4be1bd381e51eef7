"""Which literal pieces a sentence template needs, so that most templates are passed over without being tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference, Sentence, TextChunk
from hassil.intents import RangeSlotList, SlotList, TextSlotList
from hassil.numbers import get_rbnf_engine
from hassil.util import PUNCTUATION_STR

Clause = frozenset[str]
Clauses = frozenset[Clause]
NOTHING_NEEDED: Clauses = frozenset()
MAX_DEPTH = 24
DIGITS = frozenset("0123456789")
_MAX_LIST = 200


def list_mark(name: str) -> str:
    """A piece that stands for "a value of this list occurs"; no text contains it."""
    return f"\0{name}"


class ClauseReader:
    """Reads what templates need: every clause must have at least one of its pieces in the text."""

    def __init__(
        self, rules: Mapping[str, Sentence], lists: Mapping[str, SlotList], marked: Iterable[str], language: str
    ) -> None:
        self._rules = rules
        self._lists = lists
        self._marked = frozenset(marked)
        self._language = language
        self._known: dict[str, Clauses] = {}

    def needs(self, expression: Expression, depth: int = 0) -> Clauses:
        """What any text that matches the expression must contain."""
        if depth > MAX_DEPTH:
            return NOTHING_NEEDED
        if isinstance(expression, TextChunk):
            return _pieces(expression.text)
        if isinstance(expression, Alternative):
            return NOTHING_NEEDED if expression.is_optional else self._either(expression.items, depth)
        if isinstance(expression, Group):
            return frozenset().union(*(self.needs(item, depth + 1) for item in expression.items))
        if isinstance(expression, RuleReference):
            rule = self._rules.get(expression.rule_name)
            return self.needs(rule.expression, depth + 1) if rule else NOTHING_NEEDED
        if isinstance(expression, ListReference):
            return self._list(expression.list_name, depth)
        return NOTHING_NEEDED

    def _either(self, items: Sequence[Expression], depth: int) -> Clauses:
        merged: set[str] = set()
        for item in items:
            needed = self.needs(item, depth + 1)
            if not needed:
                return NOTHING_NEEDED
            merged |= min(needed, key=len)
        return frozenset((frozenset(merged),)) if merged else NOTHING_NEEDED

    def _list(self, name: str, depth: int) -> Clauses:
        if name in self._marked:
            return frozenset((frozenset((list_mark(name),)),))
        if name not in self._known:
            self._known[name] = self._read_list(self._lists.get(name), depth)
        return self._known[name]

    def _read_list(self, values: SlotList | None, depth: int) -> Clauses:
        if isinstance(values, TextSlotList) and len(values.values) <= _MAX_LIST:
            return self._either([value.text_in for value in values.values], depth)
        if isinstance(values, RangeSlotList):
            words = number_pieces(values.words_language or self._language) if values.words else frozenset()
            return frozenset((DIGITS | words,)) if words or not values.words else NOTHING_NEEDED
        return NOTHING_NEEDED


@lru_cache(maxsize=8)
def number_pieces(language: str) -> frozenset[str]:
    """Pieces of which at least one is in every number word up to 10,000; empty if the language has none."""
    try:
        engine = get_rbnf_engine(language)
    except ValueError:
        return frozenset()
    pieces: set[str] = set()
    for number in (*range(20), *range(20, 100, 10), 100, 1000, 10_000):
        for words in engine.format_number(number).text_by_ruleset.values():
            pieces.update(words.casefold().replace("-", " ").split())
    return frozenset(pieces)


def _pieces(text: str) -> Clauses:
    return frozenset(
        frozenset((piece.casefold(),)) for piece in text.split() if not any(sign in PUNCTUATION_STR for sign in piece)
    )


class Sieve:
    """Tells quickly which of many templates a text could match."""

    def __init__(self, needed: Sequence[Clauses]) -> None:
        clauses: dict[Clause, int] = {}
        self._needs: list[int] = []
        for each in needed:
            mask = 0
            for clause in each:
                mask |= 1 << clauses.setdefault(clause, len(clauses))
            self._needs.append(mask)
        self._met_by: dict[str, int] = {}
        for clause, bit in clauses.items():
            for piece in clause:
                self._met_by[piece] = self._met_by.get(piece, 0) | 1 << bit

    def passes(self, haystack: str) -> list[int]:
        """Indices of the templates all of whose clauses are met by the folded text."""
        met = 0
        for piece, mask in self._met_by.items():
            if piece in haystack:
                met |= mask
        unmet = ~met
        return [index for index, need in enumerate(self._needs) if not need & unmet]
