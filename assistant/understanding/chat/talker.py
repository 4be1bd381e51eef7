"""Chat as understanding's last tier and as the one who answers: it only ever makes words."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.errors import AssistantError, ModelError
from assistant.core.home import AreaId, HomeView
from assistant.core.settings import LlmSettings
from assistant.core.turn import Chat, Situation, Source, Transcript
from assistant.language.say import say
from assistant.language.words import primary
from assistant.llm.answer import Limits
from assistant.understanding.chat.answering import Answers, allowed, whole
from assistant.understanding.chat.asked import Decision, Kind, bare, decide, names_of
from assistant.understanding.chat.guard import Guard, Verdict
from assistant.understanding.chat.notes import Found, Notes
from assistant.understanding.chat.prompt import Exchange, Moment, facts, harmless_name, stable, turn
from assistant.understanding.chat.words import ChatWords, Prompting, chat_words

FRESH_S = 120.0
"""An answer can be gone on from for so long."""
SURE_SHARE = 0.7
"""A note that carries so much of a question is read."""
ASKED_SHARE = 0.3
"""The same where a note was asked for by that word."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TalkerParts:
    """What chat is made of."""

    clock: Clock
    zone: ZoneInfo
    settings: LlmSettings
    name: str = "Assistant"
    """What the assistant calls itself."""
    clock_24h: bool = False
    model: Answers | None = None
    """None: only what needs no model is answered."""
    languages: frozenset[str] = frozenset({"en"})
    """Those that the model speaks."""


