"""The language model in the assistant: which one, the thread it runs on, and the tiers of understanding that use it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.errors import ModelError
from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.core.settings import LlmSettings, Settings
from assistant.daemon.late_planner import LatePlanner
from assistant.daemon.planner_makers import ENCODER_FILE, EncoderMaker, LanguageModelMaker, PlannerMaker
from assistant.models import ModelStore
from assistant.models.catalogue import Task
from assistant.understanding.chat.talker import Talker, TalkerParts

if TYPE_CHECKING:  # it brings onnxruntime, which only those need who have a model
    from assistant.llm.engine import Engine

_LOGGER = logging.getLogger(__name__)
START_PAUSE_S = 3.0
"""The model is brought into memory so long after the start: hearing comes first."""
FAST_LANGUAGES = frozenset({"en"})
"""Those of a model that the catalogue does not know."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A language model that can be used."""

    id: str
    folder: Path
    languages: frozenset[str]

    @property
    def is_encoder(self) -> bool:
        """It points at what is meant, and writes no words."""
        return (self.folder / ENCODER_FILE).is_file()


def chosen_model(wanted: str, models: ModelStore) -> Chosen | None:
    """The model of that id, or without one the smallest that was pulled; None when none was. Raises ModelError."""
    if not wanted:
        pulled = [model for model in models.installed() if model.task is Task.LLM]
        if not pulled:
            return None
        wanted = min(pulled, key=lambda model: model.size_bytes).id
    known = models.catalogue.find(wanted)
    languages = frozenset(known.languages) if known is not None else FAST_LANGUAGES
    return Chosen(wanted, models.path(wanted), languages)


@dataclass(slots=True)
class Thinking:
    """What thinks; all of it is optional."""

    chat: Talker | None = None
    planner: LatePlanner | None = None
    engines: dict[str, Engine] = field(default_factory=dict)
    """Model id → its engine; one for both tiers unless they were given different models."""
    why_not: str = ""
    """Why there is no model, for the log and for whoever asks."""

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Take over skills and names."""
        if self.chat is not None:
            self.chat.use(home)
        if self.planner is not None:
            self.planner.use(intents, home)

    def parts(self, clock: Clock, language: str) -> dict[str, Callable[[], Awaitable[None]]]:
        """What runs in the background, by name."""

        async def run() -> None:
            await clock.sleep(START_PAUSE_S)
            if self.planner is not None:
                await self.planner.prepare(language)
            if self.chat is not None:
                await self.chat.prepare(language)
            async with asyncio.TaskGroup() as group:
                for name, engine in self.engines.items():
                    group.create_task(engine.watch(), name=f"language model {name}")

        return {"language model": run} if self.engines or self.planner is not None else {}

    def counts(self) -> dict[str, float]:
        """Counters for the metrics."""
        counts: dict[str, float] = {"llm_loaded": sum(engine.is_loaded for engine in self.engines.values())}
        if self.chat is not None:
            counts |= {f"chat_{name}": float(count) for name, count in self.chat.counts.items()}
            if self.chat.first_sentence_s is not None:
                counts["chat_first_sentence_s"] = self.chat.first_sentence_s
        if self.planner is not None:
            counts |= {f"planner_{name}": float(count) for name, count in self.planner.counts.items()}
        return counts

    async def close(self) -> None:
        """Stop what is being thought, and give the memory and the threads back."""
        if self.planner is not None:
            self.planner.close()
        for engine in self.engines.values():
            await engine.close()


def thinking_for(settings: Settings, models: ModelStore, clock: Clock, zone: ZoneInfo, store: Path) -> Thinking:
    """The tiers that are wanted, over the models that are there; `store` keeps beginnings of prompts. Loads nothing."""
    llm = settings.llm
    thinking = Thinking()
    try:
        talks, plans = _choices(llm, models)
    except ModelError as error:
        _LOGGER.error("it can't think: the language model can't be used", extra={"error": str(error)})
        talks = plans = None
        thinking.why_not = str(error)
    if talks is None and plans is None and not thinking.why_not:
        thinking.why_not = "no language model was pulled, or none is wanted"
        _LOGGER.info("no language model", extra={"why": thinking.why_not})
    for chosen in (talks, plans):
        if chosen is not None and not chosen.is_encoder and chosen.id not in thinking.engines:
            thinking.engines[chosen.id] = _engine(chosen, llm, clock, store)
    if llm.chat:
        thinking.chat = _talker(settings, talks, thinking, clock, zone)
    if plans is not None:
        maker: PlannerMaker = (
            EncoderMaker(plans.folder, llm.threads)
            if plans.is_encoder
            else LanguageModelMaker(thinking.engines[plans.id], plans.folder, llm.planner_s)
        )
        thinking.planner = LatePlanner(maker, llm.planner_s, clock, zone, settings.times)
    return thinking


def _choices(llm: LlmSettings, models: ModelStore) -> tuple[Chosen | None, Chosen | None]:
    """The models for words and for plans."""
    if not (llm.chat or llm.planner):
        return None, None
    common = chosen_model(llm.model, models)
    if common is not None and common.is_encoder:
        raise ModelError(f"{common.id} can't answer in words", fix="name it as llm.planner_model, not as llm.model")
    plans = chosen_model(llm.planner_model, models) if llm.planner_model else common
    return (common if llm.chat else None), (plans if llm.planner else None)


def _engine(chosen: Chosen, llm: LlmSettings, clock: Clock, store: Path) -> Engine:
    from assistant.llm.engine import Engine, EngineOptions
    from assistant.llm.prefixes import PrefixStore

    options = EngineOptions(llm.threads, idle_unload_s=llm.keep_min * 60, min_free_bytes=llm.free_mb * 1_000_000)
    return Engine(chosen.folder, clock, PrefixStore(store), options)


def _talker(settings: Settings, talks: Chosen | None, thinking: Thinking, clock: Clock, zone: ZoneInfo) -> Talker:
    parts = TalkerParts(clock, zone, settings.llm, settings.general.name, settings.general.clock_24h)
    if talks is None:
        return Talker(parts)
    from assistant.understanding.chat.model import ChatModel

    model = ChatModel(thinking.engines[talks.id], talks.folder)
    return Talker(
        TalkerParts(clock, zone, settings.llm, parts.name, parts.clock_24h, model=model, languages=talks.languages)
    )
