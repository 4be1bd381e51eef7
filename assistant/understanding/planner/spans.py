"""The stretch of an utterance that says a value: what an answer copies."""

from __future__ import annotations

import re

from assistant.core.intents import SlotKind, SlotSpec
from assistant.core.turn import SlotValue
from assistant.understanding.reading import SlotReader

MAX_WORDS = 14
"""A value read from words is not said in more."""


def span_of(spec: SlotSpec, value: SlotValue, words: str, said: str, reader: SlotReader | None) -> str | None:
    """`words` where they stand in `said`; else the shortest stretch that reads as the value; None where none does."""
    if words and _stands_in(words, said):
        return words
    if spec.kind is SlotKind.TEXT:
        text = str(value).casefold()
        return text if text and _stands_in(text, said) else None
    return None if reader is None else _read(spec, value, said.split(), reader)


def _stands_in(words: str, said: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", said) is not None


def _read(spec: SlotSpec, value: SlotValue, words: list[str], reader: SlotReader) -> str | None:
    for length in range(1, min(MAX_WORDS, len(words)) + 1):
        for start in range(len(words) - length + 1):
            said = " ".join(words[start : start + length])
            if reader.read(spec, said) == value:
                return said
    return None
