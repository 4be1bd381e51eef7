"""The benchmark of the home: what counts as right, as a miss, as a wrong action, as a lie."""

from __future__ import annotations

import asyncio
import json
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.core.errors import InputError
from assistant.core.home import Action, ActionStatus, EntityId
from assistant.core.intents import SlotKind
from assistant.core.turn import Command, Question, QuestionKind
from benchmarks.home import measure, tally_of
from benchmarks.home_cases import Case, House, cases_in, house_from
from benchmarks.home_compare import change_faults, is_same
from benchmarks.home_deeds import Shown
from benchmarks.home_expected import changes_from, expected_after, expected_by_home
from benchmarks.home_replies import says
from benchmarks.home_score import Came, Later, Standing, score
from benchmarks.home_stage import list_key, waits_for
from benchmarks.home_world import World

AREAS = [{"id": "attic", "name": "Attic"}, {"id": "porch", "name": "Porch"}]
LAMP = {
    "id": "light.owl",
    "name": "Owl",
    "domain": "light",
    "area": "attic",
    "attributes": {"supported_color_modes": ["rgb"], "brightness": 51},
    "state": "off",
}
THINGS = [
    LAMP,
    {"id": "light.lantern", "name": "Lantern", "domain": "light", "area": "porch", "state": "on",
     "attributes": {"supported_color_modes": ["onoff"]}},
    {"id": "cover.hatch", "name": "Hatch", "domain": "cover", "area": "attic", "state": "open",
     "attributes": {"supported_features": ["open", "close"], "current_position": 100}},
    {"id": "lock.cellar", "name": "Cellar Door", "domain": "lock", "area": "porch", "state": "locked"},
    {"id": "media_player.organ", "name": "Organ", "domain": "media_player", "area": "attic", "state": "playing",
     "attributes": {"supported_features": ["pause", "volume_set"], "volume_level": 0.4}},
    {"id": "switch.pump", "name": "Pump", "domain": "switch", "area": "porch", "state": "unavailable"},
    {"id": "camera.gate", "name": "Gate Camera", "domain": "camera", "area": "porch", "state": "idle",
     "exposed": False},
    {"id": "todo.errands", "name": "Errands List", "domain": "todo", "state": "0"},
]  # fmt: skip
ROW = {
    "areas": AREAS,
    "floors": [],
    "devices": [{"id": "hub", "name": "Hub", "area": "attic"}],
    "zone": "Europe/Berlin",
    "entities": THINGS,
}
HOUSE: House = house_from("barn", ROW)
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 5, 4, 12, tzinfo=BERLIN)


def world(setup: Mapping[str, Any] | None = None) -> World:
    case = Case("c", "g", HOUSE, "attic", NOON, BERLIN, (), changes_from(setup))
    return World(case, lambda: NOON)


async def told(home: World, entity_id: str, verb: str, **values: Any) -> ActionStatus:
    (result,) = await home.act([Action(EntityId(entity_id), verb, values)])
    return result.status


# ── the world ────────────────────────────────────────────────────────────────────────────────────


async def test_a_lamp_that_goes_on_is_as_bright_as_it_was_and_tells_it_in_percent() -> None:
    home = world()
    assert "brightness_pct" not in home.state(EntityId("light.owl")).attributes
    assert await told(home, "light.owl", "turn_on") is ActionStatus.CONFIRMED
    assert home.state(EntityId("light.owl")).attributes["brightness_pct"] == 20
    await told(home, "light.owl", "turn_off")
    assert home.snapshot()["light.owl"].attributes["brightness"] is None


async def test_a_colour_that_has_a_name_is_shown_as_numbers() -> None:
    home = world()
    await told(home, "light.owl", "turn_on", color="red", brightness_pct=50)
    shown = home.snapshot()["light.owl"].attributes
    assert (shown["rgb_color"], shown["brightness"]) == ([255, 0, 0], 128)


