"""What things are called, and which room they are in."""

from __future__ import annotations

from assistant.sdk import (
    Area,
    AreaName,
    Context,
    Entity,
    EntityName,
    InputError,
    Outcome,
    Skill,
    Text,
    intent,
    unless_unkept,
)


class Naming(Skill):
    """Give things names and rooms; both are kept."""

    def __init__(self) -> None:
        self._last: str = ""
        """The thing that was spoken of here last: "call it …" means that."""

    @intent()
    @unless_unkept
    async def place(self, ctx: Context, thing: EntityName, area: AreaName) -> Outcome:
        """Put a thing into a room that is known."""
        entity = _entity(ctx, thing)
        if entity is None:
            return Outcome.not_found("no_such")
        self._last = entity.id
        known = next((each for each in ctx.home.view().areas if each.id == area), None)
        return await _placed(ctx, entity, known.name if known is not None else area)

    @intent()
    @unless_unkept
    async def place_anew(self, ctx: Context, thing: EntityName, room: Text) -> Outcome:
        """Put a thing into a room that is not known yet, after a yes."""
        entity, name = _entity(ctx, thing), room.strip()
        if entity is None or not name:
            return Outcome.not_found("no_such")
        self._last = entity.id
        if (known := _area(ctx, name)) is not None:
            return await _placed(ctx, entity, known.name)
        if not ctx.is_confirmed:
            return ctx.confirm("new_area", thing=entity.name, area=name)
        return await _placed(ctx, entity, name)

    @intent()
    @unless_unkept
    async def rename(self, ctx: Context, thing: EntityName, name: Text) -> Outcome:
        """Give a thing another name."""
        return await self._renamed(ctx, _entity(ctx, thing), name.strip())

    @intent()
    @unless_unkept
    async def rename_it(self, ctx: Context, name: Text) -> Outcome:
        """Give another name to the thing that was spoken of."""
        return await self._renamed(ctx, _entity(ctx, self._last), name.strip())

    async def _renamed(self, ctx: Context, entity: Entity | None, name: str) -> Outcome:
        if entity is None:
            return Outcome.not_found("which_thing")
        self._last = entity.id
        if not name:
            return Outcome.not_found("no_name", thing=entity.name)
        if (other := _called(ctx, name, entity)) is not None:
            return Outcome.refused("taken", name=other.name)
        try:
            await ctx.home.rename(entity.id, name)
        except InputError:
            return Outcome.refused("no_name", thing=entity.name)
        return Outcome.done("renamed", old=entity.name, name=name)

    @intent()
    @unless_unkept
    async def forget_name(self, ctx: Context, thing: EntityName) -> Outcome:
        """Call a thing again as its device says."""
        entity = _entity(ctx, thing)
        if entity is None:
            return Outcome.not_found("no_such")
        self._last = entity.id
        await ctx.home.rename(entity.id, "")
        now = _entity(ctx, entity.id)
        return Outcome.done("name_forgotten", old=entity.name, name=now.name if now is not None else entity.name)

    @intent()
    @unless_unkept
    async def forget_place(self, ctx: Context, thing: EntityName) -> Outcome:
        """Let a thing stand again where its device says."""
        entity = _entity(ctx, thing)
        if entity is None:
            return Outcome.not_found("no_such")
        self._last = entity.id
        await ctx.home.place(entity.id, "")
        return Outcome.done("place_forgotten", thing=entity.name)

    @intent()
    async def where(self, ctx: Context, thing: EntityName) -> Outcome:
        """Tell which room a thing is in."""
        entity = _entity(ctx, thing)
        if entity is None:
            return Outcome.not_found("no_such")
        self._last = entity.id
        area = next((each for each in ctx.home.view().areas if each.id == entity.area_id), None)
        return Outcome.told("where", thing=entity.name, area=area.name if area is not None else "")


async def _placed(ctx: Context, entity: Entity, area: str) -> Outcome:
    try:
        await ctx.home.place(entity.id, area)
    except InputError:
        return Outcome.refused("no_area", area=area)
    return Outcome.done("placed", thing=entity.name, area=area)


def _entity(ctx: Context, entity_id: str) -> Entity | None:
    return next((each for each in ctx.home.view().entities if each.id == entity_id), None)


def _area(ctx: Context, name: str) -> Area | None:
    said = name.casefold()
    found = (
        each for each in ctx.home.view().areas if said in {known.casefold() for known in (each.name, *each.aliases)}
    )
    return next(found, None)


def _called(ctx: Context, name: str, but: Entity) -> Entity | None:
    """Another thing of the same room that is called so already."""
    said = name.casefold()
    others = (each for each in ctx.home.view().entities if each.id != but.id and each.area_id == but.area_id)
    return next((each for each in others if each.name.casefold() == said), None)
