"""What a turn's calls may name: things, places and tools, few enough for a short prompt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.core.home import Area, AreaId, Entity, Floor, HomeView
from assistant.understanding.planner.evidence import Evidence
from assistant.understanding.planner.tools import Tool

MAX_LABEL = 40
"""Names are cut after so many characters."""
_NOT_IN_LABELS = re.compile(r"[^\w '&+./-]+|_+")


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity under a label that is unique in this turn."""

    label: str
    entity: Entity
    place: str = ""
    """The label of its area."""


@dataclass(frozen=True, slots=True)
class Place:
    """An area or floor under a label that is unique in this turn."""

    label: str
    id: str
    is_floor: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the utterance that asks for one thing."""

    said: str
    """Normalised."""
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """Entity id → what in this clause speaks for it."""
    places: tuple[str, ...] = ()
    """Ids of the areas and floors that it names."""
    unknown: tuple[str, ...] = ()
    """Words that lead nowhere: no name, no kind, no wish, no number, none that everybody always says."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """All that the prompt and the grammar of one turn are made of."""

    said: str
    """The words, normalised: what spans are copied from."""
    things: tuple[Thing, ...]
    places: tuple[Place, ...]
    tools: tuple[Tool, ...]
    here: str = ""
    """The label of the speaker's area."""
    domains: frozenset[str] = frozenset()
    """Of all that there is in the home."""
    clauses: tuple[Clause, ...] = ()
    area_id: str | None = None
    """The speaker's."""

    def thing(self, label: str) -> Entity | None:
        """The entity of that label."""
        return next((thing.entity for thing in self.things if thing.label == label), None)

    def place(self, label: str, *, is_floor: bool) -> str | None:
        """The id of the place of that label."""
        return next((each.id for each in self.places if (each.label, each.is_floor) == (label, is_floor)), None)


def label_of(name: str) -> str:
    """A name as the prompt shows it: on one line, without signs that mean something there or in JSON."""
    plain = " ".join(_NOT_IN_LABELS.sub(" ", name).split())
    return plain[:MAX_LABEL].rstrip()


def things_of(entities: Sequence[Entity], home: HomeView) -> tuple[Thing, ...]:
    """Under their names; of two with one name, with the area's behind it, or a number. Nameless ones are left out."""
    areas: dict[AreaId | None, str] = {area.id: label_of(area.name) for area in home.areas}
    named = [(label_of(entity.name), entity) for entity in entities]
    counts = Counter(label.casefold() for label, _ in named)
    taken: set[str] = set()
    things: list[Thing] = []
    for label, entity in named:
        place = areas.get(entity.area_id, "")
        full = f"{label} {place}".strip() if label and counts[label.casefold()] > 1 else label
        if full:
            things.append(Thing(_unique(full, taken), entity, place))
    return tuple(things)


def places_of(places: Iterable[Area | Floor]) -> tuple[Place, ...]:
    """Under their names, which are made unique."""
    taken: set[str] = set()
    named = [(label_of(place.name), place) for place in places]
    return tuple(Place(_unique(label, taken), place.id, isinstance(place, Floor)) for label, place in named if label)


def _unique(label: str, taken: set[str]) -> str:
    number, free = 1, label
    while free.casefold() in taken:
        number += 1
        free = f"{label} {number}"
    taken.add(free.casefold())
    return free
