"""Carries out the commands of a plan, one after the other, behind the policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.acting.policy import GuardedHome
from assistant.acting.words import CORE
from assistant.core.errors import ConfirmationNeeded, NotAllowed
from assistant.core.ports import HomePort, SkillRunner
from assistant.core.settings import HomeSettings
from assistant.core.turn import Command, Commands, Outcome, OutcomeStatus, Question, QuestionKind, Situation

CONFIRMED_VERBS = frozenset({"unlock", "open", "set_position", "disarm", "turn_on", "turn_off", "toggle"})
"""Verbs that have words of their own to ask with: `confirm_<verb>`."""


@dataclass(frozen=True, slots=True)
class Executor:
    """Commands in, outcomes out."""

    runner: SkillRunner
    home: HomePort
    settings: HomeSettings

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
        home = GuardedHome(self.home, self.settings, command.is_confirmed)
        try:
            return await self.runner.run(command, situation, home)
        except ConfirmationNeeded as needed:
            return _ask(command, needed)
        except NotAllowed as refusal:
            return Outcome.refused(refusal.code, names=refusal.names)


def _ask(command: Command, needed: ConfirmationNeeded) -> Outcome:
    key = f"confirm_{needed.verb}" if needed.verb in CONFIRMED_VERBS else "confirm"
    values = {"names": needed.names}
    question = Question(QuestionKind.CONFIRM, CORE, key, command, values)
    return Outcome(OutcomeStatus.ASKED, key, values, CORE, question)
