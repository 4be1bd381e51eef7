"""Runs skills: each loaded, called and stopped so that none can harm another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.errors import ConfirmationNeeded, NotAllowed, SkillLoadError
from assistant.core.intents import IntentSpec
from assistant.core.ports import HomePort, Notebook, SchedulePort
from assistant.core.settings import SkillSettings
from assistant.core.turn import Command, Outcome, OutcomeStatus, Situation
from assistant.sdk.context import Context, HelpEntry
from assistant.sdk.skill import Skill
from assistant.skillhost.border import Failure, Guard
from assistant.skillhost.bridge import Bridge, BridgedHome, BridgedNotebook, BridgedSchedule
from assistant.skillhost.inspect import Offer, Offers, plain_examples
from assistant.skillhost.load import (
    LoadedClass,
    SkillPlace,
    bundled_places,
    claim_submodules,
    forget,
    load_class,
    user_place,
    user_places,
)
from assistant.skillhost.load import duplicates as duplicates_of
from assistant.skillhost.slots import arguments
from assistant.skillhost.worker import Worker

START_S = 5.0
"""A skill may take so long to load, and again to start."""
STOP_S = 0.5

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ContextParts:
    """What every Context is made from."""

    clock: Clock
    zone: ZoneInfo
    schedule: SchedulePort
    notebook: Callable[[str], Notebook]
    """Skill's name → its own notebook."""
    check_reply: Callable[[str], None] = lambda _: None
    """Raises ValueError for a reply template that could not be used."""


class Condition(StrEnum):
    """How a skill is."""

    SERVING = "serving"
    OLD_VERSION = "old_version"
    """The file as it is now fails; the version before it serves."""
    STUCK = "stuck"
    FAILED = "failed"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class SkillState:
    """One skill, for people to look at."""

    name: str
    path: Path
    is_user: bool
    condition: Condition
    detail: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class _Running:
    place: SkillPlace
    instance: Skill
    offers: Offers
    module: str
    guard: Guard


