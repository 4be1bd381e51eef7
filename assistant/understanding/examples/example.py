"""What adaptation learns from: words said in some home, and the commands that they mean there."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.core.home import HomeView
from assistant.core.turn import Command, Situation


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance with what it means; no commands: nothing is to be done."""

    utterance: str
    home: HomeView
    situation: Situation
    commands: tuple[Command, ...]
    kind: str = ""
    """What it was made as: "deed", "compound", "sentence", or a heading of the file of what means nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an utterance in the making; only loose words may be misheard."""

    text: str
    is_value: bool = False
    """A value that the answer copies: it stays as it is."""


def joined(pieces: tuple[Piece, ...]) -> str:
    """The words in one line."""
    return " ".join(" ".join(piece.text for piece in pieces).split())
