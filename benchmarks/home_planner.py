"""The planner tier with a language model of the benchmark's choice, made as the service makes it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock, SystemClock
from assistant.core.errors import InputError, ModelError
from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.core.turn import Plan, Situation, Transcript
from assistant.llm.constrain import Grammars
from assistant.llm.engine import Engine, EngineOptions
from assistant.llm.pointer.model import ABOUT_FILE, PointerModel
from assistant.llm.prefixes import PrefixStore
from assistant.understanding.planner.planner import LanguageModelPlanner, Planner
from assistant.understanding.planner.prompt import PREFIX
from assistant.understanding.planner.shots import shots
from assistant.understanding.planner.tier import Planning
from assistant.understanding.planner.words import LANGUAGES
from assistant.understanding.pointing.planner import EncoderPlanner
from benchmarks.models import store

DEFAULT_MODEL = "smollm2-135m"


@dataclass(frozen=True, slots=True)
class PlannerWish:
    """Which model is to plan, and how."""

    folder: Path
    has_shots: bool = True
    """Worked examples in the prompt: what a model needs that was not trained on it."""
    seconds: float = 2.0
    threads: int = 2


class Planners:
    """Makes planners that share one model; `close` when none is needed any more."""

    def __init__(self, wish: PlannerWish) -> None:
        is_encoder = (wish.folder / ABOUT_FILE).is_file()
        self._model: _Model = _Encoder(wish) if is_encoder else _LanguageModel(wish)

    def planner(self, clock: Clock, zone: ZoneInfo) -> ModelPlanner:
        """One for a zone."""
        return ModelPlanner(self._model, clock, zone)

    async def close(self) -> None:
        """Free the model."""
        await self._model.close()


class _Model(Protocol):
    async def planner(self, intents: tuple[IntentSpec, ...], language: str) -> Planner: ...

    async def close(self) -> None: ...


class _Encoder:
    """The small network that points."""

    def __init__(self, wish: PlannerWish) -> None:
        self._planner = EncoderPlanner(PointerModel.load(wish.folder, wish.threads))

    async def planner(self, _intents: tuple[IntentSpec, ...], _language: str) -> Planner:
        return self._planner

    async def close(self) -> None:
        self._planner.close()


class _LanguageModel:
    """The beginning of its prompts is read when skills change, not with the first sentence."""

    def __init__(self, wish: PlannerWish) -> None:
        self._wish = wish
        self._grammars = Grammars.load(wish.folder)
        self._prefixes = tempfile.TemporaryDirectory()
        options = EngineOptions(threads=wish.threads)
        self._engine = Engine(wish.folder, SystemClock(), PrefixStore(Path(self._prefixes.name)), options)

    async def planner(self, intents: tuple[IntentSpec, ...], language: str) -> Planner:
        has_shots = self._wish.has_shots and language in LANGUAGES
        examples = shots(intents, language) if has_shots else ""
        await self._engine.load([PREFIX + examples])
        return LanguageModelPlanner(self._engine, self._grammars.constraint, self._wish.seconds, examples)

    async def close(self) -> None:
        await self._engine.close()
        self._prefixes.cleanup()


class ModelPlanner:
    """Implements PlannerTier; made anew where the skills change."""

    def __init__(self, model: _Model, clock: Clock, zone: ZoneInfo) -> None:
        self.why = ""
        self._model = model
        self._clock = clock
        self._zone = zone
        self._wanted: tuple[tuple[IntentSpec, ...], HomeView] = ((), HomeView((), ()))
        self._intents: tuple[IntentSpec, ...] = ()
        self._tier: Planning | None = None

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Take over skills and names."""
        self._wanted = (tuple(intents), home)

    async def prepare(self, language: str) -> None:
        """Be made for what is wanted."""
        intents, home = self._wanted
        if self._tier is None or self._intents != intents:
            planner = await self._model.planner(intents, language)
            self._tier, self._intents = Planning(planner, self._clock, self._zone), intents
        self._tier.use(intents, home)

    async def plan(self, transcript: Transcript, situation: Situation) -> Plan | None:
        """Commands, or None when it is not sure."""
        if self._tier is None:
            return None
        plan = await self._tier.plan(transcript, situation)
        self.why = self._tier.why
        return plan


def folder_of(model: str) -> Path:
    """A folder as it is, else that of a model that was pulled. Raises InputError."""
    if model and Path(model).is_dir():
        return Path(model)
    try:
        return store().path(model or DEFAULT_MODEL)
    except ModelError as error:
        raise InputError(
            f"there is no language model {model or DEFAULT_MODEL}", why=str(error), fix="pull it, or give --model"
        ) from error
