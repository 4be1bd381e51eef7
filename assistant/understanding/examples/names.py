"""How people call things: by name, by part of it, by kind and room, by another word; never so that another is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from assistant.core.home import Area, AreaId, Entity, HomeView
from assistant.understanding.examples.words import ExampleWords, ThingWords


@dataclass(frozen=True, slots=True)
class Caller:
    """Finds names for the things of one home."""

    home: HomeView
    words: ExampleWords
    random: Random

    def call(self, entity: Entity, rivals: Sequence[Entity], here: AreaId | None) -> str | None:
        """Words that mean this thing and none of its rivals to somebody who stands `here`; None where none do."""
        ways: list[tuple[int, Callable[[Entity, AreaId | None], str]]] = [
            (10, self._full), (2, self._alias), (4, self._with_room), (4, self._without_room), (5, self._kind_in_room),
            (2, self._kind_alone), (4, self._swapped), (2, self._part),
        ]  # fmt: skip
        makers = [way for _, way in ways]
        weights = [weight for weight, _ in ways]
        for _ in range(5):
            said = self.random.choices(makers, weights)[0](entity, here)
            if said and self._is_clear(said, entity, rivals, here):
                return said
        return None

    def area(self, area: Area) -> str:
        """A name of a room."""
        others = (*area.aliases, *self.words.homes.rooms.get(area.name, ()))
        known = {each.name.casefold() for each in self.home.areas}
        free = [other for other in others if other.casefold() not in known]
        return self.random.choice(free) if free and self.random.random() < 0.15 else area.name

    # ── ways ─────────────────────────────────────────────────────────────────────────────────────

    def _full(self, entity: Entity, _: AreaId | None) -> str:
        return entity.name

    def _alias(self, entity: Entity, _: AreaId | None) -> str:
        return self.random.choice(entity.aliases) if entity.aliases else ""

    def _with_room(self, entity: Entity, _: AreaId | None) -> str:
        room = self._room(entity)
        if not room or room.casefold() in entity.name.casefold():
            return ""
        pattern = self.random.choice((*self.words.values.place_words, "{area}"))
        if pattern == "{area}":
            return f"{room} {entity.name}"
        return f"{entity.name} {pattern.format(area=room)}"

    def _without_room(self, entity: Entity, _: AreaId | None) -> str:
        room = self._room(entity)
        return entity.name[len(room) :].strip() if room and entity.name.casefold().startswith(room.casefold()) else ""

    def _kind_in_room(self, entity: Entity, _: AreaId | None) -> str:
        room, kinds = self._room(entity), self._kinds(entity)
        if not room or not kinds:
            return ""
        kind = self.random.choice(kinds)
        if self.random.random() < 0.5:
            return f"{room} {kind}"
        return f"{kind} {self.random.choice(self.words.values.place_words).format(area=room)}"

    def _kind_alone(self, entity: Entity, _: AreaId | None) -> str:
        kinds = self._kinds(entity)
        return self.random.choice(kinds) if kinds else ""

    def _swapped(self, entity: Entity, _: AreaId | None) -> str:
        swaps = self.words.values.swaps
        parts = entity.name.lower().split()
        places = [at for at, part in enumerate(parts) if part in swaps]
        if not places:
            return ""
        at = self.random.choice(places)
        return " ".join((*parts[:at], self.random.choice(swaps[parts[at]]), *parts[at + 1 :]))

    def _part(self, entity: Entity, _: AreaId | None) -> str:
        parts = entity.name.split()
        if len(parts) < 2:
            return ""
        at = self.random.randrange(len(parts))
        return " ".join((*parts[:at], *parts[at + 1 :]))

    # ── is it clear? ─────────────────────────────────────────────────────────────────────────────

    def _is_clear(self, said: str, entity: Entity, rivals: Sequence[Entity], here: AreaId | None) -> bool:
        """Nothing else that could be meant has all these words, or it isn't here and this one is."""
        wanted = _tokens(said) - _SMALL
        if not wanted:
            return False
        others = [each for each in rivals if each.id != entity.id and wanted <= self._known(each)]
        if not others:
            return True
        if said.casefold() == entity.name.casefold():
            same = [each for each in others if each.name.casefold() == said.casefold()]
            return not same or self._is_only_here(entity, same, here)
        return self._is_only_here(entity, others, here)

    def _is_only_here(self, entity: Entity, others: Iterable[Entity], here: AreaId | None) -> bool:
        return here is not None and entity.area_id == here and all(each.area_id != here for each in others)

    def _known(self, entity: Entity) -> set[str]:
        said = [entity.name, *entity.aliases, self._room(entity), *self._kinds(entity)]
        swapped = [other for part in entity.name.lower().split() for other in self.words.values.swaps.get(part, ())]
        return _tokens(" ".join((*said, *swapped)))

    def _room(self, entity: Entity) -> str:
        return next((area.name for area in self.home.areas if area.id == entity.area_id), "")

    def _kinds(self, entity: Entity) -> tuple[str, ...]:
        kind = kinds_of(self.words).get((entity.domain, entity.device_class))
        return kind.kind if kind else ()


_SMALL = frozenset({"the", "in", "of", "from", "a", "my", "our", "'s", "s"})


def kinds_of(words: ExampleWords) -> Mapping[tuple[str, str | None], ThingWords]:
    """What is known of a kind of things, by domain and device class."""
    return {(each.domain, each.device_class): each for each in words.homes.things}


def _tokens(text: str) -> set[str]:
    return set(text.casefold().replace("'s", " 's").replace("-", " ").split())
