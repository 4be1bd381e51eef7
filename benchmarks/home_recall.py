"""Whether what a sentence is about is among the candidates that the planner shows its model."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.retrieval import Retriever
from assistant.understanding.planner.tools import Toolbox
from benchmarks.home_cases import Case
from benchmarks.home_compare import is_same
from benchmarks.home_expected import AS_IT_WAS, Change, Changes
from benchmarks.home_world import KEPT_ELSEWHERE


def missing(case: Case, intents: Sequence[IntentSpec], home: HomeView) -> list[str] | None:
    """Entities that the first sentence changes and that can't be named: neither they are shown nor, of several, their
    area or floor. None for a sentence that changes nothing."""
    step = case.steps[0]
    meant = _meant(step.expected.changes[0], case.setup)
    if not step.say or not meant:
        return None
    language = case.house.language
    found = Retriever.of(Toolbox(intents, language), home, language).candidates(step.say, case.area)
    shown = {str(thing.entity.id) for thing in found.things}
    covered = _covered(found, home) if len(meant) > 1 else set()
    return sorted(meant - shown - covered)


def _meant(changes: Changes, setup: Changes) -> set[str]:
    """Those that have to be different afterwards, as far as the case says how they were."""
    return {
        id_
        for id_, change in changes.items()
        if id_.partition(".")[0] not in KEPT_ELSEWHERE and not _is_as_before(change, setup.get(id_))
    }


def _is_as_before(change: Change, before: Change | None) -> bool:
    if before is None or (change.state is not AS_IT_WAS and change.state != before.state):
        return False
    return all(is_same(name, value, before.attributes.get(name)) for name, value in change.attributes.items())


def _covered(found: Candidates, home: HomeView) -> set[str]:
    places = {place.id for place in found.places}
    areas = {area.id for area in home.areas if area.id in places or (area.floor_id or "") in places}
    return {str(entity.id) for entity in home.entities if entity.area_id in areas}
