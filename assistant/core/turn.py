"""One utterance, from air to air: the values that each stage gives to the next, and the Turn that keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NewType

from assistant.core.home import AreaId
from assistant.core.intents import SlotKind
from assistant.core.schedule import ItemId, ScheduledItem
from assistant.core.values import Instant, Interval, Length, Offset, Recurrence, Request

TurnId = NewType("TurnId", str)

TimeValue = Instant | Interval | Recurrence | Offset | Length
"""A time as it was said, of any form."""
SlotValue = str | int | float | bool | timedelta | datetime | date | time | tuple[str, ...] | TimeValue | Request | None
"""A typed slot or reply value. A tuple is a list of names, to be joined as people say it."""


class Source(StrEnum):
    """Where words came from."""

    MICROPHONE = "microphone"
    TYPED = "typed"
    SATELLITE = "satellite"
    MQTT = "mqtt"
    """A message of the home: a hook, or a line typed elsewhere."""


class Stage(StrEnum):
    """Moments of a turn, in order; the Turn keeps the monotonic second of each that happened."""

    WAKE = "wake"
    SPEECH_END = "speech_end"
    ENDPOINT = "endpoint"
    TRANSCRIPT = "transcript"
    PLAN = "plan"
    ACTED = "acted"
    REPLY = "reply"
    FIRST_SOUND = "first_sound"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of the same audio."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of an utterance; confidence 0–1."""

    text: str
    language: str
    engine: str
    confidence: float = 1.0
    is_final: bool = True
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do: an intent with typed slots. `text` is the part of the transcript it came from."""

    intent: str
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    text: str = ""
    is_confirmed: bool = False
    """True once the speaker said yes to a dangerous action."""
    has_pin: bool = False
    """True once the speaker said the right PIN for it."""
    words: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Slot → the words that it was read from, for slots whose meaning may depend on what they are about."""


class QuestionKind(StrEnum):
    """What an open question waits for."""

    SLOT = "slot"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the speaker; its answer completes `pending`."""

    kind: QuestionKind
    skill: str
    key: str
    """Which words to ask with: a reply key of the skill."""
    pending: Command
    values: Mapping[str, SlotValue] = field(default_factory=dict)
    slot: str = ""
    slot_kind: SlotKind = SlotKind.TEXT


@dataclass(frozen=True, slots=True)
class Commands:
    """A plan: do these, in order."""

    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Chat:
    """A plan: answer in free words (never acts)."""

    prompt: str


class DialogueAct(StrEnum):
    """Acts on the conversation itself."""

    STOP = "stop"
    NEVER_MIND = "never_mind"
    REPEAT = "repeat"
    MISSED = "missed"
    """What did I miss?"""


class RingVerb(StrEnum):
    """What somebody wants of something that rings."""

    STOP = "stop"
    STOP_ALL = "stop_all"
    """That, and what waits to ring after it."""
    SNOOZE = "snooze"
    DONE = "done"
    """The reminder's task is done."""


@dataclass(frozen=True, slots=True)
class RingAnswer:
    """A plan: what is to become of what rings now."""

    verb: RingVerb
    by: timedelta | None = None
    """How long to snooze; None: the usual while."""
    item_id: ItemId | None = None
    """Set where one was named that is not the first of what rings."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A plan: no tier was sure; `key` names the words that say so (not_understood, not_known, …)."""

    key: str
    values: Mapping[str, SlotValue] = field(default_factory=dict)


Plan = Commands | Question | Chat | DialogueAct | RingAnswer | Nothing


@dataclass(frozen=True, slots=True)
class TierNote:
    """Why one tier of understanding took or passed a turn, and what it cost."""

    tier: str
    took: bool
    why: str
    ms: float


@dataclass(frozen=True, slots=True)
class Understood:
    """A plan with its reasons."""

    plan: Plan
    tiers: tuple[TierNote, ...] = ()


class OutcomeStatus(StrEnum):
    """What became of a command; only these make words that claim an effect."""

    DONE = "done"
    ASSUMED = "assumed"
    PARTLY = "partly"
    TOLD = "told"
    """A question was answered; nothing was to be done."""
    ASKED = "asked"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a skill did. `key` names the reply template of `skill`; values are typed, words are made later."""

    status: OutcomeStatus
    key: str
    values: Mapping[str, SlotValue] = field(default_factory=dict)
    skill: str = ""
    question: Question | None = None

    @classmethod
    def done(cls, key: str, **values: SlotValue) -> Outcome:
        """The wanted effect happened."""
        return cls(OutcomeStatus.DONE, key, values)

    @classmethod
    def told(cls, key: str, **values: SlotValue) -> Outcome:
        """A question was answered."""
        return cls(OutcomeStatus.TOLD, key, values)

    @classmethod
    def failed(cls, key: str, **values: SlotValue) -> Outcome:
        """It was tried and did not work."""
        return cls(OutcomeStatus.FAILED, key, values)

    @classmethod
    def refused(cls, key: str, **values: SlotValue) -> Outcome:
        """It can't or may not be done; nothing was tried."""
        return cls(OutcomeStatus.REFUSED, key, values)

    @classmethod
    def not_found(cls, key: str, **values: SlotValue) -> Outcome:
        """What was named doesn't exist."""
        return cls(OutcomeStatus.NOT_FOUND, key, values)


@dataclass(frozen=True, slots=True)
class Reply:
    """The words that answer a turn, already in the speaker's language."""

    text: str
    language: str
    outcomes: tuple[Outcome, ...] = ()
    expects_answer: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known about the moment of speaking."""

    language: str
    source: Source
    area_id: AreaId | None = None
    """Where the speaker's device stands."""
    open_question: Question | None = None
    ringing: tuple[ScheduledItem, ...] = ()
    """What rings now, and after it what waits to ring."""
    is_speaking: bool = False
    turn_id: TurnId = TurnId("")
    """The turn that this is the beginning of; empty outside of one."""

    @property
    def is_ringing(self) -> bool:
        """True when something rings."""
        return bool(self.ringing)


@dataclass(slots=True)
class Turn:
    """The record of one utterance; acting owns it while it runs, afterwards it is only read."""

    id: TurnId
    started_at: datetime
    situation: Situation
    transcript: Transcript
    wake_word: str | None = None
    audio_s: float = 0.0
    understood: Understood | None = None
    outcomes: tuple[Outcome, ...] = ()
    reply: Reply | None = None
    stages: dict[Stage, float] = field(default_factory=dict)
    error: str = ""
