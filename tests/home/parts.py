"""Short hands for tests of the home: a registry to announce to and to tell things."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from assistant.core.home import Action, Entity, EntityId, EntityState, Value
from assistant.home.command import Order, order_for
from assistant.home.discovery import read_discovery
from assistant.home.registry import Change, Registry

PREFIX = "homeassistant"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEDSIDE: dict[str, Any] = {"identifiers": ["dev1"], "name": "Bedside", "suggested_area": "Bedroom"}


class House:
    """A registry with the few moves that tests make."""

    def __init__(self) -> None:
        self.registry = Registry()

    def announce(self, component: str, *, at: str = "thing", **config: Any) -> EntityId:
        """One component by the single form; gives its id, the last one of its component."""
        before = set(self.ids())
        self.send(f"{PREFIX}/{component}/{at}/config", config)
        new = set(self.ids()) - before
        return new.pop() if new else next(each for each in self.ids() if each.startswith(component))

    def send(self, topic: str, payload: Any) -> Change:
        """Any discovery message."""
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self.registry.take_discovery(read_discovery(PREFIX, topic, raw))

    def tell(self, topic: str, payload: str | bytes | dict[str, Any], at: datetime = NOON) -> None:
        """A state or availability message."""
        text = json.dumps(payload) if isinstance(payload, dict) else payload
        self.registry.take_state(topic, text if isinstance(text, bytes) else text.encode(), at)

    def ids(self) -> list[EntityId]:
        """All entities that people may name."""
        return [entity.id for entity in self.registry.view().entities]

    def entity(self, entity_id: str) -> Entity:
        """One entity."""
        return next(entity for entity in self.registry.view().entities if entity.id == entity_id)

    def state(self, entity_id: str) -> EntityState:
        """Its state."""
        return self.registry.state(EntityId(entity_id))

    def order(self, entity_id: str, verb: str, **values: Value) -> Order:
        """What would be published."""
        known = self.registry.find(EntityId(entity_id))
        assert known is not None
        return order_for(known.announced, Action(EntityId(entity_id), verb, values), known.state)

    def sent(self, entity_id: str, verb: str, **values: Value) -> list[tuple[str, Any]]:
        """The same, as (topic, payload); JSON objects parsed."""
        messages = self.order(entity_id, verb, **values).messages
        return [
            (each.topic, json.loads(each.payload) if each.payload[:1] == "{" else each.payload) for each in messages
        ]
