"""What the control socket can ask about the home: names, states, what was done, and to do something."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.acting.pin import Verdict
from assistant.acting.policy import Confirmed, PinNeeded
from assistant.core.actions import LoggedAction, Who
from assistant.core.errors import ConfirmationNeeded, InputError
from assistant.core.home import Action, AreaId, Entity, EntityId, EntityState, Value
from assistant.daemon.control import Command, Emit, Message
from assistant.daemon.fencing import keep_pin
from assistant.home.actionlog import Wanted
from assistant.home.command import verbs_of

if TYPE_CHECKING:
    from assistant.daemon.brain import Brain

WATCH_S = 0.5
"""While somebody watches, states are compared so often: also what lapses or goes away with the broker is seen."""
MAX_LOGGED = 5_000
SHOWN_ACTIONS = 10
IDLE_ROUNDS = 10
"""After so many looks without a change the one who watches is told that."""
_TOGGLED = frozenset({"turn_on", "open"})
_SHORT = {"on": "turn_on", "off": "turn_off"}
COMMAND_LINE = "command line"
Row = dict[str, Any]
Seen = dict[EntityId, tuple[Entity, EntityState]]
"""The home at one moment."""


class HomeCommands:
    """One method per command; a thing is named by its id or its name (`entity`)."""

    def __init__(self, brain: Brain) -> None:
        self._brain = brain

    def table(self) -> Mapping[str, Command]:
        """Name → method."""
        return {
            "home": self.home,
            "home_show": self.show,
            "home_areas": self.areas,
            "home_export": self.export,
            "home_set": self.set,
            "home_rename": self.rename,
            "home_watch": self.watch,
            "home_log": self.log,
            "home_pin": self.pin,
        }

    # ── what there is ────────────────────────────────────────────────────────────────────────────

    async def home(self, _: Message, __: Emit) -> Message:
        """Every entity with its last known state."""
        return {"entities": self._rows(self._brain.home.view().entities)}

    async def show(self, request: Message, _: Emit) -> Message:
        """All about one entity, with what was done to it last."""
        entity = self._entity(request)
        wanted = Wanted(frozenset({entity.id.casefold()}), limit=SHOWN_ACTIONS)
        return {"entity": self._full(entity), "actions": await self._logged(wanted)}

    async def areas(self, _: Message, __: Emit) -> Message:
        """Every area, with how many entities stand in it."""
        view = self._brain.home.view()
        return {
            "areas": [
                {
                    "id": area.id,
                    "name": area.name,
                    "aliases": list(area.aliases),
                    "entities": sum(entity.area_id == area.id for entity in view.entities),
                }
                for area in view.areas
            ],
            "nowhere": sum(entity.area_id is None for entity in view.entities),
        }

    async def export(self, request: Message, emit: Emit) -> Message:
        """The whole home: areas and entities with all that is known of them."""
        areas = await self.areas(request, emit)
        return {
            "at": self._brain.clock.now().isoformat(timespec="seconds"),
            "areas": areas["areas"],
            "entities": [self._full(entity) for entity in self._brain.home.view().entities],
        }

    # ── what is done ─────────────────────────────────────────────────────────────────────────────

    async def set(self, request: Message, _: Emit) -> Message:
        """Do `verb` with `values` to an entity. Where it is guarded, `needs` tells what must come with it: `confirmed`
        or the `pin`."""
        entity = self._entity(request)
        action = Action(entity.id, _verb(entity, request), _values(request))
        confirmed = await self._confirmed(entity, action, request)
        try:
            (result,) = await self._brain.fence.guarded(Who(COMMAND_LINE), confirmed).act([action])
        except ConfirmationNeeded as needed:
            kind = "pin" if isinstance(needed, PinNeeded) else "yes"
            return {"needs": kind, "name": entity.name, "verb": action.verb}
        return {
            "needs": None,
            "name": entity.name,
            "status": result.status.value,
            "detail": result.detail,
            "state": result.state.value if result.state.is_available else "unavailable",
        }

    async def rename(self, request: Message, _: Emit) -> Message:
        """Call an entity `name`, put it into the `area`; empty: as its device says again, absent: as it is."""
        entity, home = self._entity(request), self._brain.fence.guarded(Who(COMMAND_LINE))
        name, area = request.get("name"), request.get("area")
        if name is None and area is None:
            raise InputError("there is nothing to change", fix="give a name, an area, or both")
        if name is not None:
            await home.rename(entity.id, str(name).strip())
        if area is not None:
            await home.place(entity.id, str(area).strip())
        return {"entity": self._full(self._entity({"entity": entity.id}))}

    async def watch(self, _: Message, emit: Emit) -> Message:
        """Every entity in events (`changed`), then those that change, until the one who watches goes away."""
        known: Seen = {}
        is_first = True
        while True:
            now = self._seen()
            changed = self._rows([now[each][0] for each in now if known.get(each) != now[each]])
            gone = sorted(known.keys() - now.keys())
            # one that is empty finds out whether anybody is still there
            await emit({"event": "changed", "entities": changed, "gone": gone, "first": is_first})
            known, is_first = now, False
            for _round in range(IDLE_ROUNDS):
                await self._brain.clock.sleep(WATCH_S)
                if self._seen() != now:
                    break

    async def log(self, request: Message, _: Emit) -> Message:
        """What was done to the home: of one `entity`, `since` an instant, the newest `limit`."""
        limit = request.get("limit", 100)
        if type(limit) is not int or not 1 <= limit <= MAX_LOGGED:
            raise InputError(f"a limit is 1 to {MAX_LOGGED}")
        named = str(request.get("entity") or "").casefold()
        return {"actions": await self._logged(Wanted(frozenset({named} - {""}), _since(request), limit))}

    async def pin(self, request: Message, _: Emit) -> Message:
        """Keep a new `pin`; gives the file."""
        return {"file": str(await asyncio.to_thread(keep_pin, self._brain.config, str(request.get("pin") or "")))}

    async def _logged(self, wanted: Wanted) -> list[Row]:
        return [row_of(action) for action in await asyncio.to_thread(self._brain.actions.read, wanted)]

    async def _confirmed(self, entity: Entity, action: Action, request: Message) -> Confirmed | None:
        if pin := str(request.get("pin") or ""):
            verdict = await self._brain.fence.pin.check(pin)
            if verdict is Verdict.PAUSED:
                raise InputError("no PIN is taken now", why="there were too many wrong ones", fix="wait some minutes")
            if verdict is Verdict.WRONG:
                raise InputError("that is not the PIN")
            return Confirmed(entity.name, action.verb, has_pin=True)
        return Confirmed(entity.name, action.verb) if request.get("confirmed") is True else None

    def _entity(self, request: Message) -> Entity:
        wanted = str(request.get("entity") or "").strip().casefold()
        entities = self._brain.home.view().entities
        found = [entity for entity in entities if entity.id.casefold() == wanted] or [
            entity for entity in entities if wanted in _names(entity)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(entity.id for entity in found)
            raise InputError(f"{len(found)} things are called {wanted!r}", fix=f"take one of these ids: {ids}")
        known = [each for entity in entities for each in (entity.id, entity.name)]
        near = difflib.get_close_matches(wanted, [each.casefold() for each in known], n=3)
        fix = f"did you mean: {', '.join(near)}" if near else "see assistant home list"
        raise InputError(f"there is nothing called {wanted!r} in this home", fix=fix)

    def _state(self, entity: Entity) -> EntityState:
        return self._brain.home.state(entity.id)

    def _rows(self, entities: Iterable[Entity]) -> list[Row]:
        areas = {area.id: area.name for area in self._brain.home.view().areas}
        now = self._brain.clock.now()
        return [_row(entity, self._state(entity), areas, now) for entity in entities]

    def _seen(self) -> Seen:
        """What is told again as it was is no change."""
        entities = self._brain.home.view().entities
        return {entity.id: (entity, replace(self._state(entity), updated_at=None)) for entity in entities}

    def _full(self, entity: Entity) -> Row:
        state = self._state(entity)
        (row,) = self._rows([entity])
        return row | {
            "aliases": list(entity.aliases),
            "device_class": entity.device_class,
            "unit": entity.unit,
            "features": sorted(entity.features),
            "commands": sorted(verbs_of(entity.domain)),
            "available": state.is_available,
            "last_state": state.value,
            "updated_at": state.updated_at.isoformat(timespec="seconds") if state.updated_at else None,
        }


def _row(entity: Entity, state: EntityState, areas: Mapping[AreaId, str], now: datetime) -> Row:
    age = now - state.updated_at if state.updated_at else None
    return {
        "id": entity.id,
        "name": entity.name,
        "area": areas.get(entity.area_id) if entity.area_id else None,
        "domain": entity.domain,
        "state": state.value if state.is_available else "unavailable",
        "attributes": dict(state.attributes),
        "age": str(age).split(".")[0] if age is not None else None,
    }


def row_of(action: LoggedAction) -> Row:
    """An action for the wire."""
    return {**asdict(action), "at": action.at.isoformat(timespec="milliseconds")}


def _names(entity: Entity) -> Sequence[str]:
    return [name.casefold() for name in (entity.name, *entity.aliases)]


def _verb(entity: Entity, request: Message) -> str:
    verb = str(request.get("verb") or "")
    verb = _SHORT.get(verb, verb)
    known = verbs_of(entity.domain)
    if verb in known or (verb == "toggle" and known & _TOGGLED):
        return verb
    if not known:
        raise InputError(f"the {entity.name} takes no commands", why=f"a {entity.domain} only reports")
    raise InputError(f"the {entity.name} does not know {verb!r}", fix=f"it knows: {', '.join(sorted(known))}")


def _values(request: Message) -> dict[str, Value]:
    values = request.get("values") or {}
    if not isinstance(values, dict) or not all(isinstance(each, str | int | float | None) for each in values.values()):
        raise InputError("values are an object of plain values")
    return {str(name): value for name, value in values.items()}


def _since(request: Message) -> datetime | None:
    text = request.get("since")
    if not text:
        return None
    try:
        since = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise InputError(f"{text!r} is no time", fix="give it as in 2026-05-01T12:00:00+02:00") from error
    return since if since.tzinfo else since.replace(tzinfo=UTC)
