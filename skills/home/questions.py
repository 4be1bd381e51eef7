"""Questions: is it on, what is open, how many, what is on."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.sdk import AreaName, Context, Entity, EntityName, Outcome, Skill, Slots, SlotValue, home_intent, intent

from . import tell
from .machines import only
from .targets import SWITCHABLE, Found, Kinds, find, kinds_from, names_of, texts

_WAYS_IN = frozenset({"door", "garage", "garage_door", "gate", "opening", "window"})
_CAN_BE_ON = Kinds(SWITCHABLE | {"climate", "valve", "vacuum", "binary_sensor"})
_CAN_BE_OPEN = frozenset({"cover", "lock", "binary_sensor"})
_PANELS = Kinds(frozenset({"alarm_control_panel"}))
_AT_WORK = {"vacuum": "cleaning", "lawn_mower": "mowing"}
_ROBOTS = Kinds(frozenset({"vacuum"}))
"""What is asked about where no name is said."""
_OPEN_WORDS = frozenset({"open", "opening", "closing"})


class Questions(Skill):
    """Ask how things are."""

    @home_intent("HassGetState")
    async def get_state(self, ctx: Context, slots: Slots) -> Outcome:
        """Tell the state of something, or which things are in a state."""
        found = find(ctx, slots, _with_sensors(kinds_from(slots)))
        if isinstance(found, Outcome):
            return found
        wanted = next(iter(texts(slots.get("state"))), "")
        if texts(slots.get("entity_id")):
            return tell.one(ctx, found.entities[0], wanted)
        if not wanted:
            return tell.measured(ctx, found.entities)
        return tell.many(ctx, found, wanted, str(slots.get("response") or ""))

    @intent()
    async def is_on(self, ctx: Context, name: EntityName) -> Outcome:
        """Tell whether something is on."""
        found = find(ctx, {"entity_id": name}, _CAN_BE_ON)
        return found if isinstance(found, Outcome) else tell.one(ctx, found.entities[0], "on")

    @intent()
    async def is_off(self, ctx: Context, name: EntityName) -> Outcome:
        """Tell whether something is off."""
        found = find(ctx, {"entity_id": name}, _CAN_BE_ON)
        return found if isinstance(found, Outcome) else tell.one(ctx, found.entities[0], "off")

    @intent()
    async def how_is(self, ctx: Context, name: EntityName) -> Outcome:
        """Tell how something is, or what it is doing."""
        found = find(ctx, {"entity_id": name}, Kinds())
        return found if isinstance(found, Outcome) else tell.one(ctx, found.entities[0])

    @intent()
    async def is_armed(self, ctx: Context, name: EntityName | None = None) -> Outcome:
        """Tell whether the alarm is armed."""
        found = only(ctx, {"entity_id": name} if name else {}, _PANELS)
        return found if isinstance(found, Outcome) else tell.one(ctx, found.entities[0], "armed")

    @intent()
    async def is_working(self, ctx: Context, name: EntityName | None = None) -> Outcome:
        """Tell whether a robot is at work."""
        found = only(ctx, {"entity_id": name} if name else {}, _ROBOTS)
        if isinstance(found, Outcome):
            return found
        entity = found.entities[0]
        return tell.one(ctx, entity, _AT_WORK.get(entity.domain, "on"))

    @intent()
    async def lights_are_on(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell whether lights are on, and which."""
        return _which_are(ctx, area, Kinds(frozenset({"light"})), "on")

    @intent()
    async def all_lights_are_on(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell whether all lights are on."""
        return _which_are(ctx, area, Kinds(frozenset({"light"})), "on", "all")

    @intent()
    async def all_lights_are_off(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell whether all lights are off."""
        return _which_are(ctx, area, Kinds(frozenset({"light"})), "off", "all")

    @intent()
    async def how_many_lights(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell how many lights are on."""
        return _which_are(ctx, area, Kinds(frozenset({"light"})), "on", "how_many")

    @intent()
    async def windows_are_open(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell whether windows are open, and which."""
        return _which_are(ctx, area, Kinds(frozenset({"cover", "binary_sensor"}), frozenset({"window"})), "open")

    @intent()
    async def what_is_on(self, ctx: Context, area: AreaName | None = None) -> Outcome:
        """Tell what is switched on."""
        found = find(ctx, {"area": area}, Kinds(SWITCHABLE))
        if isinstance(found, Outcome):
            return found
        known = [entity for entity in found.entities if tell.is_known(ctx, entity)]
        if not known:
            return tell.unknown(ctx, found.entities)
        on = [entity for entity in known if ctx.home.state(entity.id).value not in ("off", "standby")]
        unknown = names_of([entity for entity in found.entities if entity not in known])
        values: dict[str, SlotValue] = {"area": found.area, "unknown": unknown, **tell.doubts(ctx, known)}
        return Outcome.told("on_now" if on else "nothing_on", names=names_of(on), **values)

    @intent()
    async def what_is_open(self, ctx: Context) -> Outcome:
        """Tell which doors and windows are open or not locked."""
        return _openings(ctx)

    @intent()
    async def is_locked_up(self, ctx: Context) -> Outcome:
        """Tell whether all doors are locked and all windows closed."""
        return _openings(ctx, is_yes_no=True)


def _with_sensors(kinds: Kinds) -> Kinds:
    """Whether a door or window is open is asked of its sensor as well as of its motor."""
    if "cover" not in kinds.domains or not kinds.device_classes & _WAYS_IN:
        return kinds
    return Kinds(kinds.domains | {"binary_sensor"}, kinds.device_classes)


def _which_are(ctx: Context, area: str | None, kinds: Kinds, state: str, asked: str = "any") -> Outcome:
    found = find(ctx, {"area": area}, kinds)
    return found if isinstance(found, Outcome) else tell.many(ctx, found, state, asked)


def _openings(ctx: Context, *, is_yes_no: bool = False) -> Outcome:
    found = find(ctx, {}, Kinds(_CAN_BE_OPEN))
    ways_in = _ways_in(found.entities) if isinstance(found, Found) else []
    if not ways_in:
        return Outcome.not_found("none", kind="door")
    known = [entity for entity in ways_in if tell.is_known(ctx, entity)]
    if not known:
        return tell.unknown(ctx, ways_in)
    words = {entity: tell.word_of(entity, ctx.home.state(entity.id).value or "") for entity in known}
    unlocked = [entity for entity, word in words.items() if entity.domain == "lock" and word != "locked"]
    is_open = [entity for entity, word in words.items() if entity.domain != "lock" and word in _OPEN_WORDS]
    values: dict[str, SlotValue] = {
        "names": names_of(is_open),
        "unlocked": names_of(unlocked),
        "unknown": names_of([entity for entity in ways_in if entity not in known]),
        **tell.doubts(ctx, known),
        "is_yes_no": is_yes_no,
        "has_locks": any(entity.domain == "lock" for entity in ways_in),
    }
    return Outcome.told("open_now" if is_open or unlocked else "all_closed", **values)


def _ways_in(entities: Sequence[Entity]) -> list[Entity]:
    return [entity for entity in entities if entity.domain == "lock" or entity.device_class in _WAYS_IN]
