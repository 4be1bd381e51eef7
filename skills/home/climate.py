"""Heating and cooling: setting, warmer, cooler, and how warm it is."""

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
    home_intent,
    intent,
)

from . import tell
from .act import Deed, do, switch
from .targets import NAMED, PLACED, Found, Kinds, area_from, find, names_of, said_area, says

_CLIMATE = Kinds(frozenset({"climate"}))
_THERMOMETERS = Kinds(frozenset({"sensor"}), frozenset({"temperature"}))
_HYGROMETERS = Kinds(frozenset({"sensor"}), frozenset({"humidity"}))


class Climate(Skill):
    """Set the temperature, and ask for it."""

    @home_intent("HassClimateSetTemperature")
    async def set_temperature(self, ctx: Context, slots: Slots) -> Outcome:
        """Set the wanted temperature."""
        found = _thermostats(ctx, slots)
        degrees = slots.get("temperature")
        if isinstance(found, Outcome):
            return found
        if not isinstance(degrees, int | float):
            return ctx.ask("how_warm", "temperature", SlotKind.NUMBER)
        return await _set(ctx, found, [float(degrees)] * len(found.entities))

    @home_intent("HassClimateGetTemperature")
    async def get_temperature(self, ctx: Context, slots: Slots) -> Outcome:
        """Tell how warm it is."""
        found = find(ctx, slots, _CLIMATE) if says(slots, *NAMED) else _knowing(ctx, slots)
        return found if isinstance(found, Outcome) else tell.temperature(ctx, found.entities, found.area)

    @intent()
    async def heating_on(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Turn on the heating or cooling of a room."""
        found = _thermostats(ctx, {"area": area})
        return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=True)

    @intent()
    async def heating_off(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Turn off the heating or cooling of a room."""
        found = _thermostats(ctx, {"area": area})
        return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=False)

    @intent()
    async def set_heating(self, ctx: Context, degrees: Number, area: AreaName | None = None) -> Outcome:
        """Set the wanted temperature of a room."""
        found = _thermostats(ctx, {"area": area})
        return found if isinstance(found, Outcome) else await _set(ctx, found, [degrees] * len(found.entities))

    @intent()
    async def how_warm(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell how warm it is."""
        found = _knowing(ctx, {"area": area})
        return found if isinstance(found, Outcome) else tell.temperature(ctx, found.entities, found.area)

    @intent()
    async def warmer(
        self, ctx: Context, area: AreaName | None = None, by: Number | None = None, name: EntityName | None = None
    ) -> Outcome:
        """Make it warmer."""
        return await _shift(ctx, {"area": area, "entity_id": name}, by or 1)

    @intent()
    async def cooler(
        self, ctx: Context, area: AreaName | None = None, by: Number | None = None, name: EntityName | None = None
    ) -> Outcome:
        """Make it cooler."""
        return await _shift(ctx, {"area": area, "entity_id": name}, -(by or 1))

    @home_intent("HassClimateSetFanMode")
    async def set_fan_mode(self, ctx: Context, slots: Slots) -> Outcome:
        """Set how the fan of an air conditioner works."""
        found = _thermostats(ctx, slots)
        mode = slots.get("fan_mode")
        if isinstance(found, Outcome):
            return found
        deed = Deed("set_fan_mode", {"fan_mode": str(mode)}, "option", {"option": str(mode)}, unable="no_such_option")
        return await do(ctx, [(each, deed) for each in found.entities])

    @intent()
    async def humidity(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell how humid it is."""
        found = find(ctx, {"area_id": area_from(ctx, {"area": area})}, _HYGROMETERS)
        if isinstance(found, Outcome) and not area:
            found = find(ctx, {}, _HYGROMETERS)
        return found if isinstance(found, Outcome) else tell.measured(ctx, found.entities)


def _thermostats(ctx: Context, slots: Slots) -> Found | Outcome:
    """What is named; else that of the speaker's area; else the only one there is."""
    is_here = ctx.area_id is not None and said_area(ctx.home.view(), slots) == ctx.area_id
    if says(slots, *NAMED) or (says(slots, *PLACED) and not is_here):
        return find(ctx, slots, _CLIMATE)
    if ctx.area_id is not None:
        here = find(ctx, {"area_id": ctx.area_id}, _CLIMATE)
        if isinstance(here, Found):
            return here
    everywhere = find(ctx, {}, _CLIMATE)
    if isinstance(everywhere, Found) and len(everywhere.entities) > 1:
        return ctx.ask("heating_where", "area", SlotKind.AREA)
    return everywhere


def _knowing(ctx: Context, slots: Slots) -> Found | Outcome:
    """What knows how warm it is in a place: its one thermometer, else its thermostat, else whatever measures."""
    is_said = says(slots, *PLACED)
    if is_said or ctx.area_id is not None:
        place = _at(slots) if is_said else {"area_id": ctx.area_id}
        meters, climates = (find(ctx, place, kinds) for kinds in (_THERMOMETERS, _CLIMATE))
        if isinstance(meters, Found) and (len(meters.entities) == 1 or isinstance(climates, Outcome)):
            return meters
        if isinstance(climates, Found) or is_said:
            return climates
    everywhere = find(ctx, {}, _CLIMATE)
    return everywhere if isinstance(everywhere, Found) else find(ctx, {}, _THERMOMETERS)


def _at(place: Slots) -> Slots:
    return {key: value for key, value in place.items() if key in PLACED}


async def _shift(ctx: Context, slots: Slots, by: float) -> Outcome:
    found = _thermostats(ctx, slots)
    if isinstance(found, Outcome):
        return found
    wanted = [(entity, _target(ctx, entity)) for entity in found.entities]
    known = [(entity, target + by) for entity, target in wanted if target is not None]
    if not known:
        return Outcome.refused("no_target", names=names_of(found.entities))
    return await _set(ctx, Found(tuple(e for e, _ in known), found.area), [target for _, target in known])


def _target(ctx: Context, entity: Entity) -> float | None:
    target = ctx.home.state(entity.id).attributes.get("temperature")
    return target if isinstance(target, int | float) else None


async def _set(ctx: Context, found: Found, degrees: list[float]) -> Outcome:
    is_off = all(ctx.home.state(entity.id).value == "off" for entity in found.entities)
    key, told = "temperature_set_off" if is_off else "temperature_set", {"temperature": degrees[0]}
    if len(set(degrees)) > 1:
        key, told = "temperature_changed", {}
    pairs = zip(found.entities, degrees, strict=True)
    return await do(ctx, [(each, Deed("set_temperature", {"temperature": value}, key, told)) for each, value in pairs])
