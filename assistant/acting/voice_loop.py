"""From what the ears hear to what the mouth says, turn by turn."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from assistant.acting.converse import Conversation, Said
from assistant.acting.replier import Replier
from assistant.acting.ring_answers import STOPPED
from assistant.acting.ringing import Ringer
from assistant.acting.speaking import Speaking
from assistant.acting.streaming import ReplyStream
from assistant.core.clock import Clock
from assistant.core.home import AreaId
from assistant.core.ports import Ears, Heard, Spoken, Unheard, Woken
from assistant.core.turn import DialogueAct, Nothing, SlotValue, Source, Stage, Turn

MAX_ANNOUNCEMENTS = 16
MAX_TURNS = 4
"""Turns that may wait for each other; words beyond that are not taken."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VoiceParts:
    """What a voice loop is made of."""

    ears: Ears
    speaking: Speaking
    ringer: Ringer
    conversation: Conversation
    replier: Replier
    clock: Clock
    language: str = "en"
    area_id: AreaId | None = None
    follow_up_s: float = 5.0


class VoiceLoop:
    """Listens, takes turns, speaks and announces. Implements core.ports.Announcer."""

    def __init__(self, parts: VoiceParts) -> None:
        self._parts = parts
        self._announcements: asyncio.Queue[str] = asyncio.Queue(MAX_ANNOUNCEMENTS)
        self._was_interrupted = False
        self._turns = 0
        self.dropped_announcements = 0
        self.dropped_turns = 0

    async def run(self) -> None:
        """Until the ears are closed; what is being said then is said to its end."""
        async with asyncio.TaskGroup() as group:
            others = [
                group.create_task(self._announcing(), name="announce"),
                group.create_task(self._parts.ringer.run(), name="ring"),
            ]
            try:
                await self._listening(group)
            finally:
                for task in others:
                    task.cancel()

    async def announce(self, skill: str, key: str, values: Mapping[str, object]) -> None:
        """Say the words of that key aloud, after what is being said now."""
        text = self._parts.replier.words(skill, key, self._parts.language, cast("Mapping[str, SlotValue]", values))
        if not text:
            _LOGGER.error("no words to announce", extra={"skill": skill, "key": key})
            return
        try:
            self._announcements.put_nowait(text)
        except asyncio.QueueFull:
            self.dropped_announcements += 1
            _LOGGER.warning("announcement dropped", extra={"key": key, "dropped": self.dropped_announcements})

    async def _announcing(self) -> None:
        while True:
            await self._parts.speaking.say(await self._announcements.get(), self._parts.language)

    async def _listening(self, group: asyncio.TaskGroup) -> None:
        async for event in self._parts.ears.events():
            match event:
                case Woken():
                    self._was_interrupted = self._parts.speaking.woken()
                case Unheard():
                    self._was_interrupted = False
                    self._parts.speaking.settled()
                case Heard():
                    self._heard(event, group)

    def _heard(self, heard: Heard, group: asyncio.TaskGroup) -> None:
        was_interrupted, self._was_interrupted = self._was_interrupted, False
        if self._turns >= MAX_TURNS:
            self.dropped_turns += 1
            self._parts.speaking.settled()
            _LOGGER.warning("too many turns wait: words dropped", extra={"dropped": self.dropped_turns})
            return
        self._turns += 1
        group.create_task(self._turn(self._said(heard, was_interrupted)), name="turn")

    def _said(self, heard: Heard, was_interrupted: bool) -> Said:
        utterance = heard.utterance
        stages = {
            Stage.SPEECH_END: utterance.speech_ended_at_s,
            Stage.ENDPOINT: utterance.endpoint_at_s,
            Stage.TRANSCRIPT: heard.transcript_at_s,
        }
        if heard.wake_at_s is not None:
            stages[Stage.WAKE] = heard.wake_at_s
        return Said(
            heard.transcript,
            Source.MICROPHONE,
            area_id=self._parts.area_id,
            wake_word=utterance.wake_word,
            audio_s=utterance.seconds,
            was_speaking=was_interrupted,
            stages=stages,
        )

    async def _turn(self, said: Said) -> None:
        stream = ReplyStream()
        try:
            with self._parts.speaking.turn():
                self._parts.speaking.settled()
                async with asyncio.TaskGroup() as group:
                    early = group.create_task(self._parts.speaking.reply_as_made(stream, said.transcript.language))
                    turn = await self._parts.conversation.take(replace(said, stream=stream))
                    assert turn.reply is not None
                    stream.end(turn.reply.text)
                await self._answer(turn, early.result(), stream)
        finally:
            self._turns -= 1

    async def _answer(self, turn: Turn, early: Spoken | None, stream: ReplyStream) -> None:
        """Say the reply, unless it was said while it was made, or silence is the answer."""
        assert turn.reply is not None
        if early is None and (stream.is_stopped or _is_answered_by_silence(turn)):
            # whoever waits for the answer learns that there is none
            self._parts.conversation.trace.note_spoken(turn.id, Spoken("", None, stream.is_stopped))
            return
        spoken = early or await self._parts.speaking.reply(turn.reply.text, turn.reply.language)
        self._note(turn, spoken)
        if turn.reply.expects_answer and not spoken.was_stopped:
            self._parts.speaking.follow_up(self._parts.follow_up_s)

    def _note(self, turn: Turn, spoken: Spoken) -> None:
        """The turn keeps when it sounded, the trace what was really said."""
        if spoken.first_sound_at_s is not None:
            turn.stages[Stage.FIRST_SOUND] = spoken.first_sound_at_s
            turn.stages[Stage.SPOKEN] = self._parts.clock.monotonic()
        self._parts.conversation.trace.note_spoken(turn.id, spoken)


def _is_answered_by_silence(turn: Turn) -> bool:
    """ "Stop" was meant for what sounded: that it is quiet now says enough. In a gap between two rings nobody need have
    spoken to us: what was not understood is not complained of."""
    plan = turn.understood.plan if turn.understood is not None else None
    if turn.situation.is_ringing:
        if isinstance(plan, Nothing):
            return turn.wake_word is None
        return bool(turn.outcomes) and all(outcome.key == STOPPED for outcome in turn.outcomes)
    return plan is DialogueAct.STOP and turn.situation.is_speaking
