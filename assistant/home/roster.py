"""Which entities there are, and which discovery topic stands for each."""

from __future__ import annotations

from assistant.core.home import EntityId
from assistant.home.discovery import ComponentKey
from assistant.home.known import Known


class Roster:
    """Entities by key, by id, and by the topic that announced them last."""

    def __init__(self) -> None:
        self._known: dict[ComponentKey, Known] = {}
        self._topic_of: dict[ComponentKey, str] = {}
        self._behind: dict[str, set[ComponentKey]] = {}
        self._by_id: dict[EntityId, ComponentKey] = {}

    def get(self, key: ComponentKey) -> Known | None:
        """The entity, or None."""
        return self._known.get(key)

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

    def put(self, topic: str, known: Known) -> None:
        """Here it is; from now on `topic` stands for it."""
        key = known.announced.key
        self._known[key] = known
        self._by_id[known.entity.id] = key
        old = self._topic_of.get(key)
        if old is not None and old != topic:
            self._leave(old, key)
        self._topic_of[key] = topic
        self._behind.setdefault(topic, set()).add(key)

    def remove(self, key: ComponentKey) -> Known:
        """It is gone; this is what it was."""
        known = self._known.pop(key)
        self._by_id.pop(known.entity.id)
        self._leave(self._topic_of.pop(key), key)
        return known

    def _leave(self, topic: str, key: ComponentKey) -> None:
        self._behind[topic].discard(key)
        if not self._behind[topic]:
            del self._behind[topic]

    def __contains__(self, entity_id: object) -> bool:
        return entity_id in self._by_id

    def __len__(self) -> int:
        return len(self._known)
