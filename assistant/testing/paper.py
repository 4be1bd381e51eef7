"""A clock, a home, a schedule and notes on paper: quick stand-ins behind the ports that a skill sees."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from assistant.core.clock import Clock
from assistant.core.errors import InputError
from assistant.core.home import Action, ActionResult, ActionStatus, Area, AreaId, EntityId, EntityState, HomeView
from assistant.core.ports import HomePort, Notebook
from assistant.testing.paper_schedule import PaperCalendar as PaperCalendar
from assistant.testing.paper_schedule import PaperSchedule as PaperSchedule

_STATES = {
    "turn_on": "on",
    "turn_off": "off",
    "open": "open",
    "close": "closed",
    "lock": "locked",
    "unlock": "unlocked",
}


class PaperClock(Clock):
    """Shows the moment it was set to; `pass_time` moves it."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._passed_s = 0.0

    def now(self) -> datetime:
        """The instant it shows."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that passed."""
        return self._passed_s

    async def sleep(self, seconds: float) -> None:
        """Back at once; the time has passed."""
        self.pass_time(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    def pass_time(self, time: timedelta) -> None:
        """Go forward."""
        self._now += time
        self._passed_s += time.total_seconds()


class PaperHome(HomePort):
    """Does what it is told at once; things in `broken` refuse, those in `away` can't be reached."""

    def __init__(self, view: HomeView, states: dict[EntityId, EntityState] | None = None) -> None:
        self._view = view
        self.states = dict(states or {})
        self.acted: list[Action] = []
        self.broken: set[EntityId] = set()
        self.away: set[EntityId] = set()

    def view(self) -> HomeView:
        """Names of everything."""
        return self._view

    def state(self, entity_id: EntityId) -> EntityState:
        """As last set; unknown at first."""
        return self.states.get(entity_id, EntityState())

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        """Keep each action, and confirm those that could be done."""
        return [self._one(action) for action in actions]

    async def rename(self, entity_id: EntityId, name: str) -> None:
        """Call it so. Paper knows no other name of its own: empty is the last part of the id."""
        self._changed(entity_id, name=name or entity_id.rpartition(".")[2].replace("_", " "))

    async def place(self, entity_id: EntityId, area: str) -> None:
        """It stands there; the area comes with it."""
        id_ = AreaId(area.casefold().replace(" ", "_")) if area else None
        if id_ is not None and all(each.id != id_ for each in self._view.areas):
            self._view = replace(self._view, areas=(*self._view.areas, Area(id_, area)))
        self._changed(entity_id, area_id=id_)

    def _changed(self, entity_id: EntityId, **facts: Any) -> None:
        entities = self._view.entities
        if all(each.id != entity_id for each in entities):
            raise InputError(f"there is no {entity_id}")
        changed = tuple(replace(each, **facts) if each.id == entity_id else each for each in entities)
        self._view = replace(self._view, entities=changed)

    def _one(self, action: Action) -> ActionResult:
        entity_id = action.entity_id
        if entity_id in self.away:
            return ActionResult(action, ActionStatus.UNAVAILABLE, self.state(entity_id))
        self.acted.append(action)
        if entity_id in self.broken:
            return ActionResult(action, ActionStatus.FAILED, self.state(entity_id))
        before = self.state(entity_id)
        toggled = "off" if before.value == "on" else "on"
        value = toggled if action.verb == "toggle" else _STATES.get(action.verb, before.value)
        state = replace(before, value=value, attributes={**before.attributes, **action.values})
        self.states[entity_id] = state
        return ActionResult(action, ActionStatus.CONFIRMED, state)


class PaperNotebook(Notebook):
    """Notes in memory."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """The text, or None."""
        return self.notes.get(key)

    async def put(self, key: str, text: str) -> None:
        """Keep the text."""
        self.notes[key] = text

    async def delete(self, key: str) -> None:
        """Forget the key."""
        self.notes.pop(key, None)

    async def keys(self) -> Sequence[str]:
        """All keys, sorted."""
        return sorted(self.notes)
