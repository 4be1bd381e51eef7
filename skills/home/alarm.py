"""The burglar alarm: arming it in its ways, and disarming it with its code."""

from __future__ import annotations

from dataclasses import replace

from assistant.sdk import Context, Entity, EntityName, Outcome, Skill, SlotKind, Text, intent

from .act import Deed, do
from .machines import only
from .targets import Kinds
from .values import code_from

_PANEL = Kinds(frozenset({"alarm_control_panel"}))


class Alarm(Skill):
    """Arm and disarm the alarm."""

    @intent()
    async def arm_away(self, ctx: Context, name: EntityName | None = None, code: Text | None = None) -> Outcome:
        """Arm the alarm: everybody is away."""
        return await _set(ctx, name, "arm_away", code)

    @intent()
    async def arm_home(self, ctx: Context, name: EntityName | None = None, code: Text | None = None) -> Outcome:
        """Arm the alarm: people are at home."""
        return await _set(ctx, name, "arm_home", code)

    @intent()
    async def arm_night(self, ctx: Context, name: EntityName | None = None, code: Text | None = None) -> Outcome:
        """Arm the alarm for the night."""
        return await _set(ctx, name, "arm_night", code)

    @intent()
    async def disarm(self, ctx: Context, name: EntityName | None = None, code: Text | None = None) -> Outcome:
        """Disarm the alarm."""
        return await _set(ctx, name, "disarm", code)


async def _set(ctx: Context, name: str | None, verb: str, code: str | None) -> Outcome:
    found = only(ctx, {"entity_id": name} if name else {}, _PANEL)
    if isinstance(found, Outcome):
        return found
    return await with_code(ctx, found.entities[0], Deed(verb, key="alarm_set"), code)


async def with_code(ctx: Context, entity: Entity, deed: Deed, code: str | None) -> Outcome:
    """Do it with the device's own code; where one is needed and none was said, ask for it."""
    if code:
        coded = {"code": code_from(code, ctx.language)}
        return await do(ctx, [(entity, replace(deed, values={**deed.values, **coded}, unable="wrong_code"))])
    if f"code_{deed.verb}" in entity.features:
        return ctx.ask("which_code", "code", SlotKind.TEXT, names=(entity.name,))
    return await do(ctx, [(entity, deed)])
