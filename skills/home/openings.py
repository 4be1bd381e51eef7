"""Blinds, doors, valves and locks: opening, closing, moving, stopping, locking."""

from __future__ import annotations

from assistant.sdk import (
    AreaName,
    Context,
    Entity,
    EntityName,
    Number,
    Outcome,
    Skill,
    SlotKind,
    Slots,
    Text,
    home_intent,
    intent,
)

from . import tell
from .act import Deed, do, do_all
from .alarm import with_code
from .targets import Found, Kinds, find, kinds_from, names_of

_COVERS = ("cover", "valve")
_BLINDS = frozenset({None, "awning", "blind", "curtain", "shade", "shutter"})
"""Device classes of covers that are no door; many name none."""
STEP = 20
"""So many percent further, where nobody says how many."""
_LOCKS = Kinds(frozenset({"lock"}))
_VERBS = {"cover": ("open", "close"), "valve": ("open", "close"), "lock": ("unlock", "lock")}


class Openings(Skill):
    """Open and close, lock and unlock."""

    @intent()
    async def open_it(self, ctx: Context, name: EntityName) -> Outcome:
        """Open something that has a name; of a lock: unlock it."""
        return await _move(ctx, name, 0)

    @intent()
    async def close_it(self, ctx: Context, name: EntityName) -> Outcome:
        """Close something that has a name; of a lock: lock it."""
        return await _move(ctx, name, 1)

    @intent()
    async def open_blinds(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Open the blinds and curtains of a room."""
        return await _move_blinds(ctx, area, "open")

    @intent()
    async def close_blinds(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Close the blinds and curtains of a room."""
        return await _move_blinds(ctx, area, "close")

    @home_intent("HassSetPosition")
    async def set_position(self, ctx: Context, slots: Slots) -> Outcome:
        """Move a blind, curtain or valve to a position in percent."""
        found = find(ctx, slots, kinds_from(slots, _COVERS))
        position = slots.get("position")
        if isinstance(found, Outcome):
            return found
        if not isinstance(position, int | float) or not 0 <= position <= 100:
            return Outcome.refused("percent")
        return await do_all(ctx, found, moved_to(position))

    @intent()
    async def tilt(self, ctx: Context, name: EntityName, percent: Number) -> Outcome:
        """Turn the slats of a blind to so many percent."""
        found = find(ctx, {"entity_id": name}, Kinds(frozenset({"cover"})))
        if isinstance(found, Outcome):
            return found
        return await do_all(ctx, found, Deed("set_tilt", {"tilt": percent}, "tilted", {"percent": percent}))

    @intent()
    async def open_further(self, ctx: Context, name: EntityName, by: Number | None = None) -> Outcome:
        """Open a blind or valve a little further, or by so many percent."""
        return await _further(ctx, name, by or STEP)

    @intent()
    async def close_further(self, ctx: Context, name: EntityName, by: Number | None = None) -> Outcome:
        """Close a blind or valve a little further, or by so many percent."""
        return await _further(ctx, name, -(by or STEP))

    @intent()
    async def halt(self, ctx: Context, name: EntityName) -> Outcome:
        """Stop a blind or another thing that moves."""
        found = find(ctx, {"entity_id": name}, Kinds(frozenset(_COVERS)))
        return found if isinstance(found, Outcome) else await do_all(ctx, found, Deed("stop", sent="sent_stop"))

    @intent()
    async def lock_it(self, ctx: Context, name: EntityName | None = None) -> Outcome:
        """Lock a door."""
        return await _turn_key(ctx, name, "lock")

    @intent()
    async def unlock_it(self, ctx: Context, name: EntityName | None = None, code: Text | None = None) -> Outcome:
        """Unlock a door."""
        return await _turn_key(ctx, name, "unlock", code)

    @intent()
    async def lock_up(self, ctx: Context) -> Outcome:
        """Lock every door."""
        found = find(ctx, {}, _LOCKS)
        return found if isinstance(found, Outcome) else await do_all(ctx, found, Deed("lock"))

    @intent()
    async def unlock_all(self, ctx: Context) -> Outcome:
        """Unlock every door: the only one after a yes; several are refused, with what to say instead."""
        found = find(ctx, {}, _LOCKS)
        return found if isinstance(found, Outcome) else await do_all(ctx, found, Deed("unlock"))


def is_blind(entity: Entity) -> bool:
    """True for a cover that is no door."""
    return entity.device_class in _BLINDS


def moved_to(percent: float) -> Deed:
    """To open so far, in percent."""
    return Deed("set_position", {"position": percent}, "position", {"position": percent})


async def _move(ctx: Context, name: str, way: int) -> Outcome:
    found = find(ctx, {"entity_id": name}, Kinds(frozenset(_VERBS)))
    if isinstance(found, Outcome):
        return found
    entity = found.entities[0]
    if entity.domain not in _VERBS:
        return _cannot(entity)
    return await do(ctx, [(entity, Deed(_VERBS[entity.domain][way]))])


async def _turn_key(ctx: Context, name: str | None, verb: str, code: str | None = None) -> Outcome:
    """Where no door is named: the only one; of several, which?"""
    found = find(ctx, {"entity_id": name}, _LOCKS)
    if isinstance(found, Outcome):
        return found
    if not _LOCKS.hold(found.entities[0]):
        return _cannot(found.entities[0])
    if len(found.entities) > 1:
        return ctx.ask("which_of", "name", SlotKind.ENTITY, names=names_of(found.entities))
    return await with_code(ctx, found.entities[0], Deed(verb), code)


async def _move_blinds(ctx: Context, area: str | None, verb: str) -> Outcome:
    """Those that are said, else those here, else the only ones; a door is never a blind."""
    found = find(ctx, {"area": area or ctx.area_id}, Kinds(frozenset({"cover"})))
    if isinstance(found, Outcome):
        return found
    blinds = tuple(entity for entity in found.entities if is_blind(entity))
    if not blinds:
        return Outcome.not_found("none_here" if found.area else "none", kind="blind", area=found.area)
    if not found.area and len({entity.area_id for entity in blinds}) > 1:
        return ctx.ask("blinds_where", "area", SlotKind.AREA)
    return await do_all(ctx, Found(blinds, found.area), Deed(verb))


async def _further(ctx: Context, name: str, by: float) -> Outcome:
    found = find(ctx, {"entity_id": name}, Kinds(frozenset(_COVERS)))
    if isinstance(found, Outcome):
        return found
    entity = found.entities[0]
    if entity.domain not in _COVERS or "position" not in entity.features:
        return _cannot(entity)
    position = ctx.home.state(entity.id).attributes.get("position")
    if not isinstance(position, int | float):
        return tell.unknown(ctx, found.entities)
    return await do_all(ctx, found, moved_to(round(max(0, min(100, position + by)))))


def _cannot(entity: Entity) -> Outcome:
    return Outcome.refused("unsupported", names=(entity.name,))
