"""Everything of a kind at once: closing is done, opening and disarming are asked of the fence, which says no."""

from __future__ import annotations

from assistant.sdk import Context, Entity, Outcome, Skill, intent

from .act import Deed, do
from .alarm import with_code
from .targets import Found, Kinds, find

_DOORS = frozenset({"door", "garage", "garage_door", "gate"})
_OPENINGS = Kinds(frozenset({"cover", "valve"}))
_VALVES = Kinds(frozenset({"valve"}))
_WINDOWS = Kinds(frozenset({"cover"}), frozenset({"window"}))
_PANELS = Kinds(frozenset({"alarm_control_panel"}))
_VERBS = {"cover": ("open", "close"), "valve": ("open", "close"), "lock": ("unlock", "lock")}


class Sweeping(Skill):
    """Open, close and disarm all of a kind. Several dangerous things in one go are refused behind the fence."""

    @intent()
    async def open_everything(self, ctx: Context) -> Outcome:
        """Open all that opens."""
        return await _all(ctx, find(ctx, {}, _OPENINGS), 0)

    @intent()
    async def close_everything(self, ctx: Context) -> Outcome:
        """Close all that closes."""
        return await _all(ctx, find(ctx, {}, _OPENINGS), 1)

    @intent()
    async def open_doors(self, ctx: Context) -> Outcome:
        """Open all doors and gates; where none has a motor, unlock them."""
        return await _all(ctx, _doors(ctx), 0)

    @intent()
    async def close_doors(self, ctx: Context) -> Outcome:
        """Close all doors and gates; where none has a motor, lock them."""
        return await _all(ctx, _doors(ctx), 1)

    @intent()
    async def open_windows(self, ctx: Context) -> Outcome:
        """Open all windows that have a motor."""
        return await _all(ctx, find(ctx, {}, _WINDOWS), 0)

    @intent()
    async def close_windows(self, ctx: Context) -> Outcome:
        """Close all windows that have a motor."""
        return await _all(ctx, find(ctx, {}, _WINDOWS), 1)

    @intent()
    async def open_valves(self, ctx: Context) -> Outcome:
        """Open all valves."""
        return await _all(ctx, find(ctx, {}, _VALVES), 0)

    @intent()
    async def close_valves(self, ctx: Context) -> Outcome:
        """Close all valves."""
        return await _all(ctx, find(ctx, {}, _VALVES), 1)

    @intent()
    async def disarm_all(self, ctx: Context) -> Outcome:
        """Disarm every alarm: the only one as if it had been named."""
        found = find(ctx, {}, _PANELS)
        if isinstance(found, Outcome):
            return found
        deed = Deed("disarm", key="alarm_set")
        if len(found.entities) == 1:
            return await with_code(ctx, found.entities[0], deed, None)
        return await do(ctx, [(entity, deed) for entity in found.entities])


def _doors(ctx: Context) -> Found | Outcome:
    moved = find(ctx, {}, Kinds(frozenset({"cover"}), _DOORS))
    if isinstance(moved, Found):
        return moved
    locked = find(ctx, {}, Kinds(frozenset({"lock"})))
    return locked if isinstance(locked, Found) else Outcome.not_found("none", kind="door", area="")


async def _all(ctx: Context, found: Found | Outcome, way: int) -> Outcome:
    return found if isinstance(found, Outcome) else await do(ctx, [(each, _deed(each, way)) for each in found.entities])


def _deed(entity: Entity, way: int) -> Deed:
    return Deed(_VERBS[entity.domain][way])
