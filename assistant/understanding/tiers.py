"""The seams for tiers that need a language model; none is built in."""

from __future__ import annotations

from typing import Protocol

from assistant.core.turn import Plan, Situation, Transcript


class PlannerTier(Protocol):
    """Turns what the templates did not match into commands of this home."""

    async def plan(self, transcript: Transcript, situation: Situation) -> Plan | None:
        """A plan, or None when it is not sure."""
        ...


class ChatTier(Protocol):
    """Answers in free words; its plans never act."""

    async def plan(self, transcript: Transcript, situation: Situation) -> Plan | None:
        """A plan (Chat), or None when it has nothing to say."""
        ...
