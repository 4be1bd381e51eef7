"""The chart parser, on a toy grammar."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from assistant.language.chart import Grammar
from assistant.language.chart.pattern import Parts, parsed


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
        parsed(pattern, Parts({}))


def test_a_pattern_that_stands_for_too_much_is_refused() -> None:
    table = {"rules": [{"do": "sum", "say": ["(a|b) " * 13 + "{a:figure}"]}]}
    with pytest.raises(ValueError, match="mistake"):
        Grammar([table], {"sum": _sum})


def _found(say: str, text: str, **more: object) -> list[tuple[int, int]]:
    table = {"rules": [{"do": "one", "say": [say]}], "parts": {"end": "(e|f g)"}, **more}
    _, edges = Grammar([table], {"one": lambda: Figure(1)}).edges(text)
    return [(edge.start, edge.end) for edge in edges]


@pytest.mark.parametrize("text", ["a", "the a", "b e", "the c d f g", "c d e"])
def test_a_pattern_stands_for_all_its_choices(text: str) -> None:
    assert (0, len(text.split())) in _found("[the] (a|b|c d) [<end>]", text)


@pytest.mark.parametrize("text", ["the", "the d", "c", "e"])
def test_a_pattern_stands_for_nothing_else(text: str) -> None:
    assert _found("[the] (a|b|c d) [<end>]", text) == []


@pytest.mark.parametrize("text", ["year's end", "years end", "years' end", "year end"])
def test_an_owner_is_written_in_many_ways(text: str) -> None:
    table = {"lexicon": [{"do": "figure", "phrases": {"year's end": 3}}]}
    _, edges = Grammar([table], {"figure": _figure}).edges(text)
    assert [edge.value for edge in edges] == [Figure(3)]


@pytest.mark.parametrize(("region", "count"), [("US", 1), ("GB", 0)])
def test_an_entry_counts_in_its_regions_only(region: str, count: int) -> None:
    table = {"lexicon": [{"do": "figure", "words": {"one": 1}, "regions": ["US", "CA"]}]}
    _, edges = Grammar([table], {"figure": _figure}, region).edges("one")
    assert len(edges) == count


@pytest.mark.parametrize(("match", "text"), [(r"(?P<value>\d+)", "say 7"), (r"sa(?P<value>[^\W\d_])(?!\d)", "say")])
def test_a_format_is_tried_where_it_can_match(match: str, text: str) -> None:
    table = {"formats": [{"do": "length", "match": match}]}
    _, edges = Grammar([table], {"length": lambda value: Figure(len(value))}).edges(text)
    assert [edge.value for edge in edges] == [Figure(1)]
