"""What is to become of words that nobody else understood: left alone, answered from what is known, or by the model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.core.home import HomeView
from assistant.language import normalise
from assistant.understanding.chat.words import ChatWords, chat_words

_SIGNS = re.compile(r"[^\w\s'%]+")


class Kind(StrEnum):
    """How words are answered."""

    LEFT = "left"
    """Not at all, by chat."""
    KNOWN = "known"
    UNKNOWN = "unknown"
    FREE = "free"
    MORE = "more"
    """Free, but only as the continuation of a fresh answer."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided; `key` names the pattern that matched."""

    kind: Kind
    key: str = ""


def decide(text: str, words: ChatWords, names: Iterable[str], language: str) -> Decision:
    """By patterns alone. `names` are those of the home, as normalised: nothing is made up about what they name."""
    forms = tuple(dict.fromkeys((bare(text), normalise(text, language))))
    for key, pattern in words.asked.unknown.items():
        if _matches(pattern, forms):
            return Decision(Kind.UNKNOWN, key)
    for key, pattern in words.asked.known.items():
        if _matches(pattern, forms):
            return Decision(Kind.KNOWN, key)
    if _matches(words.asked.commands, forms):
        return Decision(Kind.LEFT, "command")
    if any(_holds(form, name) for form in forms for name in names):
        return Decision(Kind.UNKNOWN, "home")
    for key, kind in (("talk", Kind.FREE), ("more", Kind.MORE)):
        if _matches(words.asked.free[key], forms):
            return Decision(kind, key)
    return Decision(Kind.LEFT, "no talk")


def is_trick(text: str, language: str) -> bool:
    """True for words that are after a model's instructions or secrets: none is to see them as a command."""
    words = chat_words(language)
    return words is not None and words.asked.unknown["told"].match(bare(text)) is not None


def bare(text: str) -> str:
    """Lower case without signs; politeness stays, since it tells a question from a wish."""
    return " ".join(_SIGNS.sub(" ", text.casefold().replace("’", "'")).split())


def names_of(home: HomeView, language: str) -> tuple[str, ...]:
    """All that things of a home are called, in the form that `decide` looks for; single common nouns are left out."""
    names = (normalise(name, language) for entity in home.entities for name in (entity.name, *entity.aliases))
    return tuple(dict.fromkeys(name for name in names if " " in name))


def _matches(pattern: re.Pattern[str], forms: Iterable[str]) -> bool:
    return any(pattern.match(form) for form in forms)


def _holds(form: str, name: str) -> bool:
    return f" {name} " in f" {form} "
