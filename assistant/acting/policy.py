"""The home behind a fence: what is dangerous needs a yes, its own code or the PIN, what is forbidden never happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.acting.guard_rules import Level, level_of, rename_changes_guard
from assistant.acting.limits import MinuteLimit
from assistant.acting.pin import NO_PIN, PinLock
from assistant.core.actions import NOBODY, ActionLog, LoggedAction, NoLog, Who, without_secrets
from assistant.core.clock import Clock, SystemClock
from assistant.core.errors import ConfirmationNeeded, NotAllowed, PolicyError
from assistant.core.home import Action, ActionResult, Entity, EntityId, EntityState, HomeView
from assistant.core.ports import HomePort
from assistant.core.settings import SafetySettings


class OnlyOneAtATime(NotAllowed):
    """Several dangerous things were to be done at once; not even a yes makes that possible."""

    code = "one_at_a_time"

    def __init__(self, names: tuple[str, ...], verb: str) -> None:
        super().__init__(names)
        self.what, self.fix = "that is done to one thing at a time only", f"name one of: {', '.join(names)}"
        self.verb = verb


class TooOften(NotAllowed):
    """A thing was commanded more often than the configuration lets it be."""

    code = "too_often"

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(names)
        self.what, self.fix = "that was done too often just now", "wait a minute"


class NoPin(NotAllowed):
    """It would be done after the PIN, but none was set."""

    code = "no_pin"

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(names)
        self.what, self.fix = "that is done after the PIN only, and none is set", "set one: assistant home pin"


class PinNeeded(ConfirmationNeeded):
    """The action may be done only after the PIN. Raised before anything was sent."""

    code = "pin_needed"

    def __init__(self, names: tuple[str, ...], verb: str) -> None:
        super().__init__(names, verb)
        self.what = "this needs the PIN"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the speaker said yes to: the thing that the question named, and what is to be done to it."""

    name: str
    verb: str
    has_pin: bool = False
    """The right PIN was said, which is more than a yes."""


@dataclass(frozen=True, slots=True)
class _Target:
    """An action with what it is meant for."""

    entity: Entity
    action: Action
    level: Level


class Fence:
    """One for the whole home, whoever acts; `guarded` gives the home for one command."""

    def __init__(
        self,
        home: HomePort,
        settings: SafetySettings | None = None,
        clock: Clock | None = None,
        log: ActionLog | None = None,
        pin: PinLock = NO_PIN,
    ) -> None:
        self.home = home
        self.settings = settings or SafetySettings()
        self.clock = clock or SystemClock()
        self.log = log or NoLog()
        self.pin = pin
        self.any = MinuteLimit(self.clock, self.settings.actions_per_minute)
        self.dangerous = MinuteLimit(self.clock, self.settings.guarded_per_minute)

    def guarded(self, who: Who = NOBODY, confirmed: Confirmed | None = None) -> GuardedHome:
        """The home as one command sees it."""
        return GuardedHome(self, who, confirmed)


