"""The entities of the home: owner of their names, areas, availability and last known states."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime

from assistant.core.home import Area, Entity, EntityId, EntityState, HomeView
from assistant.home.availability import Source, is_available, sources_of
from assistant.home.components import can_work, features_of, is_for_people
from assistant.home.discovery import Announced, ComponentKey, Discovery
from assistant.home.feeds import FEEDS, Feed, apply_feed, feeds_of
from assistant.home.listening import Heard, Listening
from assistant.home.naming import area_id, entity_id, name_of
from assistant.home.payload import MAX_BYTES, Payload
from assistant.home.template import TemplateFault

MAX_ENTITIES = 5_000
MAX_REPORTS = 1_000
_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class Known:
    """One entity with what announced it and its state."""

    entity: Entity
    announced: Announced
    feeds: list[Feed]
    availability: tuple[Source, ...]
    state: EntityState
    heard: dict[str, bool] = field(default_factory=dict)
    """Availability topic → what it said last; the latest that spoke is last."""

    @property
    def topics(self) -> set[str]:
        """All that it listens to."""
        return {feed.topic for feed in self.feeds} | {source.topic for source in self.availability}


@dataclass(frozen=True, slots=True)
class Change:
    """What a discovery message changed: topics to listen to from now on, topics of no more use, names."""

    listen: frozenset[str] = frozenset()
    forget: frozenset[str] = frozenset()
    is_renamed: bool = False


class Registry:
    """Fed with discovery and state messages; asked for names and states."""

    def __init__(self) -> None:
        self._known: dict[ComponentKey, Known] = {}
        self._topic_of: dict[ComponentKey, str] = {}
        """The discovery topic that stands for a component: the last one that announced it."""
        self._behind: dict[str, set[ComponentKey]] = {}
        """Discovery topic → the components it stands for."""
        self._by_id: dict[EntityId, ComponentKey] = {}
        self._listening = Listening()
        self._reported: set[str] = set()
        self._view: HomeView | None = None

    def find(self, entity_id: EntityId) -> Known | None:
        """The entity, or None."""
        key = self._by_id.get(entity_id)
        return self._known.get(key) if key is not None else None

    def all(self) -> tuple[Known, ...]:
        """Every entity, also those that nobody means by name, in the order they came."""
        return tuple(self._known.values())

    def behind(self, topic: str) -> tuple[Known, ...]:
        """The entities that a discovery topic stands for."""
        return tuple(self._known[key] for key in self._behind.get(topic, ()))

    def state(self, entity_id: EntityId) -> EntityState:
        """Last known state; unknown for what doesn't exist."""
        known = self.find(entity_id)
        return known.state if known is not None else EntityState()

    def view(self) -> HomeView:
        """All names that people may say, entities by id, areas by name. What a device's settings page holds is none."""
        if self._view is None:
            shown = [known for known in self._known.values() if is_for_people(known.announced)]
            entities = sorted((known.entity for known in shown), key=lambda entity: entity.id)
            names = sorted({known.announced.device.area for known in shown} - {""})
            areas = {area_id(name): Area(area_id(name), name) for name in reversed(names)}
            self._view = HomeView(tuple(entities), tuple(sorted(areas.values(), key=lambda area: area.name)))
        return self._view

    # ── discovery ────────────────────────────────────────────────────────────────────────────────

    def take_discovery(self, discovery: Discovery) -> Change:
        """Take over what a discovery message says. What can't be used never takes away what works."""
        before = self._entities(discovery)
        is_whole, taken = discovery.is_whole, set()
        for announced in discovery.components:
            if announced.component in FEEDS and self._take(announced):
                self._own(discovery.topic, announced.key)
                taken.add(announced.key)
            elif announced.component in FEEDS or self._is_known(discovery.topic, announced.part):
                is_whole = False
        for key in self._behind.get(discovery.topic, set()) - taken:
            if is_whole or self._known[key].announced.part in discovery.removed:
                self._remove(key)
        is_renamed = before != self._entities(discovery)
        if is_renamed:
            self._view = None
        listen, forget = self._listening.changes()
        return Change(listen, forget, is_renamed)

    def _entities(self, discovery: Discovery) -> dict[ComponentKey, tuple[Entity, str, bool]]:
        """What people may say of that which a message speaks of."""
        keys = self._behind.get(discovery.topic, set()) | {announced.key for announced in discovery.components}
        found = ((key, self._known[key]) for key in keys if key in self._known)
        return {
            key: (known.entity, known.announced.device.area, is_for_people(known.announced)) for key, known in found
        }

    def _is_known(self, topic: str, part: str) -> bool:
        """True if that part of a device works here; under a name that nobody knows it is not taken away."""
        return any(self._known[key].announced.part == part for key in self._behind.get(topic, ()))

    def _own(self, topic: str, key: ComponentKey) -> None:
        old = self._topic_of.get(key)
        if old is not None and old != topic:
            self._behind[old].discard(key)
        self._topic_of[key] = topic
        self._behind.setdefault(topic, set()).add(key)

    def _take(self, announced: Announced) -> bool:
        """False when the configuration can't be used; a working entity then stays as it is."""
        old = self._known.get(announced.key)
        try:
            can_work(announced)
            known = self._made(announced, old)
        except ValueError as error:
            self.report(announced.key.unique, "a component's configuration can't be used", str(error))
            return False
        if old is None and len(self._known) >= MAX_ENTITIES:
            self.report("entities", "there are too many entities", f"more than {MAX_ENTITIES}")
            return False
        self._known[announced.key] = known
        self._by_id[known.entity.id] = announced.key
        for heard in self._listening.listen(announced.key, known.topics):
            self._hear(known, heard, old)
        self._judge(known)
        return True

    def _made(self, announced: Announced, old: Known | None) -> Known:
        feeds, availability = feeds_of(announced), sources_of(announced.config)
        state = old.state if old else EntityState()
        return Known(self._entity(announced, old), announced, feeds, availability, state, old.heard if old else {})

    def _entity(self, announced: Announced, old: Known | None) -> Entity:
        name, area = name_of(announced), announced.device.area
        return Entity(
            old.entity.id if old else entity_id(announced, name, self._by_id),
            name,
            announced.component,
            area_id(area) if area else None,
            device_class=announced.config.text("device_class") or None,
            unit=announced.config.text("unit_of_measurement") or None,
            features=features_of(announced),
        )

    def _remove(self, key: ComponentKey) -> None:
        known = self._known.pop(key)
        self._by_id.pop(known.entity.id)
        self._behind[self._topic_of.pop(key)].discard(key)
        self._listening.drop(key)

    # ── states ───────────────────────────────────────────────────────────────────────────────────

    def take_state(self, topic: str, raw: bytes, now: datetime) -> list[EntityId]:
        """Take over a state or availability message; gives the entities whose state it touched."""
        keys = self._listening.to(topic)
        if not keys:
            return []
        if len(raw) > MAX_BYTES:
            self.report(topic, "a message is too long", f"{len(raw)} bytes")
            return []
        heard = Heard(topic, Payload(raw), now)
        self._listening.keep(heard)
        touched = []
        for key in keys:
            known = self._known[key]
            self._hear(known, heard, None)
            self._judge(known)
            touched.append(known.entity.id)
        return touched

    def _hear(self, known: Known, heard: Heard, old: Known | None) -> None:
        """One message, also one from before; what an update left as it was needs no second hearing."""
        for source in known.availability:
            if self._listening.takes(source.topic, heard.topic) and not (old and source in old.availability):
                self._take_availability(known, source, heard.payload)
        for feed in known.feeds:
            if self._listening.takes(feed.topic, heard.topic):
                self._take_feed(known, feed, heard)

    def _take_feed(self, known: Known, feed: Feed, heard: Heard) -> None:
        try:
            known.state = replace(apply_feed(feed, known.state, heard.payload), updated_at=heard.at)
        except TemplateFault as error:
            self.report(feed.topic, "a state message can't be read", str(error))

    def _take_availability(self, known: Known, source: Source, payload: Payload) -> None:
        try:
            word = source.read(payload)
        except TemplateFault as error:
            self.report(source.topic, "an availability message can't be read", str(error))
            return
        if word is not None:
            known.heard.pop(source.topic, None)
            known.heard[source.topic] = word

    def _judge(self, known: Known) -> None:
        mode = known.announced.config.text("availability_mode", "latest")
        is_there = is_available(known.availability, known.heard, mode)
        if is_there != known.state.is_available:
            known.state = replace(known.state, is_available=is_there)

    def report(self, where: str, what: str, why: str) -> None:
        """Log a fault of a topic, once."""
        if where not in self._reported and len(self._reported) < MAX_REPORTS:
            self._reported.add(where)
            _LOGGER.warning(what, extra={"names": where, "why": why[:200]})

    @property
    def faults(self) -> int:
        """How many faults were reported."""
        return len(self._reported)

    def __len__(self) -> int:
        return len(self._known)
