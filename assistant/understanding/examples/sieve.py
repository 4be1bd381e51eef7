"""Keeps sentences that measure the assistant out of what it learns from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.language import normalise
from assistant.understanding.examples.example import Example

_SUFFIXES = (".json", ".jsonl")


@dataclass(slots=True)
class Sieve:
    """Drops examples whose words, normalised, are those of a known sentence; counts them by kind."""

    known: frozenset[str]
    language: str
    dropped: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, folder: Path, language: str) -> Sieve:
        """With every text of the JSON files below `folder`; with none where it isn't there."""
        texts = {text for path in sorted(folder.rglob("*")) if path.suffix in _SUFFIXES for text in _texts(path)}
        return cls(frozenset(normalise(text, language) for text in texts), language)

    def passed(self, examples: Iterable[Example]) -> Iterator[Example]:
        """Those that no known sentence equals."""
        for example in examples:
            if normalise(example.utterance, self.language) in self.known:
                self.dropped[example.kind] += 1
            else:
                yield example


def _texts(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.suffix == ".jsonl" else [path.read_text("utf-8")]
    for line in lines:
        if line.strip():
            yield from _strings(json.loads(line))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
