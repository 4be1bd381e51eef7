"""Answers questions about states, from what the things last reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.sdk import Context, Entity, EntityState, Outcome, OutcomeStatus, SlotValue

from . import age
from .act import MANY
from .targets import Found, names_of

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
_ON_IN_MANY_WAYS = frozenset({"climate", "media_player", "vacuum", "lawn_mower", "humidifier", "water_heater"})
"""Their states say in which way they are on."""


def word_of(entity: Entity, value: str) -> str:
    """A state as a word of the reply files, whatever kind of thing it is."""
    if entity.domain == "binary_sensor" and value in ("on", "off"):
        return _PAIRS.get(entity.device_class or "", ("on", "off"))[0 if value == "on" else 1]
    return value


def is_known(ctx: Context, entity: Entity) -> bool:
    """True where the thing has reported a state and can be reached."""
    state = ctx.home.state(entity.id)
    return state.value is not None and state.is_available


def doubts(ctx: Context, entities: Sequence[Entity]) -> dict[str, SlotValue]:
    """For words: those from which nothing was heard in this run. What is known of them may have changed."""
    silent = [entity for entity in entities if ctx.home.state(entity.id).is_from_before]
    return {"unsure": names_of(silent), "is_all_unsure": len(silent) == len(entities) > 1}


def unknown(ctx: Context, entities: Sequence[Entity]) -> Outcome:
    """Why nothing can be said about these: out of reach, or never heard of."""
    is_away = all(not ctx.home.state(entity.id).is_available for entity in entities)
    key = "state_unreachable" if is_away else "state_unknown"
    return Outcome(OutcomeStatus.UNAVAILABLE, key, {"names": names_of(entities)})


def one(ctx: Context, entity: Entity, wanted: str = "") -> Outcome:
    """The state of one thing; with `wanted`, whether it is so."""
    state = ctx.home.state(entity.id)
    if (ago := age.of(state, ctx.clock.now())) is not None:
        return age.dated(_now(entity, replace(state, is_available=True)), state, ago)
    if is_known(ctx, entity):
        return _now(entity, state, wanted)
    return _sent(ctx, entity, state) or unknown(ctx, (entity,))


def _sent(ctx: Context, entity: Entity, state: EntityState) -> Outcome | None:
    """What it was told to be last, for a thing that reports nothing; None where nothing was sent."""
    word, at = state.attributes.get("sent"), state.attributes.get("sent_at")
    if state.value is not None or not state.is_available or not isinstance(word, str) or not isinstance(at, str):
        return None
    ago = age.rounded(ctx.clock.now() - datetime.fromisoformat(at))
    return Outcome.told("sent_before", names=(entity.name,), state=word, ago=ago)


def _now(entity: Entity, state: EntityState, wanted: str = "") -> Outcome:
    word = word_of(entity, state.value or "")
    values: dict[str, SlotValue] = {"names": (entity.name,), "state": word}
    if entity.domain == "alarm_control_panel":
        return Outcome.told("alarm_is", **values, is_so=_is_so(entity, word, wanted) if wanted else None)
    if wanted:
        return Outcome.told("yes_state" if _is_so(entity, word, wanted) else "no_state", **values)
    if entity.domain in ("sensor", "number"):
        return Outcome.told("measured", name=entity.name, value=_number(state.value), unit=entity.unit or "")
    if entity.domain == "climate":
        return _climate(entity, state, word)
    return Outcome.told("state", **values, **_extra(state, word))


def _is_so(entity: Entity, word: str, wanted: str) -> bool:
    """Whether a state is the wanted one; what heats or plays is on, too."""
    if entity.domain in ("cover", "valve"):
        wanted = {"on": "open", "off": "closed"}.get(wanted, wanted)
    if wanted == "armed" and entity.domain == "alarm_control_panel":
        return word.startswith("armed")
    if wanted == "on" and entity.domain in _ON_IN_MANY_WAYS:
        return word not in ("off", "standby", "docked")
    return word == word_of(entity, wanted)


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
    words = {each: word_of(each, ctx.home.state(each.id).value or "") for each in found.entities if is_known(ctx, each)}
    if len(found.entities) == 1 and not found.area and doubts(ctx, found.entities)["unsure"]:
        return one(ctx, found.entities[0], wanted)
    if not words:
        return unknown(ctx, found.entities)
    so = [entity for entity, word in words.items() if _is_so(entity, word, wanted)]
    values: dict[str, SlotValue] = {
        "names": names_of(so),
        "kind": kind_of(found.entities),
        "state": word_of(found.entities[0], wanted),
        "area": found.area,
        "asked": asked,
        "is_long": len(so) > MANY,
        "unknown": names_of([entity for entity in found.entities if entity not in words]),
        **doubts(ctx, tuple(words)),
    }
    if not so:
        return Outcome.told("none_are", **values)
    return Outcome.told("some_are" if len(so) < len(found.entities) else "all_are", **values)


def kind_of(entities: Sequence[Entity]) -> str:
    """What to call several: their device class or domain, or "mixed"."""
    for kinds in ({entity.device_class or "" for entity in entities}, {entity.domain for entity in entities}):
        if len(kinds) == 1 and "" not in kinds:
            return kinds.pop()
    return "mixed"


def temperature(ctx: Context, entities: Sequence[Entity], area: str) -> Outcome:
    """How warm it is there, as freshly as anything knows; where no place is meant, whose measure it is."""
    for entity in sorted(entities, key=lambda each: _staleness(ctx, each)):
        state = ctx.home.state(entity.id)
        value = state.attributes.get("current_temperature") if entity.domain == "climate" else state.value
        ago = age.of(state, ctx.clock.now())
        if value is None or (ago is None and not state.is_available):
            continue
        key = "temperature" if area else "temperature_by"
        told = Outcome.told(key, value=_number(value), area=area, name=entity.name)
        return told if ago is None else age.dated(told, state, ago)
    return unknown(ctx, entities)


def measured(ctx: Context, entities: Sequence[Entity]) -> Outcome:
    """The freshest value that is known, of several sensors."""
    return one(ctx, min(entities, key=lambda each: _staleness(ctx, each)))


def _staleness(ctx: Context, entity: Entity) -> int:
    """From 0, heard of in this run and within reach, to 3, never heard of."""
    state = ctx.home.state(entity.id)
    if state.value is None:
        return 3
    return 2 if not state.is_available else int(state.is_from_before)


def _number(value: str | float | None) -> SlotValue:
    """A number for text that is one, so that it is spoken as one."""
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return value
