"""All of a kind but some: "all lights except the desk lamp"."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.sdk import AreaName, Context, Entity, EntityName, Outcome, Skill, Slots, intent

from .act import Deed, do_all, switch
from .openings import is_blind
from .targets import SWITCHABLE, Found, Kinds, find, said_area

_LIGHTS = Kinds(frozenset({"light"}))


@dataclass(frozen=True, slots=True)
class _But:
    """What is left out: up to two things, and a room."""

    names: tuple[str | None, ...]
    area: str | None


class Excepting(Skill):
    """Everything except …"""

    @intent()
    async def lights_on_but(
        self, ctx: Context, area: AreaName | None = None, name: EntityName | None = None,
        other: EntityName | None = None, but: AreaName | None = None,
    ) -> Outcome:  # fmt: skip
        """Turn on all lights except some."""
        found = _left(ctx, {"area": area}, _LIGHTS, _But((name, other), but))
        return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=True)

    @intent()
    async def lights_off_but(
        self, ctx: Context, area: AreaName | None = None, name: EntityName | None = None,
        other: EntityName | None = None, but: AreaName | None = None,
    ) -> Outcome:  # fmt: skip
        """Turn off all lights except some."""
        found = _left(ctx, {"area": area}, _LIGHTS, _But((name, other), but))
        return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=False)

    @intent()
    async def everything_off_but(
        self, ctx: Context, area: AreaName | None = None, name: EntityName | None = None,
        other: EntityName | None = None, but: AreaName | None = None,
    ) -> Outcome:  # fmt: skip
        """Turn off all lights and switches except some."""
        found = _left(ctx, {"area": area}, Kinds(SWITCHABLE), _But((name, other), but))
        if isinstance(found, Outcome):
            return found
        on = tuple(each for each in found.entities if ctx.home.state(each.id).value != "off")
        if not on:
            return Outcome.told("nothing_on", area=found.area, unknown=())
        return await switch(ctx, Found(on, found.area), is_on=False)

    @intent()
    async def open_blinds_but(
        self, ctx: Context, area: AreaName | None = None, name: EntityName | None = None,
        other: EntityName | None = None, but: AreaName | None = None,
    ) -> Outcome:  # fmt: skip
        """Open all blinds and curtains except some."""
        return await _move(ctx, {"area": area}, _But((name, other), but), "open")

    @intent()
    async def close_blinds_but(
        self, ctx: Context, area: AreaName | None = None, name: EntityName | None = None,
        other: EntityName | None = None, but: AreaName | None = None,
    ) -> Outcome:  # fmt: skip
        """Close all blinds and curtains except some."""
        return await _move(ctx, {"area": area}, _But((name, other), but), "close")


async def _move(ctx: Context, slots: Slots, but: _But, verb: str) -> Outcome:
    found = _left(ctx, slots, Kinds(frozenset({"cover"})), but)
    if isinstance(found, Outcome):
        return found
    blinds = tuple(each for each in found.entities if is_blind(each))
    if not blinds:
        return Outcome.not_found("none_here" if found.area else "none", kind="blind", area=found.area)
    return await do_all(ctx, Found(blinds, found.area), Deed(verb))


def _left(ctx: Context, slots: Slots, kinds: Kinds, but: _But) -> Found | Outcome:
    found = find(ctx, slots, kinds)
    if isinstance(found, Outcome):
        return found
    area = said_area(ctx.home.view(), {"area": but.area}) if but.area else None
    left = tuple(each for each in found.entities if not _is_out(each, but, area))
    return Found(left, found.area) if left else Outcome.refused("none_left", area=found.area)


def _is_out(entity: Entity, but: _But, area: str | None) -> bool:
    return entity.id in but.names or (area is not None and entity.area_id == area)
