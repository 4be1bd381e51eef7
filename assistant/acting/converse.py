"""One turn: words in, understood, carried out, answered, kept; never silence."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol, assert_never

from assistant.acting.dialogue import Dialogue, Dialogues
from assistant.acting.execute import Executor
from assistant.acting.replier import Replier
from assistant.acting.ring_answers import NO_RINGS, Rings
from assistant.acting.secrecy import hide_secrets
from assistant.acting.speaking import first_of
from assistant.acting.streaming import ReplyStream
from assistant.acting.trace import Trace, stage_ms
from assistant.acting.words import CORE
from assistant.core.clock import Clock
from assistant.core.home import AreaId
from assistant.core.ports import Understander
from assistant.core.turn import (
    Chat,
    Commands,
    DialogueAct,
    Nothing,
    Outcome,
    OutcomeStatus,
    Plan,
    Question,
    Reply,
    RingAnswer,
    RingVerb,
    Situation,
    Source,
    Stage,
    Transcript,
    Turn,
    TurnId,
)

MAX_CHARACTERS = 500
"""A longer request is refused, not cut."""

_LOGGER = logging.getLogger(__name__)


class Chatter(Protocol):
    """Answers in free words, and can't act."""

    def answer(self, prompt: str, situation: Situation) -> AsyncGenerator[str, None]:
        """Sentences as they come; the generator may be closed early."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said or typed, and how it came here. Stages are monotonic seconds."""

    transcript: Transcript
    source: Source
    channel: str = ""
    """Tells partners of one source apart: a satellite's or a client's name."""
    area_id: AreaId | None = None
    wake_word: str | None = None
    audio_s: float = 0.0
    was_speaking: bool = False
    """The words came while, or because of which, the assistant's speech broke off."""
    stages: Mapping[Stage, float] = field(default_factory=dict)
    stream: ReplyStream | None = None
    """Gets the sentences of an answer in free words as they are made; the turn's reply has them all."""


@dataclass(frozen=True, slots=True)
class ConversationParts:
    """What a conversation is made of."""

    understander: Understander
    executor: Executor
    replier: Replier
    clock: Clock
    trace: Trace
    chatter: Chatter | None = None
    rings: Rings = NO_RINGS
    stop_sound: Callable[[], bool] = lambda: False
    """Silences what speaks; True when there was something."""
    question_s: float = 30.0
    """An open question waits so long for its answer."""
    turn_s: float = 8.0
    """A whole turn may take so long, speaking not counted."""


