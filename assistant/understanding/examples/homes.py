"""Homes that nobody lives in: rooms, storeys and things under all kinds of names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from assistant.core.home import Area, AreaId, Entity, EntityId, Floor, FloorId, HomeView
from assistant.understanding.examples.words import HomeWords, ThingWords

SIZES = (5, 8, 12, 18, 25, 35, 50, 80, 110, 150)
"""So many things a home has, about; each size is as likely as the others."""
_HAS_FLOORS = 0.45
_HAS_ALIAS = 0.12
_IS_PLACELESS = 0.06
_IS_LOOSE = 0.3
"""Of names that could begin with a room, so many are of another thing that stands anywhere."""


def invent_home(random: Random, words: HomeWords) -> HomeView:
    """One home; the same for the same state of `random`."""
    size = random.choice(SIZES)
    rooms = _rooms(random, words, size)
    floors = _floors(random, words) if len(rooms) > 3 and random.random() < _HAS_FLOORS else ()
    areas = [_area(random, room, words, floors) for room in rooms]
    book = _Names(random, words)
    kinds = _kinds(random, words, size)
    entities = [book.thing(kind, random.choice(areas)) for kind in kinds]
    return HomeView(tuple(entities), tuple(areas), floors)


def _rooms(random: Random, words: HomeWords, size: int) -> list[str]:
    many = min(len(words.rooms), max(1, round(size ** random.uniform(0.45, 0.75))))
    return random.sample(list(words.rooms), many)


def _floors(random: Random, words: HomeWords) -> tuple[Floor, ...]:
    names = random.sample(list(words.floors), random.randint(2, 3))
    return tuple(Floor(FloorId(_slug(name)), name) for name in names)


def _area(random: Random, room: str, words: HomeWords, floors: Sequence[Floor]) -> Area:
    others = words.rooms[room]
    aliases = tuple(random.sample(list(others), 1)) if others and random.random() < _HAS_ALIAS else ()
    return Area(AreaId(_slug(room)), room, aliases, random.choice(floors).id if floors else None)


def _kinds(random: Random, words: HomeWords, size: int) -> list[ThingWords]:
    """Most homes have all sorts of things; some have many of a few."""
    known = list(words.things)
    few = random.sample(known, min(len(known), random.choice((2, 4, 8, len(known)))))
    return random.choices(few, weights=[kind.weight for kind in few], k=size)


@dataclass(slots=True)
class _Names:
    """Gives every thing of one home a name and an id of its own."""

    random: Random
    words: HomeWords
    taken: set[str] = field(default_factory=set)

    def thing(self, kind: ThingWords, area: Area) -> Entity:
        """A thing of that kind in that room."""
        name = self._name(kind, area)
        slug = entity_id = f"{kind.domain}.{_slug(name)}"
        number = 1
        while entity_id in self.taken:
            number += 1
            entity_id = f"{slug}_{number}"
        self.taken.add(entity_id)
        maybe = [feature for feature in kind.maybe if self.random.random() < 0.6]
        options = self.random.sample(kind.options, min(len(kind.options), self.random.randint(2, 6)))
        place = None if self.random.random() < _IS_PLACELESS else area.id
        return Entity(
            EntityId(entity_id), name, kind.domain, place, self._aliases(kind),
            device_class=kind.device_class, unit=kind.unit,
            features=kind.features | frozenset(maybe), options=tuple(options),
        )  # fmt: skip

    def _name(self, kind: ThingWords, area: Area) -> str:
        """Not twice in a home, mostly."""
        for _ in range(6):
            name = self._filled(self.random.choice(kind.names), area.name)
            if f"{kind.domain}.{_slug(name)}" not in self.taken:
                break
        return name.lower() if self.random.random() < 0.05 else name

    def _filled(self, pattern: str, room: str) -> str:
        pick, words = self.random.choice, self.words
        if pattern.startswith("{room}") and self.random.random() < _IS_LOOSE / 3:
            pattern = pattern.removeprefix("{room}").strip() or pattern
        return pattern.format(
            room=room, owner=pick(words.owners), brand=pick(words.brands), place=pick(words.places).title(),
            nickname=pick(words.nicknames), n=self.random.randint(1, 6),
        )  # fmt: skip

    def _aliases(self, kind: ThingWords) -> tuple[str, ...]:
        if self.random.random() >= _HAS_ALIAS:
            return ()
        owner = self.random.choice(self.words.owners)
        return (
            self.random.choice(
                (f"{owner}'s {self.random.choice(kind.kind)}", self.random.choice(self.words.nicknames))
            ),
        )


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_") or "thing"
