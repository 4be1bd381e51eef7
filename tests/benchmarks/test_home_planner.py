"""The benchmark of the home with the planner: who is asked, and what its candidates must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.core.turn import (
    Command,
    Commands,
    DialogueAct,
    Nothing,
    Plan,
    Situation,
    Source,
    TierNote,
    Transcript,
    Understood,
)
from benchmarks.home_cases import Case, Step, house_from
from benchmarks.home_expected import changes_from, expected_after
from benchmarks.home_recall import missing
from benchmarks.home_tiers import PlannerAlone
from benchmarks.home_world import World

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HERE = Situation("en", Source.TYPED)
BY_RULES = Commands((Command("rules.do"),))
PLANNED = Commands((Command("planner.do"),))


class Rules:
    """Understands all alike."""

    def __init__(self, plan: Plan, tier: str) -> None:
        self.said = Understood(plan, (TierNote("dialogue", tier == "dialogue", "", 1.0), TierNote(tier, True, "", 1.0)))

    async def understand(self, _transcript: Transcript, _situation: Situation) -> Understood:
        return self.said

    def use(self, _intents: Sequence[IntentSpec], _home: HomeView) -> None:
        """It has what it needs."""

    def phrases(self, _language: str, _limit: int) -> Sequence[str]:
        return ()


class OnePlan:
    """Plans the same, whatever is said."""

    why = "because"

    def __init__(self, plan: Plan | None) -> None:
        self._plan = plan

    def use(self, _intents: Sequence[IntentSpec], _home: HomeView) -> None:
        """It has what it needs."""

    async def prepare(self, _language: str) -> None:
        """It is ready."""

    async def plan(self, _transcript: Transcript, _situation: Situation) -> Plan | None:
        return self._plan


@pytest.mark.parametrize(
    ("rules", "planned", "came"),
    [
        (Rules(BY_RULES, "templates"), PLANNED, PLANNED),
        (Rules(BY_RULES, "templates"), None, Nothing("not_understood")),
        (Rules(DialogueAct.NEVER_MIND, "dialogue"), PLANNED, DialogueAct.NEVER_MIND),
    ],
)
async def test_alone_the_planner_is_asked_about_all_but_answers(rules: Rules, planned: Plan | None, came: Plan) -> None:
    understood = await PlannerAlone(rules, OnePlan(planned)).understand(Transcript("words", "en", "typed"), HERE)
    assert understood.plan == came
    assert ("templates" in {note.tier for note in understood.tiers}) is False


HOUSE = house_from(
    "barn",
    {
        "areas": [{"id": "loft", "name": "Loft"}, {"id": "yard", "name": "Yard"}],
        "entities": [
            {"id": f"light.{place}_{number}", "name": f"{name} {number}", "domain": "light", "area": place,
             "state": "off"}
            for place, name in (("loft", "Zinnia"), ("yard", "Bramble")) for number in range(12)
        ],
    },
)  # fmt: skip


def lacking(say: str, *ids: str, setup: Mapping[str, Any] | None = None) -> list[str] | None:
    expected = expected_after({"expect_changes": {id_: {"state": "on"} for id_ in ids}})
    case = Case("c", "g", HOUSE, None, NOON, ZoneInfo("UTC"), (Step(say, {}, expected),), changes_from(setup))
    return missing(case, (), World(case, lambda: NOON).view())


def test_one_thing_must_be_shown_itself() -> None:
    assert lacking("turn on zinnia 3", "light.loft_3") == []
    assert lacking("turn on zinnia 3", "light.yard_11") == ["light.yard_11"]


def test_several_things_may_be_shown_by_their_place() -> None:
    assert lacking("turn on the lights in the loft", *(f"light.loft_{number}" for number in range(12))) == []


def test_what_is_to_stay_as_it_is_need_not_be_shown() -> None:
    assert lacking("turn on zinnia 3", "light.yard_11", setup={"light.yard_11": {"state": "on"}}) is None
