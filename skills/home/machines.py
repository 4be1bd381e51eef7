"""Vacuum cleaners, lawn mowers, fans, buttons and all that is started, paused and sent home."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.sdk import Context, Entity, EntityName, Outcome, Skill, SlotKind, Slots, home_intent, intent

from .act import Deed, do, do_all, switch
from .targets import NAMED, Found, Kinds, find, names_of, says

_VACUUM = Kinds(frozenset({"vacuum"}))
_MOWER = Kinds(frozenset({"lawn_mower"}))
_FAN = Kinds(frozenset({"fan"}))
_MOVING = Kinds(frozenset({"vacuum", "lawn_mower", "media_player", "cover", "valve"}))
_STARTED: Mapping[str, Deed] = {
    "vacuum": Deed("start"),
    "lawn_mower": Deed("start_mowing"),
    "scene": Deed("turn_on", key="scene", sent="sent_scene"),
    "script": Deed("turn_on", key="scene", sent="sent_scene"),
    "button": Deed("press", sent="sent_press"),
    "media_player": Deed("play"),
    **dict.fromkeys(("switch", "fan", "humidifier", "siren"), Deed("turn_on")),
}
_PAUSED: Mapping[str, Deed] = {
    "vacuum": Deed("pause"),
    "lawn_mower": Deed("pause"),
    "media_player": Deed("pause"),
    "cover": Deed("stop", sent="sent_stop"),
    "valve": Deed("stop", sent="sent_stop"),
}
_HOME: Mapping[str, Deed] = {"vacuum": Deed("return_to_base"), "lawn_mower": Deed("dock")}


class Machines(Skill):
    """Robots, fans and buttons."""

    @home_intent("HassLawnMowerStartMowing")
    async def mow(self, ctx: Context, slots: Slots) -> Outcome:
        """Let a lawn mower start."""
        return await _one(ctx, slots, _MOWER, Deed("start_mowing"))

    @home_intent("HassLawnMowerDock")
    async def mower_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Send a lawn mower to its dock."""
        return await _one(ctx, slots, _MOWER, Deed("dock"))

    @intent()
    async def vacuum(self, ctx: Context) -> Outcome:
        """Let the vacuum cleaner clean."""
        return await _one(ctx, {}, _VACUUM, Deed("start"))

    @intent()
    async def vacuum_pause(self, ctx: Context) -> Outcome:
        """Let the vacuum cleaner pause."""
        return await _one(ctx, {}, _VACUUM, Deed("pause"))

    @intent()
    async def vacuum_dock(self, ctx: Context) -> Outcome:
        """Send the vacuum cleaner back to its base."""
        return await _one(ctx, {}, _VACUUM, Deed("return_to_base"))

    @intent()
    async def vacuum_spot(self, ctx: Context) -> Outcome:
        """Let the vacuum cleaner clean where it is."""
        return await _one(ctx, {}, _VACUUM, Deed("clean_spot"))

    @intent()
    async def vacuum_find(self, ctx: Context) -> Outcome:
        """Let the vacuum cleaner make itself heard."""
        return await _one(ctx, {}, _VACUUM, Deed("locate", sent="sent_locate"))

    @intent()
    async def mower_pause(self, ctx: Context) -> Outcome:
        """Let the lawn mower pause."""
        return await _one(ctx, {}, _MOWER, Deed("pause"))

    @intent()
    async def mower_dock(self, ctx: Context) -> Outcome:
        """Send the lawn mower to its dock."""
        return await _one(ctx, {}, _MOWER, Deed("dock"))

    @intent()
    async def start_it(self, ctx: Context, name: EntityName) -> Outcome:
        """Start, play, press or activate something that has a name."""
        return await _by_domain(ctx, name, _STARTED)

    @intent()
    async def pause_it(self, ctx: Context, name: EntityName) -> Outcome:
        """Let something that works or plays pause."""
        return await _by_domain(ctx, name, _PAUSED)

    @intent()
    async def dock_it(self, ctx: Context, name: EntityName) -> Outcome:
        """Send a robot back to its base."""
        return await _by_domain(ctx, name, _HOME)

    @intent()
    async def find_it(self, ctx: Context, name: EntityName) -> Outcome:
        """Let a robot make itself heard."""
        return await _by_domain(ctx, name, {"vacuum": Deed("locate", sent="sent_locate")})

    @intent()
    async def press(self, ctx: Context, name: EntityName) -> Outcome:
        """Press a button."""
        found = find(ctx, {"entity_id": name}, Kinds(frozenset({"button", "input_button"})))
        return found if isinstance(found, Outcome) else await switch(ctx, found, is_on=True)

    @intent()
    async def install(self, ctx: Context, name: EntityName) -> Outcome:
        """Install the update of a device."""
        return await _by_domain(ctx, name, {"update": Deed("install", sent="sent_update")})

    @intent()
    async def oscillate(self, ctx: Context, name: EntityName | None = None) -> Outcome:
        """Let a fan turn from side to side."""
        return await _one(ctx, {"entity_id": name}, _FAN, _swinging(is_on=True))

    @intent()
    async def oscillate_not(self, ctx: Context, name: EntityName | None = None) -> Outcome:
        """Let a fan turn from side to side no more."""
        return await _one(ctx, {"entity_id": name}, _FAN, _swinging(is_on=False))

    @intent()
    async def reverse(self, ctx: Context, name: EntityName) -> Outcome:
        """Let a fan turn the other way round."""
        found = find(ctx, {"entity_id": name}, _FAN)
        return found if isinstance(found, Outcome) else await do_all(ctx, found, Deed("set_direction", key="reversed"))


def _swinging(*, is_on: bool) -> Deed:
    return Deed("oscillate", {"oscillating": is_on}, "oscillates" if is_on else "oscillates_not")


async def _one(ctx: Context, slots: Slots, kinds: Kinds, deed: Deed) -> Outcome:
    """What is named; else the one of this kind here, else the only one; of several, which?"""
    found = only(ctx, slots, kinds)
    return found if isinstance(found, Outcome) else await do_all(ctx, found, deed)


def only(ctx: Context, slots: Slots, kinds: Kinds) -> Found | Outcome:
    """The one thing of a kind that is meant, or the outcome that asks which."""
    if says(slots, *NAMED):
        return find(ctx, slots, kinds)
    here = find(ctx, {"area_id": ctx.area_id}, kinds) if ctx.area_id else None
    if isinstance(here, Found) and len(here.entities) == 1:
        return here
    found = find(ctx, slots, kinds)
    if isinstance(found, Found) and len(found.entities) > 1:
        slot = "name" if "." in ctx.command.intent else "entity_id"
        return ctx.ask("which_of", slot, SlotKind.ENTITY, names=names_of(found.entities))
    return found


async def _by_domain(ctx: Context, name: str, deeds: Mapping[str, Deed]) -> Outcome:
    found = find(ctx, {"entity_id": name}, Kinds(frozenset(deeds)))
    if isinstance(found, Outcome):
        return found
    entity: Entity = found.entities[0]
    deed = deeds.get(entity.domain)
    if deed is None:
        return Outcome.refused("unsupported", names=(entity.name,))
    return await do(ctx, [(entity, deed)])
