"""Runs skills: each loaded, called and stopped so that none can harm another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.errors import ConfirmationNeeded, NotAllowed
from assistant.core.intents import IntentSpec
from assistant.core.ports import CalendarPort, HomePort, Notebook, SchedulePort
from assistant.core.settings import SkillSettings, TimesSettings
from assistant.core.turn import Command, Outcome, OutcomeStatus, Situation
from assistant.sdk.context import Context, HelpEntry
from assistant.skillhost.border import Failure
from assistant.skillhost.bridge import Bridge, BridgedCalendar, BridgedHome, BridgedNotebook, BridgedSchedule
from assistant.skillhost.lifecycle import CheckReply, bring_up, take_down
from assistant.skillhost.load import (
    SkillPlace,
    bundled_places,
    claim_submodules,
    duplicates,
    user_place,
    user_places,
)
from assistant.skillhost.roster import Condition, Roster, Running, SkillState
from assistant.skillhost.slots import arguments, unsayable

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ContextParts:
    """What every Context is made from."""

    clock: Clock
    zone: ZoneInfo
    schedule: SchedulePort
    notebook: Callable[[str], Notebook]
    """Skill's name → its own notebook."""
    check_reply: CheckReply = lambda _: None
    calendar: CalendarPort | None = None
    times: TimesSettings = field(default_factory=TimesSettings)


class SkillHost:
    """Implements `SkillRunner`; `start` loads every skill, `stop` ends them all."""

    def __init__(self, settings: SkillSettings, bundled: bool, user_dir: Path | None, parts: ContextParts) -> None:
        self._settings = settings
        self._bundled = bundled
        self._parts = parts
        self._roster = Roster()
        self.folders: tuple[Path, ...] = (*((user_dir,) if user_dir else ()), *settings.folders)
        """Users' folders, to be watched."""

    async def start(self) -> None:
        """Load all skills; those that can't be loaded are listed in `failures`."""
        claim_submodules()
        for folder in self._settings.folders:
            if not folder.is_dir():
                self._roster.fail(SkillPlace(folder.name, folder, is_user=True), Failure("there is no such folder"))
        places = list(bundled_places()) if self._bundled else []
        places += [place for folder in self.folders for place in user_places(folder)]
        for place, first in duplicates(places):
            self._roster.fail(place, _name_taken(place, first))
        for place in places:
            if not self._roster.has_failed(place.path):
                await self._load(place)

    async def stop(self) -> None:
        """Stop all skills at once; one that won't stop is left behind."""
        await asyncio.gather(*(take_down(running) for running in self._roster.running.values()))
        self._roster.running.clear()

    def intents(self) -> Sequence[IntentSpec]:
        """All intents of all loaded skills."""
        return self._roster.intents()

    def words(self, skill: str, key: str, language: str) -> Sequence[str]:
        """Reply templates of a skill."""
        running = self._roster.running.get(skill)
        return running.offers.replies.get(language, {}).get(key, ()) if running else ()

    def help(self, language: str) -> tuple[HelpEntry, ...]:
        """What each skill offers, by name."""
        return self._roster.help(language)

    def states(self) -> tuple[SkillState, ...]:
        """All skills that were found, by name."""
        return self._roster.states()

    def failures(self) -> tuple[SkillState, ...]:
        """Those that don't serve as their file stands."""
        return tuple(state for state in self.states() if state.condition not in (Condition.SERVING, Condition.DISABLED))

    async def run(self, command: Command, situation: Situation, home: HomePort) -> Outcome:
        """Run one command; only ConfirmationNeeded and NotAllowed are raised."""
        found = self._roster.find(command.intent)
        if found is None:
            return Outcome.failed("unknown_intent")
        running, offer = found
        given = arguments(offer.spec, command)
        if given is None:
            return replace(Outcome.refused("missing_slot"), skill=running.place.name)
        context = self._context(running, command, situation, home)
        method = getattr(running.instance, offer.method)

        async def call() -> object:
            return await method(context, *given.positional, **given.named)

        result = await running.guard.call(call, self._settings.timeout_s, (ConfirmationNeeded, NotAllowed))
        return _outcome(running.place.name, result)

    async def reload(self, path: Path) -> bool:
        """Take over what now lies at a user's skill's path; True when the served skills changed."""
        old, place = self._roster.at(path), user_place(path)
        self._roster.forget(path)
        if place is None:
            if old is not None:
                await self._unload(old)
            return old is not None
        taken = self._roster.running.get(place.name)
        if taken is not None and taken is not old:
            self._roster.fail(place, _name_taken(place, taken.place))
            return False
        return await self._load(place)

    async def _load(self, place: SkillPlace) -> bool:
        """Load and start; an older version serves until the new one has started."""
        if place.name in self._settings.disabled:
            self._roster.disable(place)
            return False
        old = self._roster.running.get(place.name)
        running = await bring_up(place, self._roster.taken(old), self._parts.check_reply)
        if isinstance(running, Failure):
            self._roster.fail(place, running)
            return False
        self._roster.running[place.name] = running
        if old is not None:
            await take_down(old)
        _LOGGER.info("skill loaded", extra={"skill": place.name, "intents": len(running.offers.intents)})
        return True

    async def _unload(self, old: Running) -> None:
        """End a skill; another one that waited for its name comes in."""
        del self._roster.running[old.place.name]
        await take_down(old)
        _LOGGER.info("skill unloaded", extra={"skill": old.place.name})
        heir = self._roster.waiting_for(old.place.name)
        if heir is not None:
            await self.reload(heir)

    def _context(self, running: Running, command: Command, situation: Situation, home: HomePort) -> Context:
        schedule, notebook = self._parts.schedule, self._parts.notebook(running.place.name)
        calendar = self._parts.calendar
        if running.guard.worker is not None:
            bridge = Bridge(asyncio.get_running_loop())
            home, schedule = BridgedHome(bridge, home), BridgedSchedule(bridge, schedule)
            notebook = BridgedNotebook(bridge, notebook)
            calendar = calendar and BridgedCalendar(bridge, calendar)
        return Context(
            running.place.name,
            command,
            situation.language,
            self._parts.zone,
            situation.area_id,
            self._parts.clock,
            home,
            schedule,
            notebook,
            self.help(situation.language),
            calendar,
            self._parts.times,
        )


def _name_taken(place: SkillPlace, first: SkillPlace) -> Failure:
    return Failure(f"the name {place.name!r} is taken by {first.path}", f"{place.entry}, line 1")


def _outcome(skill: str, result: object) -> Outcome:
    """What a skill's method gave back, as an outcome of that skill."""
    if isinstance(result, Outcome):
        stray = unsayable(result.values)
        if not stray:
            return replace(result, skill=skill)
        _LOGGER.error("a skill's outcome has a value that can't be said", extra={"skill": skill, "key": stray})
    if isinstance(result, Failure) and result.is_stuck:
        return Outcome(OutcomeStatus.UNAVAILABLE, "skill_stuck", {"skill": skill}, skill)
    if not isinstance(result, Failure | Outcome):
        _LOGGER.error("a skill returned no Outcome", extra={"skill": skill, "what": type(result).__name__})
    return Outcome(OutcomeStatus.FAILED, "skill_failed", {"skill": skill}, skill)
