"""What a skill can do, as values: one source for the matcher, the recogniser's grammar, help and the planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.core.values import Wish


class SlotKind(StrEnum):
    """The types a slot can have; the words of a slot become a value of that type or the sentence doesn't match."""

    TEXT = "text"
    """Free words, as said: str."""
    NUMBER = "number"
    """int or float."""
    DURATION = "duration"
    """datetime.timedelta, positive."""
    WHEN = "when"
    """An instant to come: aware datetime in the home's zone."""
    ENTITY = "entity"
    """The name of something in the home: EntityId as str."""
    AREA = "area"
    """The name of an area: AreaId as str."""
    CHOICE = "choice"
    """One of the values that the slot lists."""
    PLACE = "place"
    """A city or zone in the IANA database: zone key as str."""
    REQUEST = "request"
    """The rest of a command, told apart into what it is about and when: Request. Said in two stretches, both count."""
    TIME = "time"
    """A time of any form, for questions and targets: Instant, Interval, Recurrence or Offset."""


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """One slot of an intent."""

    name: str
    kind: SlotKind
    is_required: bool = True
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For CHOICE: language → (words → value)."""
    wish: Wish | None = None
    """For REQUEST: what kind of command it belongs to; for TIME: how a bare hour is read."""


@dataclass(frozen=True, slots=True)
class IntentSpec:
    """One thing a skill can do."""

    name: str
    """Unique: "<skill>.<method>", or the name of a Home Assistant intent (HassTurnOn) whose sentences it takes over."""
    skill: str
    description: str
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Language → sentence templates in hassil's grammar; `{slot}` names a slot of this intent."""
    slots: tuple[SlotSpec, ...] = ()
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Language → plain example sentences for help."""

    @property
    def is_home_assistant(self) -> bool:
        """True when the sentences come from the package home-assistant-intents."""
        return self.name.startswith("Hass")
