"""Measures how often a planner's proposals are right, by how sure it was of them: what its score is fitted to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.core.intents import IntentSpec
from assistant.understanding.examples.example import Example
from assistant.understanding.planner.planner import Planner
from assistant.understanding.planner.prompt import NONE, NotWritable, answer_of
from assistant.understanding.planner.retrieval import Retriever
from assistant.understanding.planner.score import Calibration, Judged
from assistant.understanding.planner.tools import Toolbox


async def judged(
    planner: Planner, intents: Sequence[IntentSpec], examples: Iterable[Example], language: str
) -> tuple[list[Judged], int]:
    """One for each proposal to do something, and how many examples were put to the planner.

    It is right where it is the answer that the example's commands are written as. Examples whose commands can't be
    called with what was found for them count as wrong, whatever is proposed: so it is at home. Raises ModelError."""
    toolbox, retriever = Toolbox(intents, language), None
    found: list[Judged] = []
    asked = 0
    for example in examples:
        if retriever is None:
            retriever = Retriever.of(toolbox, example.home, language)
        elif retriever.home is not example.home:
            retriever = retriever.moved_to(example.home)
        candidates = retriever.candidates(example.utterance, example.situation.area_id)
        proposal = await planner.propose(candidates)
        asked += 1
        if proposal is None or proposal.answer == NONE:
            continue
        try:
            right = answer_of(example.commands, candidates, toolbox)
        except NotWritable:
            right = ""
        found.append(Judged(proposal.margin, proposal.weakest, proposal.answer == right))
    return found, asked


def written(scale: Calibration) -> str:
    """The text of score.toml."""
    numbers = scale.model_dump(exclude={"source"})
    lines = [f"{name} = {value}" for name, value in numbers.items()]
    return "\n".join(("# How sure a proposal is: see score.py.", "", f'source = "{scale.source}"', *lines, ""))
