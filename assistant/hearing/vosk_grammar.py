"""Expected sentences as Vosk's grammar: words checked against the model, and readings led back to sentences."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_UNKNOWN = "[unk]"
_SPLIT_LANGUAGES = frozenset({"ko"})
"""Their models know morphemes; a written word may be several of them."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Sentences that the model can hear; `left_out` are words it doesn't know, with the sentences that had them."""

    phrases: dict[str, str] = field(default_factory=dict)
    """Sentence without spaces → as it was given."""
    spoken: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    has_unknown: bool = False
    """The model has a word for everything else."""

    def as_json(self) -> str:
        """The form that KaldiRecognizer takes."""
        return json.dumps([*self.spoken, *([_UNKNOWN] if self.has_unknown else [])], ensure_ascii=False)

    def sentence(self, text: str) -> str | None:
        """The expected sentence that these words are, whole; else None."""
        return self.phrases.get(key_of(text))


def key_of(text: str) -> str:
    """Words without case and spaces: models space words their own way."""
    return "".join(text.casefold().split())


def make_grammar(phrases: Sequence[str], language: str, knows: Callable[[str], bool]) -> Grammar:
    """Keep the sentences whose every word the model knows, in pieces where the language allows it."""
    kept: dict[str, str] = {}
    spoken: dict[str, None] = {}
    left_out: dict[str, None] = {}
    for phrase in phrases:
        pieces: list[str] = []
        for word in phrase.casefold().split():
            parts = _parts(word, language, knows)
            if not parts:
                left_out[word] = None
            pieces.extend(parts or (_UNKNOWN,))
        if pieces and _UNKNOWN not in pieces:
            kept[key_of(phrase)] = phrase
            spoken[" ".join(pieces)] = None
    return Grammar(kept, tuple(spoken), tuple(left_out), knows(_UNKNOWN))


def _parts(word: str, language: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """The word, or the fewest known pieces that make it, or nothing."""
    if knows(word):
        return (word,)
    if language not in _SPLIT_LANGUAGES:
        return ()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            before = best[start]
            piece = word[start:end]
            if before is not None and knows(piece) and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                best[end] = (*before, piece)
    return best[-1] or ()