class GuardedHome:
    """A `HomePort` for one command: checks all actions before any is sent, and writes down what became of them."""

    def __init__(self, fence: Fence, who: Who = NOBODY, confirmed: Confirmed | None = None) -> None:
        self._fence = fence
        self._who = who
        self._confirmed = confirmed
        self._allowed: EntityId | None = None
        """The one thing that was done after a yes; a second thing of that name is another thing."""

    def view(self) -> HomeView:
        """Names of everything, now."""
        return self._fence.home.view()

    def state(self, entity_id: EntityId) -> EntityState:
        """Last known state."""
        return self._fence.home.state(entity_id)

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        """Raises NotAllowed or ConfirmationNeeded, and then nothing was sent."""
        targets = self._targets(actions)
        try:
            self._check_allowed(targets)
            self._check_dangerous([target for target in targets if target.level is not Level.FREE])
            self._check_limits(targets)
        except PolicyError as refusal:
            self._note_refused(targets, refusal)
            raise
        begun_s = self._fence.clock.monotonic()
        results = await self._fence.home.act(actions)
        took_ms = round((self._fence.clock.monotonic() - begun_s) * 1000)
        names = {target.entity.id: target.entity.name for target in targets}
        for result in results:
            self._note(result, names.get(result.action.entity_id, ""), took_ms)
        return results

    async def rename(self, entity_id: EntityId, name: str) -> None:
        """Call it so. Raises NotAllowed where that would change how it is guarded."""
        entity = next((each for each in self.view().entities if each.id == entity_id), None)
        if entity is not None and rename_changes_guard(entity, name, self._fence.settings):
            raise NotAllowed((entity.name,))
        await self._fence.home.rename(entity_id, name)

    async def place(self, entity_id: EntityId, area: str) -> None:
        """It stands there."""
        await self._fence.home.place(entity_id, area)

    def _targets(self, actions: Sequence[Action]) -> list[_Target]:
        entities = {entity.id: entity for entity in self.view().entities}
        found = [(entities[action.entity_id], action) for action in actions if action.entity_id in entities]
        settings = self._fence.settings
        return [
            _Target(entity, action, level_of(entity, action, self.state(entity.id), settings))
            for entity, action in found
        ]

    def _check_allowed(self, targets: Sequence[_Target]) -> None:
        if forbidden := _names(target for target in targets if target.level is Level.NEVER):
            raise NotAllowed(forbidden)

    def _check_dangerous(self, dangerous: Sequence[_Target]) -> None:
        if not dangerous:
            return
        names, ids = _names(dangerous), {target.entity.id for target in dangerous}
        if len(ids) > 1 or (self._allowed is not None and ids != {self._allowed}):
            raise OnlyOneAtATime(names, dangerous[0].action.verb)
        self._check_confirmed(dangerous, names)
        self._allowed = ids.pop()

    def _check_confirmed(self, dangerous: Sequence[_Target], names: tuple[str, ...]) -> None:
        verbs = {target.action.verb for target in dangerous}
        said, verb = self._confirmed, dangerous[0].action.verb
        is_meant = said is not None and names == (said.name,) and verbs == {said.verb}
        if max(target.level for target in dangerous) is Level.PIN:
            if not self._fence.pin.is_set():
                raise NoPin(names)
            if said is None or not is_meant or not said.has_pin:
                raise PinNeeded(names, verb)
        elif not is_meant and not all(_has_device_code(target) for target in dangerous):
            raise ConfirmationNeeded(names, verb)

    def _check_limits(self, targets: Sequence[_Target]) -> None:
        """Counts these actions, if none of them is one too many."""
        fence = self._fence
        wanted = Counter(target.entity.id for target in targets)
        guarded = Counter(target.entity.id for target in targets if target.level is not Level.FREE)
        spent = {each for each, count in wanted.items() if fence.any.is_spent(each, count)}
        spent |= {each for each, count in guarded.items() if fence.dangerous.is_spent(each, count)}
        if spent:
            raise TooOften(_names(target for target in targets if target.entity.id in spent))
        for limit, counts in ((fence.any, wanted), (fence.dangerous, guarded)):
            for each in counts.elements():
                limit.note(each)

    # ── what is written down ─────────────────────────────────────────────────────────────────────

    def _note(self, result: ActionResult, name: str, took_ms: int) -> None:
        noted = self._logged(result.action, name, result.status.value)
        self._fence.log.note(replace(noted, state=result.state.value, detail=result.detail, took_ms=took_ms))

    def _note_refused(self, targets: Sequence[_Target], refusal: PolicyError) -> None:
        """Those that stood in the way; the others were not sent either, for no fault of their own."""
        named = getattr(refusal, "names", ())
        status = "asked" if isinstance(refusal, ConfirmationNeeded) else "refused"
        for target in targets:
            if target.entity.name in named:
                self._fence.log.note(
                    replace(self._logged(target.action, target.entity.name, status), detail=refusal.code)
                )

    def _logged(self, action: Action, name: str, status: str) -> LoggedAction:
        values = without_secrets(action.values)
        return LoggedAction(self._fence.clock.now(), action.entity_id, name, action.verb, status, self._who, values)


def _has_device_code(target: _Target) -> bool:
    """True where the thing's own code was said, and only the right one does anything: nobody says that by mistake."""
    features, action = target.entity.features, target.action
    return bool(action.values.get("code")) and {f"code_{action.verb}", "checks_code"} <= features


def _names(targets: Iterable[_Target]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(target.entity.name for target in targets))
