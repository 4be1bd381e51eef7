"""The simulated home: the entities of the data behind the product's own port, and every effect that a command had."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from assistant.core.home import (
    Action,
    ActionResult,
    ActionStatus,
    Area,
    AreaId,
    Entity,
    EntityId,
    EntityState,
    Floor,
    FloorId,
    HomeView,
    Value,
)
from assistant.core.ports import HomePort
from benchmarks.home_cases import Case, House, Thing
from benchmarks.home_deeds import COLORED, FULL, CannotError, Shown, modes_of, obeyed, positions
from benchmarks.home_expected import AS_IT_WAS, Change

UNAVAILABLE = "unavailable"
KEPT_ELSEWHERE = frozenset({"todo", "calendar"})
"""Domains whose things the product keeps itself, as lists and as its calendar."""
_SILENT = frozenset({"scene", "script", "button", "input_button", "notify", "update"})
"""Domains whose things report no state that would show the effect."""
_MOMENTARY = frozenset({"scene", "button", "input_button"})
_NAMES = {
    "color_temp_kelvin": "color_temp_kelvin", "current_position": "position", "current_valve_position": "position",
    "current_tilt_position": "tilt", "preset_mode": "preset", "hvac_action": "action", "media_title": "title",
    "media_artist": "artist", "native_temperature": "temperature", "target_temperature": "temperature",
}  # fmt: skip
"""Home Assistant's name of an attribute → the product's."""
_ONE_NAME = {"target_temperature": "temperature", "current_valve_position": "current_position"}
"""Another name that data has for an attribute → its usual one."""
_FROM_ATTRIBUTE = ("hvac_mode", "condition", "native_value")
"""Attributes that hold the state of a thing that names none."""


class World(HomePort):
    """What one case's home is like. `effects` holds what each command changed, in order."""

    def __init__(self, case: Case, now: Callable[[], datetime]) -> None:
        self._now = now
        self._things = {
            thing.id: _set_up(thing, case.setup.get(thing.id))
            for thing in case.house.things
            if thing.domain not in KEPT_ELSEWHERE
        }
        self._shown = {id_: shown_at_first(thing, case.setup.get(id_)) for id_, thing in self._things.items()}
        self._view = view_of(case.house, self._things)
        self.effects: list[tuple[str, str]] = []
        """(entity, verb) of every command that changed something."""
        self.on_change: Callable[[EntityId, EntityState], None] = lambda _id, _state: None

    def view(self) -> HomeView:
        """What the assistant may know of."""
        return self._view

    def state(self, entity_id: EntityId) -> EntityState:
        """As the product's own home would tell it."""
        shown = self._shown.get(entity_id)
        return EntityState() if shown is None else told(self._things[entity_id].domain, shown, self._now())

    def snapshot(self) -> Mapping[str, Shown]:
        """How everything is."""
        return dict(self._shown)

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        """Obeys at once; what is away, or can't do that, says so."""
        return [self._one(action) for action in actions]

    def becomes(self, id_: str, change: Change) -> None:
        """The home changes by itself."""
        shown = self._shown[id_]
        state = shown.state if change.state is AS_IT_WAS else str(change.state)
        self._show(id_, Shown(state, {**shown.attributes, **change.attributes}, shown.kept))

    def new_turn(self) -> None:
        """What lasts for a moment only is over, and effects are counted anew."""
        self.effects.clear()
        for id_, thing in self._things.items():
            if thing.domain in _MOMENTARY:
                self._shown[id_] = replace(self._shown[id_], state=thing.state)

    def _one(self, action: Action) -> ActionResult:
        id_ = str(action.entity_id)
        if id_ not in self._things or self._shown[id_].state == UNAVAILABLE:
            return ActionResult(action, ActionStatus.UNAVAILABLE, self.state(action.entity_id))
        thing, before = self._things[id_], self._shown[id_]
        try:
            after = obeyed(thing, before, action.verb, action.values)
        except CannotError as error:
            return ActionResult(action, ActionStatus.UNSUPPORTED, self.state(action.entity_id), str(error))
        if after != before:
            self.effects.append((id_, action.verb))
            self._show(id_, after)
        status = ActionStatus.ASSUMED if thing.domain in _SILENT else ActionStatus.CONFIRMED
        return ActionResult(action, status, self.state(action.entity_id))

    def _show(self, id_: str, shown: Shown) -> None:
        self._shown[id_] = shown
        self.on_change(EntityId(id_), self.state(EntityId(id_)))


def _set_up(thing: Thing, change: Change | None) -> Thing:
    """What the case says of it may be what it can do, too."""
    return thing if change is None else replace(thing, attributes={**thing.attributes, **change.attributes})