class Conversation:
    """Takes what is said and gives back a finished Turn; one turn at a time per partner."""

    def __init__(self, parts: ConversationParts) -> None:
        self._parts = parts
        self._dialogues = Dialogues()

    @property
    def trace(self) -> Trace:
        """The last turns."""
        return self._parts.trace

    async def take(self, said: Said) -> Turn:
        """Understand, do and answer. Every turn has a reply; what went wrong stands in its `error`."""
        dialogue = self._dialogues.of(said.source, said.channel)
        async with dialogue.lock:
            turn = self._begin(said, dialogue)
            dialogue.stream = said.stream
            await self._contained(turn, dialogue)
            self._finish(turn, dialogue)
        return turn

    def _begin(self, said: Said, dialogue: Dialogue) -> Turn:
        clock, turn_id = self._parts.clock, TurnId(uuid.uuid4().hex[:12])
        situation = Situation(
            said.transcript.language,
            said.source,
            said.area_id,
            dialogue.open_question(clock.monotonic()),
            self._parts.rings.ringing(),
            said.was_speaking,
            turn_id,
        )
        turn = Turn(turn_id, clock.now(), situation, said.transcript, said.wake_word, said.audio_s)
        turn.stages.update(said.stages)
        turn.stages.setdefault(Stage.TRANSCRIPT, clock.monotonic())
        return turn

    async def _contained(self, turn: Turn, dialogue: Dialogue) -> None:
        """The border of the supervised task that a turn is: every failure becomes words."""
        try:
            async with asyncio.timeout(self._parts.turn_s) as limit:
                await self._run(turn, dialogue)
        except Exception as error:
            is_late = isinstance(error, TimeoutError) and limit.expired()
            turn.error = f"took longer than {self._parts.turn_s:g} s" if is_late else f"{type(error).__name__}: {error}"
            _LOGGER.exception("turn failed", extra={"turn": turn.id})
            self._answer_failure(turn, "took_too_long" if is_late else "turn_failed")

    async def _run(self, turn: Turn, dialogue: Dialogue) -> None:
        text = turn.transcript.text.strip()
        if not text:
            turn.reply = self._words(turn, "not_heard")
        elif len(text) > MAX_CHARACTERS:
            turn.reply = self._words(turn, "too_long")
        else:
            turn.understood = await self._parts.understander.understand(turn.transcript, turn.situation)
            self._reached(turn, Stage.PLAN)
            if not isinstance(turn.understood.plan, Nothing):
                dialogue.question = None
            turn.reply = await self._follow(turn, turn.understood.plan, dialogue)
            if _is_request(turn):
                await self._tell_missed(turn)

    async def _follow(self, turn: Turn, plan: Plan, dialogue: Dialogue) -> Reply:
        match plan:
            case Commands():
                await self._parts.executor.run(plan, turn.situation, lambda outcome: _add(turn, outcome))
                self._reached(turn, Stage.ACTED)
            case Question():
                _add(turn, Outcome(OutcomeStatus.ASKED, plan.key, plan.values, plan.skill, plan))
            case Chat():
                return await self._chat(turn, plan, dialogue.stream or ReplyStream())
            case RingAnswer():
                _add(turn, await self._parts.rings.answer(plan))
            case DialogueAct():
                return await self._dialogue_act(turn, plan, dialogue)
            case Nothing():
                return self._nothing(turn, plan, dialogue)
            case _:
                assert_never(plan)
        return self._parts.replier.reply(turn.outcomes, turn.situation.language)

    def _nothing(self, turn: Turn, plan: Nothing, dialogue: Dialogue) -> Reply:
        """A question that was asked still waits after an answer that nobody understood."""
        words = self._parts.replier.words(CORE, plan.key, turn.situation.language, plan.values)
        words = words or self._words(turn, "not_understood").text
        return Reply(words, turn.situation.language, expects_answer=dialogue.question is not None)

    async def _chat(self, turn: Turn, plan: Chat, stream: ReplyStream) -> Reply:
        """Free words, sentence by sentence, until nobody listens any more."""
        if self._parts.chatter is None:
            return self._words(turn, "not_known")
        stream.is_being_made = True
        try:
            await first_of(self._sentences(turn, plan, stream), stream.stopped())
        finally:
            stream.is_being_made = False
        return turn.reply or self._words(turn, "stopped" if stream.is_stopped else "not_known")

    async def _sentences(self, turn: Turn, plan: Chat, stream: ReplyStream) -> None:
        assert self._parts.chatter is not None
        async with aclosing(self._parts.chatter.answer(plan.prompt, turn.situation)) as answer:
            async for sentence in answer:
                stream.put(sentence.strip())
                turn.reply = Reply(stream.text, turn.situation.language)

    async def _dialogue_act(self, turn: Turn, act: DialogueAct, dialogue: Dialogue) -> Reply:
        match act:
            case DialogueAct.STOP if turn.situation.is_ringing:
                _add(turn, await self._parts.rings.answer(RingAnswer(RingVerb.STOP)))
                return self._parts.replier.reply(turn.outcomes, turn.situation.language)
            case DialogueAct.STOP:
                was_sounding = self._parts.stop_sound() or turn.situation.is_speaking
                return self._words(turn, "stopped" if was_sounding else "nothing_to_stop")
            case DialogueAct.NEVER_MIND:
                return self._words(turn, "never_mind" if turn.situation.open_question is None else "confirm_gone")
            case DialogueAct.REPEAT:
                if dialogue.last_reply:
                    return Reply(dialogue.last_reply, turn.situation.language)
                return self._words(turn, "nothing_to_repeat")
            case DialogueAct.MISSED:
                turn.outcomes = await self._parts.rings.tell_missed(is_asked=True)
                return self._parts.replier.reply(turn.outcomes, turn.situation.language)
            case _:
                assert_never(act)

    async def _tell_missed(self, turn: Turn) -> None:
        """What rang and nobody heard is told to whoever speaks next, after what they wanted."""
        missed = await self._parts.rings.tell_missed()
        if missed and turn.reply is not None:
            told = self._parts.replier.reply(missed, turn.situation.language)
            turn.outcomes = (*turn.outcomes, *missed)
            turn.reply = replace(turn.reply, text=f"{turn.reply.text} {told.text}".strip(), outcomes=turn.outcomes)

    def _answer_failure(self, turn: Turn, key: str) -> None:
        """What was done is told first; then that the rest was not."""
        done = self._parts.replier.reply(turn.outcomes, turn.situation.language)
        said = turn.reply.text if turn.reply is not None else done.text
        text = f"{said} {self._words(turn, key).text}".strip()
        turn.reply = Reply(text, turn.situation.language, turn.outcomes, done.expects_answer)

    def _finish(self, turn: Turn, dialogue: Dialogue) -> None:
        assert turn.reply is not None
        question = next((outcome.question for outcome in turn.outcomes if outcome.question is not None), None)
        if question is not None:
            dialogue.open(question, self._parts.clock.monotonic() + self._parts.question_s)
        dialogue.last_reply = turn.reply.text
        # what was asked for is kept as it was said; the turn is there to be looked at
        hide_secrets(turn)
        self._reached(turn, Stage.REPLY)
        self._parts.trace.add(turn)
        _LOGGER.info(
            "turn",
            extra={
                "turn": turn.id,
                "source": turn.situation.source.value,
                "plan": type(turn.understood.plan).__name__ if turn.understood else "",
                "outcomes": [outcome.status.value for outcome in turn.outcomes],
                "stage_ms": {stage: round(ms, 1) for stage, ms in stage_ms(turn).items()},
                "words": turn.transcript.text,
                "has_failed": bool(turn.error),
            },
        )

    def _words(self, turn: Turn, key: str) -> Reply:
        language = turn.situation.language
        return Reply(self._parts.replier.words(CORE, key, language, {}), language)

    def _reached(self, turn: Turn, stage: Stage) -> None:
        turn.stages[stage] = self._parts.clock.monotonic()


def _add(turn: Turn, outcome: Outcome) -> None:
    turn.outcomes = (*turn.outcomes, outcome)


def _is_request(turn: Turn) -> bool:
    """True when somebody wanted something, and has it: not for words about what sounds, or that nobody understood."""
    assert turn.understood is not None
    assert turn.reply is not None
    is_request = isinstance(turn.understood.plan, Commands | Chat)
    return is_request and not turn.situation.is_ringing and not turn.reply.expects_answer
