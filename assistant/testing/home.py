"""A scripted home: things obey at once as real ones do, unless a test says that one refuses, is away or is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict, Unpack

from assistant.core.home import (
    Action,
    ActionResult,
    ActionStatus,
    Area,
    AreaId,
    Entity,
    EntityId,
    EntityState,
    HomeView,
    Value,
)
from assistant.testing.paper import PaperHome

_VERBS: Mapping[str, tuple[str, ...]] = {
    "light": ("turn_on", "turn_off", "toggle"),
    "switch": ("turn_on", "turn_off", "toggle"),
    "fan": ("turn_on", "turn_off", "toggle", "set_percentage", "set_preset", "oscillate", "set_direction"),
    "cover": ("open", "close", "stop", "set_position", "set_tilt"),
    "lock": ("lock", "unlock"),
    "climate": ("turn_on", "turn_off", "set_temperature", "set_mode", "set_preset"),
    "scene": ("turn_on",),
    "button": ("press",),
    "valve": ("open", "close", "stop", "set_position"),
    "vacuum": ("start", "stop", "pause", "return_to_base", "clean_spot", "clean_rooms", "locate", "set_fan_speed"),
    "lawn_mower": ("start_mowing", "pause", "dock"),
    "humidifier": ("turn_on", "turn_off", "toggle", "set_humidity", "set_mode"),
    "alarm_control_panel": ("arm_home", "arm_away", "arm_night", "disarm"),
    "media_player": ("play", "pause", "next", "previous", "set_volume", "volume_up", "volume_down"),
    "number": ("set_value",),
    "select": ("select",),
    "text": ("set_text",),
    "update": ("install",),
}
"""Domain → what it can do; others do nothing."""
_NEEDS = {"brightness_pct": "brightness", "color": "color", "color_temp_kelvin": "color_temp", "position": "position"}
_SILENT = frozenset({"scene", "button", "update"})
_AFTER = {
    "turn_on": "on", "turn_off": "off", "open": "open", "close": "closed", "lock": "locked", "unlock": "unlocked",
    "clean_rooms": "cleaning", "start": "cleaning", "pause": "paused", "return_to_base": "returning", "start_mowing":
    "mowing", "dock": "returning", "arm_home": "armed_home", "arm_away": "arming", "arm_night": "armed_night",
    "disarm": "disarmed", "play": "playing",
}  # fmt: skip


class Facts(TypedDict, total=False):
    """What a thing may have beyond name and place."""

    aliases: tuple[str, ...]
    device_class: str
    unit: str
    features: frozenset[str]
    options: tuple[str, ...]


def thing(domain: str, name: str, area: str = "", **facts: Unpack[Facts]) -> Entity:
    """An entity whose id is made from its name."""
    entity_id = EntityId(f"{domain}.{name.lower().replace(' ', '_')}")
    return Entity(entity_id, name, domain, AreaId(area) if area else None, **facts)


class FakeHome(PaperHome):
    """Empty at first: `add` things, then `script` those that misbehave. `acted` keeps every action that was sent."""

    def __init__(self) -> None:
        super().__init__(HomeView((), ()))
        self._scripts: dict[EntityId, ActionStatus] = {}

    def add(self, entity: Entity, state: str | None = None, **attributes: Value) -> EntityId:
        """Put a thing up; an area that is not there yet comes with it, named after its id."""
        view = self.view()
        areas = list(view.areas)
        if entity.area_id is not None and all(area.id != entity.area_id for area in areas):
            areas.append(Area(entity.area_id, entity.area_id.replace("_", " ").title()))
        self._view = replace(view, entities=(*view.entities, entity), areas=tuple(areas))
        self.states[entity.id] = EntityState(state, attributes, updated_at=datetime.now(UTC) if state else None)
        return entity.id

    def script(self, entity_id: EntityId, status: ActionStatus) -> None:
        """From now on every action on this thing comes to that."""
        self._scripts[entity_id] = status
        state = self.states[entity_id]
        self.states[entity_id] = replace(state, is_available=status is not ActionStatus.UNAVAILABLE)

    def _one(self, action: Action) -> ActionResult:
        status = self._scripts.get(action.entity_id) or self._able(action)
        state = self.state(action.entity_id)
        if status in (ActionStatus.UNAVAILABLE, ActionStatus.UNSUPPORTED):
            return ActionResult(action, status, state)
        self.acted.append(action)
        if status is ActionStatus.CONFIRMED:
            state = self.states[action.entity_id] = _obeyed(state, action)
        return ActionResult(action, status, state)

    def _able(self, action: Action) -> ActionStatus:
        entity = next((each for each in self._view.entities if each.id == action.entity_id), None)
        if entity is None:
            return ActionStatus.UNAVAILABLE
        if action.verb not in _VERBS.get(entity.domain, ()):
            return ActionStatus.UNSUPPORTED
        if {_NEEDS[key] for key in action.values if key in _NEEDS} - entity.features:
            return ActionStatus.UNSUPPORTED
        return ActionStatus.ASSUMED if entity.domain in _SILENT else ActionStatus.CONFIRMED


def _obeyed(state: EntityState, action: Action) -> EntityState:
    values, verb = dict(action.values), action.verb
    if verb == "toggle":
        verb = "turn_off" if state.value == "on" else "turn_on"
    after = _AFTER.get(verb, state.value)
    match verb:
        case "set_position":
            after = "closed" if values["position"] == 0 else "open"
        case "set_percentage":
            after = "off" if values["percentage"] == 0 else "on"
        case "set_mode" if "mode" not in state.attributes:
            after = str(values.pop("mode"))
        case "set_value" | "select" | "set_text":
            after = str(next(iter(values.values())))
        case "open" | "close":
            values["position"] = 100 if verb == "open" else 0
        case _:
            pass
    return replace(state, value=after, attributes={**state.attributes, **values})


def full_home() -> FakeHome:
    """A home with the kinds of things that the small one lacks."""
    home = FakeHome()
    home.add(thing("light", "Desk Lamp", "bedroom", features=frozenset({"brightness", "color", "color_temp"})), "on")
    home.add(thing("light", "Hall Light", "hall", features=frozenset({"brightness"})), "on", brightness_pct=50)
    home.add(thing("light", "Kitchen Light", "kitchen"), "on")
    home.add(thing("vacuum", "Robot Vacuum", "living_room"), "docked", fan_speed="standard")
    home.add(thing("lawn_mower", "Lawn Mower", "garden"), "docked")
    home.add(thing("humidifier", "Bedroom Humidifier", "bedroom"), "on", humidity=50, mode="normal")
    panel = frozenset({"arm_home", "arm_away", "arm_night", "disarm", "code_disarm"})
    home.add(thing("alarm_control_panel", "House Alarm", "hall", features=panel), "disarmed")
    home.add(thing("media_player", "Kitchen Radio", "kitchen"), "playing", volume_pct=30)
    home.add(thing("number", "Doorbell Volume", "hall"), "5")
    home.add(thing("select", "Washing Program", "kitchen"), "Eco")
    home.add(thing("fan", "Bedroom Fan", "bedroom", features=frozenset({"percentage"})), "off", percentage=0)
    home.add(thing("climate", "Thermostat", "living_room"), "heat", temperature=20, current_temperature=20.5)
    blind = frozenset({"position", "tilt"})
    home.add(
        thing("cover", "Living Room Blind", "living_room", device_class="blind", features=blind), "open", position=50
    )
    home.add(thing("cover", "Bedroom Curtain", "bedroom", device_class="curtain"), "open", position=100)
    home.add(thing("text", "Kitchen Display", "kitchen"), "")
    home.add(thing("update", "Router Firmware", "hall"), "on")
    home.add(thing("switch", "Coffee Machine", "kitchen"), "on")
    return home


def small_home() -> FakeHome:
    """A home of a few rooms, everything off, closed and unlocked, 20 degrees."""
    home = FakeHome()
    every = frozenset({"brightness", "color", "color_temp"})
    for name, area in (("Kitchen Light", "kitchen"), ("Hall Light", "hall"), ("Living Room Light", "living_room")):
        home.add(thing("light", name, area, features=every), "off")
    home.add(thing("light", "Bedroom Light", "bedroom", features=every), "off")
    home.add(thing("light", "Desk Lamp", "bedroom", features=frozenset({"brightness"})), "off")
    home.add(thing("switch", "Coffee Machine", "kitchen"), "off")
    home.add(thing("fan", "Bedroom Fan", "bedroom"), "off")
    movable = frozenset({"position"})
    blind = thing("cover", "Living Room Blind", "living_room", device_class="blind", features=movable)
    home.add(blind, "closed", position=0)
    home.add(thing("cover", "Garage Door", "garage", device_class="garage"), "closed")
    home.add(thing("lock", "Front Door", "hall"), "unlocked")
    home.add(thing("climate", "Thermostat", "living_room"), "heat", temperature=20, current_temperature=20.5)
    home.add(thing("sensor", "Bedroom Temperature", "bedroom", device_class="temperature", unit="°C"), "19.5")
    home.add(thing("sensor", "Living Room Humidity", "living_room", device_class="humidity", unit="%"), "45")
    home.add(thing("binary_sensor", "Kitchen Window", "kitchen", device_class="window"), "off")
    home.add(thing("scene", "Movie Night", "living_room"))
    return home
