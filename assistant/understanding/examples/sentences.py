"""Turns one template into one of the sentences that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from random import Random

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.parse_expression import parse_sentence

from assistant.understanding.examples.example import Piece

NAMES = frozenset({"thing", "area", "floor", "absent", "nowhere", "name"})
"""Placeholders whose words an answer doesn't copy: they may be misheard."""
_SAID_OPTIONAL = 0.45
"""So often optional words are said."""


class Frames:
    """Templates that share rules."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._rules: Mapping[str, Expression] = {name: _parsed(text) for name, text in rules.items()}

    def with_rules(self, rules: Mapping[str, Expression]) -> Frames:
        """The same with other rules."""
        other = Frames({})
        other._rules = rules
        return other

    def one(self, template: str, random: Random, filled: Mapping[str, str]) -> tuple[Piece, ...]:
        """One sentence of a template; `filled` has the words of each placeholder. Raises KeyError for another one."""
        return self.walk(_parsed(template), random, filled)

    def walk(self, tree: Expression, random: Random, filled: Mapping[str, str]) -> tuple[Piece, ...]:
        """Likewise, of a template that was parsed."""
        pieces: list[Piece] = []
        self._walk(tree, random, filled, pieces)
        return tuple(pieces)

    def _walk(self, node: Expression, random: Random, filled: Mapping[str, str], pieces: list[Piece]) -> None:
        if isinstance(node, TextChunk):
            pieces.append(Piece(node.original_text))
        elif isinstance(node, ListReference):
            pieces.append(Piece(filled[node.list_name], is_value=node.list_name not in NAMES))
        elif isinstance(node, RuleReference):
            self._walk(self._rules[node.rule_name], random, filled, pieces)
        elif isinstance(node, Alternative):
            self._choose(node, random, filled, pieces)
        elif isinstance(node, Group):
            items = random.sample(node.items, len(node.items)) if isinstance(node, Permutation) else node.items
            for item in items:
                self._walk(item, random, filled, pieces)

    def _choose(self, node: Alternative, random: Random, filled: Mapping[str, str], pieces: list[Piece]) -> None:
        items = list(node.items)
        if node.is_optional:
            if random.random() >= _SAID_OPTIONAL:
                return
            items = [item for item in items if not _is_empty(item)] or items
        self._walk(random.choice(items), random, filled, pieces)


@lru_cache(maxsize=4096)
def _parsed(template: str) -> Expression:
    return parse_sentence(template).expression


def _is_empty(node: Expression) -> bool:
    return isinstance(node, TextChunk) and not node.original_text.strip()
