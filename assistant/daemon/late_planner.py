"""The planner tier, made when it is first needed: its grammars and examples take a second that no start waits for."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.errors import ModelError
from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.core.settings import TimesSettings
from assistant.core.turn import Plan, Situation, Transcript
from assistant.daemon.planner_makers import PlannerMaker
from assistant.understanding.chat.asked import is_trick
from assistant.understanding.words import primary

if TYPE_CHECKING:  # it brings onnxruntime
    from assistant.understanding.planner.tier import Planning

_LOGGER = logging.getLogger(__name__)


class LatePlanner:
    """Implements understanding.tiers.PlannerTier. A sentence may take `seconds`."""

    def __init__(self, maker: PlannerMaker, seconds: float, clock: Clock, zone: ZoneInfo, times: TimesSettings) -> None:
        self._maker = maker
        self._seconds = seconds
        self._clock = clock
        self._zone = zone
        self._times = times
        self._known: tuple[tuple[IntentSpec, ...], HomeView] = ((), HomeView((), ()))
        self._made: dict[str, tuple[tuple[IntentSpec, ...], Planning]] = {}
        """Language → the skills it was made for, and the tier."""
        self._making = asyncio.Lock()
        self.counts: Counter[str] = Counter()
        """How many sentences it was asked about, and of how many it made plans."""
        self.why = ""
        """What came of the last one."""

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Take over skills and names; the tier is made anew only where skills changed."""
        self._known = (tuple(intents), home)
        for known, tier in self._made.values():
            if known == self._known[0]:
                tier.use(intents, home)

    async def plan(self, transcript: Transcript, situation: Situation) -> Plan | None:
        """Commands, or None when it is not sure enough that they are meant."""
        self.counts["asked"] += 1
        if is_trick(transcript.text, situation.language):
            self.why = "after the model's instructions, not a command"
            return None
        try:
            async with asyncio.timeout(self._seconds):
                tier = await self._tier(primary(situation.language))
                plan = await tier.plan(transcript, situation)
        except ModelError as error:
            _LOGGER.warning("no plan by the language model", extra={"error": str(error)})
            self.why = "the language model can't be used"
            return None
        except TimeoutError:  # while it was made, or took over a new home
            self.why = "no answer in time"
            return None
        self.why = tier.why
        self.counts["planned"] += plan is not None
        return plan

    async def prepare(self, language: str) -> None:
        """Have all of it in memory. Raises ModelError."""
        await self._tier(primary(language))
        await self._maker.prepare(primary(language))

    def close(self) -> None:
        """Give threads back."""
        self._maker.close()

    async def _tier(self, language: str) -> Planning:
        async with self._making:
            intents, home = self._known
            known = self._made.get(language)
            if known is None or known[0] != intents:
                tier = await asyncio.to_thread(self._make, intents, language)
                tier.use(intents, home)
                known = self._made[language] = (intents, tier)
            return known[1]

    def _make(self, intents: tuple[IntentSpec, ...], language: str) -> Planning:
        from assistant.understanding.planner.tier import Planning

        return Planning(self._maker.make(intents, language), self._clock, self._zone, self._times)
