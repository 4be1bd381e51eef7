"""The entities of the home: owner of their names, areas, availability and last known states."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from assistant.core.home import Area, AreaId, Entity, EntityId, EntityState, HomeView
from assistant.home.discovery import Announced, ComponentKey, Discovery
from assistant.home.feeds import COMPONENTS, Feed, apply_feed, feeds_of
from assistant.home.template import TemplateFault, read_value

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class Known:
    """One entity with what announced it and its state."""

    entity: Entity
    announced: Announced
    feeds: list[Feed]
    availability: list[Availability]
    state: EntityState
    heard: dict[str, bool] = field(default_factory=dict)
    """Availability topic → what it said last."""


@dataclass(frozen=True, slots=True)
class Availability:
    """One availability topic."""

    topic: str
    template: str | None
    available: str
    unavailable: str


class Registry:
    """Fed with discovery and state messages; asked for names and states."""

    def __init__(self) -> None:
        self._known: dict[ComponentKey, Known] = {}
        self._by_topic: dict[str, tuple[ComponentKey, ...]] = {}
        """Discovery topic → the components behind it."""
        self._by_id: dict[EntityId, ComponentKey] = {}
        self._listeners: dict[str, set[ComponentKey]] = {}
        """State or availability topic → the entities that read it."""
        self._last: dict[str, tuple[bytes, datetime]] = {}
        """The last message of each topic listened to: many entities share one, and a broker repeats it for none."""
        self._reported: set[str] = set()

    def find(self, entity_id: EntityId) -> Known | None:
        """The entity, or None."""
        key = self._by_id.get(entity_id)
        return self._known.get(key) if key is not None else None

    def state(self, entity_id: EntityId) -> EntityState:
        """Last known state; unknown for what doesn't exist."""
        known = self.find(entity_id)
        return known.state if known is not None else EntityState()

    def view(self) -> HomeView:
        """All names, entities by id, areas by name."""
        entities = sorted((known.entity for known in self._known.values()), key=lambda entity: entity.id)
        names = {known.announced.device.area for known in self._known.values()} - {""}
        areas = [Area(_area_id(name), name) for name in sorted(names)]
        return HomeView(tuple(entities), tuple({area.id: area for area in areas}.values()))

    def take_discovery(self, discovery: Discovery) -> set[str]:
        """Take over what a discovery message says; gives the topics that are to be listened to from now on."""
        before = self._by_topic.get(discovery.topic, ())
        now: list[ComponentKey] = []
        topics: set[str] = set()
        for announced in discovery.components:
            if announced.component in COMPONENTS and (taken := self._take(announced)) is not None:
                now.append(announced.key)
                topics |= taken
        for gone in set(before) - set(now):
            self._remove(gone)
        self._by_topic[discovery.topic] = tuple(now)
        return topics

    def _take(self, announced: Announced) -> set[str] | None:
        """None when the configuration can't be used; a working entity then stays as it is."""
        try:
            feeds, availability = feeds_of(announced), _availability(announced.config)
        except (TypeError, ValueError) as error:
            self.report(announced.key.unique, "a component's configuration can't be used", str(error))
            return set() if announced.key in self._known else None
        old = self._known.get(announced.key)
        entity = self._entity(announced, old)
        state = old.state if old else EntityState(is_available=not availability)
        self._known[announced.key] = Known(entity, announced, feeds, availability, state, old.heard if old else {})
        self._by_id[entity.id] = announced.key
        topics = {feed.topic for feed in feeds} | {item.topic for item in availability}
        self._forget_topics(announced.key)
        for topic in topics:
            self._listeners.setdefault(topic, set()).add(announced.key)
            if topic in self._last:
                self._take_message(self._known[announced.key], topic, *self._last[topic])
        return topics

    def _entity(self, announced: Announced, old: Known | None) -> Entity:
        config = announced.config
        entity_id = old.entity.id if old else self._free_id(announced)
        device_class, unit = config.get("device_class"), config.get("unit_of_measurement")
        return Entity(
            entity_id,
            _name(announced),
            announced.component,
            _area_id(announced.device.area) if announced.device.area else None,
            device_class=device_class if isinstance(device_class, str) else None,
            unit=unit if isinstance(unit, str) else None,
            features=_features(config),
        )

    def _free_id(self, announced: Announced) -> EntityId:
        slug = _slug(_name(announced)) or _slug(announced.object_id) or "unnamed"
        base = f"{announced.component}.{slug}"
        tail, number = base, 2
        while EntityId(tail) in self._by_id:
            tail, number = f"{base}_{number}", number + 1
        return EntityId(tail)

    def _remove(self, key: ComponentKey) -> None:
        known = self._known.pop(key, None)
        if known is not None:
            self._by_id.pop(known.entity.id, None)
            self._forget_topics(key)

    def _forget_topics(self, key: ComponentKey) -> None:
        for keys in self._listeners.values():
            keys.discard(key)

    def take_state(self, topic: str, payload: bytes, now: datetime) -> list[EntityId]:
        """Take over a state or availability message; gives the entities whose state it touched."""
        listeners = self._listeners.get(topic, ())
        if listeners:
            self._last[topic] = (payload, now)
        for key in listeners:
            self._take_message(self._known[key], topic, payload, now)
        return [self._known[key].entity.id for key in listeners]

    def _take_message(self, known: Known, topic: str, payload: bytes, now: datetime) -> None:
        for item in known.availability:
            if item.topic == topic:
                self._take_availability(known, item, payload)
        for feed in known.feeds:
            if feed.topic == topic:
                self._take_feed(known, feed, payload, now)

    def _take_feed(self, known: Known, feed: Feed, payload: bytes, now: datetime) -> None:
        try:
            known.state = replace(apply_feed(feed, known.state, payload), updated_at=now)
        except TemplateFault as error:
            self.report(feed.topic, "a state message can't be read", str(error))

    def _take_availability(self, known: Known, item: Availability, payload: bytes) -> None:
        try:
            text = read_value(item.template, payload.decode("utf-8", "replace"))
        except TemplateFault as error:
            self.report(item.topic, "an availability message can't be read", str(error))
            return
        if text not in (item.available, item.unavailable):
            return
        is_online = text == item.available
        known.heard[item.topic] = is_online
        mode = known.announced.config.get("availability_mode", "latest")
        everywhere = [known.heard.get(other.topic, False) for other in known.availability]
        is_available = {"all": all(everywhere), "any": any(everywhere)}.get(mode, is_online)
        known.state = replace(known.state, is_available=is_available)

    def report(self, where: str, what: str, why: str) -> None:
        """Log a fault of a topic, once."""
        if where not in self._reported and len(self._reported) < 1000:
            self._reported.add(where)
            _LOGGER.warning(what, extra={"names": where, "why": why[:200]})


