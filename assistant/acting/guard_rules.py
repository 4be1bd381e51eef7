"""How dangerous an action on an entity is held to be, by the configuration; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import IntEnum
from fnmatch import fnmatchcase

from assistant.core.home import Action, Entity, EntityState
from assistant.core.settings import SafetySettings


class Level(IntEnum):
    """What has to come before an action, from nothing to everything."""

    FREE = 0
    ASK = 1
    """A spoken yes."""
    PIN = 2
    NEVER = 3


_DOMAINS = (
    *("alarm_control_panel", "button", "climate", "cover", "fan", "humidifier", "lawn_mower", "light", "lock"),
    *("media_player", "notify", "number", "scene", "select", "siren", "switch", "text", "update", "vacuum", "valve"),
    "water_heater",
)
_CLASSES = (
    *("awning", "blind", "curtain", "damper", "door", "garage", "gate", "shade", "shutter", "window"),
    *("gas", "water", "outlet"),
)
_KINDS = frozenset((*_DOMAINS, *_CLASSES))
"""Words that mean a kind of thing, also where a thing bears that name."""
_SAFER: Mapping[str, frozenset[str]] = {
    # turning a lock on locks it, turning it off unlocks it (as in Home Assistant)
    "lock": frozenset({"lock", "close", "turn_on"}),
    "cover": frozenset({"close", "close_tilt", "stop"}),
    "valve": frozenset({"close", "stop"}),
    "siren": frozenset({"turn_off"}),
    "alarm_control_panel": frozenset({"arm_home", "arm_away", "arm_night", "arm_vacation"}),
}
"""Domain → what makes a home safer or leaves it as it is."""


def level_of(entity: Entity, action: Action, state: EntityState, settings: SafetySettings) -> Level:
    """What has to come before this action on this entity."""
    guarded = _guarded(entity, settings)
    if guarded is Level.NEVER or guarded is Level.FREE:
        return guarded
    asks_always = _is_named(entity, settings.guard_closing)
    return guarded if asks_always or not is_harmless(entity, action, state) else Level.FREE


def is_harmless(entity: Entity, action: Action, state: EntityState) -> bool:
    """True for what makes a home safer or leaves it as it is: locking, closing, arming, silencing."""
    if action.verb == "set_position" and entity.domain in {"cover", "valve"}:
        return _closes(action.values.get("position"), state)
    return action.verb in _SAFER.get(entity.domain, frozenset())


def rename_changes_guard(entity: Entity, name: str, settings: SafetySettings) -> bool:
    """True where another name (empty: its device's) would make a thing more or less guarded than it is."""
    renamed = replace(entity, name=name)
    if _guarded(entity, settings) is not _guarded(renamed, settings):
        return True
    return _is_named(entity, settings.guard_closing) is not _is_named(renamed, settings.guard_closing)


def _closes(position: object, state: EntityState) -> bool:
    now = state.attributes.get("position")
    if not isinstance(position, int | float):
        return False
    return position == 0 or (isinstance(now, int | float) and position <= now)


def _guarded(entity: Entity, settings: SafetySettings) -> Level:
    if _is_named(entity, settings.deny) or (settings.allow and not _is_named(entity, settings.allow)):
        return Level.NEVER
    lists = ((Level.PIN, settings.pin), (Level.ASK, settings.ask), (Level.FREE, settings.free))
    # the id says more than the name, the name more than the kind
    for matches in (_by_id, _by_name, _by_kind):
        for level, entries in lists:
            if any(matches(entity, entry.casefold()) for entry in entries):
                return level
    return Level.FREE


def _is_named(entity: Entity, entries: Iterable[str]) -> bool:
    folded = [entry.casefold() for entry in entries]
    return any(matches(entity, entry) for entry in folded for matches in (_by_id, _by_name, _by_kind))


def _by_id(entity: Entity, entry: str) -> bool:
    return entry not in _KINDS and fnmatchcase(entity.id.casefold(), entry)


def _by_name(entity: Entity, entry: str) -> bool:
    return entry not in _KINDS and any(fnmatchcase(name.casefold(), entry) for name in (entity.name, *entity.aliases))


def _by_kind(entity: Entity, entry: str) -> bool:
    return entry in {entity.domain, entity.device_class}
