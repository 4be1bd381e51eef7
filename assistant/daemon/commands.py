"""What the control socket and the command line can ask of a running assistant."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.acting.converse import Said
from assistant.core.errors import InputError
from assistant.core.home import Area, AreaId
from assistant.core.schedule import ScheduledItem
from assistant.core.turn import Nothing, Source, Transcript, Turn
from assistant.daemon.agenda_commands import AgendaCommands
from assistant.daemon.brain import Brain
from assistant.daemon.control import Command, Emit, Message
from assistant.daemon.home_commands import HomeCommands

if TYPE_CHECKING:
    from assistant.daemon.body import Body

MAX_TEXT = 20_000
"""Characters that a request may carry; what is understood is shorter still."""
LISTEN_S = 8.0


class Commands:
    """One method per command; each takes the request and gives the answer's fields."""

    def __init__(self, brain: Brain, body: Body | None = None) -> None:
        self._brain = brain
        self._body = body

    def table(self) -> Mapping[str, Command]:
        """Name → method."""
        return {
            "ask": self.ask,
            "say": self.say,
            "listen": self.listen,
            "why": self.why,
            "timers": self.timers,
            "skills": self.skills,
            "status": self.status,
            **AgendaCommands(self._brain).table(),
            **HomeCommands(self._brain).table(),
        }

    async def ask(self, request: Message, _: Emit) -> Message:
        """A typed sentence: `text`, `area`; gives the whole turn."""
        text = _text_of(request)
        language = self._brain.config.settings.general.language
        transcript = Transcript(text, language, "typed")
        turn = await self._brain.conversation.take(
            Said(transcript, Source.TYPED, channel="control", area_id=self._area_of(request))
        )
        return self._answer(turn)

    async def say(self, request: Message, _: Emit) -> Message:
        """Speak `text` aloud."""
        if self._body is None:
            raise InputError("this assistant has no voice", fix="start `assistant run`")
        text = _text_of(request)
        spoken = await self._body.speaking.say(text, self._brain.config.settings.general.language)
        return {"spoken": spoken.text, "was_stopped": spoken.was_stopped}

    async def listen(self, _: Message, emit: Emit) -> Message:
        """Open the microphone for one utterance; gives its turn."""
        if self._body is None or self._body.listener is None:
            why = self._body.deaf_why if self._body else "no daemon runs"
            raise InputError("this assistant can't hear", why=why, fix="`assistant doctor` names the fix")
        self._body.ears.open_mic(LISTEN_S)
        await emit({"event": "listening"})
        try:
            async with asyncio.timeout(LISTEN_S * 2):
                return self._answer(await self._brain.trace.next())
        except TimeoutError:
            return {"heard": "", "reply": "", "turn": None}

    async def why(self, request: Message, _: Emit) -> Message:
        """The turn `back` turns ago, for people and programs."""
        turns = self._brain.trace.turns()
        back = request.get("back", 0)
        if not isinstance(back, int) or not 0 <= back < len(turns):
            raise InputError(f"there is no turn {back} back", why=f"{len(turns)} turns are remembered")
        turn = turns[-1 - back]
        return {"text": self._brain.trace.as_text(turn), "turn": self._brain.trace.as_json(turn)}

    async def timers(self, _: Message, __: Emit) -> Message:
        """Everything that is pending."""
        return {"items": [self._item(item) for item in self._brain.schedule.pending()]}

    async def skills(self, _: Message, __: Emit) -> Message:
        """Every skill with its state."""
        language = self._brain.config.settings.general.language
        examples = {entry.skill: list(entry.examples) for entry in self._brain.skills.help(language)}
        rows = [
            {
                "name": state.name,
                "state": state.condition.value,
                "error": state.detail,
                "file": str(state.path),
                "description": state.description,
                "examples": examples.get(state.name, []),
            }
            for state in self._brain.skills.states()
        ]
        return {"skills": rows}

    async def status(self, _: Message, __: Emit) -> Message:
        """How every part is doing."""
        parts = {
            part.name: {"up": part.is_up, "restarts": part.restarts, "last_error": part.last_error}
            for part in self._brain.health.parts.values()
        }
        body = self._body
        hearing = body.choice.recogniser.name if body and body.choice else ""
        return {"parts": parts, "recogniser": hearing, "deaf_why": body.deaf_why if body else ""}

    def _answer(self, turn: Turn) -> Message:
        is_nothing = turn.understood is None or isinstance(turn.understood.plan, Nothing)
        return {
            "heard": turn.transcript.text,
            "reply": turn.reply.text if turn.reply else "",
            "understood": not is_nothing and not turn.error,
            "turn": self._brain.trace.as_json(turn),
        }

    def _area_of(self, request: Message) -> AreaId | None:
        wanted = str(request.get("area") or "").strip().casefold()
        if not wanted:
            return self._brain.area_id
        areas: Sequence[Area] = self._brain.home.view().areas
        for area in areas:
            if wanted in {area.id.casefold(), area.name.casefold(), *(alias.casefold() for alias in area.aliases)}:
                return area.id
        names = ", ".join(area.name for area in areas) or "none yet"
        raise InputError(f"there is no area {wanted!r}", fix=f"areas: {names}")

    def _item(self, item: ScheduledItem) -> dict[str, Any]:
        now = self._brain.clock.now()
        left = item.remaining if item.due_at is None else item.due_at - now
        return {
            "id": item.id,
            "kind": item.kind.value,
            "label": item.label,
            "due": item.due_at.astimezone(self._brain.zone).isoformat(timespec="seconds") if item.due_at else None,
            "remaining": str(left).split(".")[0] if left is not None else None,
            "paused": item.is_paused,
        }


def _text_of(request: Message) -> str:
    text = request.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InputError("there are no words", fix='give them as "text"')
    if len(text) > MAX_TEXT:
        raise InputError(f"that is {len(text)} characters long", fix=f"at most {MAX_TEXT} are taken")
    return text.strip()
