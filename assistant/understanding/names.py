"""The names of a home, found in a text at a cost that does not grow with the number of names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hassil.intents import SlotList, TextSlotList, TextSlotValue

from assistant.core.home import Area, AreaId, Entity, HomeView
from assistant.language import normalise

_SEPARATORS = str.maketrans("-_’", "  '")


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """An entity under one of its names."""

    name: str
    entity: Entity


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """An area or floor under one of its names."""

    name: str
    official: str
    id: str
    is_floor: bool


Named = NamedEntity | NamedPlace


def fold(text: str) -> str:
    """The form in which names are compared."""
    return " ".join(text.translate(_SEPARATORS).lower().split())


class Names:
    """All names of a home in one language."""

    def __init__(self, home: HomeView, language: str) -> None:
        self.home = home
        self._by_name: dict[str, list[Named]] = {}
        for named in _all_names(home):
            for form in dict.fromkeys((fold(named.name), fold(normalise(named.name, language)))):
                if form:
                    self._by_name.setdefault(form, []).append(named)
        self._lengths = sorted({len(form) for form in self._by_name})
        self._areas = {area.id: area for area in home.areas}

    def starting_at(self, text: str, start: int) -> Iterable[tuple[int, Sequence[Named]]]:
        """Names that begin there in a folded text: (end, those that are called so)."""
        left = len(text) - start
        for length in self._lengths:
            if length > left:
                return
            named = self._by_name.get(text[start : start + length])
            if named is not None:
                yield start + length, named

    def within(self, text: str) -> Mapping[str, Sequence[Named]]:
        """Every name that occurs in the text, by its folded form."""
        folded = fold(text)
        starts = [at for at in range(len(folded)) if at == 0 or not folded[at - 1].isalnum()]
        return {folded[at:end]: named for at in starts for end, named in self.starting_at(folded, at)}

    def slot_lists(self, text: str) -> dict[str, SlotList]:
        """The lists name, area and floor for hassil, with only what occurs in the text."""
        names: list[TextSlotValue] = []
        areas: list[TextSlotValue] = []
        floors: list[TextSlotValue] = []
        for form, found in self.within(text).items():
            for named in found:
                if isinstance(named, NamedEntity):
                    names.append(_value(form, named.name, _context(named.entity)))
                elif named.is_floor:
                    floors.append(_value(form, named.official))
                else:
                    areas.append(_value(form, named.official))
        return {
            "name": TextSlotList(name="name", values=names),
            "area": TextSlotList(name="area", values=areas),
            "floor": TextSlotList(name="floor", values=floors),
        }

    def entities(self, name: str) -> list[Entity]:
        """Entities that are called so."""
        found = self._by_name.get(fold(name), ())
        return list({named.entity.id: named.entity for named in found if isinstance(named, NamedEntity)}.values())

    def place_id(self, name: str, *, is_floor: bool = False) -> str | None:
        """The id of the area or floor that is called so."""
        for named in self._by_name.get(fold(name), ()):
            if isinstance(named, NamedPlace) and named.is_floor == is_floor:
                return named.id
        return None

    def area(self, area_id: str | None) -> Area | None:
        """The area of that id."""
        return self._areas.get(AreaId(area_id)) if area_id else None


def _all_names(home: HomeView) -> Iterable[Named]:
    for entity in home.entities:
        for name in (entity.name, *entity.aliases):
            yield NamedEntity(name, entity)
    for area in home.areas:
        for name in (area.name, *area.aliases):
            yield NamedPlace(name, area.name, area.id, is_floor=False)
    for floor in home.floors:
        for name in (floor.name, *floor.aliases):
            yield NamedPlace(name, floor.name, floor.id, is_floor=True)


def _context(entity: Entity) -> dict[str, str]:
    context = {"domain": entity.domain}
    if entity.device_class:
        context["device_class"] = entity.device_class
    return context


def _value(form: str, value: str, context: dict[str, str] | None = None) -> TextSlotValue:
    return TextSlotValue.from_tuple((form, value, context or {}), allow_template=False)
