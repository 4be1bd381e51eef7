"""What can be waited for: which things it can happen to, and what their states are called then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.sdk import Entity, Sense, SlotValue

WAYS_IN = frozenset({"door", "garage", "garage_door", "gate", "opening", "window"})
MOTION = frozenset({"motion", "occupancy", "presence", "moving"})
SWITCHED = frozenset(
    {"light", "switch", "fan", "humidifier", "siren", "media_player", "climate", "water_heater", "binary_sensor"}
)
MACHINES = frozenset({"vacuum", "lawn_mower"})
ENDED_W = 5.0
"""A machine that stands by draws less."""
ENDED_FOR_S = 60.0
"""A washing machine pauses for shorter than that, as a rule."""
STARTED_FOR_S = 5.0
DONE_WORDS = (
    "done", "finished", "finish", "complete", "completed", "end", "ended", "idle", "off", "ready", "standby", "stop",
    "stopped", "docked",
)  # fmt: skip
RUNNING_WORDS = ("on", "run", "running", "washing", "drying", "cleaning", "mowing", "active", "in_progress", "working")
"""As the programs of machines call it."""


LEVELS = frozenset({"rises", "falls"})
"""Events of a number."""
COMINGS = frozenset({"comes_home", "leaves"})
"""Events of people; nobody named: whoever speaks."""


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of happening."""

    key: str
    domains: frozenset[str]
    words: tuple[str, ...] = ()
    device_classes: frozenset[str] = frozenset()
    """Of sensors that can tell it; empty: any."""
    is_momentary: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """An event, and what it is to happen to, as said."""

    event: Event
    what: str | None = None
    named: SlotValue = None
    """Ids of things that have exactly the name that was said: one, or several."""
    limit: float = 0.0
    sense: Sense = Sense.IS

    @property
    def ids(self) -> tuple[str, ...]:
        """Those ids."""
        return (self.named,) if isinstance(self.named, str) else self.named if isinstance(self.named, tuple) else ()


@dataclass(frozen=True, slots=True)
class Look:
    """How a thing's state tells it."""

    sense: Sense
    words: tuple[str, ...] = ()
    limit: float = 0.0
    for_s: float = 0.0


_NUMBERS = frozenset({"sensor", "number"})
_PEOPLE = frozenset({"device_tracker", "person", "binary_sensor"})
_OPEN = frozenset({"binary_sensor", "cover", "valve"})
"""A lock knows whether it is locked, not whether the door is open."""
BUTTONS = frozenset({"presses"})
"""Events whose command is for every time: nobody sets up a button for one press."""
_ENDS = frozenset({"sensor", "binary_sensor", "switch", "fan"}) | MACHINES
EVENTS: Mapping[str, Event] = {
    each.key: each
    for each in (
        Event("opens", _OPEN, ("on", "open", "opening"), WAYS_IN),
        Event("closes", _OPEN, ("off", "closed"), WAYS_IN),
        Event("locks", frozenset({"lock", "binary_sensor"}), ("locked", "off"), frozenset({"lock"})),
        Event("unlocks", frozenset({"lock", "binary_sensor"}), ("unlocked", "open", "on"), frozenset({"lock"})),
        Event("turns_on", SWITCHED, ("on", "heat", "cool", "auto", "heat_cool", "dry", "fan_only", "playing")),
        Event("turns_off", SWITCHED, ("off", "standby")),
        Event("ends", _ENDS),
        Event("starts", _ENDS),
        Event("moves", frozenset({"binary_sensor"}), ("on",), MOTION, is_momentary=True),
        Event("rings", frozenset({"binary_sensor", "event"}), ("on",), is_momentary=True),
        Event("presses", frozenset({"event"}), is_momentary=True),
        Event("comes_home", _PEOPLE, ("home", "on"), frozenset({"presence"})),
        Event("leaves", _PEOPLE, ("not_home", "away", "off"), frozenset({"presence"})),
        Event("rises", _NUMBERS),
        Event("falls", _NUMBERS),
    )
}


def look_at(entity: Entity, wanted: Wanted) -> Look | None:
    """How that thing tells that event; None if it can't."""
    event = wanted.event
    if entity.domain not in event.domains:
        return None
    match event.key:
        case "ends" | "starts":
            return _running(entity, is_start=event.key == "starts")
        case key if key in LEVELS:
            return Look(wanted.sense, limit=float(wanted.limit)) if _is_measured(entity) else None
        case _:
            is_sensor = entity.domain == "binary_sensor"
            if is_sensor and event.device_classes and entity.device_class not in event.device_classes:
                return None
            # what happens and is over has a word of its device's own for it
            return Look(Sense.IS, () if entity.domain == "event" else event.words)


def _running(entity: Entity, *, is_start: bool) -> Look | None:
    if entity.domain == "sensor":
        if entity.device_class == "power" and entity.unit == "W":
            return Look(Sense.ABOVE, limit=2 * ENDED_W, for_s=STARTED_FOR_S) if is_start else _power_ended()
        if _is_measured(entity):
            return None
    if entity.domain == "binary_sensor" and entity.device_class not in (None, "running", "power", "moving"):
        return None
    return Look(Sense.IS, RUNNING_WORDS if is_start else DONE_WORDS)


def _power_ended() -> Look:
    return Look(Sense.ENDED, limit=ENDED_W, for_s=ENDED_FOR_S)


def _is_measured(entity: Entity) -> bool:
    return entity.unit is not None


_TELLS_BEST = ("vacuum", "lawn_mower", "sensor", "binary_sensor", "switch", "fan")


def rank(entity: Entity, event: Event) -> int:
    """Of one machine's parts, the one that tells it best comes first."""
    if event.key in ("ends", "starts"):
        is_power = entity.domain == "sensor" and entity.unit is not None
        return _TELLS_BEST.index(entity.domain) * 2 + is_power
    if event.key == "rings":
        return 0 if entity.device_class == "doorbell" else 1
    return 0 if entity.domain == "binary_sensor" else 1