class Talker:
    """Implements understanding.tiers.ChatTier and acting.converse.Chatter."""

    def __init__(self, parts: TalkerParts) -> None:
        self._parts = parts
        self._home = HomeView((), ())
        self._names: tuple[str, tuple[str, ...]] = ("", ())
        self._notes: dict[str, Notes] = {}
        self._before: dict[tuple[Source, AreaId | None], tuple[float, Exchange]] = {}
        self._variants: Counter[str] = Counter()
        self.why = ""
        """What was decided about the last sentence."""
        self.counts: Counter[str] = Counter()
        """What was answered how, and what the guard refused."""
        self.first_sentence_s: float | None = None
        """How long the last answer of the model took to its first sentence."""

    def use(self, home: HomeView) -> None:
        """Take over the names of the home."""
        self._home, self._names = home, ("", ())

    async def prepare(self, language: str) -> None:
        """Have the model ready for that language. Raises ModelMissing or ModelDamaged."""
        words = chat_words(language)
        if words is not None and self._speaks(language):
            assert self._parts.model is not None
            await self._parts.model.prepare(stable(self._prompting(words), self._parts.name))

    # ── the tier ─────────────────────────────────────────────────────────────────────────────────

    async def plan(self, transcript: Transcript, situation: Situation) -> Chat | None:
        """A plan to answer in words, or None for what is none of chat's business."""
        words = chat_words(situation.language)
        if words is None or situation.open_question is not None or situation.is_ringing:
            self.why = "not now, or not in that language"
            return None
        if (found := await self._note(transcript.text, words, situation)) is not None:
            self.why = f"a note, {found.share:.0%} of the question"
            return Chat(transcript.text)
        decision = self._decided(transcript.text, words, situation)
        self.why = f"{decision.kind}: {decision.key}"
        return None if decision.kind is Kind.LEFT else Chat(transcript.text)

    def _decided(self, text: str, words: ChatWords, situation: Situation) -> Decision:
        language = primary(situation.language)
        if self._names[0] != language:
            self._names = (language, names_of(self._home, language))
        decision = decide(text, words, self._names[1], language)
        if decision.kind is Kind.MORE:
            decision = Decision(Kind.FREE if self._recent(situation) else Kind.LEFT, decision.key)
        if decision.kind is Kind.FREE and not self._speaks(language):
            return Decision(Kind.LEFT, "no model")
        return decision

    def _speaks(self, language: str) -> bool:
        return (
            self._parts.settings.chat and self._parts.model is not None and primary(language) in self._parts.languages
        )

    # ── the answer ───────────────────────────────────────────────────────────────────────────────

    async def answer(self, prompt: str, situation: Situation) -> AsyncGenerator[str, None]:
        """Sentences as they come; at least one."""
        words = chat_words(situation.language)
        if words is None:
            return
        found = await self._note(prompt, words, situation)
        if found is not None:
            self.counts["note"] += 1
            yield self._said(
                words, "note", title=found.passage.title, text=await self._excerpt(found, prompt, situation)
            )
            return
        decision = self._decided(prompt, words, situation)
        if decision.kind in (Kind.KNOWN, Kind.UNKNOWN):
            self.counts[decision.kind.value] += 1
            yield self._fixed(words, decision.key, situation)
            return
        if decision.kind is not Kind.FREE:
            yield self._said(words, "no_model" if decision.key == "no model" else "unsure")
            return
        async with aclosing(self._free(prompt, words, situation)) as sentences:
            async for sentence in sentences:
                yield sentence

    async def _free(self, prompt: str, words: ChatWords, situation: Situation) -> AsyncGenerator[str, None]:
        """The model's sentences, as far as they may be said; an honest one in place of nothing."""
        self.counts["free"] += 1
        began, kept, honest = self._parts.clock.monotonic(), list[str](), "unsure"
        try:
            judged = allowed(self._judged(prompt, words, situation), self._parts.settings.chat_sentences)
            async with aclosing(judged):
                async for verdict, sentence in judged:
                    if verdict is not Verdict.GOOD:
                        self.counts[f"refused_{verdict.value}"] += 1
                        honest = verdict.value if verdict in words.replies else honest
                        break
                    if not kept:
                        self.first_sentence_s = self._parts.clock.monotonic() - began
                    kept.append(sentence)
                    yield sentence
        except TimeoutError:
            honest = "too_slow"
        except AssistantError as error:
            _LOGGER.warning("the language model can't answer", extra={"error": str(error)})
            honest = "no_model" if isinstance(error, ModelError) else honest
        if kept:
            at_s = self._parts.clock.monotonic()
            self._before[situation.source, situation.area_id] = (at_s, Exchange(prompt, " ".join(kept)))
        else:
            yield self._said(words, honest)

    async def _judged(
        self, prompt: str, words: ChatWords, situation: Situation
    ) -> AsyncGenerator[tuple[Verdict, str], None]:
        assert self._parts.model is not None
        settings = self._parts.settings
        prompting = self._prompting(words)
        guard = Guard(words.guard, situation.language, [prompting.system])
        until_s = self._parts.clock.monotonic() + settings.chat_s
        messages = turn(prompt, *self._told(prompt, prompting, words, situation))
        limits = Limits(settings.chat_tokens, settings.chat_s)
        async with asyncio.timeout(settings.chat_s):
            generation = await self._parts.model.answer(stable(prompting, self._parts.name), messages, limits)
        async with generation as answer:
            sentences = whole(answer, lambda made: self._next(made, until_s))
            async with aclosing(sentences):
                async for sentence in sentences:
                    yield guard.judge(sentence)

    def _told(
        self, prompt: str, prompting: Prompting, words: ChatWords, situation: Situation
    ) -> tuple[str, list[Exchange]]:
        """The facts and the answer before, as far as this question needs them, or all of it for who can use it."""
        form, needs = bare(prompt), words.asked.facts
        recent, told = self._recent(situation), ""
        if prompting.is_told_always or needs["words"].match(form):
            told = facts(prompting, self._moment(situation), self._home)
        if recent is None or not (prompting.is_told_always or needs["follows"].match(form)):
            return told, []
        return told, [recent]

    async def _next(self, sentences: AsyncIterator[str], until_s: float) -> str | None:
        """The next sentence, None at the end. Raises TimeoutError when it takes too long."""
        async with asyncio.timeout(max(0.0, until_s - self._parts.clock.monotonic())):
            return await anext(sentences, None)

    # ── what it is made of ───────────────────────────────────────────────────────────────────────

    def _prompting(self, words: ChatWords) -> Prompting:
        return words.prompt["small" if self._parts.model is None or self._parts.model.is_small else "large"]

    def _recent(self, situation: Situation) -> Exchange | None:
        at_s, exchange = self._before.get((situation.source, situation.area_id), (0.0, None))
        return exchange if exchange and self._parts.clock.monotonic() - at_s < FRESH_S else None

    def _moment(self, situation: Situation) -> Moment:
        now = self._parts.clock.now().astimezone(self._parts.zone)
        language = situation.language
        return Moment(
            say(now.date(), language), say(now.time(), language, self._parts.clock_24h), self._area(situation)
        )

    def _area(self, situation: Situation) -> str:
        areas = (area.name for area in self._home.areas if area.id == situation.area_id)
        return harmless_name(next(areas, ""))

    def _fixed(self, words: ChatWords, key: str, situation: Situation) -> str:
        area = self._area(situation)
        key = "no_place" if key == "place" and not area else key
        return self._said(words, key, name=self._parts.name, area=area)

    def _said(self, words: ChatWords, key: str, **values: str) -> str:
        """The words of a key; variants take turns."""
        variants = words.replies[key]
        self._variants[key] += 1
        return variants[(self._variants[key] - 1) % len(variants)].format(**values)

    async def _note(self, text: str, words: ChatWords, situation: Situation) -> Found | None:
        """The note that answers, if one does."""
        folder, form = self._parts.settings.notes, bare(text)
        is_asked = words.notes.asked.match(form) is not None
        if folder is None or not (is_asked or words.notes.questions.match(form)):
            return None
        notes = self._notes_of(folder, words, situation.language)
        found = await asyncio.to_thread(notes.find, form)
        return found if found is not None and found.share >= (ASKED_SHARE if is_asked else SURE_SHARE) else None

    async def _excerpt(self, found: Found, text: str, situation: Situation) -> str:
        notes = self._notes[primary(situation.language)]
        return await asyncio.to_thread(notes.excerpt, found.passage, bare(text))

    def _notes_of(self, folder: Path, words: ChatWords, language: str) -> Notes:
        code = primary(language)
        if code not in self._notes:
            self._notes[code] = Notes(folder.expanduser(), code, words.notes.common)
        return self._notes[code]
