"""What the encoder reads: words said, things and places, as token ids with the places of what is pointed at.

    [CLS] said [SEP] Q1 Q2  T label: domain, place  T label: domain  …  A place  F floor … [SEP]

Q1 and Q2 stand for the first and the second call; T, A and F for what follows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

CLS, SEP = 101, 102
THING, AREA, FLOOR, QUERIES = 1, 2, 3, (4, 5)
"""Ids that the vocabulary leaves free ([unused0] is 1)."""
MARKS = (THING, AREA, FLOOR, *QUERIES)
MAX_WORDS = 40
MAX_PIECES = 12
"""Longer labels are cut."""

Encode = Callable[[str], list[int]]
"""Text → ids without [CLS] and [SEP]."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be meant, as texts."""

    said: str
    """Normalised: words apart by one space."""
    things: tuple[str, ...]
    areas: tuple[str, ...]
    floors: tuple[str, ...]
    """Areas and floors are pointed at as one list, areas first."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Token ids, and where in them the words, the queries, the things and the places stand."""

    ids: tuple[int, ...]
    words: tuple[int, ...]
    """The first piece of each word; at 0, [CLS], which stands for none."""
    queries: tuple[int, ...]
    things: tuple[int, ...]
    places: tuple[int, ...]


def layout(shown: Shown, encode: Encode) -> Layout:
    """The input for one utterance of at most MAX_WORDS words; further words are left out."""
    ids = [CLS]
    words = [0]
    for word in shown.said.split()[:MAX_WORDS]:
        words.append(len(ids))
        ids += encode(word)[:MAX_PIECES] or [0]
    ids.append(SEP)
    queries = (len(ids), len(ids) + 1)
    ids += QUERIES
    things = _marked(ids, THING, shown.things, encode)
    places = (*_marked(ids, AREA, shown.areas, encode), *_marked(ids, FLOOR, shown.floors, encode))
    ids.append(SEP)
    return Layout(tuple(ids), tuple(words), queries, things, places)


def _marked(ids: list[int], mark: int, texts: Sequence[str], encode: Encode) -> tuple[int, ...]:
    at = []
    for text in texts:
        at.append(len(ids))
        ids += [mark, *encode(text)[:MAX_PIECES]]
    return tuple(at)
