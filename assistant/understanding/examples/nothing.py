"""Talk that is no command of this home: stories, negations, quotes, halves of sentences, things that aren't there."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from assistant.core.home import HomeView
from assistant.understanding.examples.example import Piece
from assistant.understanding.examples.names import Caller
from assistant.understanding.examples.sentences import Frames
from assistant.understanding.examples.values import said_value
from assistant.understanding.examples.words import ExampleWords, Silence


class SilenceMaker:
    """Makes such talk for one home."""

    def __init__(self, home: HomeView, words: ExampleWords, frames: Frames, random: Random) -> None:
        self._home = home
        self._words = words
        self._frames = frames
        self._random = random
        self._caller = Caller(home, words, random)

    def make(self) -> tuple[str, tuple[Piece, ...]]:
        """What kind of talk, and the words."""
        kinds = list(self._words.nothing)
        weights = [self._words.nothing[kind].weight for kind in kinds]
        kind = self._random.choices(kinds, weights)[0]
        silence = self._words.nothing[kind]
        return kind, self._frames.one(self._random.choice(silence.say), self._random, self._filled(silence))

    def _filled(self, silence: Silence) -> dict[str, str]:
        pick = self._random.choice
        areas = [self._caller.area(area) for area in self._home.areas] or [""]
        filled = {"thing": pick(self._home.entities).name, "area": pick(areas)}
        for name in ("percent", "color"):
            said = said_value(name, self._words, self._random)
            filled[name] = said[0] if said else ""
        filled["absent"] = pick(self._absent(silence.absent)) if silence.absent else ""
        filled["nowhere"] = pick(self._absent(silence.nowhere)) if silence.nowhere else ""
        return filled

    def _absent(self, names: Iterable[str]) -> list[str]:
        """Those of which this home has nothing that sounds like them."""
        known = {word for entity in self._home.entities for word in entity.name.casefold().split()}
        return [name for name in names if not known & set(name.split())] or list(names)
