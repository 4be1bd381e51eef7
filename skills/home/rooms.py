"""Cleaning single rooms: a robot is sent to those that it knows, and to no others."""

from __future__ import annotations

import json
from collections.abc import Mapping

from assistant.sdk import AreaName, Context, Entity, EntityName, Outcome, Skill, Text, intent

from .act import Deed, do
from .machines import only
from .targets import Found, Kinds, find, names_of, place_name, said_area
from .values import parts_from

_VACUUM = Kinds(frozenset({"vacuum"}))


class Rooms(Skill):
    """Robots in single rooms."""

    @intent()
    async def clean_area(self, ctx: Context, area: AreaName, name: EntityName | None = None) -> Outcome:
        """Clean one room of the home."""
        view = ctx.home.view()
        return await _clean(ctx, (place_name(view, said_area(view, {"area": area})),), name)

    @intent()
    async def clean_rooms(self, ctx: Context, rooms: Text, name: EntityName | None = None) -> Outcome:
        """Clean some rooms, as the robot calls them."""
        return await _clean(ctx, parts_from(rooms, ctx.language), name)


async def _clean(ctx: Context, said: tuple[str, ...], name: str | None) -> Outcome:
    """With the robot that knows all of them; cleaning all of the home is not what was asked for."""
    slots = {"entity_id": name} if name else {}
    found = find(ctx, slots, _VACUUM)
    if isinstance(found, Outcome):
        return found
    able = [(each, rooms) for each in found.entities if (rooms := _meant(ctx, each, said))]
    if len(able) == 1:
        entity, rooms = able[0]
        named = ",".join(each.replace(",", " ") for each in rooms)
        told = {"rooms": rooms, "known": tuple(_rooms(ctx, entity).values())}
        deed = Deed("clean_rooms", {"named": named}, "cleans_rooms", told, "sent_clean", "no_such_room")
        return await do(ctx, [(entity, deed)])
    one = only(ctx, slots, _VACUUM)
    return one if isinstance(one, Outcome) else _unable(ctx, one, said)


def _unable(ctx: Context, found: Found, said: tuple[str, ...]) -> Outcome:
    """Which rooms it knows; that it knows none."""
    entity = found.entities[0]
    known = tuple(_rooms(ctx, entity).values())
    names = names_of((entity,))
    if not known:
        return Outcome.refused("no_single_rooms", names=names, area=said[0] if len(said) == 1 else "")
    return Outcome.refused("no_such_room", names=names, rooms=said, known=known)


def _meant(ctx: Context, entity: Entity, said: tuple[str, ...]) -> tuple[str, ...]:
    """The robot's names of the rooms; empty where it knows not all of them."""
    known = {_folded(name): name for name in _rooms(ctx, entity).values()}
    found = [next((known[each] for each in _names(ctx, room) if each in known), "") for room in said]
    return tuple(dict.fromkeys(found)) if all(found) else ()


def _rooms(ctx: Context, entity: Entity) -> Mapping[str, str]:
    told = ctx.home.state(entity.id).attributes.get("rooms")
    return json.loads(told) if isinstance(told, str) else {}


def _names(ctx: Context, room: str) -> list[str]:
    """All names of a room: what was said, and those of the area that it names."""
    own = _folded(room)
    areas = ([_folded(each) for each in (area.name, *area.aliases)] for area in ctx.home.view().areas)
    return [own, *next((names for names in areas if own in names), [])]


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())
