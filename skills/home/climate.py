"""Heating and cooling: setting, warmer, cooler, and how warm it is."""

from __future__ import annotations

from assistant.sdk import AreaName, Context, Entity, Number, Outcome, Skill, SlotKind, Slots, home_intent, intent

from . import tell
from .act import Deed, do
from .targets import Found, Kinds, area_from, find

_CLIMATE = Kinds(frozenset({"climate"}))
_THERMOMETERS = Kinds(frozenset({"sensor"}), frozenset({"temperature"}))
_NAMED = ("entity_id", "name", "floor", "floor_id")
_PLACE = (*_NAMED, "area", "area_id")


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
        found = find(ctx, slots, _CLIMATE) if slots.get("entity_id") or slots.get("name") else _knowing(ctx, slots)
        return found if isinstance(found, Outcome) else tell.temperature(ctx, found.entities, found.area)

    @intent()
    async def warmer(self, ctx: Context, area: AreaName | None = None, by: Number | None = None) -> Outcome:
        """Make it warmer."""
        return await _shift(ctx, area, by or 1)

    @intent()
    async def cooler(self, ctx: Context, area: AreaName | None = None, by: Number | None = None) -> Outcome:
        """Make it cooler."""
        return await _shift(ctx, area, -(by or 1))

    @intent()
    async def humidity(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell how humid it is."""
        kinds = Kinds(frozenset({"sensor"}), frozenset({"humidity"}))
        place = area_from(ctx, {"area": area})
        found = find(ctx, {"area_id": place}, kinds)
        if isinstance(found, Outcome) and not area:
            found = find(ctx, {}, kinds)
        return found if isinstance(found, Outcome) else tell.measured(ctx, found.entities)


def _thermostats(ctx: Context, slots: Slots) -> Found | Outcome:
    """What is named; else that of the speaker's area; else the only one there is."""
    is_here = ctx.area_id is not None and area_from(ctx, slots) == ctx.area_id
    if any(slots.get(key) for key in _NAMED) or (not is_here and any(slots.get(key) for key in _PLACE)):
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
    """Thermometers of the place before thermostats: they are what people put up to know."""
    is_said = any(slots.get(key) for key in _PLACE)
    place = slots if is_said else {"area_id": ctx.area_id}
    found = [find(ctx, {**place, "domain": None, "device_class": None}, kinds) for kinds in (_THERMOMETERS, _CLIMATE)]
    entities = tuple(entity for each in found if isinstance(each, Found) for entity in each.entities)
    if entities:
        area = next(each.area for each in found if isinstance(each, Found))
        return Found(entities, area)
    if not is_said and ctx.area_id is not None:
        everywhere = find(ctx, {}, _CLIMATE)
        return everywhere if isinstance(everywhere, Found) else find(ctx, {}, _THERMOMETERS)
    return found[0]


async def _shift(ctx: Context, area: str | None, by: float) -> Outcome:
    found = _thermostats(ctx, {"area": area})
    if isinstance(found, Outcome):
        return found
    wanted = [(entity, _target(ctx, entity)) for entity in found.entities]
    known = [(entity, target + by) for entity, target in wanted if target is not None]
    if not known:
        return Outcome.refused("state_unknown", names=tuple(entity.name for entity in found.entities))
    return await _set(ctx, Found(tuple(e for e, _ in known), found.area), [target for _, target in known])


def _target(ctx: Context, entity: Entity) -> float | None:
    target = ctx.home.state(entity.id).attributes.get("temperature")
    return target if isinstance(target, int | float) else None


async def _set(ctx: Context, found: Found, degrees: list[float]) -> Outcome:
    is_off = all(ctx.home.state(entity.id).value == "off" for entity in found.entities)
    key = "temperature_set_off" if is_off else "temperature_set"
    deeds = [
        (entity, Deed("set_temperature", {"temperature": value}, key, {"temperature": value}))
        for entity, value in zip(found.entities, degrees, strict=True)
    ]
    return await do(ctx, deeds)
