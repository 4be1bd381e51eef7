"""Makes the entity that people speak of out of an announced component; pure."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from assistant.core.home import Entity, EntityId
from assistant.home.components import features_of
from assistant.home.discovery import Announced
from assistant.home.naming import area_id, entity_id, name_of
from assistant.home.options import options_of

_CELSIUS, _FAHRENHEIT = "°C", "°F"
_HEATERS = frozenset({"climate", "water_heater"})


@dataclass(frozen=True, slots=True)
class Said:
    """What people call an entity, and the area it stands in; empty: in none."""

    name: str
    area: str = ""
    aliases: tuple[str, ...] = ()


Saying = Callable[[Announced], Said]
"""How entities get their names and areas."""


def as_announced(announced: Announced) -> Said:
    """Name and area as the device says them."""
    return Said(name_of(announced), announced.device.area)


def entity_of(announced: Announced, said: Said, known_id: EntityId | None, taken: Container[EntityId]) -> Entity:
    """The entity; its id is made from the name it is announced under, and stays when it is called something else."""
    config = announced.config
    return Entity(
        known_id or entity_id(announced, name_of(announced), taken),
        said.name,
        announced.component,
        area_id(said.area) if said.area else None,
        aliases=said.aliases,
        device_class=config.text("device_class") or None,
        unit=_unit(announced),
        features=features_of(announced),
        options=options_of(announced.component, config),
    )


def _unit(announced: Announced) -> str | None:
    config = announced.config
    if announced.component in _HEATERS:
        return _FAHRENHEIT if config.text("temperature_unit").upper().startswith("F") else _CELSIUS
    return config.text("unit_of_measurement") or None
