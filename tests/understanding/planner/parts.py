"""A house of nobody's, the bundled skills' intents, and a planner that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import ZoneInfo

from assistant.core.home import Area, AreaId, Entity, EntityId, Floor, FloorId, HomeView
from assistant.core.intents import IntentSpec
from assistant.core.settings import TimesSettings
from assistant.core.turn import Plan, Situation, Source, Transcript
from assistant.skillhost.load import bundled_places, load_class
from assistant.testing.paper import PaperClock
from assistant.testing.say import NOON
from assistant.understanding.names import Names
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.planner import Planner, Proposal
from assistant.understanding.planner.prompt import NONE
from assistant.understanding.planner.retrieval import Retriever
from assistant.understanding.planner.tier import Planning
from assistant.understanding.planner.tools import Toolbox
from assistant.understanding.reading import SlotReader

ZONE = ZoneInfo("UTC")
PARLOUR, LIBRARY, SCULLERY, STABLE = AreaId("parlour"), AreaId("library"), AreaId("scullery"), AreaId("stable")
LOWER, UPPER = FloorId("lower"), FloorId("upper")


def _entity(id_: str, name: str, area: AreaId | None, *aliases: str, device_class: str | None = None) -> Entity:
    return Entity(EntityId(id_), name, id_.split(".")[0], area, aliases, device_class)


HOUSE = HomeView(
    [
        _entity("light.crane", "Crane Lamp", PARLOUR, "bird light"),
        _entity("light.parlour_ceiling", "Parlour Ceiling", PARLOUR),
        _entity("light.desk", "Desk Lamp", LIBRARY),
        _entity("light.shelf_l", "Shelf Light", LIBRARY),
        _entity("light.shelf_s", "Shelf Light", SCULLERY),
        _entity("switch.urn", "Tea Urn", SCULLERY),
        _entity("switch.socket_2", "Socket 2", LIBRARY),
        _entity("fan.loft", "Loft Fan", LIBRARY),
        _entity("media_player.gramophone", "Gramophone", PARLOUR),
        _entity("climate.stove", "Tile Stove", PARLOUR),
        _entity("cover.bay", "Bay Window", PARLOUR, device_class="blind"),
        _entity("cover.coach", "Coach House Door", STABLE, device_class="garage"),
        _entity("lock.postern", "Postern", SCULLERY),
        _entity("vacuum.rumble", "Rumble", SCULLERY),
        _entity("sensor.stable_temp", "Stable Temperature", STABLE, device_class="temperature"),
    ],
    [
        Area(PARLOUR, "Parlour", (), LOWER),
        Area(LIBRARY, "Library", (), UPPER),
        Area(SCULLERY, "Scullery", (), LOWER),
        Area(STABLE, "Stable"),
    ],
    [Floor(LOWER, "Lower Floor"), Floor(UPPER, "Gallery")],
)


@cache
def bundled_intents() -> tuple[IntentSpec, ...]:
    return tuple(offer.spec for place in bundled_places() for offer in load_class(place).offers.intents)


@cache
def toolbox() -> Toolbox:
    return Toolbox(bundled_intents(), "en")


@cache
def retriever() -> Retriever:
    return Retriever.of(toolbox(), HOUSE, "en")


def found(text: str, area_id: AreaId | None = PARLOUR) -> Candidates:
    return retriever().candidates(text, area_id)


def labels(candidates: Candidates) -> list[str]:
    return [thing.label for thing in candidates.things]


def tools(candidates: Candidates) -> list[str]:
    return [tool.name for tool in candidates.tools]


def reader(area_id: AreaId | None = PARLOUR, home: HomeView = HOUSE) -> SlotReader:
    return SlotReader("en", Names(home, "en"), NOON.astimezone(ZONE), area_id, TimesSettings())


@dataclass
class ToldPlanner(Planner):
    """Proposes what it was told; its weights of answers are those of the labels in them."""

    answer: str = NONE
    margin: float = 8.0
    weakest: float = 0.0
    weights: dict[str, float] = field(default_factory=dict)
    asked: list[Candidates] = field(default_factory=list)
    before: Callable[[], None] | None = None

    async def propose(self, candidates: Candidates) -> Proposal | None:
        self.asked.append(candidates)
        if self.before is not None:
            self.before()
        return Proposal(self.answer, self.margin, self.weakest) if self.answer else None

    async def weigh(self, candidates: Candidates, answers: Sequence[str]) -> Sequence[float]:
        return [next((w for label, w in self.weights.items() if f'"{label}"' in answer), -20.0) for answer in answers]


async def planned(text: str, answer: str, area_id: AreaId | None = PARLOUR, home: HomeView = HOUSE) -> Plan | None:
    """The plan that comes of an answer to these words."""
    return await tier_of(ToldPlanner(answer), home).plan(Transcript(text, "en", "test"), situation(area_id))


def tier_of(planner: Planner, home: HomeView = HOUSE) -> Planning:
    tier = Planning(planner, PaperClock(NOON), ZONE)
    tier.use(bundled_intents(), home)
    return tier


def situation(area_id: AreaId | None = PARLOUR, language: str = "en") -> Situation:
    return Situation(language, Source.TYPED, area_id)
