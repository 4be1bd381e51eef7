"""Examples without end, from a seed: the same seed gives the same examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from assistant.core.home import AreaId, HomeView
from assistant.core.intents import IntentSpec
from assistant.core.turn import Situation, Source
from assistant.understanding.examples.deeds import DeedMaker, Made
from assistant.understanding.examples.example import Example, Piece, joined
from assistant.understanding.examples.homes import invent_home
from assistant.understanding.examples.noise import roughened
from assistant.understanding.examples.nothing import SilenceMaker
from assistant.understanding.examples.sentences import Frames
from assistant.understanding.examples.skill_samples import SkillSamples
from assistant.understanding.examples.words import Deed, ExampleWords, example_words
from assistant.understanding.templates import Grammar
from assistant.understanding.words import words_for

PER_HOME = 12
"""So many examples of each home."""
_HAS_PLACE = 0.85
"""So often it is known where the speaker is."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the kinds of examples; they are scaled to sum up to 1."""

    deed: float = 0.52
    compound: float = 0.08
    sentence: float = 0.18
    nothing: float = 0.22


def examples(
    intents: Sequence[IntentSpec], seed: int, language: str = "en", mix: Mix | None = None
) -> Iterator[Example]:
    """Examples of the commands of these intents. Raises InputError for a language without word lists."""
    words = example_words(language)
    known = {spec.name for spec in intents}
    deeds = [deed for deed in words.deeds.deeds if deed.intent in known]
    shared = _Shared(words, deeds, Grammar(intents, words.language), mix or Mix())
    for number in _count():
        random = Random(f"{seed}/{number}")  # noqa: S311 – must be repeatable, guards nothing
        yield from _Household(shared, invent_home(random, words.homes), random).examples()


def _count() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


class _Shared:
    """What is the same for all homes."""

    def __init__(self, words: ExampleWords, deeds: Sequence[Deed], grammar: Grammar, mix: Mix) -> None:
        self.words = words
        self.deeds = deeds
        self.grammar = grammar
        self.mix = mix
        self.frames = Frames(words.deeds.rules)
        self.nothing_frames = Frames(words.nothing_rules)
        self.articles = frozenset(words_for(words.language).articles)


class _Household:
    """The examples of one home."""

    def __init__(self, shared: _Shared, home: HomeView, random: Random) -> None:
        self._shared = shared
        self._home = home
        self._random = random
        words = shared.words
        self._deeds = DeedMaker(home, words, shared.frames, random)
        self._silence = SilenceMaker(home, words, shared.nothing_frames, random)
        self._samples = SkillSamples(shared.grammar, home, words, random)

    def examples(self) -> Iterator[Example]:
        """So many as each home gives."""
        mix = self._shared.mix
        makers = (self._deed, self._compound, self._sentence, self._nothing)
        weights = (mix.deed, mix.compound, mix.sentence, mix.nothing)
        for _ in range(PER_HOME):
            here = self._random.choice(self._home.areas).id if self._random.random() < _HAS_PLACE else None
            made = self._random.choices(makers, weights)[0](here)
            if made is not None:
                yield made

    def _deed(self, here: AreaId | None) -> Example | None:
        made = self._made(here)
        return None if made is None else self._example(made.pieces, made, here, "deed")

    def _compound(self, here: AreaId | None) -> Example | None:
        first, second = self._made(here), self._made(here)
        if first is None or second is None or first.commands == second.commands:
            return None
        join = Piece(self._random.choice(self._shared.words.values.joins))
        both = Made((*first.pieces, join, *second.pieces), (*first.commands, *second.commands))
        return self._example(both.pieces, both, here, "compound")

    def _made(self, here: AreaId | None) -> Made | None:
        deeds = self._shared.deeds
        for deed in self._random.choices(deeds, [deed.weight for deed in deeds], k=12):
            made = self._deeds.make(deed, here)
            if made is not None:
                return made
        return None

    def _sentence(self, here: AreaId | None) -> Example | None:
        made = self._samples.make(here)
        return None if made is None else self._example(made.pieces, made, here, "sentence")

    def _nothing(self, here: AreaId | None) -> Example | None:
        kind, pieces = self._silence.make()
        return self._example(pieces, Made(pieces, ()), here, kind)

    def _example(self, pieces: tuple[Piece, ...], made: Made, here: AreaId | None, kind: str) -> Example | None:
        words = self._shared.words
        said = joined(roughened(pieces, words.values, self._shared.articles, self._random))
        situation = Situation(words.language, Source.MICROPHONE, here)
        return Example(said, self._home, situation, made.commands, kind) if said else None