@pytest.mark.parametrize(
    ("entity_id", "verb", "values", "status"),
    [
        ("light.lantern", "turn_on", {"brightness_pct": 50}, ActionStatus.UNSUPPORTED),
        ("cover.hatch", "set_position", {"position": 50}, ActionStatus.UNSUPPORTED),
        ("media_player.organ", "next", {}, ActionStatus.UNSUPPORTED),
        ("media_player.organ", "set_volume", {"volume_pct": 101}, ActionStatus.UNSUPPORTED),
        ("switch.pump", "turn_on", {}, ActionStatus.UNAVAILABLE),
        ("lock.cellar", "unlock", {}, ActionStatus.CONFIRMED),
    ],
)
async def test_a_thing_does_what_it_declares_and_no_more(
    entity_id: str, verb: str, values: Mapping[str, Any], status: ActionStatus
) -> None:
    home = world()
    assert await told(home, entity_id, verb, **values) is status
    assert bool(home.effects) is (status is ActionStatus.CONFIRMED)


def test_what_is_not_exposed_and_what_the_product_keeps_itself_are_not_in_the_home() -> None:
    ids = {entity.id for entity in world().view().entities}
    assert "light.owl" in ids
    assert not ids & {"camera.gate", "todo.errands"}


def test_a_case_may_say_what_a_thing_can_do() -> None:
    home = world({"light.lantern": {"attributes": {"supported_color_modes": ["rgb"]}}})
    lantern = next(entity for entity in home.view().entities if entity.id == "light.lantern")
    assert "color" in lantern.features


# ── comparing ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "wanted", "now", "is_right"),
    [
        ("brightness", 128, 131, True),
        ("brightness", 128, 132, False),
        ("volume_level", 0.5, 0.51, True),
        ("temperature", {"min": 18, "max": 20}, 20, True),
        ("temperature", {"min": 18, "max": 20}, 20.5, False),
        ("rgb_color", [255, 0, 0], [250, 40, 10], True),
        ("rgb_color", [255, 0, 0], [255, 0, 120], False),
        ("rgb_color", [255, 255, 255], [255, 255, 255], False),
        ("state", "closed", "closing", True),
        ("state", "1", "2", False),
        ("is_volume_muted", True, True, True),
    ],
)
def test_values_are_compared_with_their_tolerances(name: str, wanted: Any, now: Any, is_right: bool) -> None:
    assert is_same(name, wanted, now) is is_right


BEFORE = {"light.owl": Shown("off"), "light.lantern": Shown("on"), "cover.hatch": Shown("open")}


def faults(wanted: Mapping[str, Any], after: Mapping[str, Shown], *touched: str) -> list[bool]:
    """`is_wrong` of each fault."""
    return [fault.is_wrong for fault in change_faults(changes_from(wanted), BEFORE, {**BEFORE, **after}, touched)]


def test_what_is_left_undone_is_a_miss_and_what_was_done_besides_is_wrong() -> None:
    wanted = {"light.owl": {"state": "on"}}
    assert faults(wanted, {"light.owl": Shown("on")}, "light.owl") == []
    assert faults(wanted, {}) == [False]
    assert faults(wanted, {"light.owl": Shown("on"), "light.lantern": Shown("off")}) == [True]


def test_a_command_that_was_taken_back_counts() -> None:
    assert faults({}, {}, "light.lantern") == [True]


def test_attributes_that_follow_a_state_need_not_be_named_and_others_must() -> None:
    wanted = {"light.owl": {"state": "on"}}
    lit = Shown("on", {"brightness": 255, "color_mode": "rgb"})
    assert faults(wanted, {"light.owl": lit}, "light.owl") == []
    assert faults(wanted, {"light.owl": Shown("on", {"effect": "candle"})}, "light.owl") == [True]


def test_a_lamp_that_gets_a_brightness_is_on_afterwards() -> None:
    wanted = {"light.owl": {"attributes": {"brightness": 128}}}
    assert faults(wanted, {"light.owl": Shown("on", {"brightness": 128})}, "light.owl") == []
    assert faults(wanted, {"light.owl": Shown("on", {"brightness": 255})}, "light.owl") == [True]


def test_what_is_not_to_be_compared_is_not() -> None:
    wanted = changes_from(
        {"cover.hatch": {"state": "closed", "attributes": {"current_position": 9}}},
        {"cover.hatch": ["current_position"]},
    )
    after = {**BEFORE, "cover.hatch": Shown("closed", {"current_position": 0})}
    assert change_faults(wanted, BEFORE, after, ["cover.hatch"]) == []


