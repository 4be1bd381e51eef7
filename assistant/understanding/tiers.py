"""The seams for tiers that need a language model; all else works without them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.core.turn import Plan, Situation, Transcript


class PlannerTier(Protocol):
    """Turns what the templates did not match into commands of this home."""

    @property
    def why(self) -> str:
        """What came of the last plan, for the trace."""
        ...

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Take over the skills' intents and the home's names; may be called at any time."""
        ...

    async def plan(self, transcript: Transcript, situation: Situation) -> Plan | None:
        """A plan, or None when it is not sure."""
        ...


class ChatTier(Protocol):
    """Answers in free words; its plans never act."""

    why: str
    """What came of the last sentence, for the trace."""

    async def plan(self, transcript: Transcript, situation: Situation) -> Plan | None:
        """A plan (Chat), or None when it has nothing to say."""
        ...
