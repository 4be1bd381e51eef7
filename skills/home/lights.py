"""Brightness and colour of lights, absolute and relative."""

from __future__ import annotations

from collections.abc import Mapping

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
    Value,
    home_intent,
    intent,
)

from .act import Deed, do, do_all
from .targets import Found, Kinds, area_from, find, kinds_from

STEP = 20
"""So many percent brighter or darker, where nobody says how many."""
_LIGHTS = Kinds(frozenset({"light"}))


class Lights(Skill):
    """Brighter, darker, another colour."""

    @home_intent("HassLightSet")
    async def set_light(self, ctx: Context, slots: Slots) -> Outcome:
        """Set brightness, colour or colour temperature of lights."""
        found = _lights(ctx, slots)
        if isinstance(found, Outcome):
            return found
        deed = _deed(slots)
        if deed is None:
            return Outcome.refused("percent")
        return await do_all(ctx, _those_that_can(found, deed.values), deed)

    @intent()
    async def brighten(
        self, ctx: Context, name: EntityName | None = None, area: AreaName | None = None, by: Number | None = None
    ) -> Outcome:
        """Make lights brighter."""
        return await _shift(ctx, {"entity_id": name, "area": area}, by or STEP)

    @intent()
    async def dim(
        self, ctx: Context, name: EntityName | None = None, area: AreaName | None = None, by: Number | None = None
    ) -> Outcome:
        """Make lights darker."""
        return await _shift(ctx, {"entity_id": name, "area": area}, -(by or STEP))


def _lights(ctx: Context, slots: Slots) -> Found | Outcome:
    """Where neither a light nor a place is said, those where the speaker is."""
    is_said = any(slots.get(key) for key in ("entity_id", "name", "area", "area_id", "floor", "floor_id"))
    area_id = area_from(ctx, slots)
    if not is_said and area_id is None:
        return ctx.ask("lights_where", "area", SlotKind.AREA)
    return find(ctx, slots if is_said else {**slots, "area_id": area_id}, kinds_from(slots, ("light",)))


def _deed(slots: Slots) -> Deed | None:
    brightness, color, kelvin = (slots.get(key) for key in ("brightness", "color", "temperature"))
    if isinstance(brightness, int | float):
        if not 0 <= brightness <= 100:
            return None
        if brightness == 0:
            return Deed("turn_off")
        return Deed("turn_on", {"brightness_pct": brightness}, "brightness", {"brightness": brightness})
    if isinstance(color, str):
        return Deed("turn_on", {"color": color}, "color", {"color": color})
    if isinstance(kelvin, int | float):
        return Deed("turn_on", {"color_temp_kelvin": kelvin}, "color_temp", {"kelvin": kelvin})
    return None


_NEEDS = {"brightness_pct": "brightness", "color": "color", "color_temp_kelvin": "color_temp"}


def _those_that_can(found: Found, values: Mapping[str, Value]) -> Found:
    """Of several lights only those that have this; a single one is asked all the same, and says no."""
    needed = {_NEEDS[key] for key in values}
    able = tuple(entity for entity in found.entities if needed <= entity.features)
    return Found(able, found.area) if able else found


async def _shift(ctx: Context, slots: Slots, by: float) -> Outcome:
    found = _lights(ctx, slots)
    if isinstance(found, Outcome):
        return found
    if any(entity.domain != "light" for entity in found.entities):
        return Outcome.refused("unsupported", names=tuple(entity.name for entity in found.entities))
    lights = _those_that_can(found, {"brightness_pct": None}).entities
    if not slots.get("entity_id"):  # of a room, those that are on
        lights = tuple(e for e in lights if ctx.home.state(e.id).value == "on") or lights
    pairs = [(light, level) for light in lights if (level := _level(ctx, light, by)) is not None]
    if not pairs:
        return Outcome.refused("off_already", names=tuple(light.name for light in lights))
    deeds = [
        (light, Deed("turn_on", {"brightness_pct": level}, "brightness", {"brightness": level}))
        for light, level in pairs
    ]
    if len({level for _, level in pairs}) > 1:
        key = "brighter" if by > 0 else "darker"
        deeds = [(light, Deed(deed.verb, deed.values, key)) for light, deed in deeds]
    return await do(ctx, deeds)


def _level(ctx: Context, light: Entity, by: float) -> int | None:
    """The brightness to set; None for a dark light that is to be dimmed."""
    state = ctx.home.state(light.id)
    if state.value != "on":
        return round(min(100, by)) if by > 0 else None
    now = state.attributes.get("brightness_pct")
    level = (now if isinstance(now, int | float) else 100) + by
    return round(max(1, min(100, level)))
