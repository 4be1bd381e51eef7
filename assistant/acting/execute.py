"""Carries out the commands of a plan, one after the other, behind the policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.acting.pin import Verdict
from assistant.acting.pin_answers import ASK_PIN, asks_pin
from assistant.acting.policy import Confirmed, Fence, OnlyOneAtATime, PinNeeded
from assistant.acting.spoken_digits import digits_of
from assistant.acting.words import CORE
from assistant.core.actions import Who
from assistant.core.errors import ConfirmationNeeded, NotAllowed
from assistant.core.ports import SkillRunner
from assistant.core.turn import (
    Command,
    Commands,
    Outcome,
    OutcomeStatus,
    Question,
    QuestionKind,
    Situation,
    SlotValue,
)

CONFIRMED_VERBS = frozenset({"unlock", "open", "set_position", "disarm", "turn_on", "turn_off", "toggle"})
"""Verbs that have words of their own to ask with: `confirm_<verb>`."""
CODE = "code"
"""The slot that holds digits which were said along with a request: the device's own code, or the PIN."""
SINGLE_VERBS = frozenset({"unlock", "open", "disarm"})
"""Verbs that have words of their own to say that they are done to one thing at a time: `one_at_a_time_<verb>`."""


@dataclass(frozen=True, slots=True)
class Executor:
    """Commands in, outcomes out."""

    runner: SkillRunner
    fence: Fence

    async def run(self, plan: Commands, situation: Situation, report: Callable[[Outcome], None]) -> None:
        """Report one outcome per command, as they come. Only one question is asked; the rest of a plan goes on."""
        has_asked = False
        for command in plan.commands:
            outcome = await self._command(command, situation)
            if outcome.question is not None and has_asked:
                outcome = Outcome.refused("one_question")
            has_asked = has_asked or outcome.question is not None
            report(outcome)

    async def _command(self, command: Command, situation: Situation) -> Outcome:
        confirmed = _confirmed(command, situation)
        try:
            return await self._run(command, situation, confirmed)
        except PinNeeded as needed:
            said = str(command.slots.get(CODE) or "")
            if confirmed is None and said and await self._is_pin(said, situation.language):
                return await self._after_pin(command, situation, needed)
            return _ask(command, needed)
        except ConfirmationNeeded as needed:
            return _ask(command, needed)
        except NotAllowed as refusal:
            return _refused(refusal)

    async def _run(self, command: Command, situation: Situation, confirmed: Confirmed | None) -> Outcome:
        who = Who(situation.source.value, situation.turn_id)
        return await self.runner.run(command, situation, self.fence.guarded(who, confirmed))

    async def _after_pin(self, command: Command, situation: Situation, needed: PinNeeded) -> Outcome:
        """Once more, with the PIN that was said along with the request."""
        confirmed = Confirmed(needed.names[0], needed.verb, has_pin=True)
        try:
            return await self._run(command, situation, confirmed)
        except ConfirmationNeeded as other:
            return _ask(command, other)
        except NotAllowed as refusal:
            return _refused(refusal)

    async def _is_pin(self, said: str, language: str) -> bool:
        digits = digits_of(said, language)
        return digits is not None and await self.fence.pin.check(digits) is Verdict.RIGHT


def _refused(refusal: NotAllowed) -> Outcome:
    """Said with what can be said instead, where there is something."""
    if not isinstance(refusal, OnlyOneAtATime):
        return Outcome.refused(refusal.code, names=refusal.names)
    key = f"{refusal.code}_{refusal.verb}" if refusal.verb in SINGLE_VERBS else refusal.code
    return Outcome.refused(key, names=refusal.names, first=refusal.names[0])


def _ask(command: Command, needed: ConfirmationNeeded) -> Outcome:
    key = f"confirm_{needed.verb}" if needed.verb in CONFIRMED_VERBS else "confirm"
    if isinstance(needed, PinNeeded):
        key = ASK_PIN
    values: dict[str, SlotValue] = {"names": needed.names, "verb": needed.verb}
    question = Question(QuestionKind.CONFIRM, CORE, key, command, values)
    return Outcome(OutcomeStatus.ASKED, key, values, CORE, question)


def _confirmed(command: Command, situation: Situation) -> Confirmed | None:
    """A yes, or the PIN, counts only as the answer to our own question, and only for what was asked."""
    question = situation.open_question
    if question is None or question.kind is not QuestionKind.CONFIRM or not command.is_confirmed:
        return None
    names, verb = question.values.get("names"), question.values.get("verb")
    is_pending = (command.intent, command.slots) == (question.pending.intent, question.pending.slots)
    if is_pending and isinstance(names, tuple) and len(names) == 1 and isinstance(verb, str):
        return Confirmed(names[0], verb, has_pin=command.has_pin and asks_pin(question))
    return None
