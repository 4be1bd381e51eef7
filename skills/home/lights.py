"""Lights of a place on and off, and their brightness and colour, absolute and relative."""

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

from . import tell
from .act import Deed, do, do_all, switch
from .adjusting import number_deed, shift
from .targets import NAMED, PLACED, SWITCHABLE, Found, Kinds, area_from, find, kinds_from, names_of, says

STEP = 20
"""So many percent brighter or darker, where nobody says how many."""
_LIGHTS = Kinds(frozenset({"light"}))
_HAS_LEVEL = Kinds(frozenset({"light", "cover", "valve", "fan", "humidifier", "media_player", "number"}))


class Lights(Skill):
    """Lights on and off, brighter, darker, another colour."""

    @home_intent("HassLightSet")
    async def set_light(self, ctx: Context, slots: Slots) -> Outcome:
        """Set brightness, colour or colour temperature of lights."""
        found = _lights(ctx, slots)
        if isinstance(found, Outcome):
            return found
        deed = _deed(slots)
        return Outcome.refused("percent") if deed is None else await _set(ctx, found, deed)

    @intent()
    async def lights_on(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Turn on the lights of a room."""
        found = _lights(ctx, {"area": area})
        return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=True)

    @intent()
    async def lights_off(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Turn off the lights of a room."""
        found = _lights(ctx, {"area": area})
        return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=False)

    @intent()
    async def all_lights_on(self, ctx: Context) -> Outcome:
        """Turn on every light of the home."""
        found = find(ctx, {}, _LIGHTS)
        return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=True)

    @intent()
    async def all_lights_off(self, ctx: Context) -> Outcome:
        """Turn off every light of the home."""
        found = find(ctx, {}, _LIGHTS)
        return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=False)

    @intent()
    async def room_on(self, ctx: Context, area: AreaName) -> Outcome:
        """Turn on a room: its lights, and else whatever can be switched there."""
        return await _room(ctx, area, is_on=True)

    @intent()
    async def room_off(self, ctx: Context, area: AreaName) -> Outcome:
        """Turn off a room: its lights, and else whatever can be switched there."""
        return await _room(ctx, area, is_on=False)

    @intent()
    async def set_level(self, ctx: Context, name: EntityName, percent: Number) -> Outcome:
        """Set something to a level in percent: a light's brightness, a blind's position, a fan's speed."""
        found = find(ctx, {"entity_id": name}, _HAS_LEVEL)
        if isinstance(found, Outcome):
            return found
        if not 0 <= percent <= 100:
            return Outcome.refused("percent")
        deed = number_deed(found.entities[0], percent)
        if deed is None:
            return Outcome.refused("unsupported", names=names_of(found.entities))
        return await do_all(ctx, found, deed)

    @intent()
    async def set_brightness(self, ctx: Context, percent: Number, area: AreaName | None = None) -> Outcome:
        """Set the brightness of the lights of a room in percent."""
        found = _lights(ctx, {"area": area})
        if isinstance(found, Outcome):
            return found
        deed = _deed({"brightness": percent})
        return Outcome.refused("percent") if deed is None else await _set(ctx, found, deed)

    @intent()
    async def brighten(
        self, ctx: Context, name: EntityName | None = None, area: AreaName | None = None, by: Number | None = None
    ) -> Outcome:
        """Make lights brighter."""
        return await _shift(ctx, {"entity_id": name, "area": area}, 1, by)

    @intent()
    async def dim(
        self, ctx: Context, name: EntityName | None = None, area: AreaName | None = None, by: Number | None = None
    ) -> Outcome:
        """Make lights darker."""
        return await _shift(ctx, {"entity_id": name, "area": area}, -1, by)


def _lights(ctx: Context, slots: Slots) -> Found | Outcome:
    """Where neither a light nor a place is said, those where the speaker is."""
    if says(slots, *NAMED, *PLACED):
        return find(ctx, slots, kinds_from(slots, ("light",)))
    if ctx.area_id is None:
        return ctx.ask("lights_where", "area", SlotKind.AREA)
    return find(ctx, {**slots, "area_id": area_from(ctx, slots)}, kinds_from(slots, ("light",)))


async def _room(ctx: Context, area: str, *, is_on: bool) -> Outcome:
    lights = find(ctx, {"area": area}, _LIGHTS)
    found = lights if isinstance(lights, Found) else find(ctx, {"area": area}, Kinds(SWITCHABLE))
    return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=is_on)


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


async def _set(ctx: Context, found: Found, deed: Deed) -> Outcome:
    return await do_all(ctx, _those_that_can(found, deed.values), deed)


_NEEDS = {"brightness_pct": "brightness", "color": "color", "color_temp_kelvin": "color_temp"}


def _those_that_can(found: Found, values: Mapping[str, Value]) -> Found:
    """Of several lights only those that have this; where none has, all are asked, and say no."""
    needed = {_NEEDS[key] for key in values}
    able = tuple(entity for entity in found.entities if needed <= entity.features)
    return Found(able, found.area) if able else found


async def _shift(ctx: Context, slots: Slots, sign: int, said: float | None) -> Outcome:
    found = _lights(ctx, slots)
    if isinstance(found, Outcome):
        return found
    if any(entity.domain != "light" for entity in found.entities):
        # what is turned up or down need not be a light
        return await shift(ctx, found.entities[0].id, sign, said)
    by = sign * (STEP if said is None else said)
    lights = _those_that_can(found, {"brightness_pct": None}).entities
    if not says(slots, *NAMED):  # of a room, those that are on
        lights = tuple(light for light in lights if ctx.home.state(light.id).value == "on") or lights
    pairs = [(light, level) for light in lights if (level := _level(ctx, light, by)) is not None]
    if not pairs:
        is_known = all(tell.is_known(ctx, light) for light in lights)
        return Outcome.refused("off_already", names=names_of(lights)) if is_known else tell.unknown(ctx, lights)
    is_one_level = len({level for _, level in pairs}) == 1
    key = "brightness" if is_one_level else "brighter" if by > 0 else "darker"
    told = {"brightness": pairs[0][1]} if is_one_level else {}
    return await do(ctx, [(light, Deed("turn_on", {"brightness_pct": level}, key, told)) for light, level in pairs])


def _level(ctx: Context, light: Entity, by: float) -> int | None:
    """The brightness to set; None for a dark light that is to be dimmed."""
    state = ctx.home.state(light.id)
    if state.value != "on":
        return round(min(100, by)) if by > 0 else None
    now = state.attributes.get("brightness_pct")
    level = (now if isinstance(now, int | float) else 100) + by
    return round(max(1, min(100, level)))
