"""Which skills serve, which don't, and why."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.core.intents import IntentSpec
from assistant.sdk.context import HelpEntry
from assistant.sdk.skill import Skill
from assistant.skillhost.border import Failure, Guard
from assistant.skillhost.inspect import Offer, Offers, plain_examples
from assistant.skillhost.load import SkillPlace

_LOGGER = logging.getLogger(__name__)


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
class Running:
    """A skill that serves."""

    place: SkillPlace
    instance: Skill
    offers: Offers
    module: str
    guard: Guard


class Roster:
    """All skills that were found."""

    def __init__(self) -> None:
        self.running: dict[str, Running] = {}
        """By name."""
        self._failed: dict[Path, SkillState] = {}
        self._disabled: dict[Path, SkillState] = {}

    def fail(self, place: SkillPlace, failure: Failure) -> None:
        """What lies there can't be used; an older version of it may still serve."""
        _LOGGER.error("skill not loaded", extra={"skill": place.name, "why": str(failure)})
        self._failed[place.path] = SkillState(place.name, place.path, place.is_user, Condition.FAILED, str(failure))

    def disable(self, place: SkillPlace) -> None:
        """The configuration leaves it out."""
        self._disabled[place.path] = SkillState(place.name, place.path, place.is_user, Condition.DISABLED)

    def forget(self, path: Path) -> None:
        """What was known of that path counts no more; what runs from there goes on."""
        self._failed.pop(path, None)
        self._disabled.pop(path, None)

    def has_failed(self, path: Path) -> bool:
        """True when what lies there can't be used."""
        return path in self._failed

    def waiting_for(self, name: str) -> Path | None:
        """A skill that failed and has this name."""
        return next((path for path, state in self._failed.items() if state.name == name), None)

    def at(self, path: Path) -> Running | None:
        """The skill that runs from there."""
        return next((running for running in self.running.values() if running.place.path == path), None)

    def find(self, intent: str) -> tuple[Running, Offer] | None:
        """Who serves an intent."""
        for running in self.running.values():
            for offer in running.offers.intents:
                if offer.spec.name == intent:
                    return running, offer
        return None

    def intents(self) -> Sequence[IntentSpec]:
        """All that can be asked for."""
        return [offer.spec for running in self.running.values() for offer in running.offers.intents]

    def taken(self, but: Running | None) -> dict[str, str]:
        """Intent → the skill that serves it, one skill left out."""
        return {
            offer.spec.name: running.place.name
            for running in self.running.values()
            if running is not but
            for offer in running.offers.intents
        }

    def help(self, language: str) -> tuple[HelpEntry, ...]:
        """What each skill offers, by name."""
        return tuple(
            HelpEntry(name, running.offers.description, plain_examples(running.offers, language))
            for name, running in sorted(self.running.items())
        )

    def states(self) -> tuple[SkillState, ...]:
        """Every skill's condition, by name."""
        serving = [self._state(running) for running in self.running.values()]
        others = [state for path, state in self._failed.items() if self.at(path) is None]
        return tuple(
            sorted([*serving, *others, *self._disabled.values()], key=lambda state: (state.name, str(state.path)))
        )

    def _state(self, running: Running) -> SkillState:
        place = running.place
        condition, detail = Condition.SERVING, ""
        if failed := self._failed.get(place.path):
            condition, detail = Condition.OLD_VERSION, failed.detail
        if running.guard.worker is not None and running.guard.worker.is_stuck:
            condition, detail = Condition.STUCK, "it hangs in an earlier call"
        return SkillState(place.name, place.path, place.is_user, condition, detail, running.offers.description)
