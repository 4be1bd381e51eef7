"""Takes the answer to "What is the PIN?" before anything else reads it; all other words go on to understanding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.acting.pin import Verdict
from assistant.acting.policy import Fence
from assistant.acting.spoken_digits import digits_of
from assistant.core.actions import LoggedAction, Who
from assistant.core.home import EntityId, HomeView
from assistant.core.intents import IntentSpec
from assistant.core.ports import Understander
from assistant.core.turn import (
    Command,
    Commands,
    Nothing,
    Question,
    QuestionKind,
    Situation,
    TierNote,
    Transcript,
    Understood,
)

ASK_PIN = "ask_pin"
"""Key of the question for the PIN. Its kind is CONFIRM, so that "no" and "never mind" end it; "yes" does nothing."""


def asks_pin(question: Question | None) -> bool:
    """True for our own question for the PIN."""
    return question is not None and question.kind is QuestionKind.CONFIRM and question.key == ASK_PIN


class PinAnswers(Understander):
    """An Understander before another one."""

    def __init__(self, inner: Understander, fence: Fence) -> None:
        self._inner = inner
        self._fence = fence

    async def understand(self, transcript: Transcript, situation: Situation) -> Understood:
        """The pending command where the PIN is right, words about it where it isn't."""
        question = situation.open_question
        if question is None or not asks_pin(question):
            return await self._inner.understand(transcript, situation)
        for text in (transcript.text, *(other.text for other in transcript.alternatives)):
            digits = digits_of(text, transcript.language)
            if digits is not None:
                return await self._checked(question, digits, situation)
        return await self._inner.understand(transcript, situation)

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Nothing of it is needed here."""
        self._inner.use(intents, home)

    def phrases(self, language: str, limit: int) -> Sequence[str]:
        """Those of the inner one."""
        return self._inner.phrases(language, limit)

    async def _checked(self, question: Question, digits: str, situation: Situation) -> Understood:
        begun_s = self._fence.clock.monotonic()
        verdict = await self._fence.pin.check(digits)
        plan: Commands | Nothing = Nothing(f"pin_{verdict.value}")
        if verdict is Verdict.RIGHT:
            pending: Command = replace(question.pending, is_confirmed=True, has_pin=True)
            plan = Commands((pending,))
        else:
            self._note(question, verdict, situation)
        ms = (self._fence.clock.monotonic() - begun_s) * 1000
        return Understood(plan, (TierNote("pin", True, f"the PIN was {verdict.value}", ms),))

    def _note(self, question: Question, verdict: Verdict, situation: Situation) -> None:
        names, verb = question.values.get("names"), question.values.get("verb")
        name = names[0] if isinstance(names, tuple) and names and isinstance(names[0], str) else ""
        found = next((each.id for each in self._fence.home.view().entities if each.name == name), EntityId(""))
        who = Who(situation.source.value, situation.turn_id)
        at = self._fence.clock.now()
        self._fence.log.note(LoggedAction(at, found, name, str(verb), "refused", who, detail=f"pin_{verdict.value}"))
