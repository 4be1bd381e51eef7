"""Which things of the home a sentence means: by name, by place, by kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.sdk import AreaId, Context, Entity, HomeView, Outcome, SlotKind, Slots, SlotValue

SWITCHABLE = frozenset({"light", "switch", "fan", "media_player", "input_boolean", "humidifier", "siren"})
"""What "everything" means where things are switched."""
_CLASSES = {kind: (kind, "garage", "garage_door") for kind in ("door", "garage", "garage_door")}
"""A garage has its door, whichever class it names."""
NAMED = ("entity_id", "name")
PLACED = ("area", "area_id", "floor", "floor_id")


@dataclass(frozen=True, slots=True)
class Found:
    """The things that are meant; `area` is the name of the place that was meant, if any."""

    entities: tuple[Entity, ...]
    area: str = ""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What may be meant where no name is said: domains and device classes; empty: any."""

    domains: frozenset[str] = frozenset()
    device_classes: frozenset[str] = frozenset()

    def hold(self, entity: Entity) -> bool:
        """True for a thing of this kind."""
        is_domain = not self.domains or entity.domain in self.domains
        return is_domain and (not self.device_classes or entity.device_class in self.device_classes)


def kinds_from(slots: Slots, default: Iterable[str] = ()) -> Kinds:
    """The kinds that the slots ask for; without, those of `default`."""
    domains = texts(slots.get("domain")) or tuple(default)
    classes = {each for said in texts(slots.get("device_class")) for each in _CLASSES.get(said, (said,))}
    return Kinds(frozenset(domains), frozenset(classes))


def texts(value: SlotValue) -> tuple[str, ...]:
    """One text or several, as several."""
    if isinstance(value, str):
        return (value,) if value else ()
    return value if isinstance(value, tuple) else ()


def says(slots: Slots, *keys: str) -> bool:
    """True where one of these slots was said."""
    return any(slots.get(key) for key in keys)


def names_of(entities: Iterable[Entity]) -> tuple[str, ...]:
    """Their names, for words."""
    return tuple(entity.name for entity in entities)


def find(ctx: Context, slots: Slots, kinds: Kinds) -> Found | Outcome:
    """The things that are meant, or the outcome that says why there are none (or asks which)."""
    if ids := texts(slots.get("entity_id")):
        return _named(ctx, ids, said_area(ctx.home.view(), slots), kinds)
    if name := slots.get("name"):
        return Outcome.not_found("no_such_name", name=name)
    return _by_place(ctx, slots, kinds)


def area_from(ctx: Context, slots: Slots) -> AreaId | None:
    """The area that is said, else the one the speaker is in."""
    return said_area(ctx.home.view(), slots) or ctx.area_id


def said_area(view: HomeView, slots: Slots) -> AreaId | None:
    """By id, or by a name or id in `area` (a skill's own slots and answers hold ids)."""
    for said in (slots.get("area_id"), slots.get("area")):
        for area in view.areas:
            if isinstance(said, str) and said.casefold() in (area.id.casefold(), area.name.casefold()):
                return area.id
    return None


def _named(ctx: Context, ids: Sequence[str], area_id: AreaId | None, kinds: Kinds) -> Found | Outcome:
    """Of several with one name, those of the kind that the words are about (a lock, not its battery)."""
    view = ctx.home.view()
    named = [entity for entity in view.entities if entity.id in ids]
    if not named:
        return Outcome.not_found("gone")
    if area_id is not None:
        there = [entity for entity in named if entity.area_id in (None, area_id)]
        if not there:
            return Outcome.not_found("not_there", name=named[0].name, area=place_name(view, area_id))
        named = there
    named = [entity for entity in named if kinds.hold(entity)] or named
    return Found(tuple(named)) if len(named) == 1 else _which(ctx, named)


def _which(ctx: Context, named: Sequence[Entity]) -> Outcome:
    """Several things go by that name: ask by name where the names differ, else by area."""
    slot = "entity_id" if says(ctx.command.slots, "entity_id") else "name"
    if len({entity.name.casefold() for entity in named}) == len(named):
        return ctx.ask("which_of", slot, SlotKind.ENTITY, names=names_of(named))
    places = {entity.area_id for entity in named}
    if len(places) == len(named) and None not in places:
        areas = tuple(area.name for area in ctx.home.view().areas if area.id in places)
        return ctx.ask("which_of_name", slot, SlotKind.ENTITY, name=named[0].name, areas=areas)
    return Outcome.refused("same_name", name=named[0].name)


def _by_place(ctx: Context, slots: Slots, kinds: Kinds) -> Found | Outcome:
    view = ctx.home.view()
    area_id, floor_id = said_area(view, slots), slots.get("floor_id")
    place = place_name(view, area_id) or str(slots.get("floor") or "")
    if slots.get("area") and area_id is None:
        return Outcome.not_found("no_such_area", area=str(slots["area"]))
    areas = {area.id for area in view.areas if area.floor_id == floor_id} if floor_id else {area_id}
    is_everywhere = area_id is None and not floor_id
    meant = [e for e in view.entities if kinds.hold(e) and (is_everywhere or e.area_id in areas)]
    if not meant:
        kind = next(iter(sorted(kinds.device_classes or kinds.domains)), "")
        return Outcome.not_found("none_here" if place else "none", kind=kind, area=place)
    return Found(tuple(meant), place)


def place_name(view: HomeView, area_id: AreaId | None) -> str:
    """What an area is called; empty for none."""
    return next((area.name for area in view.areas if area.id == area_id), "")
