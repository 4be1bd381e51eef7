"""The chart parser, on a toy grammar."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from assistant.language.chart import Grammar
from assistant.language.chart.pattern import sequences_from


@dataclass(frozen=True)
class Figure:
    value: int
    tags: tuple[str, ...] = ("figure",)


def _figure(value: int | str) -> Figure:
    return Figure(int(value))


def _sum(a: Figure, b: Figure) -> Figure | None:
    return Figure(a.value + b.value) if b.value else None


TABLE = {
    "parts": {"and": "(and|plus)"},
    "lexicon": [{"do": "figure", "words": {"one": 1, "two": 2, "no thing": 0}}],
    "formats": [{"do": "figure", "match": r"(?<!\d)(?P<value>\d{1,3})(?!\d)"}],
    "rules": [{"do": "sum", "say": ["{a:figure} [<and>] {b:figure}"]}],
}
GRAMMAR = Grammar([TABLE], {"figure": _figure, "sum": _sum})


def longest(text: str) -> int:
    tokens, edges = GRAMMAR.edges(text)
    edge = max(edges, key=lambda each: each.end - each.start)
    assert (edge.start, edge.end) == (0, len(tokens))
    assert isinstance(edge.value, Figure)
    return edge.value.value


@pytest.mark.parametrize(
    ("text", "total"), [("one", 1), ("one and two", 3), ("One two 40", 43), ("1 plus 2 and one", 4), ("two-two", 4)]
)
def test_rules_build_on_what_other_rules_made(text: str, total: int) -> None:
    assert longest(text) == total


def test_a_rule_that_refuses_makes_nothing() -> None:
    _, edges = GRAMMAR.edges("one no thing")
    assert max(edge.end - edge.start for edge in edges) == 2  # "no thing" alone


def test_equal_values_over_the_same_words_count_once() -> None:
    _, edges = GRAMMAR.edges("one one one one one one")
    assert len({(edge.start, edge.end, edge.value) for edge in edges}) == len(edges) == 21


def test_a_long_text_is_read_at_both_ends() -> None:
    tokens, edges = GRAMMAR.edges("one " + "word " * 5000 + "two")
    assert [(edge.start, edge.end) for edge in edges] == [(0, 1), (len(tokens) - 1, len(tokens))]


@pytest.mark.parametrize("pattern", ["(a", "[a", "a)", "(a|b]"])
def test_a_malformed_pattern_is_named(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"closed|unexpected"):
        sequences_from(pattern, {})


def test_a_pattern_stands_for_all_its_choices() -> None:
    assert len(sequences_from("[the] (a|b|c d) [e]", {})) == 12
