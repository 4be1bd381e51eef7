"""What one conversation partner has open: the question asked last, and the last thing said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from assistant.acting.streaming import ReplyStream
from assistant.core.turn import Question, Source

MAX_PARTNERS = 64


@dataclass(slots=True)
class Dialogue:
    """State of one partner; its lock keeps turns in order."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    question: Question | None = None
    expires_at_s: float = 0.0
    last_reply: str = ""
    stream: ReplyStream | None = None
    """Where the sentences of the turn that goes on now are wanted as they come."""

    def open(self, question: Question, until_s: float) -> None:
        """Wait for an answer until that monotonic second."""
        self.question, self.expires_at_s = question, until_s

    def open_question(self, now_s: float) -> Question | None:
        """The question that still waits, if any."""
        if self.question is not None and now_s >= self.expires_at_s:
            self.question = None
        return self.question


class Dialogues:
    """One per source and channel; those unused longest are forgotten."""

    def __init__(self) -> None:
        self._known: dict[tuple[Source, str], Dialogue] = {}

    def of(self, source: Source, channel: str) -> Dialogue:
        """The dialogue with that partner."""
        dialogue = self._known.pop((source, channel), None) or Dialogue()
        self._known[source, channel] = dialogue
        for key in [key for key, old in self._known.items() if not old.lock.locked()][:-MAX_PARTNERS]:
            del self._known[key]
        return dialogue
