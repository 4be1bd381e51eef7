"""What a command changes is among the candidates, over sentences that nobody here wrote."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.core.home import Area, AreaId, Entity, EntityId, Floor, FloorId, HomeView
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.words import planner_words
from tests.understanding.planner.parts import retriever

pytestmark = pytest.mark.slow
SHARED = Path(os.environ.get("ASSISTANT_SHARED", Path(__file__).parents[4] / "shared")) / "eval"
KEPT_ELSEWHERE = ("todo.",)


def home_of(given: Mapping[str, Any]) -> HomeView:
    devices = {device["id"]: device.get("area") for device in given.get("devices", ())}
    areas = [Area(AreaId(a["id"]), a["name"], tuple(a.get("aliases", ())), a.get("floor")) for a in given["areas"]]
    entities = [
        Entity(
            EntityId(e["id"]),
            e["name"],
            e["id"].split(".")[0],
            e.get("area") or devices.get(e.get("device")),
            tuple(e.get("aliases", ())),
            e.get("device_class"),
        )
        for e in given["entities"]
        if e.get("exposed", True)
    ]
    return HomeView(entities, areas, [Floor(FloorId(f["id"]), f["name"]) for f in given.get("floors", ())])


def changes(case: Mapping[str, Any]) -> tuple[str, set[str]]:
    """The first sentence, and what it makes different."""
    turn = case["turns"][0] if "turns" in case else case
    wanted, setup = turn.get("expect_changes") or {}, case.get("setup", {})
    said = turn.get("say") or turn.get("sentence") or ""
    return said, {
        id_ for id_, state in wanted.items() if state != setup.get(id_) and not id_.startswith(KEPT_ELSEWHERE)
    }


def cases(suite: str) -> Iterator[tuple[HomeView, str | None, str, set[str]]]:
    folder = SHARED / suite
    homes = json.loads((folder / "homes.json").read_text(encoding="utf-8"))
    views = {name: home_of(home) for name, home in homes.items()}
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        said, changed = changes(case)
        if said and changed and case["home"] in views:
            devices = {device["id"]: device.get("area") for device in homes[case["home"]].get("devices", ())}
            area = case.get("context_area") or devices.get(case.get("context_device"))
            yield views[case["home"]], area, said, changed


@pytest.mark.parametrize("suite", ["ha-datasets", "home-hard"])
def test_nearly_all_that_commands_change_is_shown_or_reached_by_its_room_or_by_all(suite: str) -> None:
    if not (SHARED / suite).is_dir():
        pytest.skip("the evaluation sets are not there")
    needed = missed = 0
    indexed = retriever()
    for home, area, said, changed in sorted(cases(suite), key=lambda case: id(case[0])):
        if indexed.home is not home:
            indexed = retriever().moved_to(home)
        needed += len(changed)
        missed += len(changed - reachable(indexed.candidates(said, area), home, is_several=len(changed) > 1))
    assert needed > 20
    assert missed <= 0.02 * needed


def reachable(found: Candidates, home: HomeView, *, is_several: bool) -> set[str]:
    """What calls may be about: what is shown; of several also all of a room or floor, or all there is."""
    shown = {str(thing.entity.id) for thing in found.things}
    if not is_several:
        return shown
    if not planner_words("en").wide.isdisjoint(found.said.split()):
        return {str(entity.id) for entity in home.entities}
    places = {place.id for place in found.places}
    rooms = places | {area.id for area in home.areas if (area.floor_id or "") in places}
    return shown | {str(entity.id) for entity in home.entities if entity.area_id in rooms}
