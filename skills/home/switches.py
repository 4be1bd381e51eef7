"""Turning things on and off, one by name or all of a place."""

from __future__ import annotations

from assistant.sdk import AreaName, Context, EntityName, Outcome, Skill, Slots, home_intent, intent

from . import tell
from .act import Deed, do_all, switch
from .targets import SWITCHABLE, Found, Kinds, find, kinds_from

_OFF = frozenset({"off", "closed", "closing", "unlocked", "unlocking", "docked", "returning", "paused"})
_CAN_BE_SWITCHED = Kinds(SWITCHABLE | {"climate", "scene", "script", "button", "input_button", "vacuum", "lawn_mower"})


class Switches(Skill):
    """Turn on and off."""

    @home_intent("HassTurnOn")
    async def turn_on(self, ctx: Context, slots: Slots) -> Outcome:
        """Turn something on, open, lock, press or start it."""
        return await _switch(ctx, slots, is_on=True)

    @home_intent("HassTurnOff")
    async def turn_off(self, ctx: Context, slots: Slots) -> Outcome:
        """Turn something off, close or unlock it."""
        return await _switch(ctx, slots, is_on=False)

    @intent()
    async def switch_on(self, ctx: Context, name: EntityName) -> Outcome:
        """Turn on something that has a name."""
        return await _switch_named(ctx, name, is_on=True)

    @intent()
    async def switch_off(self, ctx: Context, name: EntityName) -> Outcome:
        """Turn off something that has a name."""
        return await _switch_named(ctx, name, is_on=False)

    @intent()
    async def toggle(self, ctx: Context, name: EntityName) -> Outcome:
        """Turn something off if it is on, and on if it is off."""
        found = find(ctx, {"entity_id": name}, _CAN_BE_SWITCHED)
        if isinstance(found, Outcome):
            return found
        state = ctx.home.state(found.entities[0].id)
        if state.value is None or not state.is_available:
            return tell.unknown(ctx, found.entities)
        return await switch(ctx, found, is_on=state.value in _OFF)

    @intent()
    async def everything_off(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Turn off all lights and switches, in a place or in the whole home."""
        found = find(ctx, {"area": area}, Kinds(SWITCHABLE))
        if isinstance(found, Outcome):
            return found
        states = {entity: ctx.home.state(entity.id) for entity in found.entities}
        on = tuple(entity for entity, state in states.items() if state.value != "off" or not state.is_available)
        if not on:
            return Outcome.told("nothing_on", area=found.area, unknown=(), **tell.doubts(ctx, found.entities))
        return await switch(ctx, Found(on, found.area), is_on=False)

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
        return await _vacuum(ctx, slots, is_on=True)

    @home_intent("HassVacuumReturnToBase")
    async def vacuum_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Send a vacuum cleaner back to its base."""
        return await _vacuum(ctx, slots, is_on=False)


async def _switch(ctx: Context, slots: Slots, *, is_on: bool) -> Outcome:
    found = find(ctx, slots, kinds_from(slots, SWITCHABLE))
    return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=is_on)


async def _switch_named(ctx: Context, name: str, *, is_on: bool) -> Outcome:
    """By words that are said of switches: to a lock or a door they mean nothing."""
    found = find(ctx, {"entity_id": name}, _CAN_BE_SWITCHED)
    if isinstance(found, Outcome):
        return found
    if found.entities[0].domain in ("lock", "cover", "valve"):
        return Outcome.refused("not_switched", names=(found.entities[0].name,))
    return await switch(ctx, found, is_on=is_on)


async def _vacuum(ctx: Context, slots: Slots, *, is_on: bool) -> Outcome:
    found = find(ctx, slots, Kinds(frozenset({"vacuum"})))
    return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=is_on)
