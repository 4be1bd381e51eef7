"""What hassil read → a command whose names are resolved to this home's ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hassil.recognize import RecognizeResult

from assistant.core.home import Entity
from assistant.core.turn import Command, SlotValue
from assistant.understanding.names import Names


def command_from(result: RecognizeResult, text: str, names: Names, area_id: str | None) -> Command | None:
    """The command, or None when it names an entity that is not there (as said: in that area, of that domain)."""
    slots: dict[str, SlotValue] = {slot: _value(entity) for slot, entity in result.entities.items()}
    area = _place(slots.get("area"), names, is_floor=False)
    if area is not None:
        slots["area_id"] = area
    floor = _place(slots.get("floor"), names, is_floor=True)
    if floor is not None:
        slots["floor_id"] = floor
    name = result.entities.get("name")
    if name is not None and not name.is_wildcard:
        ids = _entity_ids(str(name.value), result.intent_data.requires_context, names, area or area_id, bool(area))
        if not ids:
            return None
        slots["entity_id"] = ids[0] if len(ids) == 1 else tuple(ids)
    return Command(result.intent.name, slots, text)


def _value(entity: Any) -> SlotValue:
    value = entity.value
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    return value if isinstance(value, int | float) else str(value)


def _place(name: SlotValue, names: Names, *, is_floor: bool) -> str | None:
    return names.place_id(name, is_floor=is_floor) if isinstance(name, str) else None


def _entity_ids(
    name: str, context: Mapping[str, Any], names: Names, area_id: str | None, is_area_said: bool
) -> Sequence[str]:
    found = [entity for entity in names.entities(name) if _fits(entity, context)]
    if is_area_said:
        found = [entity for entity in found if entity.area_id in (None, area_id)]
    if len(found) > 1 and area_id is not None:
        found = [entity for entity in found if entity.area_id == area_id] or found
    return [str(entity.id) for entity in found]


def _fits(entity: Entity, context: Mapping[str, Any]) -> bool:
    for key, actual in (("domain", entity.domain), ("device_class", entity.device_class)):
        wanted = context.get(key)
        if isinstance(wanted, Mapping):
            wanted = wanted.get("value")
        if isinstance(wanted, str) and actual != wanted:
            return False
        if isinstance(wanted, list | tuple | set) and actual not in wanted:
            return False
    return True
