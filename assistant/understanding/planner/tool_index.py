"""Finds the tools that an utterance may call, by the words of their sentences and the kinds of things it may mean."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assistant.understanding.planner.lexis import Vocabulary, heard, stem, stems
from assistant.understanding.planner.thing_index import FoundThings
from assistant.understanding.planner.tools import ArgumentKind, Tool, Toolbox
from assistant.understanding.planner.words import planner_words

RARE = 0.15
"""What a word counts that one of a tool's sentences has, besides its share of them."""
COMMON = 0.3
"""So much of that remains for a word that tells little apart."""
WISHED = 1.2
"""What a word counts that the lexicon gives to a tool, against its share of those of the tool's sentences."""
FITS = 0.8
"""What it counts that a thing of the right kind was found, times the square of that thing's merit against the best."""
PRIOR = 0.8
"""What a tool for things has without any word, so that all that may be done to what was named comes near the top."""
SURELY_ALIKE, LONG_ENOUGH = 0.85, 5
"""Words so alike, and of so many letters, are taken for the same one where a word must not be unknown."""
LEAST_SHARE = 0.1
"""Tools of less than this share of the best one's merit are not shown."""
UNFIT = 0.3
"""What remains where no such thing was found."""
_MARKS = re.compile(r"\{\w+\}|[\[\]()|{}]")


class ToolIndex:
    """The words of all tools; does not depend on the home."""

    def __init__(self, toolbox: Toolbox, language: str) -> None:
        self._tools = toolbox.tools
        wishes = {
            tool: {stem(word, language) for word in words} for tool, words in planner_words(language).wishes.items()
        }
        common = frozenset(stem(word, language) for word in planner_words(language).common)
        self._words = [_weighted(tool, wishes.get(tool.name, set()), common, language) for tool in self._tools]
        self._needed = {
            skill: {stem(word, language) for word in words} for skill, words in planner_words(language).subjects.items()
        }
        spread = Counter(word for words in self._words for word in words)
        self._rarity = {word: math.log(1 + len(self._tools) / count) for word, count in spread.items()}
        self._vocabulary = Vocabulary(spread, planner_words(language).endings)

    def knows(self, word: str) -> bool:
        """Whether a stem speaks for a tool, as it is, as the form of a verb, or as it sounds."""
        if word in self._vocabulary or self._vocabulary.bare(word):
            return True
        is_long = len(word) >= LONG_ENOUGH
        return is_long and max(self._vocabulary.alike(word).values(), default=0.0) >= SURELY_ALIKE

    def find(self, words: Sequence[str], found: FoundThings, present: frozenset[str]) -> tuple[str, ...]:
        """Names of tools for these stems, best first, where such things were found in a home of these domains."""
        said = heard([word for word in words if word not in found.place_words], self._vocabulary, frozenset())
        merits = [
            (self._merit(tool, own, said, found), tool.name)
            for tool, own in zip(self._tools, self._words, strict=True)
            if not tool.domains or tool.domains & present
        ]
        least = LEAST_SHARE * max((merit for merit, _ in merits), default=0.0)
        return tuple(name for merit, name in sorted(merits, key=lambda each: (-each[0], each[1])) if merit > least)

    def _merit(self, tool: Tool, own: Mapping[str, float], said: Mapping[str, float], found: FoundThings) -> float:
        domains = found.domains
        words = sum(own[word] * rate * self._rarity[word] for word, rate in said.items() if word in own)
        if not tool.domains:
            return words * self._fit_of_skill(tool, said)
        best = max((merit for domain, merit in domains.items() if domain in tool.domains), default=0.0)
        fit = UNFIT + FITS * (best / max(domains.values(), default=1.0)) ** 2
        if found.places and any(each.kind is ArgumentKind.AREA for form in tool.forms for each in form):
            fit += 0.2
        return tool.weight * (words + PRIOR) * fit

    def _fit_of_skill(self, tool: Tool, said: Mapping[str, float]) -> float:
        """Less for what a skill does, where none of the words was said without which nobody asks for it."""
        needed = self._needed.get(tool.intent.split(".")[0])
        return UNFIT if needed is not None and not needed & said.keys() else 1.0


def _weighted(tool: Tool, wished: Iterable[str], common: frozenset[str], language: str) -> dict[str, float]:
    """Words → how much they speak for the tool, 0 to 1."""
    counts: Counter[str] = Counter()
    for sentence in tool.sentences:
        counts.update(set(stems(_MARKS.sub(" ", sentence), language)))
    total = max(len(tool.sentences), 1)
    own = {word: min(1.0, RARE + count / total) for word, count in counts.items()}
    own |= {word: own[word] * COMMON for word in common if word in own}
    return own | dict.fromkeys(wished, WISHED)
