"""The words of an utterance and of names in the form in which they are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.language import normalise, number_from
from assistant.understanding.planner.sound import key_of, likeness, near_keys
from assistant.understanding.planner.words import planner_words
from assistant.understanding.words import words_for

ALIKE = 0.72
"""Words at least so alike to the ear may be the same one."""
INFLECTED = 0.8
"""What a form of a known verb counts against the word itself."""
DOUBTFUL = 0.5
"""So much remains of a likeness where the word that was heard makes sense itself."""
MOST_KEPT = 2_000
"""Words whose likenesses are kept: people say the same ones again and again."""
LONG = 8
"""Two words in a row may be one that sounds so ("grammar phone") from so many letters on."""
MIN_SOUNDS = 2
"""A word of fewer sounds is like too many others."""
_PLURALS = (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("s", ""))
_SINGULAR = ("ss", "us", "is", "as")


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """A word without its plural ending; number words as figures."""
    number = number_from(word, language) if not word.isdigit() else None
    if number is not None:
        return f"{number:g}"
    if language != "en":
        return word
    word = word.removesuffix("'s")
    if len(word) > 3 and not word.endswith(_SINGULAR):
        for ending, instead in _PLURALS:
            if word.endswith(ending):
                return word.removesuffix(ending) + instead
    return word


def stems(text: str, language: str) -> tuple[str, ...]:
    """The words of a text that isn't normalised yet."""
    return tuple(stem(word, language) for word in normalise(text, language).split())


@lru_cache(maxsize=8)
def usual_words(language: str) -> frozenset[str]:
    """Stems of words that are no name of anything: common ones, those of commands, questions and joining."""
    book, own = words_for(language), planner_words(language)
    phrases = (*book.conjunctions, *book.exceptions, *book.negations, *book.articles, *own.kinds, *own.colors)
    words = {word for phrase in phrases for word in phrase.split()} | own.common | own.verbs | own.questions
    return frozenset(stem(word, language) for word in words)


class Vocabulary:
    """Known words, found also by those that sound like them."""

    def __init__(self, words: Iterable[str], endings: Sequence[tuple[str, str]] = ()) -> None:
        """`endings` of verbs with what stands in their place in the bare form."""
        self._words = frozenset(words)
        self.alike = lru_cache(maxsize=MOST_KEPT)(self._alike)
        """A word → known words that are alike, each with how much, 0 to 1; itself left out."""
        self._endings = endings
        self._by_key: dict[str, set[str]] = {}
        for word in self._words:
            for key in near_keys(key_of(word)):
                if len(key) >= MIN_SOUNDS:
                    self._by_key.setdefault(key, set()).add(word)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def bare(self, word: str) -> frozenset[str]:
        """Known words of which it is a form ("closed": "close")."""
        forms = (word.removesuffix(end) + instead for end, instead in self._endings if word.endswith(end))
        return frozenset(form for form in forms if form in self._words)

    def _alike(self, word: str) -> Mapping[str, float]:
        near = {known for key in near_keys(key_of(word)) for known in self._by_key.get(key, ())}
        rated = {known: likeness(word, known) for known in near if known != word}
        return {known: rate for known, rate in rated.items() if rate >= ALIKE}


def heard(
    words: Sequence[str], vocabulary: Vocabulary, trusted: frozenset[str], doubtful: frozenset[str] = frozenset()
) -> dict[str, float]:
    """Known words that were said, and those that may have been: 1 for the same word, less for one that sounds so.

    `trusted` words are what they are, `doubtful` ones most likely; two words in a row may be one ("bed room")."""
    found = {word: 1.0 for word in words if word in vocabulary}
    joined = [first + second for first, second in pairwise(words)]
    found |= {word: 1.0 for word in joined if word in vocabulary}
    found |= {bare: INFLECTED for word in words for bare in vocabulary.bare(word) if bare not in found}
    for word in (*words, *(each for each in joined if len(each) >= LONG)):
        if word not in vocabulary and word not in trusted:
            for known, rate in vocabulary.alike(word).items():
                rate *= DOUBTFUL if word in doubtful else 1.0
                found[known] = max(found.get(known, 0.0), rate)
    return found
