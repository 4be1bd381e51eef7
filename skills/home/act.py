"""Sends actions to things and says in an outcome what became of them, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.sdk import (
    Action,
    ActionResult,
    ActionStatus,
    Context,
    Entity,
    Outcome,
    OutcomeStatus,
    SlotValue,
    Value,
)

from .targets import Found

_OF_DOMAIN: Mapping[str, tuple[str, str]] = {
    "cover": ("open", "close"),
    "valve": ("open", "close"),
    "lock": ("lock", "unlock"),
    "button": ("press", ""),
    "input_button": ("press", ""),
    "scene": ("turn_on", ""),
    "script": ("turn_on", "turn_off"),
    "vacuum": ("start", "return_to_base"),
    "lawn_mower": ("start_mowing", "dock"),
    "sensor": ("", ""),
    "binary_sensor": ("", ""),
}
"""What turning on and off means where it means something else; empty: nothing."""


_MOVING = frozenset({"opening", "closing", "locking", "unlocking"})


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done to a thing; `key` names the words that say it is done (empty: those of the new state)."""

    verb: str
    values: Mapping[str, Value] = field(default_factory=dict)
    key: str = ""
    told: Mapping[str, SlotValue] = field(default_factory=dict)
    """What else the words need."""


def switched(entity: Entity, *, is_on: bool) -> Deed | None:
    """What turning this thing on or off means; None where it means nothing."""
    verb = _OF_DOMAIN.get(entity.domain, ("turn_on", "turn_off"))[0 if is_on else 1]
    if not verb:
        return None
    return Deed(verb, key="scene" if entity.domain in ("scene", "script") and is_on else "")


async def switch(ctx: Context, found: Found, *, is_on: bool) -> Outcome:
    """Turn things on or off, each in its own way."""
    deeds = {entity: switched(entity, is_on=is_on) for entity in found.entities}
    doable = [(entity, deed) for entity, deed in deeds.items() if deed is not None]
    if not doable:
        return Outcome.refused("unsupported", names=_names(found.entities))
    return await do(ctx, doable)


async def do_all(ctx: Context, found: Found, deed: Deed) -> Outcome:
    """Do the same to all."""
    return await do(ctx, [(entity, deed) for entity in found.entities])


async def do(ctx: Context, deeds: Sequence[tuple[Entity, Deed]]) -> Outcome:
    """Send everything at once; the outcome is made from what came back."""
    results = await ctx.home.act([Action(entity.id, deed.verb, deed.values) for entity, deed in deeds])
    return _outcome(_Results([entity for entity, _ in deeds], results), deeds[0][1])


@dataclass(frozen=True, slots=True)
class _Results:
    entities: Sequence[Entity]
    results: Sequence[ActionResult]

    def names(self, *statuses: ActionStatus) -> tuple[str, ...]:
        """Names of the things whose action came to one of these."""
        pairs = zip(self.entities, self.results, strict=True)
        return _names([entity for entity, result in pairs if result.status in statuses])

    def is_all(self, status: ActionStatus) -> bool:
        """True when every action came to this."""
        return all(result.status is status for result in self.results)


def _outcome(results: _Results, deed: Deed) -> Outcome:
    values: dict[str, SlotValue] = {"names": _names(results.entities), **deed.told}
    if results.is_all(ActionStatus.CONFIRMED):
        return Outcome(OutcomeStatus.DONE, *_done(results, deed, values))
    if results.is_all(ActionStatus.ASSUMED):
        return Outcome(OutcomeStatus.ASSUMED, "sent_scene" if deed.key == "scene" else "sent", values)
    if results.is_all(ActionStatus.UNAVAILABLE):
        return Outcome(OutcomeStatus.UNAVAILABLE, "unreachable", values)
    if results.is_all(ActionStatus.UNSUPPORTED):
        return Outcome.refused("unsupported", **values)
    if results.is_all(ActionStatus.FAILED):
        return Outcome.failed("no_effect", **values)
    return _mixed(results)


def _done(results: _Results, deed: Deed, values: Mapping[str, SlotValue]) -> tuple[str, Mapping[str, SlotValue]]:
    if deed.key:
        return deed.key, values
    states = {result.state.value or "" for result in results.results}
    if len(states) > 1:
        states = (states & _MOVING) or {""}
    return ("now", {**values, "state": states.pop()}) if states != {""} else ("all_done", values)


def _mixed(results: _Results) -> Outcome:
    values: dict[str, SlotValue] = {
        "names": results.names(ActionStatus.CONFIRMED),
        "sent": results.names(ActionStatus.ASSUMED),
        "failed": results.names(ActionStatus.FAILED),
        "unreached": results.names(ActionStatus.UNAVAILABLE),
        "unable": results.names(ActionStatus.UNSUPPORTED),
    }
    has_failed = any(values[key] for key in ("failed", "unreached", "unable"))
    if not has_failed:
        return Outcome(OutcomeStatus.ASSUMED, "partly_sent", values)
    is_none = not values["names"] and not values["sent"]
    return Outcome(OutcomeStatus.FAILED if is_none else OutcomeStatus.PARTLY, "mixed_failure" if is_none else "partly",
                   values)  # fmt: skip


def _names(entities: Sequence[Entity]) -> tuple[str, ...]:
    return tuple(entity.name for entity in entities)
