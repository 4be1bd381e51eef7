"""A scripted model, a small home and a still clock, for the tests of chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path
from types import TracebackType

from assistant.core.errors import AssistantError
from assistant.core.home import Area, AreaId, Entity, EntityId, HomeView
from assistant.core.settings import LlmSettings
from assistant.core.turn import Chat, Situation, Source, Transcript
from assistant.llm.answer import Completion, Ended, Limits
from assistant.llm.chat_template import Message
from assistant.testing.clock import FakeClock
from assistant.understanding.chat.talker import Talker, TalkerParts
from tests.understanding.parts import ZONE

PANTRY = AreaId("pantry")
HOME = HomeView(
    [
        Entity(EntityId("light.shelf"), "Shelf Light", "light", PANTRY),
        Entity(EntityId("lock.cellar"), "Cellar Door", "lock"),
    ],
    [Area(PANTRY, "Pantry"), Area(AreaId("loft"), "Loft")],
)


class ScriptedAnswer:
    """Gives sentences; waits for ever where one is None."""

    def __init__(self, sentences: Sequence[str | None], ended: Ended) -> None:
        self._sentences = sentences
        self.completion = Completion("", ended)
        self.is_closed = False

    async def __aenter__(self) -> ScriptedAnswer:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_closed = True

    async def sentences(self) -> AsyncIterator[str]:
        for sentence in self._sentences:
            await asyncio.sleep(0)
            if sentence is None:
                await asyncio.Event().wait()
            else:
                yield sentence


class ScriptedModel:
    """Always answers the same, and keeps what it was told."""

    is_small = True

    def __init__(self, *sentences: str | None, ended: Ended = Ended.STOP, error: AssistantError | None = None) -> None:
        self._sentences, self._ended, self._error = sentences, ended, error
        self.told: list[tuple[Message, ...]] = []
        self.limits: list[Limits] = []
        self.answers: list[ScriptedAnswer] = []
        self.is_prepared = False

    async def prepare(self, stable: tuple[Message, ...]) -> None:
        self.is_prepared = True

    async def answer(self, stable: tuple[Message, ...], turn: tuple[Message, ...], limits: Limits) -> ScriptedAnswer:
        if self._error is not None:
            raise self._error
        self.told.append((*stable, *turn))
        self.limits.append(limits)
        self.answers.append(ScriptedAnswer(self._sentences, self._ended))
        return self.answers[-1]


def talker(model: ScriptedModel | None, *, notes: Path | None = None, chat_s: float = 5.0) -> Talker:
    """Chat in the home above, on a Monday morning."""
    settings = LlmSettings(notes=notes, chat_s=chat_s)
    made = Talker(TalkerParts(FakeClock(), ZONE, settings, "Juniper", model=model))
    made.use(HOME)
    return made


def situation(language: str = "en", area_id: AreaId | None = PANTRY) -> Situation:
    """Somebody types in the pantry."""
    return Situation(language, Source.TYPED, area_id)


async def answered(part: Talker, text: str, language: str = "en", area_id: AreaId | None = PANTRY) -> list[str] | None:
    """The sentences of the answer; None where chat leaves the words alone."""
    said_in = situation(language, area_id)
    plan = await part.plan(Transcript(text, language, "typed"), said_in)
    if plan is None:
        return None
    assert isinstance(plan, Chat)
    async with aclosing(part.answer(plan.prompt, said_in)) as sentences:
        return [sentence async for sentence in sentences]
