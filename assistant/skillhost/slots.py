"""A command's slots as the arguments of a skill's method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from assistant.core.intents import IntentSpec, SlotKind, SlotSpec
from assistant.core.turn import Command, SlotValue
from assistant.core.values import Instant, Interval, Recurrence


@dataclass(frozen=True, slots=True)
class Arguments:
    """What follows the context in a call."""

    positional: tuple[Mapping[str, SlotValue], ...] = ()
    named: Mapping[str, SlotValue] = field(default_factory=dict)


def arguments(spec: IntentSpec, command: Command) -> Arguments | None:
    """Slots that the intent knows, empty ones left out; None when one that it can't do without is missing."""
    given = {name: value for name, value in command.slots.items() if value is not None}
    if spec.is_home_assistant:
        return Arguments(positional=(given,))
    known = {slot.name: _convert(slot, given[slot.name]) for slot in spec.slots if slot.name in given}
    if any(slot.is_required and slot.name not in known for slot in spec.slots):
        return None
    return Arguments(named=known)


def _convert(slot: SlotSpec, value: SlotValue) -> SlotValue:
    if slot.kind is SlotKind.NUMBER and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def unsayable(values: Mapping[str, object]) -> str:
    """The first of an outcome's values that is of no type that can be said; empty when all can."""
    return next((name for name, value in values.items() if not _can_be_said(value)), "")


def _can_be_said(value: object) -> bool:
    if isinstance(value, tuple):
        return all(isinstance(part, str) for part in value)
    return value is None or isinstance(
        value, str | int | float | timedelta | date | time | Instant | Interval | Recurrence
    )
