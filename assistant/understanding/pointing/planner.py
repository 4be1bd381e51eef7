"""A Planner by the encoder: milliseconds a turn, on any CPU."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from assistant.core.errors import InputError
from assistant.llm.pointer.choice import Offer, Scores, choose, weigh
from assistant.llm.pointer.goals import Pointed
from assistant.llm.pointer.layout import Shown
from assistant.llm.pointer.model import PointerForm
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.planner import Planner, Proposal
from assistant.understanding.planner.prompt import NONE
from assistant.understanding.planner.tools import Tool
from assistant.understanding.pointing.signatures import places_in_order, pointed_of, shown_of, signature_of


class Reads(Protocol):
    """The encoder."""

    form: PointerForm

    def read(self, shown: Shown) -> Scores:
        """Scores of one utterance and its candidates."""
        ...


class EncoderPlanner(Planner):
    """Proposes calls of the tools that the encoder has learnt; others are not offered."""

    def __init__(self, model: Reads) -> None:
        self._model = model
        self._classes: dict[str, list[tuple[int, str]]] = {}
        for at, name in enumerate(model.form.classes):
            self._classes.setdefault(name.split("|")[0], []).append((at, name))
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pointing")

    def close(self) -> None:
        """Give back the thread."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    async def propose(self, candidates: Candidates) -> Proposal | None:
        """The likeliest calls."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, self.proposed, candidates)

    async def weigh(self, candidates: Candidates, answers: Sequence[str]) -> Sequence[float]:
        """The log-probability of each."""
        if not answers:
            raise InputError("there is nothing to weigh")
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._weighed, candidates, answers)

    def proposed(self, candidates: Candidates) -> Proposal:
        """Likewise, on the caller's thread."""
        scores = self._model.read(shown_of(candidates))
        chosen = choose(scores, self._offers(candidates))
        if not chosen.calls:
            return Proposal(NONE, 0.0, chosen.weakest)
        return Proposal(_answer(chosen.calls, candidates), chosen.margin, chosen.weakest)

    def _weighed(self, candidates: Candidates, answers: Sequence[str]) -> Sequence[float]:
        scores, offers = self._model.read(shown_of(candidates)), self._offers(candidates)
        return [weigh(scores, offers, pointed_of(answer, candidates)) for answer in answers]

    def _offers(self, candidates: Candidates) -> list[Offer]:
        return [
            Offer(at, name, signature_of(tool), _takes(tool, candidates))
            for tool in candidates.tools
            for at, name in self._classes.get(tool.name, ())
        ]


def _takes(tool: Tool, candidates: Candidates) -> frozenset[int]:
    return frozenset(at for at, thing in enumerate(candidates.things) if tool.takes(thing.entity.domain))


def _answer(calls: Sequence[Pointed], candidates: Candidates) -> str:
    """As `prompt.answer_of` writes it."""
    return json.dumps([_call(call, candidates) for call in calls], ensure_ascii=False, separators=(",", ":"))


def _call(pointed: Pointed, candidates: Candidates) -> Mapping[str, str]:
    name, *choices = _class_parts(pointed.name)
    tool = next(tool for tool in candidates.tools if tool.name == name)
    signature, places, said = signature_of(tool), places_in_order(candidates), candidates.said.split()
    words = dict(each.split("=", 1) for each in choices)
    for argument, point in pointed.points.items():
        if argument in signature.named:
            words[argument] = candidates.things[point[0]].label
        elif argument in signature.placed:
            words[argument] = places[point[0]]
        else:
            words[argument] = " ".join(said[point[0] : point[1] + 1])
    order = dict.fromkeys(argument.name for form in tool.forms for argument in form)
    return {"do": name, **{argument: words[argument] for argument in order if argument in words}}


def _class_parts(name: str) -> list[str]:
    """ "turn_on|kind=fans" → its tool, then its choices."""
    return name.split("|")
