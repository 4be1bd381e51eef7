"""What the quantity tables of a language find in a text, without anything built on them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from assistant.core.values import Meaning
from assistant.language.chart import Edge, Grammar
from assistant.language.ops import operations
from assistant.language.ops.quantities import SeveralValue, meanings

TABLES = ("quantities.toml", "lengths.toml", "measures.toml")


@cache
def grammar(language: str = "en") -> Grammar:
    """The quantity tables of a language, compiled."""
    folder = files("assistant.language") / language
    there = [folder / name for name in TABLES if (folder / name).is_file()]
    return Grammar([tomllib.loads(each.read_text(encoding="utf-8")) for each in there], operations())


def edges_found(text: str, tag: str, language: str = "en") -> list[Edge]:
    """The best cover by values with a tag, in order of appearance."""
    _, edges = grammar(language).edges(text)
    fitting = [
        each for each in edges if tag in each.value.tags or (tag == "length" and isinstance(each.value, SeveralValue))
    ]
    taken: list[Edge] = []
    for edge in sorted(fitting, key=lambda each: (each.start - each.end, -each.rank, each.size)):
        if all(edge.end <= other.start or edge.start >= other.end for other in taken):
            taken.append(edge)
    return sorted(taken, key=lambda each: each.start)


def found(text: str, tag: str, language: str = "en") -> list[Meaning]:
    """What these values mean."""
    return [meaning for edge in edges_found(text, tag, language) for meaning in meanings(edge.value)]


def only(text: str, tag: str, language: str = "en") -> Meaning:
    """The one meaning of the whole text."""
    tokens, _ = grammar(language).edges(text)
    (edge,) = edges_found(text, tag, language)
    assert (edge.start, edge.end) == (0, len(tokens))
    (meaning,) = meanings(edge.value)
    return meaning
