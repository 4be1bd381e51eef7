"""Which tiers of understanding take part: all, the templates alone, or the planner without them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.core.ports import Understander
from assistant.core.turn import Nothing, Situation, TierNote, Transcript, Understood
from assistant.understanding.tiers import PlannerTier
from assistant.understanding.understanding import Understanding

TEMPLATES, PLANNER, ALL = TIERS = ("templates", "planner", "all")


class Planner(PlannerTier, Protocol):
    """A planner that can be made ready."""

    async def prepare(self, language: str) -> None:
        """Be ready for sentences of that language."""
        ...


MakePlanner = Callable[[Clock, ZoneInfo], Planner]


class PlannerAlone(Understander):
    """Answers to questions are understood by rules; everything else by the planner, and by it alone."""

    def __init__(self, rules: Understander, planner: Planner) -> None:
        self._rules = rules
        self._planner = planner

    async def understand(self, transcript: Transcript, situation: Situation) -> Understood:
        """What the templates say does not count."""
        understood = await self._rules.understand(transcript, situation)
        if any(note.took and note.tier == "dialogue" for note in understood.tiers):
            return understood
        notes = tuple(note for note in understood.tiers if note.tier != "templates")
        began = time.perf_counter()
        plan = await self._planner.plan(transcript, situation)
        ms = round((time.perf_counter() - began) * 1000, 3)
        note = TierNote("planner", plan is not None, self._planner.why, ms)
        return Understood(plan or Nothing("not_understood"), (*notes, note))

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Given to both."""
        self._rules.use(intents, home)
        self._planner.use(intents, home)

    def phrases(self, language: str, limit: int) -> Sequence[str]:
        """As the rules have them."""
        return self._rules.phrases(language, limit)


class Minds:
    """One Understanding per zone; compiling its sentences takes longest."""

    def __init__(self, clock: Clock, tiers: str = TEMPLATES, planner: MakePlanner | None = None) -> None:
        self._clock = clock
        self._tiers = tiers
        self._planner = planner
        self._of: dict[str, tuple[Understanding, Planner | None]] = {}

    async def of(self, zone: ZoneInfo, intents: Sequence[IntentSpec], home: HomeView, language: str) -> Understander:
        """That of a zone, ready for this home."""
        if zone.key not in self._of:
            planner = self._planner(self._clock, zone) if self._planner is not None else None
            beside = planner if self._tiers == ALL else None
            self._of[zone.key] = (Understanding(self._clock, zone, planner=beside), planner)
        rules, planner = self._of[zone.key]
        rules.use(intents, home)
        if planner is not None:
            planner.use(intents, home)
            await planner.prepare(language)
        await rules.prepare(language)
        return PlannerAlone(rules, planner) if planner is not None and self._tiers == PLANNER else rules

    def close(self) -> None:
        """Give back all threads."""
        for rules, _ in self._of.values():
            rules.close()