def shown_at_first(thing: Thing, change: Change | None) -> Shown:
    """Its state at the start of a case."""
    attributes = {_ONE_NAME.get(key, key): _plain(key, value) for key, value in thing.attributes.items()}
    state = thing.state
    if change is not None:
        attributes |= {_ONE_NAME.get(key, key): _plain(key, value) for key, value in change.attributes.items()}
        state = thing.state if change.state is AS_IT_WAS else str(change.state)
    if state is None or (change is not None and change.state is AS_IT_WAS):
        state = next((str(attributes[key]) for key in _FROM_ATTRIBUTE if key in attributes), state)
    shown = Shown(state, attributes)
    if thing.domain != "light" or state == "on":
        return shown
    hidden = {key: attributes[key] for key in ("brightness", "color_mode", "rgb_color") if key in attributes}
    return Shown(state, {**attributes, **dict.fromkeys(hidden)}, hidden)


def _plain(key: str, value: Any) -> Any:
    """Numbers that stand there as text, and a volume in percent."""
    if key == "volume_level":
        level = float(value)
        return level / 100 if level > 1 else level
    if key in ("current_position", "current_valve_position", "native_temperature") and isinstance(value, str):
        return float(value)
    return value


# ── as the product knows it ──────────────────────────────────────────────────────────────────────


def view_of(house: House, things: Mapping[str, Thing]) -> HomeView:
    """Entities, areas and floors; what is not exposed is not there."""
    return HomeView(
        tuple(_entity(thing) for thing in things.values() if thing.is_exposed),
        tuple(
            Area(AreaId(area.id), area.name, area.aliases, FloorId(area.floor) if area.floor else None)
            for area in house.areas
        ),
        tuple(Floor(FloorId(floor.id), floor.name, floor.aliases) for floor in house.floors),
    )


def _entity(thing: Thing) -> Entity:
    attributes = thing.attributes
    unit = attributes.get("unit_of_measurement") or attributes.get("native_unit_of_measurement")
    return Entity(
        EntityId(thing.id),
        thing.name,
        thing.domain,
        AreaId(thing.area) if thing.area else None,
        thing.aliases,
        thing.device_class,
        str(unit) if unit and thing.domain in ("sensor", "number") else None,
        _features(thing),
        tuple(
            str(option)
            for key in ("options", "effect_list", "hvac_modes", "preset_modes", "available_modes", "fan_speed_list")
            for option in attributes.get(key) or ()
        ),
    )


_FEATURES: Mapping[str, Mapping[str, str]] = {
    "cover": {"set_position": "position", "set_tilt_position": "tilt", "stop": "stop"},
    "valve": {"set_position": "position", "stop": "stop"},
    "fan": {"set_speed": "percentage", "oscillate": "oscillate", "preset_mode": "preset_mode",
            "direction": "direction"},
    "media_player": {"next_track": "next", "previous_track": "previous", "volume_set": "volume",
                     "volume_mute": "mute"},
    "vacuum": {"return_home": "return_to_base"},
    "climate": {"target_temperature": "temperature", "target_temperature_range": "temperature"},
}  # fmt: skip
"""Domain → Home Assistant's name of a feature → the product's; those of the same name are not listed."""


def _features(thing: Thing) -> frozenset[str]:
    attributes = thing.attributes
    if thing.domain == "light":
        return _light_features(modes_of(thing))
    declared = attributes.get("supported_features")
    names = _FEATURES.get(thing.domain, {})
    found = {names.get(str(each), str(each)) for each in declared} if isinstance(declared, list) else set()
    match thing.domain:
        case "cover" | "valve" if positions(thing):
            found.add("position")
        case "fan" if not declared:
            found.add("percentage")
        case "climate":
            found |= {"temperature"} | ({"mode"} if attributes.get("hvac_modes") else set())
        case "alarm_control_panel":
            found |= {"disarm"} | ({"code_disarm"} if attributes.get("code_required") else set())
        case _:
            pass
    return frozenset(found)


def _light_features(modes: frozenset[str]) -> frozenset[str]:
    """A coloured light can show any white, and all but the plainest can be dimmed."""
    if modes & COLORED:
        return frozenset({"brightness", "color", "color_temp"})
    if "color_temp" in modes:
        return frozenset({"brightness", "color_temp"})
    return frozenset({"brightness"}) if modes - {"onoff"} else frozenset()


def told(domain: str, shown: Shown, at: datetime) -> EntityState:
    """A state as the product's own home tells it."""
    if shown.state == UNAVAILABLE:
        return EntityState(None, {}, is_available=False)
    attributes: dict[str, Value] = {}
    for name, value in shown.attributes.items():
        attributes |= _told_attribute(name, value)
    if domain in ("cover", "valve") and "position" not in attributes and shown.attributes.get("reports_position"):
        attributes["position"] = 0 if shown.state == "closed" else 100
    value = None if shown.state in (None, "unknown") else shown.state
    return EntityState(value, attributes, updated_at=at if value is not None else None)


def _told_attribute(name: str, value: Any) -> dict[str, Value]:
    if value is None:
        return {}
    match name:
        case "brightness":
            return {"brightness_pct": round(value * 100 / FULL)}
        case "volume_level":
            return {"volume_pct": round(value * 100)}
        case "rgb_color":
            return {"color": json.dumps(dict(zip("rgb", value, strict=False)))}
        case _:
            is_plain = isinstance(value, str | int | float | bool)
            return {_NAMES.get(name, name): value} if is_plain else {}