def _availability(config: Mapping[str, Any]) -> list[Availability]:
    items = config.get("availability")
    if not isinstance(items, list):
        topic = config.get("availability_topic")
        items = [{"topic": topic, "value_template": config.get("availability_template")}] if topic else []
    return [
        Availability(
            item["topic"],
            item["value_template"] if isinstance(item.get("value_template"), str) else None,
            str(item.get("payload_available", config.get("payload_available", "online"))),
            str(item.get("payload_not_available", config.get("payload_not_available", "offline"))),
        )
        for item in items
        if isinstance(item, dict) and isinstance(item.get("topic"), str) and item["topic"]
    ]


def _features(config: Mapping[str, Any]) -> frozenset[str]:
    features = set()
    if "brightness_command_topic" in config or config.get("brightness") is True:
        features.add("brightness")
    modes = config.get("supported_color_modes")
    modes = set(modes) if isinstance(modes, list) and all(isinstance(mode, str) for mode in modes) else set()
    if "rgb_command_topic" in config or modes & {"rgb", "rgbw", "rgbww", "xy", "hs"}:
        features |= {"color", "brightness"}
    if "color_temp_command_topic" in config or "color_temp" in modes:
        features |= {"color_temp", "brightness"}
    if "set_position_topic" in config:
        features.add("position")
    if "percentage_command_topic" in config:
        features.add("percentage")
    return frozenset(features)


def _name(announced: Announced) -> str:
    """Device and entity as people say them, without doubling and without the area in front."""
    device, own = announced.device.name, announced.config.get("name")
    own = own.strip() if isinstance(own, str) else ""
    if not own:
        return device or announced.object_id.replace("_", " ")
    if not device or own.casefold().startswith(device.casefold()):
        return own
    return f"{device} {own}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w]+", "_", plain).strip("_")


def _area_id(name: str) -> AreaId:
    return AreaId(_slug(name) or name)
