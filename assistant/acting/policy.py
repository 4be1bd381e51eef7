"""The home behind a fence: what is dangerous needs a spoken yes, what is forbidden never happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.errors import ConfirmationNeeded, NotAllowed
from assistant.core.home import Action, ActionResult, Entity, EntityId, EntityState, HomeView
from assistant.core.ports import HomePort
from assistant.core.settings import HomeSettings

_HARMLESS = frozenset({"close", "lock", "stop", "turn_off", "arm_home", "arm_away", "arm_night", "arm_vacation"})
_HARMLESS_FOR_LOCKS = frozenset({"close", "lock", "turn_on"})
"""Turning a lock on locks it, turning it off unlocks it (as in Home Assistant)."""


class OnlyOneAtATime(NotAllowed):
    """Several dangerous things were to be done at once; not even a yes makes that possible."""

    code = "one_at_a_time"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the speaker said yes to: the thing that the question named, and what is to be done to it."""

    name: str
    verb: str


class GuardedHome:
    """A `HomePort` for one command: checks all actions before any of them is sent."""

    def __init__(self, home: HomePort, settings: HomeSettings, confirmed: Confirmed | None = None) -> None:
        self._home = home
        self._settings = settings
        self._confirmed = confirmed
        self._allowed: EntityId | None = None
        """The one thing that was done after a yes; a second thing of that name is another thing."""

    def view(self) -> HomeView:
        """Names of everything, now."""
        return self._home.view()

    def state(self, entity_id: EntityId) -> EntityState:
        """Last known state."""
        return self._home.state(entity_id)

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        """Raises NotAllowed or ConfirmationNeeded, and then nothing was sent."""
        entities = {entity.id: entity for entity in self._home.view().entities}
        targets = [(entities[action.entity_id], action) for action in actions if action.entity_id in entities]
        forbidden = [entity.name for entity, _ in targets if kinds(entity) & set(self._settings.deny_domains)]
        if forbidden:
            raise NotAllowed(tuple(dict.fromkeys(forbidden)))
        self._check_dangerous([(entity, action) for entity, action in targets if self._is_dangerous(entity, action)])
        return await self._home.act(actions)

    def _is_dangerous(self, entity: Entity, action: Action) -> bool:
        return bool(kinds(entity) & set(self._settings.confirm_domains)) and not is_harmless(entity, action)

    def _check_dangerous(self, dangerous: Sequence[tuple[Entity, Action]]) -> None:
        if not dangerous:
            return
        names = tuple(dict.fromkeys(entity.name for entity, _ in dangerous))
        ids = {entity.id for entity, _ in dangerous}
        if len(ids) > 1 or (self._allowed is not None and ids != {self._allowed}):
            raise OnlyOneAtATime(names)
        verbs = {action.verb for _, action in dangerous}
        if self._confirmed is None or names != (self._confirmed.name,) or verbs != {self._confirmed.verb}:
            raise ConfirmationNeeded(names, dangerous[0][1].verb)
        self._allowed = ids.pop()


def kinds(entity: Entity) -> set[str]:
    """What the settings may call it: its domain and its device class."""
    return {entity.domain, *((entity.device_class,) if entity.device_class else ())}


def is_harmless(entity: Entity, action: Action) -> bool:
    """True for actions that make a home safer or leave it as it is: locking, closing, arming, silencing."""
    if entity.domain == "lock":
        return action.verb in _HARMLESS_FOR_LOCKS
    if action.verb == "set_position":
        return action.values.get("position") == 0
    return action.verb in _HARMLESS