@pytest.mark.parametrize(
    ("reply", "wanted", "is_said"),
    [
        ("It is 19.5 degrees.", "19.5", True),
        ("It is 19.5 degrees.", "19", False),
        ("I can’t do that.", "can't", True),
        ("The owl-lamp is on.", "owl lamp", True),
        ("The lamp is on.", "no", False),
        ("Done. All right.", "^done", True),
        ("All done.", "^done", False),
        ("That is 1,210 steps", "1210", True),
    ],
)
def test_words_are_looked_for_whole_and_without_punctuation(reply: str, wanted: str, is_said: bool) -> None:
    assert says(reply, wanted) is is_said


# ── a turn ───────────────────────────────────────────────────────────────────────────────────────

AT = datetime(2026, 5, 4, 15, tzinfo=BERLIN)


def came(**after: Any) -> Came:
    home = {"light.owl": Shown("off")}
    before = Standing(home, lists={"todo.errands": ("glue",)})
    lists = after.pop("lists", {"todo.errands": ("glue",)})
    pending, reply = after.pop("pending", "none"), after.pop("reply", "")
    return Came(before, Standing(home, lists=lists, **after), frozenset(), pending, reply, BERLIN)


def judged(turn: Mapping[str, Any], what: Came) -> tuple[bool, bool]:
    """Whether it is right, and whether something wrong was done."""
    found = score(expected_after(turn), what)
    return found.is_right, any(fault.is_wrong for fault in found.faults)


def test_nothing_said_about_timers_means_that_none_may_change() -> None:
    assert judged({}, came()) == (True, False)
    assert judged({}, came(timers=(Later("", 60),))) == (False, True)


def test_a_timer_is_compared_by_its_length_and_by_the_name_that_was_said() -> None:
    turn = {"expect_timers": [{"seconds": 540, "name": "the glue"}]}
    assert judged(turn, came(timers=(Later("glue", 540),))) == (True, False)
    assert judged(turn, came(timers=(Later("paint", 540),))) == (False, True)
    assert judged(turn, came()) == (False, False)


def test_a_plan_that_repeats_is_compared_by_its_times() -> None:
    turn = {"expect_schedule": [{"at": AT.isoformat(), "rrule": "FREQ=DAILY", "do": {}}]}
    days = tuple((AT + timedelta(days=day)).astimezone(UTC) for day in range(20))
    assert judged(turn, came(plans=(Later("x", times=days),))) == (True, False)
    assert judged(turn, came(plans=(Later("x", times=days[:1]),))) == (False, True)
    once = {"expect_schedule": [{"at": AT.isoformat(), "do": {}}]}
    assert judged(once, came(plans=(Later("x", times=days[:1]),))) == (True, False)
    assert judged(once, came(plans=(Later("x", times=days),))) == (False, True)


def test_what_waits_for_an_event_is_counted() -> None:
    turn = {"expect_schedule": [{"when": {"entity": "light.owl", "to": "on"}, "do": {}}]}
    assert judged(turn, came(plans=(Later("x"),))) == (True, False)
    assert judged(turn, came(plans=(Later("x"), Later("y")))) == (False, True)


def test_lists_are_compared_by_what_came_and_went() -> None:
    turn = {"expect_list": {"todo.errands": ["nails"]}}
    assert judged(turn, came(lists={"todo.errands": ("glue", "the nails")})) == (True, False)
    assert judged(turn, came()) == (False, False)
    assert judged(turn, came(lists={"todo.errands": ("glue", "nails", "tape")})) == (False, True)
    assert judged({"expect_list_removed": {"todo.errands": ["glue"]}}, came(lists={"todo.errands": ()})) == (
        True,
        False,
    )


def test_another_list_than_the_one_that_is_meant_is_a_wrong_action() -> None:
    expected = expected_by_home({"expect_changes": {"todo.errands": {"state": "2"}}})
    right = score(expected, came(lists={"todo.errands": ("glue", "nails")}))
    wrong = score(expected, came(lists={"todo.errands": ("glue",), "the list 'x'": ("nails",)}))
    assert right.is_right
    assert [fault.is_wrong for fault in wrong.faults] == [True, False]


