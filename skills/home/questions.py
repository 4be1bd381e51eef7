"""Questions: is it on, what is open, how many, what is on."""

from __future__ import annotations

from assistant.sdk import AreaName, Context, Outcome, Skill, Slots, home_intent, intent

from . import tell
from .targets import SWITCHABLE, Kinds, find, kinds_from, texts

_OPENINGS = frozenset({"door", "garage", "garage_door", "gate", "opening", "window"})
_CAN_BE_OPEN = frozenset({"cover", "lock", "binary_sensor"})
_OPEN_WORDS = frozenset({"open", "opening", "unlocked", "unlocking"})


class Questions(Skill):
    """Ask how things are."""

    @home_intent("HassGetState")
    async def get_state(self, ctx: Context, slots: Slots) -> Outcome:
        """Tell the state of something, or which things are in a state."""
        found = find(ctx, slots, kinds_from(slots))
        if isinstance(found, Outcome):
            return found
        wanted = next(iter(texts(slots.get("state"))), "")
        if texts(slots.get("entity_id")) and len(found.entities) == 1:
            return tell.one(ctx, found.entities[0], wanted)
        if not wanted:
            return tell.one(ctx, found.entities[0])
        return tell.many(ctx, found, wanted, str(slots.get("response") or ""))

    @intent()
    async def what_is_on(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell what is switched on."""
        found = find(ctx, {"area": area}, Kinds(SWITCHABLE))
        if isinstance(found, Outcome):
            return found
        on = tuple(entity.name for entity in found.entities if ctx.home.state(entity.id).value == "on")
        return Outcome.told("on_now" if on else "nothing_on", names=on, area=found.area)

    @intent()
    async def what_is_open(self, ctx: Context) -> Outcome:
        """Tell which doors and windows are open or unlocked."""
        found = find(ctx, {}, Kinds(_CAN_BE_OPEN))
        if isinstance(found, Outcome):
            return found
        ways_in = [e for e in found.entities if e.domain == "lock" or e.device_class in _OPENINGS]
        states = {entity: ctx.home.state(entity.id) for entity in ways_in}
        unknown = [e for e, state in states.items() if state.value is None or not state.is_available]
        words = {e: tell.word_of(e, state.value) for e, state in states.items() if state.value and e not in unknown}
        is_open = [entity for entity, word in words.items() if word in _OPEN_WORDS and entity.domain != "lock"]
        unlocked = [entity for entity, word in words.items() if word in _OPEN_WORDS and entity.domain == "lock"]
        values = {
            "names": tuple(e.name for e in is_open),
            "unlocked": tuple(e.name for e in unlocked),
            "unknown": tuple(e.name for e in unknown),
        }
        return Outcome.told("open_now" if is_open or unlocked else "all_closed", **values)
