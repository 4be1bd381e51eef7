"""Matches a text with the tree of a skill's sentence; slots may stand side by side, their values decide the split."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hassil.expression import Alternative, Expression, Group, ListReference, Permutation, Sentence, TextChunk
from hassil.parse_expression import parse_sentence

_SIGNS = str.maketrans("-’", " '", "?!.,")
MAX_STATES = 2_000
"""More half-done readings than this are cut off: such a sentence is too vague to act on."""


@dataclass(frozen=True, slots=True)
class Capture:
    """The part of the text that a slot took."""

    slot: str
    start: int
    end: int


State = tuple[int, tuple[Capture, ...]]
"""How far the text is used, and what the slots took."""
Takes = Callable[[str, int], Iterable[tuple[int, int]]]
"""Slot name and place → the stretches of text (start, end) that its value may be."""


def parse(template: str) -> Sentence:
    """The tree of a template. Raises hassil's errors for a damaged one."""
    return parse_sentence(template.casefold().translate(_SIGNS), keep_text=True)


class Matcher:
    """Matches one text, which is normalised (single spaces, lower case)."""

    def __init__(self, text: str, takes: Takes, articles: Iterable[str]) -> None:
        self._text = text
        self._takes = takes
        self._articles = tuple(f"{article} " for article in articles)

    def match(self, sentence: Sentence) -> list[tuple[Capture, ...]]:
        """All ways in which the whole text is that sentence."""
        states = self._after(sentence.expression, {(0, ()): None})
        return [captures for at, captures in states if at == len(self._text)]

    def _after(self, node: Expression, states: dict[State, None]) -> dict[State, None]:
        if not states:
            return states
        if isinstance(node, TextChunk):
            return _bounded(state for old in states for state in self._literal(node.text, old))
        if isinstance(node, ListReference):
            return _bounded(state for old in states for state in self._slot(node.slot_name, old))
        if isinstance(node, Alternative):
            return _bounded(state for item in node.items for state in self._after(item, states))
        if isinstance(node, Permutation):
            return self._permuted(list(node.items), states)
        if isinstance(node, Group):
            for item in node.items:
                states = self._after(item, states)
            return states
        raise TypeError(f"{type(node).__name__} has no place in a skill's sentence")

    def _permuted(self, items: list[Expression], states: dict[State, None]) -> dict[State, None]:
        if not items:
            return states
        found: dict[State, None] = {}
        for place, item in enumerate(items):
            rest = items[:place] + items[place + 1 :]
            found |= self._permuted(rest, self._after(item, states))
        return found

    def _literal(self, chunk: str, state: State) -> Iterable[State]:
        """A space in a template is the end of a word, not a letter; an article may stand before any word."""
        at, captures = state
        places = {at}
        for number, piece in enumerate(chunk.split(" ")):
            if number:
                places = {after for place in places for after in self._word_end(place)}
            if piece:
                starts = {start for place in places for start in self._starts(place)}
                places = {start + len(piece) for start in starts if self._text.startswith(piece, start)}
        return ((place, captures) for place in places)

    def _word_end(self, at: int) -> Iterable[int]:
        text = self._text
        if at < len(text) and text[at] == " ":
            return (at + 1,)
        return (at,) if at in (0, len(text)) or text[at - 1] == " " else ()

    def _starts(self, at: int) -> Iterable[int]:
        yield at
        if at == 0 or self._text[at - 1] == " ":
            for article in self._articles:
                if self._text.startswith(article, at):
                    yield at + len(article)

    def _slot(self, slot: str, state: State) -> Iterable[State]:
        at, captures = state
        if at < len(self._text) and self._text[at] == " ":
            at += 1
        return ((end, (*captures, Capture(slot, start, end))) for start, end in self._takes(slot, at))


def _bounded(states: Iterable[State]) -> dict[State, None]:
    kept: dict[State, None] = {}
    for state in states:
        kept[state] = None
        if len(kept) > MAX_STATES:
            return {}
    return kept