def test_waiting_for_the_wrong_answer_and_a_lie_are_no_wrong_actions() -> None:
    turn = {"expect_pending": "none", "accept_pending": ["which"], "expect_reply_none": ["is open"]}
    assert judged(turn, came(pending="which")) == (True, False)
    assert judged(turn, came(pending="confirm")) == (False, False)
    lying = score(expected_after(turn), came(reply="The hatch is open."))
    assert (lying.is_right, lying.lies) == (False, ("is open",))


def test_any_of_several_outcomes_is_right() -> None:
    turn = {"expect_changes": {"light.owl": {"state": "on"}}, "accept_changes": [{}]}
    assert judged(turn, came()) == (True, False)


@pytest.mark.parametrize(
    ("kind", "key", "slot_kind", "waits"),
    [
        (QuestionKind.CONFIRM, "confirm", SlotKind.TEXT, "confirm"),
        (QuestionKind.SLOT, "which_of", SlotKind.ENTITY, "which"),
        (QuestionKind.SLOT, "cancel_which_name", SlotKind.TEXT, "which"),
        (QuestionKind.SLOT, "how_long", SlotKind.DURATION, "value"),
    ],
)
def test_a_question_waits_for_one_of_three_things(
    kind: QuestionKind, key: str, slot_kind: SlotKind, waits: str
) -> None:
    assert waits_for(Question(kind, "s", key, Command("s.x"), slot="x", slot_kind=slot_kind)) == waits


def test_a_list_is_kept_under_what_people_call_it() -> None:
    assert [list_key(name) for name in ("Errands List", "Do-It-Yourself")] == ["errands", "do it yourself"]


# ── reading, and all of it ───────────────────────────────────────────────────────────────────────

SENTENCE = {
    "id": "s1", "dataset": "barns", "home": "barn", "category": "lock", "sentence": "unlock the cellar door",
    "context_device": "hub", "setup": {"lock.cellar": {"state": "locked"}},
    "expect_changes": {"lock.cellar": {"state": "unlocked"}},
}  # fmt: skip
TALK = {
    "id": "t1", "home": "barn", "kind": "plain", "context_area": "attic", "now": NOON.isoformat(),
    "zone": "Europe/Berlin",
    "turns": [
        {"say": "turn on the owl", "expect_changes": {"light.owl": {"state": "on"}}, "expect_pending": "none"},
        {"say": "turn off the owl", "expect_changes": {"light.lantern": {"state": "off"}}},
    ],
}  # fmt: skip


def folder_of(path: Path, *rows: Mapping[str, Any]) -> Path:
    (path / "homes.json").write_text(json.dumps({"barn": ROW}), encoding="utf-8")
    (path / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_both_forms_are_read_and_what_has_no_answer_is_left_out(tmp_path: Path) -> None:
    bare = {key: value for key, value in SENTENCE.items() if key != "expect_changes"}
    read = cases_in(folder_of(tmp_path, SENTENCE, TALK, {**bare, "id": "s2"}))
    assert [(case.id, case.group, case.area) for case in read.cases] == [
        ("s1", "barns", "attic"),
        ("t1", "plain", "attic"),
    ]
    assert read.unscored == ["s2"]


@pytest.mark.parametrize("row", [{**TALK, "home": "elsewhere"}, {**SENTENCE, "home": None}])
def test_a_case_in_a_home_that_is_not_there_is_an_error(tmp_path: Path, row: Mapping[str, Any]) -> None:
    with pytest.raises(InputError):
        cases_in(folder_of(tmp_path, row))


def test_a_folder_without_cases_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        measure(Namespace(data=folder_of(tmp_path), limit=0, only="", lang="", tiers="templates", show=0))


@pytest.mark.slow
def test_the_product_itself_is_heard_and_what_it_does_is_counted(tmp_path: Path) -> None:
    read = cases_in(folder_of(tmp_path, SENTENCE, TALK, {**SENTENCE, "id": "s3", "sentence": "fly to the moon"}))
    tally = asyncio.run(tally_of([replace(case, zone=BERLIN) for case in read.cases]))
    figures = tally.figures()
    assert figures["barns"] == {"right": 0.5, "wrong_action": 0.0, "n": 2}
    assert figures["plain"] == {"right": 0.0, "wrong_action": 1.0, "n": 1}
    assert [row["id"] for row in tally.wrong] == ["t1", "s3"]
