"""Measures how often a planner's proposals are right, by how sure it was of them: what its score is fitted to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.core.turn import Transcript
from assistant.understanding.examples.example import Example
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.planner import Planner, Proposal
from assistant.understanding.planner.prompt import NotWritable, answer_of
from assistant.understanding.planner.score import Calibration, Judged, calibration
from assistant.understanding.planner.tier import Planning
from assistant.understanding.planner.tools import Toolbox
from assistant.understanding.words import primary


class _Heard(Planner):
    """Passes on what a planner proposes, and remembers it."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self.last: list[tuple[Candidates, Proposal]] = []

    async def propose(self, candidates: Candidates) -> Proposal | None:
        proposal = await self._planner.propose(candidates)
        self.last = [] if proposal is None else [(candidates, proposal)]
        return proposal

    async def weigh(self, candidates: Candidates, answers: Sequence[str]) -> Sequence[float]:
        return await self._planner.weigh(candidates, answers)


async def judged(
    planner: Planner, intents: Sequence[IntentSpec], examples: Iterable[Example], clock: Clock
) -> tuple[list[Judged], int]:
    """One for each proposal to do something that the guards let through, and how many examples there were.

    It is right where it is the answer that the example's commands are written as. Commands that can't be called with
    what was found for them make every proposal wrong: so it is at home. Raises ModelError."""
    heard = _Heard(planner)
    tier = Planning(heard, clock, ZoneInfo("UTC"), scale=calibration().model_copy(update={"act": 0.0}))
    toolbox: Toolbox | None = None
    home: HomeView | None = None
    found: list[Judged] = []
    count = 0
    for example in examples:
        count += 1
        language = primary(example.situation.language)
        toolbox = toolbox or Toolbox(intents, language)
        if home is not example.home:
            tier.use(intents, example.home)
            home = example.home
        plan = await tier.plan(Transcript(example.utterance, language, "example"), example.situation)
        if plan is not None:
            candidates, proposal = heard.last[0]
            is_right = proposal.answer == _answer(example, candidates, toolbox)
            found.append(Judged(proposal.margin, proposal.weakest, is_right))
    return found, count


def _answer(example: Example, candidates: Candidates, toolbox: Toolbox) -> str:
    try:
        return answer_of(example.commands, candidates, toolbox)
    except NotWritable:
        return ""


def written(scale: Calibration) -> str:
    """The text of score.toml."""
    numbers = scale.model_dump(exclude={"source"})
    lines = [f"{name} = {value}" for name, value in numbers.items()]
    return "\n".join(("# How sure a proposal is: see score.py.", "", f'source = "{scale.source}"', *lines, ""))
