"""Answers questions about states, from what the things last reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.sdk import Context, Entity, EntityState, Outcome, OutcomeStatus, SlotValue

from .targets import Found

_OPENINGS = frozenset({"door", "garage_door", "opening", "window"})
_PAIRS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(_OPENINGS, ("open", "closed")),
    **dict.fromkeys(("motion", "occupancy", "presence", "moving", "sound", "vibration"), ("detected", "clear")),
    **dict.fromkeys(("smoke", "gas", "carbon_monoxide", "problem", "safety", "tamper"), ("detected", "clear")),
    "moisture": ("wet", "dry"),
    "battery": ("low", "normal"),
    "lock": ("unlocked", "locked"),
    "connectivity": ("connected", "disconnected"),
    "battery_charging": ("charging", "not_charging"),
    "plug": ("plugged_in", "unplugged"),
}
"""Device class of a binary sensor → what on and off mean."""


def word_of(entity: Entity, value: str) -> str:
    """A state as a word of the reply files, whatever kind of thing it is."""
    if entity.domain == "binary_sensor" and value in ("on", "off"):
        return _PAIRS.get(entity.device_class or "", ("on", "off"))[0 if value == "on" else 1]
    return value


def _known(ctx: Context, entity: Entity) -> tuple[EntityState, str | None]:
    """The state, and its word; None while unknown or out of reach."""
    state = ctx.home.state(entity.id)
    if state.value is None or not state.is_available:
        return state, None
    return state, word_of(entity, state.value)


def one(ctx: Context, entity: Entity, wanted: str = "") -> Outcome:
    """The state of one thing; with `wanted`, whether it is so."""
    state, word = _known(ctx, entity)
    if word is None:
        key = "state_unreachable" if not state.is_available else "state_unknown"
        return Outcome(OutcomeStatus.UNAVAILABLE, key, {"names": (entity.name,)})
    values: dict[str, SlotValue] = {"names": (entity.name,), "state": word}
    if wanted:
        is_so = word_of(entity, wanted) == word
        return Outcome.told("yes_state" if is_so else "no_state", **values)
    if entity.domain in ("sensor", "number"):
        return Outcome.told("measured", name=entity.name, value=_number(state.value), unit=entity.unit or "")
    if entity.domain == "climate":
        return _climate(entity, state, word)
    return Outcome.told("state", **values, **_extra(state, word))


def _extra(state: EntityState, word: str) -> dict[str, SlotValue]:
    brightness, position = state.attributes.get("brightness_pct"), state.attributes.get("position")
    return {
        "brightness": brightness if word == "on" else None,
        "position": position if word == "open" and position != 100 else None,
    }


def _climate(entity: Entity, state: EntityState, mode: str) -> Outcome:
    now, target = state.attributes.get("current_temperature"), state.attributes.get("temperature")
    return Outcome.told("climate_state", name=entity.name, mode=mode, now=now, target=target)


def many(ctx: Context, found: Found, wanted: str, asked: str = "") -> Outcome:
    """Which of several are so; `asked` is any, all, which or how_many, where that is known."""
    known = [(entity, word) for entity in found.entities if (word := _known(ctx, entity)[1]) is not None]
    if not known:
        return Outcome(OutcomeStatus.UNAVAILABLE, "state_unreachable", {"names": _names(found.entities)})
    meant = {entity.id: word_of(entity, wanted) for entity, _ in known}
    so = [entity for entity, word in known if word == meant[entity.id]]
    others = [entity for entity, word in known if word != meant[entity.id]]
    values: dict[str, SlotValue] = {
        "names": _names(so),
        "others": _names(others),
        "state": meant[known[0][0].id],
        "area": found.area,
        "asked": asked,
        "count": len(so),
        "unknown": _names([e for e in found.entities if e.id not in meant]),
    }
    if not so:
        return Outcome.told("none_are", **values)
    return Outcome.told("some_are" if others or values["unknown"] else "all_are", **values)


def temperature(ctx: Context, entities: Sequence[Entity], area: str) -> Outcome:
    """How warm it is: from a thermostat or thermometer that knows."""
    for entity in entities:
        state = ctx.home.state(entity.id)
        value = state.attributes.get("current_temperature") if entity.domain == "climate" else state.value
        if state.is_available and value is not None:
            return Outcome.told("temperature", value=_number(value), area=area, name=entity.name)
    return Outcome(OutcomeStatus.UNAVAILABLE, "state_unreachable", {"names": _names(entities)})


def measured(ctx: Context, entities: Sequence[Entity]) -> Outcome:
    """The first value that is known, of several sensors."""
    known = [entity for entity in entities if _known(ctx, entity)[1] is not None]
    return one(ctx, (known or list(entities))[0])


def _number(value: str | float | None) -> SlotValue:
    """A number for text that is one, so that it is spoken as one."""
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return value


def _names(entities: Sequence[Entity]) -> tuple[str, ...]:
    return tuple(entity.name for entity in entities)
