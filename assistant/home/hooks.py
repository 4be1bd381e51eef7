"""Waits for what was asked for in the configuration or by voice, and says when it has come."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.core.clock import Clock
from assistant.core.home import EntityId, EntityState
from assistant.core.hooks import Deed, Watch
from assistant.core.settings import HookSettings
from assistant.home.beside import Publish
from assistant.home.hooks_edges import Damper, Edge
from assistant.home.hooks_reading import Absent, has_condition, holds, is_happening, value_at
from assistant.home.link import Message, Use
from assistant.home.payload import MAX_BYTES, NotJson, Payload
from assistant.home.template import TemplateFault, render
from assistant.home.topics import matches

_LOGGER = logging.getLogger(__name__)
WATCH_QUIET_S = 30.0
"""A standing watch is not told again within this time."""
PRESS_QUIET_S = 1.0
"""What a button does, it does again after this time."""
_HAPPENINGS = ("event.", "device_automation.", "tag.")
"""Ids of what happens and is over: it has no state before and after."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A hook of the configuration fired; texts are filled in."""

    hook: HookSettings
    say: str = ""
    remind: str = ""
    run: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """What was waited for by voice has come to pass."""

    watch: Watch
    state: EntityState


Firing = Fired | Came


@dataclass(slots=True)
class _Rule:
    hook: HookSettings
    key: str
    edge: Edge
    values: Mapping[str, object] = field(default_factory=dict)
    """Of the message that it waits with."""


@dataclass(slots=True)
class _Watched:
    watch: Watch
    edge: Edge
    state: EntityState


@dataclass(frozen=True, slots=True)
class HookPorts:
    """What hooks need of others."""

    fire: Callable[[Firing], None]
    publish: Publish
    remember: Callable[[Watch], None] = lambda _: None
    """A watch that waits for one time only has seen something that must not be lost in a power cut."""


