"""What of a home a deed can be done to."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.core.home import Area, AreaId, Entity, Floor, HomeView
from assistant.understanding.examples.words import Deed

_BLINDS = frozenset({"blind", "curtain", "shade", "shutter", "awning"})
_SWITCHED = frozenset({"light", "switch", "fan", "media_player", "input_boolean", "humidifier"})


def things(home: HomeView, deed: Deed) -> list[Entity]:
    """Those with a name that the deed can be done to."""
    return [
        each for each in home.entities if _is_of(each, deed.kinds) and (not deed.needs or deed.needs in each.features)
    ]


def rivals(home: HomeView, deed: Deed) -> list[Entity]:
    """Those that somebody could think were meant: of the same domains."""
    domains = {kind.partition(".")[0] for kind in deed.kinds}
    return [each for each in home.entities if each.domain in domains]


def areas(home: HomeView, group: str) -> list[Area]:
    """Rooms that have something of the group."""
    ids = {each.area_id for each in home.entities if is_in_group(each, group)}
    return [area for area in home.areas if area.id in ids]


def floors(home: HomeView, group: str) -> list[Floor]:
    """Storeys that have something of the group."""
    ids = {area.floor_id for area in areas(home, group)}
    return [floor for floor in home.floors if floor.id in ids]


def has(home: HomeView, group: str, area_id: AreaId | None = None) -> bool:
    """True when the home (or that room of it) has something of the group."""
    return any(is_in_group(each, group) and area_id in (None, each.area_id) for each in home.entities)


def is_in_group(entity: Entity, group: str) -> bool:
    """True for what a group names: a domain, its feature or device class, "cover.blind", or "any"."""
    domain, _, detail = group.partition(".")
    if domain == "any":
        return entity.domain in _SWITCHED
    if entity.domain != domain:
        return False
    if detail == "blind":
        return entity.device_class in _BLINDS
    return not detail or detail in entity.features or entity.device_class == detail


def _is_of(entity: Entity, kinds: Sequence[str]) -> bool:
    for kind in kinds:
        domain, _, device_class = kind.partition(".")
        if entity.domain == domain and device_class in ("", entity.device_class):
            return True
    return False
