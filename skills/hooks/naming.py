"""Which thing of the home is meant by a few words, and what they want done."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.sdk import Context, Deed, Entity

from .events import Look, Wanted, look_at, rank

_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Phrases:
    """A language's words for deeds; each a regular expression."""

    tell: str
    say: str
    remind: str
    standing: str
    bell: str
    fillers: frozenset[str]
    """Words that tell nothing of what is meant."""


@lru_cache
def phrases_for(language: str) -> Phrases:
    """The words of a language; English for one that has none."""
    folder = Path(__file__).parent / "words"
    file = folder / f"{language.partition('-')[0]}.toml"
    raw = tomllib.loads((file if file.is_file() else folder / f"{_FALLBACK}.toml").read_text(encoding="utf-8"))
    patterns = (raw[key] for key in ("tell", "say", "remind", "standing", "bell"))
    return Phrases(*patterns, fillers=frozenset(raw["fillers"]))


def deed_from(order: str | None, language: str) -> tuple[Deed, str]:
    """What is to be done, and the words that it is done with."""
    phrases = phrases_for(language)
    said = (order or "").strip().rstrip(".!?")
    if not said or re.fullmatch(phrases.tell, said, re.IGNORECASE):
        return Deed.TELL, ""
    for pattern, deed in ((phrases.remind, Deed.REMIND), (phrases.say, Deed.SAY)):
        found = re.fullmatch(pattern, said, re.IGNORECASE)
        if found is not None and found["text"].strip():
            return deed, found["text"].strip()
    return Deed.RUN, said


def is_standing(said: str, language: str) -> bool:
    """True where every time is meant."""
    return re.search(phrases_for(language).standing, said, re.IGNORECASE) is not None


def things_meant(ctx: Context, wanted: Wanted) -> Sequence[tuple[Entity, Look]]:
    """Those that can tell it and that the words fit; best first, and of those alike only the best."""
    able = [
        (entity, look)
        for entity in ctx.home.view().entities
        if (look := look_at(entity, wanted)) and _is_kind(entity, wanted, ctx.language)
    ]
    if wanted.entity_id is not None:
        if exact := [each for each in able if each[0].id == wanted.entity_id]:
            return exact
    said = _words(wanted.what or _name_of(ctx, wanted.entity_id), ctx.language)
    fitting = [(entity, look) for entity, look in able if said <= _known_by(ctx, entity)] if said else able
    scored = sorted(fitting, key=lambda each: (rank(each[0], wanted.event), _excess(ctx, each[0], said)))
    if not scored:
        return ()
    best = (rank(scored[0][0], wanted.event), _excess(ctx, scored[0][0], said))
    return [each for each in scored if (rank(each[0], wanted.event), _excess(ctx, each[0], said)) == best]


def _is_kind(entity: Entity, wanted: Wanted, language: str) -> bool:
    """Any binary sensor might be a bell; one that has another job is none."""
    if wanted.event.key != "rings" or entity.domain != "binary_sensor":
        return True
    is_named_so = re.search(phrases_for(language).bell, entity.name, re.IGNORECASE) is not None
    return entity.device_class in (None, "sound", "occupancy") and is_named_so


def _name_of(ctx: Context, entity_id: str | None) -> str:
    return next((entity.name for entity in ctx.home.view().entities if entity.id == entity_id), "")


def _words(text: str, language: str) -> frozenset[str]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(words) - phrases_for(language).fillers


def _known_by(ctx: Context, entity: Entity) -> frozenset[str]:
    area = next((area for area in ctx.home.view().areas if area.id == entity.area_id), None)
    names = [entity.name, *entity.aliases, *((area.name, *area.aliases) if area else ()), entity.device_class or ""]
    return frozenset(word for name in names for word in re.findall(r"\w+", name.casefold()))


def _excess(ctx: Context, entity: Entity, said: frozenset[str]) -> int:
    """How many words of its name were not said."""
    own = (_words(name, ctx.language) for name in (entity.name, *entity.aliases))
    return min(len(words - said) for words in own)
