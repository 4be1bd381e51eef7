"""What was known before: states from an earlier run, and which states of this one are not kept yet; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.core.home import EntityState
from assistant.home.discovery import ComponentKey
from assistant.home.known import Known

MEASURING = frozenset({"sensor", "number", "event", "device_automation", "tag"})
"""They change all the time; what they told is kept less often, to spare the card."""


MAX_BEFORE = 20_000
"""States of things that are gone, or did not come yet."""


class Past:
    """Fed with each state that is told."""

    def __init__(self) -> None:
        self._before: dict[ComponentKey, EntityState] = {}
        self._unsaved: dict[ComponentKey, Known] = {}
        self._urgent: set[ComponentKey] = set()
        """Those of the unsaved whose state became another."""

    def restore(self, states: Mapping[ComponentKey, EntityState]) -> None:
        """States from an earlier run: they hold, with their age, until something newer is heard."""
        self._before = {key: replace(state, is_from_before=True, is_available=True) for key, state in states.items()}

    def before(self, key: ComponentKey) -> EntityState:
        """What an entity told in an earlier run; unknown if nothing."""
        return self._before.get(key, EntityState())

    def note(self, known: Known, was: EntityState) -> None:
        """An entity told its state."""
        key, now = known.announced.key, known.state
        self._unsaved[key] = known
        is_other = now.value != was.value or now.attributes != was.attributes
        if is_other and known.announced.component not in MEASURING:
            self._urgent.add(key)

    def forget(self, known: Known) -> None:
        """It is gone: nothing of it has to be kept any more. If it comes again, it told this last."""
        key = known.announced.key
        self._unsaved.pop(key, None)
        self._urgent.discard(key)
        if known.state.updated_at is None:
            return
        self._before.pop(key, None)
        self._before[key] = replace(known.state, is_from_before=True, is_available=True)
        if len(self._before) > MAX_BEFORE:
            del self._before[next(iter(self._before))]

    def unsaved(self, *, everything: bool) -> dict[ComponentKey, EntityState]:
        """What has to be kept now. Not everything: only states that became others."""
        keys = self._unsaved.keys() if everything else self._urgent
        return {key: self._unsaved[key].state for key in keys}

    def kept(self, states: Mapping[ComponentKey, EntityState]) -> None:
        """These are on disk; what changed meanwhile is not."""
        for key, state in states.items():
            if key not in self._unsaved:
                continue
            now = self._unsaved[key].state
            if now is state:
                del self._unsaved[key]
            if (now.value, now.attributes) == (state.value, state.attributes):
                self._urgent.discard(key)
