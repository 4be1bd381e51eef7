"""What speaking and recognising do to words: fillers, politeness, lost articles, misheard and misspelt words."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from assistant.understanding.examples.example import Piece
from assistant.understanding.examples.words import ValueWords

_START, _END, _FILLER, _MISHEARD, _MISSPELT, _NO_ARTICLES = 0.12, 0.06, 0.06, 0.1, 0.06, 0.12
"""How often each happens to a sentence."""
_SHORTEST = 5
"""Shorter words are not misspelt."""


def roughened(
    pieces: tuple[Piece, ...], words: ValueWords, articles: frozenset[str], random: Random
) -> tuple[Piece, ...]:
    """The sentence as it may arrive. Values stay as they are."""
    loose = [part for piece in pieces for part in _split(piece)]
    if random.random() < _NO_ARTICLES:
        loose = [piece for piece in loose if piece.is_value or piece.text not in articles] or loose
    if random.random() < _MISHEARD:
        loose = _misheard(loose, words, random)
    if random.random() < _MISSPELT:
        loose = _misspelt(loose, random)
    if random.random() < _FILLER:
        loose.insert(random.randrange(len(loose) + 1), Piece(random.choice(words.fillers)))
    if random.random() < _START:
        loose.insert(0, Piece(random.choice(words.starts)))
    if random.random() < _END:
        loose.append(Piece(random.choice(words.ends)))
    return tuple(loose)


def _split(piece: Piece) -> list[Piece]:
    return [piece] if piece.is_value else [Piece(word) for word in piece.text.split()]


def _misheard(pieces: list[Piece], words: ValueWords, random: Random) -> list[Piece]:
    places = [at for at, piece in enumerate(pieces) if not piece.is_value and piece.text.lower() in words.sounds]
    if not places:
        return pieces
    at = random.choice(places)
    heard = random.choice(words.sounds[pieces[at].text.lower()])
    return [*pieces[:at], replace(pieces[at], text=heard), *pieces[at + 1 :]]


def _misspelt(pieces: list[Piece], random: Random) -> list[Piece]:
    places = [at for at, piece in enumerate(pieces) if not piece.is_value and len(piece.text) >= _SHORTEST]
    if not places:
        return pieces
    at = random.choice(places)
    return [*pieces[:at], replace(pieces[at], text=_typo(pieces[at].text, random)), *pieces[at + 1 :]]


def _typo(word: str, random: Random) -> str:
    """A letter lost, doubled, or changed with its neighbour; the first one is right."""
    at = random.randrange(1, len(word) - 1)
    kind = random.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
