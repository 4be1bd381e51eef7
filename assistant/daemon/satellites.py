"""Understands and answers what satellites of Rhasspy heard."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.acting.converse import Said
from assistant.core.ports import Understander
from assistant.core.turn import Commands, Situation, Source, Transcript
from assistant.daemon.waiting import Converses
from assistant.home.hermes import Intent

ENGINE = "hermes"


@dataclass(frozen=True, slots=True)
class SatellitePartner:
    """Implements Hermes' Partner; each site has a dialogue of its own."""

    understander: Understander
    conversation: Converses
    language: str

    async def understand(self, text: str) -> Intent | None:
        """The first command of the words; nothing is done."""
        situation = Situation(self.language, Source.SATELLITE)
        understood = await self.understander.understand(Transcript(text, self.language, ENGINE), situation)
        if not isinstance(understood.plan, Commands):
            return None
        command = understood.plan.commands[0]
        return Intent(command.intent, {name: str(value) for name, value in command.slots.items() if value is not None})

    async def answer(self, text: str, site: str) -> tuple[str, bool]:
        """A turn like any other."""
        turn = await self.conversation.take(Said(Transcript(text, self.language, ENGINE), Source.SATELLITE, site))
        return ("", False) if turn.reply is None else (turn.reply.text, turn.reply.expects_answer)
