"""Turning things on and off, opening, closing, locking, moving."""

from __future__ import annotations

from assistant.sdk import AreaName, Context, Entity, EntityName, Outcome, Skill, Slots, home_intent, intent

from .act import Deed, do, do_all, switch, switched
from .targets import SWITCHABLE, Found, Kinds, find, kinds_from

_COVERS = ("cover", "valve")


class Switches(Skill):
    """Turn on and off, open and close, lock."""

    @home_intent("HassTurnOn")
    async def turn_on(self, ctx: Context, slots: Slots) -> Outcome:
        """Turn something on, open, lock, press or start it."""
        return await _switch(ctx, slots, is_on=True)

    @home_intent("HassTurnOff")
    async def turn_off(self, ctx: Context, slots: Slots) -> Outcome:
        """Turn something off, close or unlock it."""
        return await _switch(ctx, slots, is_on=False)

    @home_intent("HassSetPosition")
    async def set_position(self, ctx: Context, slots: Slots) -> Outcome:
        """Move a blind, curtain or valve to a position in percent."""
        found = find(ctx, slots, kinds_from(slots, _COVERS))
        if isinstance(found, Outcome):
            return found
        position = slots.get("position")
        if not isinstance(position, int | float) or not 0 <= position <= 100:
            return Outcome.refused("percent")
        return await do_all(
            ctx, found, Deed("set_position", {"position": position}, "position", {"position": position})
        )

    @home_intent("HassFanSetSpeed")
    async def set_fan_speed(self, ctx: Context, slots: Slots) -> Outcome:
        """Set the speed of a fan in percent."""
        found = find(ctx, slots, kinds_from(slots, ("fan",)))
        if isinstance(found, Outcome):
            return found
        speed = slots.get("percentage")
        if not isinstance(speed, int | float) or not 0 <= speed <= 100:
            return Outcome.refused("percent")
        return await do_all(ctx, found, Deed("set_percentage", {"percentage": speed}, "fan_speed", {"speed": speed}))

    @home_intent("HassVacuumStart")
    async def vacuum_start(self, ctx: Context, slots: Slots) -> Outcome:
        """Let a vacuum cleaner start."""
        return await _all_of(ctx, slots, "vacuum", "start")

    @home_intent("HassVacuumReturnToBase")
    async def vacuum_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Send a vacuum cleaner back to its base."""
        return await _all_of(ctx, slots, "vacuum", "return_to_base")

    @intent()
    async def toggle(self, ctx: Context, name: EntityName) -> Outcome:
        """Turn something off if it is on, and on if it is off."""
        found = find(ctx, {"entity_id": name}, Kinds())
        if isinstance(found, Outcome):
            return found
        entity = found.entities[0]
        state = ctx.home.state(entity.id)
        if state.value is None:
            return Outcome.refused("state_unknown", names=(entity.name,))
        return await switch(ctx, found, is_on=state.value not in ("on", "open", "locked"))

    @intent()
    async def halt(self, ctx: Context, name: EntityName) -> Outcome:
        """Stop a blind or another thing that moves."""
        found = find(ctx, {"entity_id": name}, Kinds())
        return found if isinstance(found, Outcome) else await do_all(ctx, found, Deed("stop"))

    @intent()
    async def everything_off(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Turn off all lights and switches, here or in the whole home."""
        found = find(ctx, {"area": area}, Kinds(SWITCHABLE))
        if isinstance(found, Outcome):
            return found
        on = tuple(entity for entity in found.entities if ctx.home.state(entity.id).value != "off")
        if not on:
            return Outcome.told("nothing_on", area=found.area)
        return await switch(ctx, Found(on, found.area), is_on=False)

    @intent()
    async def lock_up(self, ctx: Context) -> Outcome:
        """Lock every door."""
        return await _all_of(ctx, {}, "lock", "lock")


async def _switch(ctx: Context, slots: Slots, *, is_on: bool) -> Outcome:
    found = find(ctx, slots, kinds_from(slots, SWITCHABLE))
    if isinstance(found, Outcome):
        return found
    if len(found.entities) == 1:
        return await _switch_one(ctx, found.entities[0], is_on=is_on)
    return await switch(ctx, found, is_on=is_on)


async def _switch_one(ctx: Context, entity: Entity, *, is_on: bool) -> Outcome:
    deed = switched(entity, is_on=is_on)
    if deed is None:
        return Outcome.refused("unsupported", names=(entity.name,))
    return await do(ctx, [(entity, deed)])


async def _all_of(ctx: Context, slots: Slots, domain: str, verb: str) -> Outcome:
    found = find(ctx, slots, Kinds(frozenset({domain})))
    return found if isinstance(found, Outcome) else await do_all(ctx, found, Deed(verb))