class Hooks:
    """Use: `run()` in a task, `watch` whenever what is waited for changed. Implements `Beside`."""

    def __init__(self, hooks: Sequence[HookSettings], clock: Clock, ports: HookPorts) -> None:
        self._clock = clock
        self._ports = ports
        self._rules = [
            _Rule(hook, f"hook {number}", Edge(hook.for_s)) for number, hook in enumerate(hooks) if hook.topic
        ]
        self._news = [hook for hook in hooks if hook.on]
        self._watched: dict[str, _Watched] = {}
        self._by_entity: dict[EntityId, list[_Watched]] = {}
        self._damper = Damper()
        self._more = asyncio.Event()

    @property
    def filters(self) -> Sequence[str]:
        """Topics of the configured hooks."""
        return tuple(dict.fromkeys(rule.hook.topic for rule in self._rules))

    @property
    def use(self) -> Use:
        """They carry states."""
        return Use.STATE

    @property
    def dropped(self) -> int:
        """Firings that came too soon after others."""
        return self._damper.dropped

    async def run(self) -> None:
        """Fire what had to hold for a while."""
        while True:
            self._more.clear()
            now_s = self._clock.monotonic()
            self._settle(now_s)
            due = min(self._due_at_s(), default=None)
            waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._more.wait())]
            if due is not None:
                waits.append(asyncio.ensure_future(self._clock.sleep(max(0.0, due - now_s))))
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
                await asyncio.gather(*waits, return_exceptions=True)

    # ── what was asked by voice ──────────────────────────────────────────────────────────────────

    def watch(self, watches: Iterable[Watch], state_of: Callable[[EntityId], EntityState]) -> None:
        """Wait for exactly these from now on; what they have seen so far stays."""
        old, self._watched = self._watched, {}
        for watch in watches:
            kept = old.get(watch.id)
            self._watched[watch.id] = kept or self._begun(watch, state_of(watch.entity_id))
        for gone in old.keys() - self._watched.keys():
            self._damper.forget(gone)
        self._by_entity = {}
        for watched in self._watched.values():
            self._by_entity.setdefault(watched.watch.entity_id, []).append(watched)
        self._more.set()

    def _begun(self, watch: Watch, state: EntityState) -> _Watched:
        """A machine that is at work already need not begin first; what is so already is not news. What was seen before
        a power cut counts only where one time is waited for: it came to pass meanwhile, and nobody knows."""
        was = watch.was if watch.was is not None and not watch.is_standing else watch.holds(state)
        return _Watched(watch, Edge(watch.for_s, watch.is_momentary, was), state)

    def changed(self, entity_id: EntityId, state: EntityState, is_retained: bool) -> None:
        """A message told the state of an entity."""
        look = self._happen if entity_id.startswith(_HAPPENINGS) else self._look
        for watched in tuple(self._by_entity.get(entity_id, ())):
            look(watched, state, is_retained=is_retained)

    def _happen(self, watched: _Watched, state: EntityState, *, is_retained: bool) -> None:
        """Each word of it is news, the same word too; what else came on its topic is none."""
        is_told = state.updated_at != watched.state.updated_at
        watched.state = state
        if is_told and not is_retained and watched.watch.holds(state):
            self._come(watched)

    def _look(self, watched: _Watched, state: EntityState, *, is_retained: bool) -> None:
        edge, before = watched.edge, watched.edge.was
        watched.state = state
        is_so = watched.watch.holds(state)
        if is_retained and before is None:
            edge.was = before if is_so is None else is_so
        elif edge.feed(is_so, self._clock.monotonic()):
            self._come(watched)
            return
        if edge.was is not before and not watched.watch.is_standing:
            self._ports.remember(watched.watch.having_been(False if edge.since_s is not None else edge.was))
        if edge.due_at_s is not None:
            self._more.set()

    def _come(self, watched: _Watched) -> None:
        watch = watched.watch
        if not watch.is_standing:
            self._watched.pop(watch.id, None)
            self._by_entity[watch.entity_id].remove(watched)
        elif not self._damper.lets(watch.id, _quiet_s(watch), self._clock.monotonic()):
            return
        self._ports.fire(Came(watch, watched.state))

    # ── what the configuration says ──────────────────────────────────────────────────────────────

    def take(self, message: Message) -> bool:
        """A message of any topic; never kept from the devices."""
        for rule in self._rules:
            if matches(rule.hook.topic, message.topic) and len(message.payload) <= MAX_BYTES:
                self._apply(rule, message)
        return False

    def connection(self, is_connected: bool) -> None:
        """What was so before the broker went is still known: what changed meanwhile is news."""

    def _apply(self, rule: _Rule, message: Message) -> None:
        payload = Payload(message.payload)
        try:
            value = value_at(payload, rule.hook.path)
        except Absent:
            return
        rule.values = _values(message.topic, value, payload)
        now_s = self._clock.monotonic()
        if not has_condition(rule.hook):
            if not message.is_retained:
                self._fire(rule)
            return
        if is_happening(rule.hook):
            if holds(rule.hook, value) and not message.is_retained:
                self._fire(rule)
            return
        edge = rule.edge
        if edge.was is None:
            is_so = holds(rule.hook, value)
            # the first word may be a ring of the bell; one that was kept by the broker is from before
            edge.was = False if is_so and not message.is_retained else is_so
        if edge.feed(holds(rule.hook, value), now_s):
            self._fire(rule)
        elif edge.due_at_s is not None:
            self._more.set()

    def _fire(self, rule: _Rule) -> None:
        hook, values = rule.hook, rule.values
        if not self._damper.lets(rule.key, hook.quiet_s, self._clock.monotonic()):
            return
        try:
            fired = Fired(hook, *(_filled(text, values) for text in (hook.say, hook.remind, hook.run)))
            payload = _filled(hook.payload, values) or json.dumps(values, ensure_ascii=False)
        except TemplateFault as error:
            _LOGGER.warning("a hook's text can't be made", extra={"names": hook.topic, "why": str(error)})
            return
        if hook.publish:
            self._ports.publish(hook.publish, payload, False)
        if fired.say or fired.remind or fired.run:
            self._ports.fire(fired)

    def tell(self, event: str, values: Mapping[str, object]) -> None:
        """Something happened here (woken, heard, understood, answered, speaks, rings): publish what is configured."""
        for hook in self._news:
            if hook.on != event:
                continue
            try:
                payload = _filled(hook.payload, values) or json.dumps(dict(values), ensure_ascii=False)
            except TemplateFault as error:
                _LOGGER.warning("a hook's text can't be made", extra={"names": hook.on, "why": str(error)})
                continue
            self._ports.publish(hook.publish, payload, False)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────

    def _settle(self, now_s: float) -> None:
        for rule in self._rules:
            if rule.edge.due(now_s):
                self._fire(rule)
        for watched in tuple(self._watched.values()):
            if watched.edge.due(now_s):
                self._come(watched)

    def _due_at_s(self) -> Iterable[float]:
        edges = [rule.edge for rule in self._rules] + [watched.edge for watched in self._watched.values()]
        return (due for edge in edges if (due := edge.due_at_s) is not None)


def _quiet_s(watch: Watch) -> float:
    is_button = watch.deed is Deed.RUN and watch.entity_id.startswith(_HAPPENINGS)
    return PRESS_QUIET_S if is_button else WATCH_QUIET_S


def _values(topic: str, value: str, payload: Payload) -> dict[str, object]:
    values: dict[str, object] = {"topic": topic, "value": value}
    try:
        values["value_json"] = payload.json()
    except NotJson:
        values["value_json"] = None
    return values


def _filled(text: str, values: Mapping[str, object]) -> str:
    return render(text, values) if "{" in text else text
