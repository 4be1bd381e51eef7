"""What stands in a home, as values: floors, areas, entities, their states, and actions on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

EntityId = NewType("EntityId", str)
AreaId = NewType("AreaId", str)
FloorId = NewType("FloorId", str)

Value = str | int | float | bool | None
"""A plain value in a state's attributes or an action."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A storey; areas belong to it."""

    id: FloorId
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A room or another named part of the home."""

    id: AreaId
    name: str
    aliases: tuple[str, ...] = ()
    floor_id: FloorId | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that has a state or takes commands; `domain` as in Home Assistant (light, switch, cover, …)."""

    id: EntityId
    name: str
    domain: str
    area_id: AreaId | None = None
    aliases: tuple[str, ...] = ()
    device_class: str | None = None
    unit: str | None = None
    features: frozenset[str] = frozenset()
    """What it can do beyond its domain's basics, e.g. brightness, color, color_temp, position."""
    options: tuple[str, ...] = ()
    """What it can be set to by name, as the device writes it: modes, presets, effects, programs."""


@dataclass(frozen=True, slots=True)
class EntityState:
    """The last known state; `value` is None while unknown. `updated_at` is aware UTC, None if never heard."""

    value: str | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    is_available: bool = True
    updated_at: datetime | None = None
    is_from_before: bool = False
    """Told in an earlier run; nothing was heard since."""


@dataclass(frozen=True, slots=True)
class Action:
    """One command to one entity: a verb (turn_on, turn_off, toggle, open, close, stop, set_position, lock, unlock,
    set_temperature, set_mode, press, …) with its values (brightness_pct and position 0–100, temperature, color, …)."""

    entity_id: EntityId
    verb: str
    values: Mapping[str, Value] = field(default_factory=dict)


class ActionStatus(StrEnum):
    """How sure we are that an action took effect."""

    CONFIRMED = "confirmed"
    """The device reported the wanted state."""
    ASSUMED = "assumed"
    """Sent; the device reports no state (optimistic)."""
    FAILED = "failed"
    """Sent, but the wanted state did not come in time, or the device refused."""
    UNAVAILABLE = "unavailable"
    """Not sent: the device or the broker is away."""
    UNSUPPORTED = "unsupported"
    """Not sent: this entity can't do that."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What became of one action; `detail` is for the log, never spoken."""

    action: Action
    status: ActionStatus
    state: EntityState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HomeView:
    """The names of a home at one moment, for matching."""

    entities: Sequence[Entity]
    areas: Sequence[Area]
    floors: Sequence[Floor] = ()
