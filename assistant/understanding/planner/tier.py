"""The planner as a tier of understanding: candidates, a proposal, guards, a score, a plan."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.errors import ModelError
from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.core.settings import TimesSettings
from assistant.core.turn import Command, Commands, Plan, Situation, Transcript
from assistant.language import normalise
from assistant.understanding.names import Names
from assistant.understanding.planner.answer import Call, Unreadable, calls_of
from assistant.understanding.planner.candidates import Candidates, Thing
from assistant.understanding.planner.evidence import Evidence
from assistant.understanding.planner.guards import Guard, refusal_of
from assistant.understanding.planner.planner import Planner, Proposal
from assistant.understanding.planner.prompt import NONE
from assistant.understanding.planner.retrieval import Retriever
from assistant.understanding.planner.score import Calibration, calibration
from assistant.understanding.planner.tools import ArgumentKind, Toolbox
from assistant.understanding.planner.words import LANGUAGES
from assistant.understanding.reading import SlotReader
from assistant.understanding.words import primary

_LOGGER = logging.getLogger(__name__)
MAX_WORDS = 40
"""A longer utterance is talk, not a command."""
MAX_RIVALS = 4


@dataclass(frozen=True, slots=True)
class _Known:
    intents: tuple[IntentSpec, ...]
    home: HomeView


class Planning:
    """Implements PlannerTier by any Planner. `use` may be called at any time."""

    def __init__(
        self,
        planner: Planner,
        clock: Clock,
        zone: ZoneInfo,
        times: TimesSettings | None = None,
        scale: Calibration | None = None,
    ) -> None:
        self._planner = planner
        self._clock = clock
        self._zone = zone
        self._times = times or TimesSettings()
        self._scale = scale or calibration()
        self._known = _Known((), HomeView((), ()))
        self._retrievers: dict[str, tuple[_Known, Retriever]] = {}
        self._lock = threading.Lock()
        self.why = ""
        """What came of the last plan, for the trace."""

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Take over the skills' intents and the home's names; indexed when next needed."""
        self._known = _Known(tuple(intents), home)

    async def plan(self, transcript: Transcript, situation: Situation) -> Plan | None:
        """Commands, or None when it is not sure enough that they are meant."""
        language = primary(situation.language)
        said = normalise(transcript.text, language)
        if language not in LANGUAGES:
            return self._passed("not in that language")
        if not 0 < len(said.split()) <= MAX_WORDS:
            return self._passed("no command is so long")
        if why := refusal_of(said, language):
            return self._passed(why)
        retriever = await asyncio.to_thread(self._retriever, language)
        candidates = await asyncio.to_thread(retriever.candidates, transcript.text, situation.area_id)
        try:
            return await self._planned(
                _Asked(transcript.text, candidates, retriever.home, self._reader(retriever, situation))
            )
        except ModelError as error:
            _LOGGER.warning("no plan by the language model", extra={"error": str(error)})
            return self._passed("the language model can't be used")

    async def _planned(self, asked: _Asked) -> Plan | None:
        proposal = await self._planner.propose(asked.candidates)
        if proposal is None:
            return self._passed("no answer in time")
        if proposal.answer == NONE:
            return self._passed("nothing fits")
        try:
            calls = calls_of(proposal.answer, asked.candidates, asked.reader, asked.text)
        except Unreadable as error:
            return self._passed(error.what)
        if self._scale.probability(proposal) < self._scale.act:
            return self._passed("not sure")
        calls = await self._with_rivals(asked, calls, proposal)
        if why := asked.guard.fault_of(calls):
            return self._passed(why)
        self.why = f"called {', '.join(call.tool.name for call in calls)}"
        return Commands(tuple(call.command for call in calls))

    def _passed(self, why: str) -> Plan | None:
        self.why = why
        return None

    # ── several that may be meant ────────────────────────────────────────────────────────────────

    async def _with_rivals(self, asked: _Asked, calls: tuple[Call, ...], proposal: Proposal) -> tuple[Call, ...]:
        """Where another thing is meant as likely as the chosen one, the command gets both: the skill asks which.

        Of several of a kind, none of them named or near, all may be meant."""
        if len(calls) != 1:
            return calls
        call = calls[0]
        rivals = asked.rivals(call)
        if not rivals:
            return calls
        if (nearer := asked.nearer(call, rivals)) is not None:
            return (_about(call, asked, nearer),)
        if not asked.is_linked(call):
            return (_about_all(call, asked, rivals),)
        answers = [proposal.answer, *(_instead(call, rival.label) for rival in rivals)]
        weights = await self._planner.weigh(asked.candidates, answers)
        close = [
            rival for rival, weight in zip(rivals, weights[1:], strict=True) if weight > weights[0] - self._scale.tie
        ]
        return (_about_all(call, asked, close),) if close else calls

    def _retriever(self, language: str) -> Retriever:
        with self._lock:
            known, kept = self._known, self._retrievers.get(language)
            if kept is not None and kept[0] is known:
                return kept[1]
            if kept is not None and kept[0].intents == known.intents:
                made = kept[1].moved_to(known.home)
            else:
                made = Retriever.of(Toolbox(known.intents, language), known.home, language)
            self._retrievers[language] = (known, made)
            return made

    def _reader(self, retriever: Retriever, situation: Situation) -> SlotReader:
        now_local = self._clock.now().astimezone(self._zone)
        names = Names(retriever.home, retriever.language)
        return SlotReader(retriever.language, names, now_local, situation.area_id, self._times)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One utterance with what is needed to judge what comes of it."""

    text: str
    candidates: Candidates
    home: HomeView
    reader: SlotReader

    @property
    def guard(self) -> Guard:
        reading = self.reader.times.reading(self.reader.now_local, self.reader.language)
        return Guard(self.candidates, self.home, reading, self.reader.language)

    def is_linked(self, call: Call) -> bool:
        """Whether the words lead to the one thing of this call, more than to its kind."""
        chosen = self.candidates.thing(call.labels(ArgumentKind.ENTITY)[0])
        return chosen is not None and self.guard.evidence(chosen.id).is_linked

    def nearer(self, call: Call, rivals: Sequence[Thing]) -> Thing | None:
        """The only rival that stands where the speaker is, where the chosen thing is neither there nor placed."""
        chosen = self.candidates.thing(call.labels(ArgumentKind.ENTITY)[0])
        mine = self.guard.evidence(chosen.id) if chosen is not None else Evidence()
        here = [rival for rival in rivals if self.guard.evidence(rival.entity.id).is_here]
        return here[0] if len(here) == 1 and not mine.is_here and not mine.is_in_named_place else None

    def rivals(self, call: Call) -> list[Thing]:
        """Other things for which the words speak as much as for the one that was chosen."""
        labels = call.labels(ArgumentKind.ENTITY)
        chosen = self.candidates.thing(labels[0]) if len(labels) == 1 else None
        if chosen is None:
            return []
        guard = self.guard
        mine = guard.evidence(chosen.id)
        found: list[Thing] = []
        for thing in self.candidates.things:
            its = guard.evidence(thing.entity.id)
            is_as_near = its.is_here >= mine.is_here and its.is_in_named_place >= mine.is_in_named_place
            is_as_named = its.name >= mine.name and its.kind >= mine.kind
            if thing.entity.id != chosen.id and call.tool.takes(thing.entity.domain) and is_as_near and is_as_named:
                found.append(thing)
        return found[:MAX_RIVALS]


def _instead(call: Call, label: str) -> str:
    """The same call of another thing."""
    kinds = {argument.name: argument.kind for form in call.tool.forms for argument in form}
    words = {name: label if kinds[name] is ArgumentKind.ENTITY else said for name, said in call.words.items()}
    return json.dumps([{"do": call.tool.name, **words}], ensure_ascii=False, separators=(",", ":"))


def _about(call: Call, asked: _Asked, thing: Thing) -> Call:
    """The same call of another thing."""
    return calls_of(_instead(call, thing.label), asked.candidates, asked.reader, asked.text)[0]


def _about_all(call: Call, asked: _Asked, others: Sequence[Thing]) -> Call:
    """The same call of all of them."""
    label = call.labels(ArgumentKind.ENTITY)[0]
    chosen = asked.candidates.thing(label)
    ids = tuple(str(thing.entity.id) for thing in asked.candidates.things if thing in others or thing.entity is chosen)
    fills = {argument.fills for form in call.tool.forms for argument in form if argument.kind is ArgumentKind.ENTITY}
    slots = {slot: ids if slot in fills else value for slot, value in call.command.slots.items()}
    return replace(call, command=Command(call.command.intent, slots, call.command.text, words=call.command.words))
