"""Words by which the planner's candidates are found, one file per language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from assistant.understanding.words import primary

LANGUAGES = ("en",)
Lists = Mapping[str, tuple[str, ...]]


class PlannerWords(BaseModel):
    """Lower case, as normalised. Nothing here makes anything act: it decides what a model is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    common: frozenset[str] = frozenset()
    """Words that tell nothing apart."""
    endings: tuple[tuple[str, str], ...] = ()
    """Endings of verbs, each with what stands in its place in the bare form."""
    verbs: frozenset[str] = frozenset()
    """Words of commands, which are seldom meant to be names that sound like them."""
    questions: frozenset[str] = frozenset()
    """Words with which something is asked."""
    retractions: tuple[str, ...] = ()
    """Phrases that take back what was just said."""
    stories: tuple[str, ...] = ()
    """Phrases of reports, quotes and questions how something is done."""
    harmless: tuple[str, ...] = ()
    """Turns of phrase with words of negation or condition that mean nothing of the kind."""
    at_once: tuple[str, ...] = ()
    """Times that need no waiting, and words that only look like times."""
    conditions: tuple[str, ...] = ()
    """Phrases that make a wish one for later."""
    wide: frozenset[str] = frozenset()
    """Words that mean more than one thing, plurals as plurals."""
    rooms: tuple[tuple[str, ...], ...] = ()
    """Names that mean one room, where the home doesn't tell them apart."""
    explicit: Lists = {}
    """Tool → words of which one must be said, since it makes a home less safe."""
    kinds: Mapping[str, str] = {}
    """A kind of things, as it is written in calls → domain."""
    colors: Mapping[str, str] = {}
    """Likewise for colours → the name that lights take."""
    nouns: Lists = {}
    """Domain, or "domain.class/class" (device classes) → what such a thing is called."""
    hints: Lists = {}
    """Domain → words of wishes that don't name the thing."""
    subjects: Lists = {}
    """Skill → words of which one is said when it is meant; a skill that isn't here may be meant by any."""
    wishes: Lists = {}
    """Tool → words of the wish that its own sentences lack."""


@lru_cache(maxsize=8)
def planner_words(language: str) -> PlannerWords:
    """The words of `language`; none for one we don't have."""
    code = primary(language)
    if code not in LANGUAGES:
        return PlannerWords()
    text = files("assistant.understanding.planner").joinpath("words", f"{code}.toml").read_text(encoding="utf-8")
    return PlannerWords.model_validate(tomllib.loads(text))
