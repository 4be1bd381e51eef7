"""What Hermes needs of the rest of the house: who understands, what hears a satellite, and what makes sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from assistant.core.audio import PcmChunk
from assistant.core.turn import Stage
from assistant.home.hermes_wav import Sound

JsonValue = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Slot:
    """One value that was understood; `words` are those that it was read from, where that is known."""

    name: str
    value: JsonValue
    words: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """What was understood; confidence 0–1."""

    name: str
    slots: tuple[Slot, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """What was said at a site. `audio_s` and `stages` (monotonic seconds) are known for what was recognised here."""

    site: str
    text: str
    confidence: float = 1.0
    wake_word: str = ""
    audio_s: float = 0.0
    stages: Mapping[Stage, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply, whether it is a question, and the words that it answers, secrets taken out."""

    text: str
    is_question: bool
    heard: str


class Partner(Protocol):
    """Who understands and answers."""

    async def understand(self, words: Words) -> Intent | None:
        """What the words mean there; nothing is done."""
        ...

    async def answer(self, words: Words) -> Answer:
        """Do what the words say."""
        ...


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words of one utterance, their confidence (0–1), how long it was, and when things happened (monotonic
    seconds)."""

    text: str
    confidence: float
    audio_s: float
    stages: Mapping[Stage, float]


class SiteEar(Protocol):
    """Listens to one utterance of one satellite."""

    def feed(self, sound: Sound) -> None:
        """The next stretch of sound, of any length; returns at once. What comes too fast is dropped."""
        ...

    def finish(self) -> None:
        """Somebody else says that the utterance is over; its words come all the same."""
        ...

    async def words(self) -> Recognised | None:
        """The words, once the utterance is over; None when nobody spoke. To be asked once. Raises AssistantError."""
        ...

    def close(self) -> None:
        """Nobody wants (more of) its words; what waits for them gets None. May be called twice."""
        ...


class Body(Protocol):
    """What this machine hears and speaks with."""

    def open_ear(self, *, stops_on_silence: bool, wake_word: str) -> SiteEar:
        """A new ear. Raises AssistantError where nothing can hear, or too many listen already."""
        ...

    async def sound_of(self, text: str, volume: float) -> PcmChunk:
        """The text spoken, as a whole; volume 0–1. Raises AssistantError."""
        ...

    async def say_here(self, text: str) -> None:
        """Speak with this machine's own speaker. Raises AssistantError."""
        ...

    async def play_here(self, sound: Sound) -> None:
        """Play it with this machine's own speaker. Raises AssistantError."""
        ...
