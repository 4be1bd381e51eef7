"""A clock, a home, a schedule and notes on paper: quick stand-ins behind the ports that a skill sees."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.core.clock import Clock
from assistant.core.errors import InputError
from assistant.core.home import Action, ActionResult, ActionStatus, EntityId, EntityState, HomeView
from assistant.core.ports import HomePort, Notebook, SchedulePort
from assistant.core.schedule import ItemId, ItemKind, NewItem, ScheduledItem

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


class PaperSchedule(SchedulePort):
    """Keeps items in memory; nothing ever rings."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._items: dict[ItemId, ScheduledItem] = {}

    async def add(self, item: NewItem) -> ScheduledItem:
        """Keep an item."""
        now = self._clock.now()
        due_at = now + item.duration if item.duration is not None else item.due_local
        if due_at is None:
            raise InputError("an item needs a duration or a time")
        if due_at.tzinfo is None:
            due_at = due_at.replace(tzinfo=now.tzinfo)
        if due_at <= now:
            raise InputError("that time has passed")
        item_id = ItemId(len(self._items) + 1)
        self._items[item_id] = ScheduledItem(
            item_id, item.kind, item.label, due_at, item.zone, now, item.duration, None, item.area_id, item.language
        )
        return self._items[item_id]

    def pending(self, kind: ItemKind | None = None) -> Sequence[ScheduledItem]:
        """Soonest first, paused ones last."""
        items = [item for item in self._items.values() if kind is None or item.kind is kind]
        now = self._clock.now()
        return sorted(items, key=lambda item: (item.is_paused, item.due_at or now))

    async def cancel(self, item_ids: Iterable[ItemId]) -> int:
        """Remove; returns how many were there."""
        return sum(self._items.pop(item_id, None) is not None for item_id in item_ids)

    async def pause(self, item_id: ItemId) -> ScheduledItem:
        """Stop a timer's time."""
        item = self._timer(item_id)
        if item.due_at is None:
            raise InputError("the timer is paused already")
        return self._keep(replace(item, due_at=None, remaining=item.due_at - self._clock.now()))

    async def resume(self, item_id: ItemId) -> ScheduledItem:
        """Let a paused timer run on."""
        item = self._timer(item_id)
        if item.remaining is None:
            raise InputError("the timer runs already")
        return self._keep(replace(item, due_at=self._clock.now() + item.remaining, remaining=None))

    async def extend(self, item_id: ItemId, by: timedelta) -> ScheduledItem:
        """Add time to a timer, or take some off."""
        item = self._timer(item_id)
        left = (item.remaining if item.due_at is None else item.due_at - self._clock.now()) or timedelta()
        if left + by <= timedelta():
            raise InputError("nothing would remain")
        if item.due_at is None:
            return self._keep(replace(item, remaining=left + by))
        return self._keep(replace(item, due_at=item.due_at + by))

    def _timer(self, item_id: ItemId) -> ScheduledItem:
        item = self._items.get(item_id)
        if item is None or item.kind is not ItemKind.TIMER:
            raise InputError("there is no such timer")
        return item

    def _keep(self, item: ScheduledItem) -> ScheduledItem:
        self._items[item.id] = item
        return item


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