class SkillHost:
    """Implements `SkillRunner`; `start` loads every skill, `stop` ends them all."""

    def __init__(self, settings: SkillSettings, bundled: bool, user_dir: Path | None, parts: ContextParts) -> None:
        self._settings = settings
        self._bundled = bundled
        self._parts = parts
        self.folders: tuple[Path, ...] = (*((user_dir,) if user_dir else ()), *settings.folders)
        """Users' folders, to be watched."""
        self._running: dict[str, _Running] = {}
        self._failed: dict[Path, SkillState] = {}
        self._disabled: list[SkillState] = []

    async def start(self) -> None:
        """Load all skills; those that can't be loaded are listed in `failures`."""
        claim_submodules()
        for folder in self._settings.folders:
            if not folder.is_dir():
                self._fail(SkillPlace(folder.name, folder, is_user=True), Failure("there is no such folder"))
        places = [*(bundled_places() if self._bundled else ()), *self._user_places()]
        for place, first in duplicates_of(places):
            self._fail(place, Failure(f"the name {place.name!r} is taken by {first.path}", f"{place.entry}, line 1"))
        for place in places:
            if place.path not in self._failed:
                await self._load(place)

    async def stop(self) -> None:
        """Stop all skills at once; one that won't stop is left behind."""
        await asyncio.gather(*(self._end(running) for running in self._running.values()))
        self._running.clear()

    # ── what the rest of the house asks ──────────────────────────────────────────────────────────

    def intents(self) -> Sequence[IntentSpec]:
        """All intents of all loaded skills."""
        return [offer.spec for running in self._running.values() for offer in running.offers.intents]

    def words(self, skill: str, key: str, language: str) -> Sequence[str]:
        """Reply templates of a skill."""
        running = self._running.get(skill)
        return running.offers.replies.get(language, {}).get(key, ()) if running else ()

    def help(self, language: str) -> tuple[HelpEntry, ...]:
        """What each skill offers, by name."""
        return tuple(
            HelpEntry(name, running.offers.description, plain_examples(running.offers, language))
            for name, running in sorted(self._running.items())
        )

    def states(self) -> tuple[SkillState, ...]:
        """All skills that were found, by name."""
        states = [self._state(running) for running in self._running.values()]
        served = {running.place.path for running in self._running.values()}
        states += [state for path, state in self._failed.items() if path not in served]
        return tuple(sorted([*states, *self._disabled], key=lambda state: (state.name, str(state.path))))

    def failures(self) -> tuple[SkillState, ...]:
        """Those that don't serve as their file stands."""
        return tuple(state for state in self.states() if state.condition not in (Condition.SERVING, Condition.DISABLED))

    async def run(self, command: Command, situation: Situation, home: HomePort) -> Outcome:
        """Run one command; only ConfirmationNeeded and NotAllowed are raised."""
        found = self._find(command.intent)
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

        return self._outcome(
            running, await running.guard.call(call, self._settings.timeout_s, (ConfirmationNeeded, NotAllowed))
        )

    # ── changes while it runs ────────────────────────────────────────────────────────────────────

    async def reload(self, path: Path) -> bool:
        """Take over what now lies at a user's skill's path; True when the served skills changed."""
        old = next((running for running in self._running.values() if running.place.path == path), None)
        place = user_place(path)
        self._disabled = [state for state in self._disabled if state.path != path]
        self._failed.pop(path, None)
        if place is not None:
            taken = self._running.get(place.name)
            if taken is not None and taken is not old:
                self._fail(place, Failure(f"the name {place.name!r} is taken by {taken.place.path}"))
                return False
            return await self._load(place)
        if old is None:
            return False
        await self._unload(old)
        return True

    async def _unload(self, old: _Running) -> None:
        """End a skill; another one that waited for its name comes in."""
        del self._running[old.place.name]
        await self._end(old)
        _LOGGER.info("skill unloaded", extra={"skill": old.place.name})
        heirs = [path for path, state in self._failed.items() if state.name == old.place.name]
        if heirs:
            await self.reload(heirs[0])

    def _user_places(self) -> Iterable[SkillPlace]:
        return [place for folder in self.folders for place in user_places(folder)]

    async def _load(self, place: SkillPlace) -> bool:
        """Load and start; an older version serves until the new one has started."""
        if place.name in self._settings.disabled:
            self._disabled.append(SkillState(place.name, place.path, place.is_user, Condition.DISABLED))
            return False
        old = self._running.get(place.name)
        guard = Guard(place.name, place.path, Worker(place.name) if place.is_user else None)
        taken = {
            offer.spec.name: running.place.name
            for running in self._running.values()
            if running is not old
            for offer in running.offers.intents
        }
        loaded = await guard.call(lambda: self._prepare(place, taken), START_S)
        if isinstance(loaded, Failure):
            return await self._give_up(place, guard, loaded)
        running = _Running(place, loaded[1], loaded[0].offers, loaded[0].module, guard)
        started = await guard.call(running.instance.start, START_S)
        if isinstance(started, Failure):
            forget(running.module)
            return await self._give_up(place, guard, started)
        self._running[place.name] = running
        if old is not None:
            await self._end(old)
        _LOGGER.info("skill loaded", extra={"skill": place.name, "intents": len(running.offers.intents)})
        return True

    async def _prepare(self, place: SkillPlace, taken: Mapping[str, str]) -> tuple[LoadedClass, Skill]:
        """`taken`: intent → the other skill that serves it."""
        loaded = load_class(place)
        for offer in loaded.offers.intents:
            if offer.spec.name in taken:
                why = f"the skill {taken[offer.spec.name]!r} serves {offer.spec.name} already"
                raise SkillLoadError(f"{place.entry}, {offer.method}", why=why)
        for table in loaded.offers.replies.values():
            for key, variants in table.items():
                self._check_replies(place, key, variants)
        return loaded, loaded.skill()

    def _check_replies(self, place: SkillPlace, key: str, variants: Sequence[str]) -> None:
        for words in variants:
            try:
                self._parts.check_reply(words)
            except ValueError as error:
                raise SkillLoadError(f"{place.path}, reply {key!r}", why=str(error)) from error

    async def _give_up(self, place: SkillPlace, guard: Guard, failure: Failure) -> bool:
        if guard.worker is not None:
            await guard.worker.close()
        self._fail(place, failure)
        return False

    def _fail(self, place: SkillPlace, failure: Failure) -> None:
        _LOGGER.error("skill not loaded", extra={"skill": place.name, "why": str(failure)})
        self._failed[place.path] = SkillState(place.name, place.path, place.is_user, Condition.FAILED, str(failure))

    async def _end(self, running: _Running) -> None:
        await running.guard.call(running.instance.stop, STOP_S)
        if running.guard.worker is not None:
            await running.guard.worker.close()
        forget(running.module)

    # ── one call ─────────────────────────────────────────────────────────────────────────────────

    def _find(self, intent: str) -> tuple[_Running, Offer] | None:
        for running in self._running.values():
            for offer in running.offers.intents:
                if offer.spec.name == intent:
                    return running, offer
        return None

    def _context(self, running: _Running, command: Command, situation: Situation, home: HomePort) -> Context:
        schedule, notebook = self._parts.schedule, self._parts.notebook(running.place.name)
        if running.guard.worker is not None:
            bridge = Bridge(asyncio.get_running_loop())
            home, schedule = BridgedHome(bridge, home), BridgedSchedule(bridge, schedule)
            notebook = BridgedNotebook(bridge, notebook)
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
        )

    def _outcome(self, running: _Running, result: object) -> Outcome:
        name = running.place.name
        if isinstance(result, Outcome):
            return replace(result, skill=name)
        if isinstance(result, Failure) and result.is_stuck:
            return Outcome(OutcomeStatus.UNAVAILABLE, "skill_stuck", {"skill": name}, name)
        if not isinstance(result, Failure):
            _LOGGER.error("a skill returned no Outcome", extra={"skill": name, "what": type(result).__name__})
        return Outcome(OutcomeStatus.FAILED, "skill_failed", {"skill": name}, name)

    def _state(self, running: _Running) -> SkillState:
        place = running.place
        failed = self._failed.get(place.path)
        condition, detail = Condition.SERVING, ""
        if failed is not None:
            condition, detail = Condition.OLD_VERSION, failed.detail
        if running.guard.worker is not None and running.guard.worker.is_stuck:
            condition, detail = Condition.STUCK, "it hangs in an earlier call"
        return SkillState(place.name, place.path, place.is_user, condition, detail, running.offers.description)
