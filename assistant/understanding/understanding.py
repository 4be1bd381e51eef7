"""Words to plans, tier by tier: dialogue, templates, planner, chat."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec, SlotKind
from assistant.core.settings import TimesSettings
from assistant.core.turn import (
    Commands,
    DialogueAct,
    Nothing,
    Plan,
    Question,
    QuestionKind,
    Situation,
    SlotValue,
    TierNote,
    Transcript,
    Understood,
)
from assistant.language import normalise
from assistant.language.found import grammar_of
from assistant.understanding import phrases as sampling
from assistant.understanding.compound import read_parts
from assistant.understanding.dialogue import act_of, answer_of
from assistant.understanding.places import place_from
from assistant.understanding.reading import SlotReader, choices
from assistant.understanding.templates import Grammar, Reading, Templates
from assistant.understanding.tiers import ChatTier, PlannerTier
from assistant.understanding.words import primary

_LOGGER = logging.getLogger(__name__)
MAX_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to compile for."""

    intents: tuple[IntentSpec, ...]
    home: HomeView


class Understanding:
    """Implements core.ports.Understander. Matching runs on a thread of its own; `use` may be called at any time."""

    def __init__(
        self,
        clock: Clock,
        zone: ZoneInfo,
        *,
        planner: PlannerTier | None = None,
        chat: ChatTier | None = None,
        times: TimesSettings | None = None,
    ) -> None:
        self._clock = clock
        self._times = times or TimesSettings()
        self._zone = zone
        self._planner = planner
        self._chat = chat
        self._wanted = Wanted((), HomeView((), ()))
        self._lock = threading.Lock()
        self._grammars: dict[str, tuple[tuple[IntentSpec, ...], Grammar]] = {}
        self._templates: dict[str, tuple[Wanted, Templates]] = {}
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="understanding")

    def close(self) -> None:
        """Give back the thread."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Take over the skills' intents and the home's names; compiled when next needed, sentences only if changed."""
        self._wanted = Wanted(tuple(intents), home)
        if self._planner is not None:
            self._planner.use(intents, home)

    async def prepare(self, language: str) -> None:
        """Compile now, so that the first sentence doesn't wait for it."""
        await asyncio.get_running_loop().run_in_executor(self._worker, self._prepare, language)

    def _prepare(self, language: str) -> None:
        self._compiled(language).grammar.home.warm()
        place_from("")
        grammar_of(language)

    def phrases(self, language: str, limit: int) -> Sequence[str]:
        """At most `limit` sentences people may say here, the most useful first, none twice; always the same."""
        return sampling.phrases(self._compiled(language), limit)

    def words(self, language: str) -> Sequence[str]:
        """All words of the sentences and names of that language, sorted."""
        return sampling.words(self._compiled(language))

    async def understand(self, transcript: Transcript, situation: Situation) -> Understood:
        """Never raises for what was said; plans of several commands are all or nothing."""
        text = transcript.text.strip()
        if not text:
            return Understood(Nothing("not_heard"))
        if len(text) > MAX_CHARACTERS:
            return Understood(Nothing("too_long"))
        loop = asyncio.get_running_loop()
        plan, notes = await loop.run_in_executor(self._worker, self._by_rules, text, situation)
        if plan is not None:
            return Understood(plan, tuple(notes))
        if self._planner is not None:
            began = time.perf_counter()
            plan = await self._planner.plan(transcript, situation)
            notes.append(_note("planner", plan is not None, self._planner.why, began))
        if plan is None and self._chat is not None:
            began = time.perf_counter()
            plan = await self._chat.plan(transcript, situation)
            notes.append(_note("chat", plan is not None, self._chat.why, began))
        return Understood(plan or Nothing("not_understood"), tuple(notes))

    def _compiled(self, language: str) -> Templates:
        code = primary(language)
        with self._lock:
            wanted = self._wanted
            known = self._templates.get(code)
            if known is not None and known[0] is wanted:
                return known[1]
            grammar = self._grammar(code, wanted.intents)
            templates = Templates(grammar, wanted.home)
            self._templates[code] = (wanted, templates)
            return templates

    def _grammar(self, code: str, intents: tuple[IntentSpec, ...]) -> Grammar:
        known = self._grammars.get(code)
        if known is not None and known[0] == intents:
            return known[1]
        began = time.perf_counter()
        grammar = Grammar(intents, code)
        self._grammars[code] = (intents, grammar)
        _LOGGER.info("sentences compiled", extra={"language": code, "ms": round((time.perf_counter() - began) * 1000)})
        return grammar

    def _by_rules(self, text: str, situation: Situation) -> tuple[Plan | None, list[TierNote]]:
        templates = self._compiled(situation.language)
        now_local = self._clock.now().astimezone(self._zone)
        reader = SlotReader(templates.grammar.language, templates.names, now_local, situation.area_id, self._times)
        began = time.perf_counter()
        spoken = _Spoken(text, situation, templates, reader, self._wanted.intents)
        plan, why = spoken.dialogue()
        notes = [_note("dialogue", plan is not None, why, began)]
        if plan is None:
            began = time.perf_counter()
            plan, why = spoken.commands()
            notes.append(_note("templates", plan is not None, why, began))
        return plan, notes


