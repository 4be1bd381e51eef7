"""What was done to the home, as a record: who asked for it, when, and what the device said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from assistant.core.home import EntityId, Value

SECRET_VALUES = frozenset({"code", "pin"})
"""Values and slots that are never written down or shown."""
HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Who:
    """Who asked: the source of the words, or the part of the assistant that acts by itself."""

    source: str = ""
    turn_id: str = ""
    """Empty where no turn stands behind it."""


NOBODY = Who()
"""Nothing is known about who asked."""


@dataclass(frozen=True, slots=True)
class LoggedAction:
    """One action, or one that was refused or asked about. `at` is aware UTC; secret values are hidden already."""

    at: datetime
    entity_id: EntityId
    name: str
    verb: str
    status: str
    """An ActionStatus, `asked`, or `refused`."""
    who: Who = NOBODY
    values: Mapping[str, Value] = field(default_factory=dict)
    state: str | None = None
    """What the device reported afterwards."""
    detail: str = ""
    took_ms: int = 0


class ActionLog(Protocol):
    """Where actions are written down; `note` returns at once."""

    def note(self, action: LoggedAction) -> None:
        """Keep it."""
        ...


class NoLog(ActionLog):
    """Keeps nothing."""

    def note(self, action: LoggedAction) -> None:
        """Forget it."""


def without_secrets(values: Mapping[str, Value]) -> dict[str, Value]:
    """The values of an action as they may be written down."""
    return {name: HIDDEN if name in SECRET_VALUES and value else value for name, value in values.items()}
