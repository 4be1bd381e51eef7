"""What a text says: numbers, lengths, times and the rest, with the characters that said them.

A language is a folder beside this module with TOML tables (those that have `rules`, `lexicon` or `formats`; their
notation is told in chart/grammar.py). All tables of the folder are read, so another language is another folder, and
another kind of meaning is another table and a module in ops/ with OPS (operations by name) and SENSES (what its
values mean, see ops/senses.py). Nothing is listed by hand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assistant.core.values import Found, Kind, Meaning, Reading
from assistant.language.chart import Edge, Grammar, Token
from assistant.language.ops import operations
from assistant.language.ops.senses import Sense, senses

_KEPT_GRAMMARS = 4


def found_in(text: str, reading: Reading, kinds: Collection[Kind]) -> Sequence[Found]:
    """The best cover of the text by meanings of these kinds: those of most words, in order of appearance.

    Words that say something impossible ("30 february") mean nothing, and no part of them is read as something else."""
    tokens, edges = _edges(text, reading)
    found: dict[tuple[int, int], tuple[Edge, tuple[Meaning, ...]]] = {}
    for edge, sense in _candidates(edges, reading, kinds):
        place = (edge.start, edge.end)
        if any(edge.start < end and start < edge.end for start, end in found if (start, end) != place):
            continue
        if place not in found or not found[place][1]:
            meant = sense.read(edge.value, reading)
            if meant or getattr(edge.value, "is_impossible", False):
                found[place] = (edge, meant)
    return [
        Found(
            tokens[edge.start].start,
            tokens[edge.end - 1].end,
            each,
            _is_latent(edge),
            bool(getattr(edge.value, "is_doubtful", False)),
        )
        for edge, meant in sorted(found.values(), key=lambda each: each[0].start)
        for each in meant
    ]


def meaning_of(text: str, reading: Reading, kinds: Collection[Kind]) -> Meaning | None:
    """What the whole text means, but for signs and fillers around it; None if it says more, or something else."""
    tokens, edges = _edges(text, reading)
    start, end = _core(tokens, _fillers(_language(reading)))
    for edge, sense in _candidates(edges, reading, kinds):
        if edge.start > start or edge.end < end:
            continue
        meant = sense.read(edge.value, reading)
        if meant:
            return meant[0] if len(meant) == 1 else None
    return None


def grammar_of(locale: str) -> Grammar | None:
    """The grammar of a locale ("en-GB"), compiled when first asked for; None where no table is written for it."""
    language, _, region = locale.replace("_", "-").partition("-")
    tables = _tables(language.lower())
    return _compiled(language.lower(), region.upper()) if tables else None


@lru_cache(maxsize=_KEPT_GRAMMARS)
def _compiled(language: str, region: str) -> Grammar:
    return Grammar(_tables(language), operations(), region)


@cache
def _tables(language: str) -> Sequence[Mapping[str, Any]]:
    folder = Path(__file__).parent / language
    if not language.isalpha() or not folder.is_dir():
        return ()
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    tables = (tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in names)
    return tuple(table for table in tables if table.keys() & {"rules", "lexicon", "formats"})


@cache
def _fillers(language: str) -> frozenset[str]:
    return frozenset(word for table in _tables(language) for word in table.get("fillers", {}).get("words", ()))


def _language(reading: Reading) -> str:
    return reading.locale.replace("_", "-").partition("-")[0].lower()


@lru_cache(maxsize=32)
def _read(text: str, locale: str) -> tuple[Sequence[Token], Sequence[Edge]]:
    grammar = grammar_of(locale)
    return ((), ()) if grammar is None else grammar.edges(text)


def _edges(text: str, reading: Reading) -> tuple[Sequence[Token], Sequence[Edge]]:
    """The last texts are kept: a command is read for several kinds."""
    return _read(text, reading.locale)


def _candidates(edges: Sequence[Edge], reading: Reading, kinds: Collection[Kind]) -> Iterator[tuple[Edge, Sense]]:
    """What may be meant, the longest first, then the surest."""
    wanted = [sense for sense in senses() if sense.kind in kinds]
    found = [
        (edge, sense)
        for edge in edges
        if reading.is_latent_wanted or not _is_latent(edge)
        for sense in wanted
        if not sense.tags.isdisjoint(edge.value.tags)
    ]
    found.sort(key=lambda each: (each[0].start - each[0].end, _is_latent(each[0]), -each[0].rank, each[0].size))
    return iter(found)


def _is_latent(edge: Edge) -> bool:
    return bool(getattr(edge.value, "is_latent", False))


def _core(tokens: Sequence[Token], fillers: Collection[str]) -> tuple[int, int]:
    """Where the words begin and end that must be meant."""
    content = [place for place, token in enumerate(tokens) if token.text.isalnum() and token.text not in fillers]
    return (content[0], content[-1] + 1) if content else (0, 0)
