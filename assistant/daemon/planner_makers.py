"""The planners there are: a language model held to a grammar, or an encoder that points; made when first needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.core.intents import IntentSpec

if TYPE_CHECKING:  # they bring onnxruntime and llguidance
    from assistant.llm.constrain import Grammars
    from assistant.llm.engine import Engine
    from assistant.understanding.planner.planner import Planner
    from assistant.understanding.pointing.planner import EncoderPlanner

ENCODER_FILE = "pointer.json"
"""Lies in the folder of an encoder, and of no language model."""


class PlannerMaker(Protocol):
    """Makes a planner for some skills in one language."""

    def make(self, intents: Sequence[IntentSpec], language: str, /) -> Planner:
        """Blocks; loads what is small. Raises ModelMissing, ModelDamaged."""
        ...

    async def prepare(self, language: str, /) -> None:
        """Have the weights in memory, and what its prompts begin with. Raises ModelError."""
        ...

    def close(self) -> None:
        """Give threads back."""
        ...


class LanguageModelMaker:
    """Implements PlannerMaker over an engine that others use, too."""

    def __init__(self, engine: Engine, folder: Path, seconds: float) -> None:
        self._engine = engine
        self._folder = folder
        self._seconds = seconds
        self._grammars: Grammars | None = None
        self._begins: dict[str, str] = {}
        """Language → what its prompts begin with."""

    def make(self, intents: Sequence[IntentSpec], language: str) -> Planner:
        """With worked examples in front of its prompts."""
        from assistant.llm.constrain import Grammars
        from assistant.understanding.planner.planner import LanguageModelPlanner
        from assistant.understanding.planner.prompt import PREFIX
        from assistant.understanding.planner.shots import shots
        from assistant.understanding.planner.words import LANGUAGES

        if self._grammars is None:
            self._grammars = Grammars.load(self._folder)
        examples = shots(intents, language) if language in LANGUAGES else ""
        self._begins[language] = PREFIX + examples
        return LanguageModelPlanner(self._engine, self._grammars.constraint, self._seconds, examples)

    async def prepare(self, language: str) -> None:
        """Its beginning is read once and kept on disk."""
        await self._engine.load([self._begins[language]] if language in self._begins else [])

    def close(self) -> None:
        """The engine is closed by whoever owns it."""


class EncoderMaker:
    """Implements PlannerMaker by one encoder, which is small enough to stay in memory."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._folder = folder
        self._threads = threads
        self._planner: EncoderPlanner | None = None

    def make(self, _: Sequence[IntentSpec], __: str, /) -> Planner:
        """The same for all skills and languages: what it has not learnt, it does not offer."""
        from assistant.llm.pointer.model import PointerModel
        from assistant.understanding.pointing.planner import EncoderPlanner

        if self._planner is None:
            self._planner = EncoderPlanner(PointerModel.load(self._folder, self._threads))
        return self._planner

    async def prepare(self, _: str, /) -> None:
        """It was loaded when it was made."""

    def close(self) -> None:
        """Give the thread back."""
        if self._planner is not None:
            self._planner.close()
