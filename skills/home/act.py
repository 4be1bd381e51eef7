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

from .targets import Found, names_of

MANY = 3
"""More things than this are counted, not named."""

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
    "media_player": ("play", "pause"),
    "sensor": ("", ""),
    "binary_sensor": ("", ""),
}
"""What turning on and off means where it means something else; empty: nothing."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done to a thing; `key` names the words that say it is done (empty: those of the new state)."""

    verb: str
    values: Mapping[str, Value] = field(default_factory=dict)
    key: str = ""
    told: Mapping[str, SlotValue] = field(default_factory=dict)
    """What else the words need."""
    sent: str = "sent"
    """The words where the thing reports nothing."""
    unable: str = "unsupported"
    """The words where it can't do that."""


def switched(entity: Entity, *, is_on: bool) -> Deed | None:
    """What turning this thing on or off means; None where it means nothing."""
    verb = _OF_DOMAIN.get(entity.domain, ("turn_on", "turn_off"))[0 if is_on else 1]
    if not verb:
        return None
    if entity.domain in ("scene", "script") and is_on:
        return Deed(verb, key="scene", sent="sent_scene")
    return Deed(verb, sent="sent_press" if verb == "press" else "sent")


async def switch(ctx: Context, found: Found, *, is_on: bool) -> Outcome:
    """Turn things on or off, each in its own way."""
    deeds = {entity: switched(entity, is_on=is_on) for entity in found.entities}
    doable = [(entity, deed) for entity, deed in deeds.items() if deed is not None]
    if not doable:
        return Outcome.refused("unsupported", names=names_of(found.entities))
    return await do(ctx, doable)


async def do_all(ctx: Context, found: Found, deed: Deed) -> Outcome:
    """Do the same to all."""
    return await do(ctx, [(entity, deed) for entity in found.entities])


async def do(ctx: Context, deeds: Sequence[tuple[Entity, Deed]]) -> Outcome:
    """Send everything at once; the outcome is made from what came back."""
    results = await ctx.home.act([Action(entity.id, deed.verb, deed.values) for entity, deed in deeds])
    return _outcome(_Results([entity for entity, _ in deeds], results), _common([deed for _, deed in deeds]))


def _common(deeds: Sequence[Deed]) -> Deed:
    """Words that are true of all of them: where they differ, only those of the states."""
    first = deeds[0]
    words = (first.key, first.told, first.sent, first.unable)
    is_same = all((deed.key, deed.told, deed.sent, deed.unable) == words for deed in deeds)
    return first if is_same else Deed(first.verb)


@dataclass(frozen=True, slots=True)
class _Results:
    entities: Sequence[Entity]
    results: Sequence[ActionResult]

    def names(self, status: ActionStatus) -> tuple[str, ...]:
        """Names of the things whose action came to this."""
        pairs = zip(self.entities, self.results, strict=True)
        return names_of([entity for entity, result in pairs if result.status is status])

    def is_all(self, status: ActionStatus) -> bool:
        """True when every action came to this."""
        return all(result.status is status for result in self.results)


def _outcome(results: _Results, deed: Deed) -> Outcome:
    values: dict[str, SlotValue] = {"names": names_of(results.entities), "kind": kind_of_many(results.entities)}
    values |= deed.told
    if results.is_all(ActionStatus.CONFIRMED):
        return _done(results, deed, values)
    if results.is_all(ActionStatus.ASSUMED):
        return Outcome(OutcomeStatus.ASSUMED, deed.sent, values)
    if results.is_all(ActionStatus.UNAVAILABLE):
        return Outcome(OutcomeStatus.UNAVAILABLE, "unreachable", values)
    if results.is_all(ActionStatus.UNSUPPORTED):
        return Outcome.refused(deed.unable, **values)
    if results.is_all(ActionStatus.FAILED):
        return Outcome.failed("no_effect", **values)
    return _mixed(results)


def _done(results: _Results, deed: Deed, values: Mapping[str, SlotValue]) -> Outcome:
    states = {result.state.value for result in results.results}
    state = states.pop() if len(states) == 1 else None
    if deed.key:
        return Outcome.done(deed.key, **{"state": state, **values})
    return Outcome.done("now", **values, state=state) if state else Outcome.done("all_done", **values)


def _mixed(results: _Results) -> Outcome:
    values: dict[str, SlotValue] = {
        "names": results.names(ActionStatus.CONFIRMED),
        "sent": results.names(ActionStatus.ASSUMED),
        "failed": results.names(ActionStatus.FAILED),
        "unreached": results.names(ActionStatus.UNAVAILABLE),
        "unable": results.names(ActionStatus.UNSUPPORTED),
    }
    if not any(values[key] for key in ("failed", "unreached", "unable")):
        return Outcome(OutcomeStatus.ASSUMED, "partly_sent", values)
    if values["names"] or values["sent"]:
        return Outcome(OutcomeStatus.PARTLY, "partly", values)
    return Outcome.failed("mixed_failure", **values)


def kind_of_many(entities: Sequence[Entity]) -> str:
    """What to count them as: their domain, or "mixed"; empty where they are few enough to be named."""
    if len(entities) <= MANY:
        return ""
    domains = {entity.domain for entity in entities}
    return domains.pop() if len(domains) == 1 else "mixed"