class _Spoken:
    """One text with what is needed to understand it."""

    def __init__(
        self, text: str, situation: Situation, templates: Templates, reader: SlotReader, intents: Sequence[IntentSpec]
    ) -> None:
        self._text = text
        self._plain = normalise(text, reader.language)
        self._situation = situation
        self._templates = templates
        self._reader = reader
        self._intents = intents

    def dialogue(self) -> tuple[Plan | None, str]:
        words = self._templates.grammar.words
        question = self._situation.open_question
        act = act_of(self._plain, words)
        if act is DialogueAct.STOP:
            return act, "stop"
        rings = self._templates.grammar.rings.answer(self._plain, self._reader, self._situation.ringing)
        if question is None:
            if rings is not None:
                return rings, "about what rings or rang"
            return act, f"act {act}" if act else "no question is open"
        if question.kind is QuestionKind.SLOT and question.slot_kind is SlotKind.TEXT:
            command = self._templates.read(self._text, self._reader)
            if command is not None and not command.free_slots and act is not DialogueAct.NEVER_MIND:
                return None, "a command instead of an answer"
        answer = answer_of(question, self._text, words, self._reader, self._choice)
        if answer is not None:
            return answer, f"answers {question.kind}"
        if rings is not None:
            return rings, "about what rings or rang"
        return act, f"act {act}" if act else f"no answer to {question.kind}"

    def commands(self) -> tuple[Plan | None, str]:
        whole = self._templates.read(self._text, self._reader)
        if whole is not None:
            return _plan((whole,)), f"matched {whole.command.intent}"
        if self._templates.says_not(self._plain):
            return None, "a negation or exception that no sentence has"
        parts = read_parts(self._text, self._templates.grammar.words, self._read)
        if parts is not None:
            return _plan(parts), "matched " + ", ".join(part.command.intent for part in parts)
        return None, "no sentence matches"

    def _read(self, text: str) -> Reading | None:
        return self._templates.read(text, self._reader)

    def _choice(self, question: Question, text: str) -> SlotValue:
        for spec in self._intents:
            if spec.name == question.pending.intent:
                for slot in spec.slots:
                    if slot.name == question.slot:
                        return choices(slot, self._reader.language).get(text)
        return None


def _plan(readings: Sequence[Reading]) -> Commands:
    return Commands(tuple(reading.command for reading in readings))


def _note(tier: str, took: bool, why: str, began: float) -> TierNote:
    return TierNote(tier, took, why, round((time.perf_counter() - began) * 1000, 3))
