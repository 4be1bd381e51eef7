"""The entities of the home: owner of their names, areas, availability and last known states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.core.home import Area, Entity, EntityId, EntityState, HomeView
from assistant.home.availability import sources_of
from assistant.home.components import can_work, is_for_people
from assistant.home.discovery import Announced, ComponentKey, Discovery
from assistant.home.entities import Saying, as_announced, entity_of
from assistant.home.faults import Faults
from assistant.home.feeds import FEEDS, feeds_of
from assistant.home.known import Known, holds_for, off_delay
from assistant.home.lapses import Lapses
from assistant.home.listening import Heard, Listening
from assistant.home.naming import area_id
from assistant.home.past import Past
from assistant.home.payload import MAX_BYTES, Payload
from assistant.home.roster import Roster

__all__ = ["Change", "Known", "Registry"]

MAX_ENTITIES = 20_000


@dataclass(frozen=True, slots=True)
class Change:
    """What a discovery message changed: topics to listen to from now on, topics of no more use, names."""

    listen: frozenset[str] = frozenset()
    forget: frozenset[str] = frozenset()
    is_renamed: bool = False


class Registry:
    """Fed with discovery and state messages; asked for names and states."""

    def __init__(self, saying: Saying = as_announced) -> None:
        self.roster = Roster()
        self.faults = Faults()
        self.past = Past()
        self._saying = saying
        self._listening = Listening()
        self._expiring: Lapses[ComponentKey] = Lapses()
        self._turning_off: Lapses[ComponentKey] = Lapses()
        self._view: HomeView | None = None

    def find(self, entity_id: EntityId) -> Known | None:
        """The entity, or None."""
        return self.roster.find(entity_id)

    def state(self, entity_id: EntityId) -> EntityState:
        """Last known state; unknown for what doesn't exist."""
        known = self.roster.find(entity_id)
        return known.state if known is not None else EntityState()

    def view(self) -> HomeView:
        """All names that people may say, entities by id, areas by name. What a device's settings page holds is none."""
        if self._view is None:
            shown = [known for known in self.roster.all() if known.is_spoken]
            entities = sorted((known.entity for known in shown), key=lambda entity: entity.id)
            names = sorted({known.area for known in shown} - {""})
            areas = {area_id(name): Area(area_id(name), name) for name in reversed(names)}
            self._view = HomeView(tuple(entities), tuple(sorted(areas.values(), key=lambda area: area.name)))
        return self._view

    def rename(self, is_meant: Callable[[Announced], bool] = lambda _: True) -> None:
        """Names and areas of these are given in another way from now on."""
        for known in self.roster.all():
            if not is_meant(known.announced):
                continue
            said = self._saying(known.announced)
            known.entity, known.area = entity_of(known.announced, said, known.entity.id, self.roster), said.area
        self._view = None

    # ── discovery ────────────────────────────────────────────────────────────────────────────────

    def take_discovery(self, discovery: Discovery) -> Change:
        """Take over what a discovery message says. What can't be used never takes away what works."""
        before = self._entities(discovery)
        is_whole, taken = discovery.is_whole, set()
        parts = {known.announced.part for known in self.roster.behind(discovery.topic)}
        for announced in discovery.components:
            if announced.component in FEEDS and self._take(discovery.topic, announced):
                taken.add(announced.key)
            elif announced.component in FEEDS or announced.part in parts:
                # what works under a name that nobody knows is not taken away
                is_whole = False
        for known in self.roster.behind(discovery.topic):
            key, part = known.announced.key, known.announced.part
            if key not in taken and (is_whole or part in discovery.removed):
                self._remove(key)
        is_renamed = before != self._entities(discovery)
        if is_renamed:
            self._view = None
        return Change(*self._listening.changes(), is_renamed)

    def _entities(self, discovery: Discovery) -> dict[ComponentKey, tuple[Entity, bool]]:
        """What people may say of that which a message speaks of."""
        keys = {known.announced.key for known in self.roster.behind(discovery.topic)}
        keys |= {announced.key for announced in discovery.components}
        found = ((key, self.roster.get(key)) for key in keys)
        return {key: (known.entity, known.is_spoken) for key, known in found if known is not None}

    def _take(self, topic: str, announced: Announced) -> bool:
        """False when the configuration can't be used; a working entity then stays as it is."""
        old = self.roster.get(announced.key)
        if old is None and len(self.roster) >= MAX_ENTITIES:
            self.faults.report("entities", "there are too many entities", f"more than {MAX_ENTITIES}")
            return False
        try:
            can_work(announced)
            known = self._made(announced, old)
        except ValueError as error:
            self.faults.report(announced.key.unique, "a component's configuration can't be used", str(error))
            return False
        self.roster.put(topic, known)
        for heard in self._listening.listen(announced.key, known.topics):
            self._tell(known, heard, old)
        if old is None and known.state.updated_at and (span := known.holds_for) is not None:
            self._expiring.set(announced.key, known.state.updated_at + span)
        known.judge()
        return True

    def _made(self, announced: Announced, old: Known | None) -> Known:
        said = self._saying(announced)
        entity = entity_of(announced, said, old.entity.id if old else None, self.roster)
        known = Known(
            entity,
            announced,
            feeds_of(announced),
            sources_of(announced.config),
            old.state if old else self.past.before(announced.key),
            is_for_people(announced),
            said.area,
            holds_for=holds_for(announced),
            off_delay=off_delay(announced),
        )
        if old is not None:
            known.heard, known.is_expired = old.heard, old.is_expired
        return known

    def _remove(self, key: ComponentKey) -> None:
        self.past.forget(self.roster.remove(key))
        self._listening.drop(key)
        self._expiring.drop(key)
        self._turning_off.drop(key)

    # ── states ───────────────────────────────────────────────────────────────────────────────────

    def take_state(self, topic: str, raw: bytes, now: datetime, *, is_retained: bool = False) -> list[EntityId]:
        """Take over a state or availability message; gives the entities whose state it touched."""
        keys = self._listening.to(topic)
        if not keys:
            return []
        if len(raw) > MAX_BYTES:
            self.faults.report(topic, "a message is too long", f"{len(raw)} bytes")
            return []
        heard = Heard(topic, Payload(raw, now), now, is_retained)
        self._listening.keep(heard)
        found = (self.roster.get(key) for key in keys)
        return [self._tell(known, heard, None) for known in found if known is not None]

    def _tell(self, known: Known, heard: Heard, old: Known | None) -> EntityId:
        """One message, also one from before; what an update left as it was needs no second hearing."""
        key, was = known.announced.key, known.state
        is_told = known.hear(heard, self.faults, but=old.availability if old else ())
        if (holds_for := known.holds_for) is not None and known.is_spoken_to_on(heard.topic):
            # a device that speaks is there, though it left this value out
            self._expiring.set(key, heard.at + holds_for)
        if is_told:
            self.past.note(known, was)
            if (span := known.turns_off_after) is not None:
                self._turning_off.set(key, heard.at + span)
            else:
                self._turning_off.drop(key)
        return known.entity.id

    def lapse(self, now: datetime) -> list[EntityId]:
        """What held only for a time is over; gives the entities whose state changed."""
        off = [known for key in self._turning_off.due(now) if (known := self.roster.get(key))]
        gone = [known for key in self._expiring.due(now) if (known := self.roster.get(key))]
        for known in off:
            known.turn_off()
        for known in gone:
            known.expire()
        return [known.entity.id for known in (*off, *gone)]

    @property
    def next_lapse(self) -> datetime | None:
        """When `lapse` has something to do next."""
        return min((at for at in (self._expiring.next_at, self._turning_off.next_at) if at), default=None)

    def report(self, where: str, what: str, why: str) -> None:
        """Log a fault of a topic, once."""
        self.faults.report(where, what, why)

    def __len__(self) -> int:
        return len(self.roster)
