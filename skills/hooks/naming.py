"""Which thing of the home is meant by a few words, and what is to be done."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.sdk import Context, Deed, Entity, Watch

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
    happens: Mapping[str, str]
    """Event → how it is told."""
    fillers: frozenset[str]
    """Words that tell nothing of what is meant."""


@lru_cache
def phrases_for(language: str) -> Phrases:
    """The words of a language; English for one that has none."""
    folder = Path(__file__).parent / "words"
    file = folder / f"{language.partition('-')[0]}.toml"
    raw = tomllib.loads((file if file.is_file() else folder / f"{_FALLBACK}.toml").read_text(encoding="utf-8"))
    raw["fillers"] = frozenset(raw["fillers"])
    return Phrases(**raw)


def happening(watch: Watch) -> str:
    """What is waited for, in the words of the language in which it was asked."""
    happens = phrases_for(watch.language).happens
    key = watch.event if watch.name else f"you_{watch.event}"
    return happens.get(key, happens[watch.event]).format(name=watch.name, limit=watch.limit)


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
    fitting = [each for each in able if each[0].id in wanted.ids] or _fitting(ctx, able, wanted)
    said = _said(ctx, wanted)
    merits = {entity.id: (rank(entity, wanted.event), _excess(ctx, entity, said)) for entity, _ in fitting}
    best = min(merits.values(), default=None)
    return [each for each in fitting if merits[each[0].id] == best]


def _fitting(ctx: Context, able: Sequence[tuple[Entity, Look]], wanted: Wanted) -> Sequence[tuple[Entity, Look]]:
    said = _said(ctx, wanted)
    return [each for each in able if said <= _known_by(ctx, each[0])]


def _said(ctx: Context, wanted: Wanted) -> frozenset[str]:
    """The words that tell what is meant; none: anything that can tell it."""
    named = (entity.name for entity in ctx.home.view().entities if entity.id in wanted.ids)
    return _words(wanted.what or next(named, ""), ctx.language)


def _is_kind(entity: Entity, wanted: Wanted, language: str) -> bool:
    """Any binary sensor or button might be a bell; one that has another job is none."""
    if wanted.event.key != "rings" or entity.device_class == "doorbell":
        return True
    is_named_so = re.search(phrases_for(language).bell, entity.name, re.IGNORECASE) is not None
    return entity.device_class in (None, "sound", "occupancy", "button") and is_named_so


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
