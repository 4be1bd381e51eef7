"""Understands and answers what satellites of Rhasspy heard."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from assistant.acting.converse import Said
from assistant.core.home import AreaId, HomeView
from assistant.core.ports import Understander
from assistant.core.settings import HermesSettings
from assistant.core.turn import Command, Commands, Situation, SlotValue, Source, Transcript
from assistant.daemon.waiting import Converses
from assistant.home.faults import Faults
from assistant.home.hermes_ports import Answer, Intent, JsonValue, Slot, Words

ENGINE = "hermes"


@dataclass(frozen=True, slots=True)
class SatellitePartner:
    """Implements Hermes' Partner; each site has a dialogue of its own, and stands in an area."""

    settings: HermesSettings
    understander: Understander
    conversation: Converses
    view: Callable[[], HomeView]
    language: str
    faults: Faults = field(default_factory=Faults)

    async def understand(self, words: Words) -> Intent | None:
        """The first command of the words; nothing is done."""
        situation = Situation(self.language, Source.SATELLITE, self.area_id(words.site))
        understood = await self.understander.understand(self._transcript(words), situation)
        if not isinstance(understood.plan, Commands):
            return None
        command = understood.plan.commands[0]
        return Intent(command.intent, _slots(command), words.confidence)

    async def answer(self, words: Words) -> Answer:
        """A turn like any other."""
        said = Said(
            self._transcript(words),
            Source.SATELLITE,
            words.site,
            self.area_id(words.site),
            words.wake_word or None,
            words.audio_s,
            stages=words.stages,
        )
        turn = await self.conversation.take(said)
        # the turn has its secrets taken out; what was said of them goes no further
        heard = turn.transcript.text
        return (
            Answer("", False, heard)
            if turn.reply is None
            else Answer(turn.reply.text, turn.reply.expects_answer, heard)
        )

    def area_id(self, site: str) -> AreaId | None:
        """Where a satellite stands: by the settings, or because it is called so."""
        named = self.settings.area_of(site)
        for area in self.view().areas:
            if _folded(named) in map(_folded, (area.name, *area.aliases)):
                return area.id
        if named != site:
            self.faults.report(site, "a satellite stands in an area that there is not", named)
        return None

    def _transcript(self, words: Words) -> Transcript:
        return Transcript(words.text, self.language, ENGINE, words.confidence)


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _slots(command: Command) -> tuple[Slot, ...]:
    return tuple(
        Slot(name, _plain(value), command.words.get(name, ""))
        for name, value in command.slots.items()
        if value is not None
    )


def _plain(value: SlotValue) -> JsonValue:
    """A slot's value as JSON has it: lengths in seconds, moments as ISO 8601 writes them."""
    match value:
        case bool() | str() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case timedelta():
            return value.total_seconds()
        case datetime() | date() | time():
            return value.isoformat()
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
