"""Where, when and with what a skill's method runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.errors import StoreError
from assistant.core.home import Area, AreaId
from assistant.core.intents import SlotKind
from assistant.core.ports import CalendarPort, HomePort, Notebook, SchedulePort
from assistant.core.settings import TimesSettings
from assistant.core.turn import Command, Outcome, OutcomeStatus, Question, QuestionKind, SlotValue
from assistant.core.values import Reading


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """What one skill offers: its name, one line about it, and sentences to try."""

    skill: str
    description: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Given to every method of a skill."""

    skill: str
    command: Command
    language: str
    zone: ZoneInfo
    area_id: AreaId | None
    clock: Clock
    home: HomePort
    schedule: SchedulePort
    notebook: Notebook
    help: Sequence[HelpEntry] = ()
    calendar_port: CalendarPort | None = None
    times: TimesSettings = field(default_factory=TimesSettings)

    @property
    def calendar(self) -> CalendarPort:
        """The home's events. Raises StoreError where none are kept."""
        if self.calendar_port is None:
            raise StoreError("there is no calendar here")
        return self.calendar_port

    def local_now(self) -> datetime:
        """The wall clock of this home, aware."""
        return self.clock.now().astimezone(self.zone)

    def reading(self, now: datetime | None = None) -> Reading:
        """Against what words are read here, as in an answer to "for when?"; `now` instead of this home's wall clock."""
        return self.times.reading(now or self.local_now(), self.language, is_latent_wanted=True)

    def area(self) -> Area | None:
        """The area the speaker is in, if known."""
        return next((area for area in self.home.view().areas if area.id == self.area_id), None)

    def ask(self, key: str, slot: str, kind: SlotKind, **values: SlotValue) -> Outcome:
        """Ask for a missing slot with the words of `key`; the method runs again with the answer in `slot`."""
        question = Question(QuestionKind.SLOT, self.skill, key, self.command, values, slot, kind)
        return Outcome(OutcomeStatus.ASKED, key, values, self.skill, question)

    def confirm(self, key: str, **values: SlotValue) -> Outcome:
        """Ask for a yes with the words of `key`; after it the method runs again and `is_confirmed` is true."""
        question = Question(QuestionKind.CONFIRM, self.skill, key, self.command, values)
        return Outcome(OutcomeStatus.ASKED, key, values, self.skill, question)

    @property
    def is_confirmed(self) -> bool:
        """True once the speaker said yes to what `confirm` asked."""
        return self.command.is_confirmed
