"""Words by which the planner's candidates are found, one file per language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from assistant.understanding.words import primary

LANGUAGES = ("en",)


class PlannerWords(BaseModel):
    """Lower case, as normalised. Nothing here makes anything act: it decides what a model is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: Mapping[str, str] = {}
    """A kind of things, as it is written in calls → domain."""
    colors: Mapping[str, str] = {}
    """Likewise for colours → the name that lights take."""


@lru_cache(maxsize=8)
def planner_words(language: str) -> PlannerWords:
    """The words of `language`; none for one we don't have."""
    code = primary(language)
    if code not in LANGUAGES:
        return PlannerWords()
    text = files("assistant.understanding.planner").joinpath("words", f"{code}.toml").read_text(encoding="utf-8")
    return PlannerWords.model_validate(tomllib.loads(text))
