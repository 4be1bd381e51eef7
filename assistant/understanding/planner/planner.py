"""What chooses among candidates: a language model here; a smaller network could stand in its place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.core.errors import InputError
from assistant.llm.answer import Ended, Limits, Request
from assistant.llm.constraint import Constraint
from assistant.llm.engine import Engine
from assistant.understanding.planner.call_grammar import grammar_of
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.prompt import NONE, render

MAX_TOKENS = 160
"""Four calls have about 100 tokens, most of them forced."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The best answer. Log-probabilities are natural, among what the grammar allows."""

    answer: str
    """As `prompt.answer_of` writes it."""
    margin: float
    """How much likelier it is than no call at all; 0 where it is none."""
    weakest: float = 0.0
    """Log-probability of the least sure of its choices."""


class Planner(Protocol):
    """Utterance and candidates → scored calls."""

    async def propose(self, candidates: Candidates) -> Proposal | None:
        """The best answer, None where none came in time. Raises ModelError where the model can't be used."""
        ...

    async def weigh(self, candidates: Candidates, answers: Sequence[str]) -> Sequence[float]:
        """The log-probability of each of these answers. Raises as `propose`."""
        ...


class LanguageModelPlanner(Planner):
    """Asks a language model, whose answer is held to the grammar of this turn."""

    def __init__(self, engine: Engine, grammar: Callable[[str], Constraint], seconds: float, shots: str = "") -> None:
        """`grammar` makes a constraint of a grammar's text and may block (the first time it loads the model's
        tokens); `shots` are worked examples for a model that was not trained on this form."""
        self._engine = engine
        self._grammar = grammar
        self._seconds = seconds
        self._shots = shots

    async def propose(self, candidates: Candidates) -> Proposal | None:
        """The best answer by greedy choice."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._propose(candidates)
        except TimeoutError:
            return None

    async def _propose(self, candidates: Candidates) -> Proposal | None:
        constraint = await asyncio.to_thread(self._grammar, grammar_of(candidates))
        prompt = render(candidates, self._shots)
        done = await self._engine.complete(
            Request(
                prompt=prompt.turn,
                prefix=prompt.prefix,
                limits=Limits(MAX_TOKENS, self._seconds),
                constraint=constraint,
                alternative=NONE,
            )
        )
        if done.ended is not Ended.STOP:
            return None
        weakest = min((choice.logprob for choice in done.choices), default=0.0)
        return Proposal(done.text, 0.0 if done.text == NONE else done.margin or 0.0, weakest)

    async def weigh(self, candidates: Candidates, answers: Sequence[str]) -> Sequence[float]:
        """In one run of the model."""
        if not answers:
            raise InputError("there is nothing to weigh")
        prompt = render(candidates, self._shots)
        return await self._engine.score(prompt.prefix, prompt.turn, answers)
