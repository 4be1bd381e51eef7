"""The planner tier, made when it is first needed: its grammars and examples take a second that no start waits for."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.errors import ModelError
from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.core.settings import TimesSettings
from assistant.core.turn import Plan, Situation, Transcript
from assistant.understanding.chat.asked import is_trick
from assistant.understanding.words import primary

if TYPE_CHECKING:  # they bring onnxruntime and llguidance
    from assistant.llm.constrain import Grammars
    from assistant.llm.engine import Engine
    from assistant.understanding.planner.tier import Planning

_LOGGER = logging.getLogger(__name__)


class LatePlanner:
    """Implements understanding.tiers.PlannerTier."""

    def __init__(
        self, engine: Engine, folder: Path, seconds: float, clock: Clock, zone: ZoneInfo, times: TimesSettings
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._seconds = seconds
        self._clock = clock
        self._zone = zone
        self._times = times
        self._known: tuple[tuple[IntentSpec, ...], HomeView] = ((), HomeView((), ()))
        self._made: dict[str, tuple[tuple[IntentSpec, ...], Planning, str]] = {}
        """Language → the skills it was made for, the tier, and how its prompts begin."""
        self._grammars: Grammars | None = None
        self._making = asyncio.Lock()
        self.counts: Counter[str] = Counter()
        """How many sentences it was asked about, and of how many it made plans."""
        self.why = ""
        """What came of the last one."""

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Take over skills and names; the tier is made anew only where skills changed."""
        self._known = (tuple(intents), home)
        for known, tier, _ in self._made.values():
            if known == self._known[0]:
                tier.use(intents, home)

    async def plan(self, transcript: Transcript, situation: Situation) -> Plan | None:
        """Commands, or None when it is not sure enough that they are meant."""
        self.counts["asked"] += 1
        if is_trick(transcript.text, situation.language):
            self.why = "after the model's instructions, not a command"
            return None
        try:
            tier, _ = await self._tier(primary(situation.language))
        except ModelError as error:
            _LOGGER.warning("no plan by the language model", extra={"error": str(error)})
            self.why = "the language model can't be used"
            return None
        plan = await tier.plan(transcript, situation)
        self.why = tier.why
        self.counts["planned"] += plan is not None
        return plan

    async def prepare(self, language: str) -> None:
        """Have the weights and the beginning of the prompts in memory. Raises ModelError."""
        _, begins = await self._tier(primary(language))
        await self._engine.load([begins])

    async def _tier(self, language: str) -> tuple[Planning, str]:
        async with self._making:
            intents, home = self._known
            known = self._made.get(language)
            if known is None or known[0] != intents:
                tier, begins = await asyncio.to_thread(self._make, intents, language)
                tier.use(intents, home)
                known = self._made[language] = (intents, tier, begins)
            return known[1], known[2]

    def _make(self, intents: tuple[IntentSpec, ...], language: str) -> tuple[Planning, str]:
        from assistant.llm.constrain import Grammars
        from assistant.understanding.planner.planner import LanguageModelPlanner
        from assistant.understanding.planner.prompt import PREFIX
        from assistant.understanding.planner.shots import shots
        from assistant.understanding.planner.tier import Planning
        from assistant.understanding.planner.words import LANGUAGES

        if self._grammars is None:
            self._grammars = Grammars.load(self._folder)
        examples = shots(intents, language) if language in LANGUAGES else ""
        planner = LanguageModelPlanner(self._engine, self._grammars.constraint, self._seconds, examples)
        return Planning(planner, self._clock, self._zone, self._times), PREFIX + examples
