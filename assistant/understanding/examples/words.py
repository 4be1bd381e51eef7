"""The word lists that examples are made of: one folder of TOML files per language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict

from assistant.core.errors import InputError
from assistant.understanding.words import primary

LANGUAGES = ("en",)
"""For these there are lists; another language is one more folder."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ThingWords(_Strict):
    """One kind of things that homes have."""

    domain: str
    device_class: str | None = None
    weight: int
    """How common it is."""
    names: tuple[str, ...]
    """Patterns with {room}, {owner}, {brand}, {place}, {nickname}, {n}."""
    kind: tuple[str, ...]
    """What people call one of them, where its room says which."""
    many: tuple[str, ...]
    features: frozenset[str] = frozenset()
    maybe: tuple[str, ...] = ()
    """Features that only some of them have."""
    options: tuple[str, ...] = ()
    unit: str | None = None


class HomeWords(_Strict):
    """What invented homes are made of."""

    floors: tuple[str, ...]
    owners: tuple[str, ...]
    brands: tuple[str, ...]
    places: tuple[str, ...]
    nicknames: tuple[str, ...]
    rooms: Mapping[str, tuple[str, ...]]
    """Name → other names."""
    things: tuple[ThingWords, ...]


class Deed(_Strict):
    """One intent, what it is done to, and the ways to say it. Exactly one of the targets, or none, is set."""

    intent: str
    weight: int
    say: tuple[str, ...]
    """Templates in hassil's grammar."""
    slots: Mapping[str, str] = {}
    """Slot of the intent → placeholder of `say`, or "=value" for one that isn't said."""
    kinds: tuple[str, ...] = ()
    """A named thing of one of these (domain, or domain.device_class)."""
    needs: str = ""
    """A feature that the thing must have."""
    group: str = ""
    """The things of a room (domain, domain.feature, "cover.blind", or "any")."""
    floor: str = ""
    """The things of a storey."""
    here: str = ""
    """Those where the speaker is."""
    home: str = ""
    """Those of the whole home."""


class DeedWords(_Strict):
    """All deeds, and the rules that their templates share."""

    rules: Mapping[str, str]
    deeds: tuple[Deed, ...]


class ValueWords(_Strict):
    """Values, synonyms, what is misheard, and what is said around a command."""

    items: tuple[str, ...]
    lists: tuple[str, ...]
    labels: tuple[str, ...]
    ones: tuple[str, ...]
    """0 to 19 in words."""
    tens: tuple[str, ...]
    """20 to 100 in words."""
    units: tuple[str, ...]
    named_durations: tuple[str, ...]
    place_words: tuple[str, ...]
    """How a room is added to a name."""
    pairs: tuple[str, ...]
    """How two names are joined."""
    whites: tuple[str, ...]
    colors: tuple[str, ...]
    area_colors: tuple[str, ...]
    joins: tuple[str, ...]
    fillers: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    swaps: Mapping[str, tuple[str, ...]]
    sounds: Mapping[str, tuple[str, ...]]


class Silence(_Strict):
    """One kind of talk that means no command."""

    weight: int
    say: tuple[str, ...]
    absent: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()


class ExampleWords(_Strict):
    """All lists of one language."""

    language: str
    homes: HomeWords
    deeds: DeedWords
    values: ValueWords
    nothing_rules: Mapping[str, str]
    nothing: Mapping[str, Silence]


@lru_cache(maxsize=4)
def example_words(language: str) -> ExampleWords:
    """The lists of `language`. Raises InputError where there are none."""
    code = primary(language)
    if code not in LANGUAGES:
        raise InputError(f"there are no word lists to make examples of in {language!r}", why=f"known: {LANGUAGES}")
    nothing = _table(code, "nothing")
    return ExampleWords(
        language=code,
        homes=HomeWords.model_validate(_table(code, "homes")),
        deeds=DeedWords.model_validate(_table(code, "deeds")),
        values=ValueWords.model_validate(_table(code, "values")),
        nothing_rules=nothing.pop("rules"),
        nothing={name: Silence.model_validate(each) for name, each in nothing.items()},
    )


def _table(code: str, name: str) -> dict[str, Any]:
    text = files("assistant.understanding.examples").joinpath(code, f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
