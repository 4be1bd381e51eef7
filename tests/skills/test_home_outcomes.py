"""The home skill called directly: what it sends, and that its words follow from what came back, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import skills.home
from assistant.acting.policy import Fence
from assistant.acting.replier import Replier
from assistant.acting.words import CoreWords
from assistant.core.errors import ConfirmationNeeded
from assistant.core.home import ActionStatus, AreaId, EntityId, EntityState, Floor, FloorId, Value
from assistant.core.turn import Command, Outcome, OutcomeStatus, QuestionKind, SlotValue
from assistant.sdk import Context
from assistant.skillhost.inspect import inspect_skill
from assistant.skillhost.wordfile import read_word_files
from assistant.testing.home import FakeHome, small_home, thing
from assistant.testing.paper import PaperClock, PaperNotebook, PaperSchedule
from skills.home import Home

FILES = {file.language: file for file in read_word_files(Path(skills.home.__file__).parent)}
METHODS = {offer.spec.name: offer.method for offer in inspect_skill(Home, "home", tuple(FILES.values())).intents}
KITCHEN, HALL, BED, DESK = (
    EntityId(f"light.{name}") for name in ("kitchen_light", "hall_light", "bedroom_light", "desk_lamp")
)
BLIND, GARAGE, DOOR = EntityId("cover.living_room_blind"), EntityId("cover.garage_door"), EntityId("lock.front_door")
STAT, COFFEE, FAN = EntityId("climate.thermostat"), EntityId("switch.coffee_machine"), EntityId("fan.bedroom_fan")
BEDROOM = AreaId("bedroom")
CLOCK = PaperClock(datetime(2026, 3, 2, 12, tzinfo=UTC))


class Scene:
    """One home, one speaker; every outcome is put into words of both languages."""

    def __init__(
        self, home: FakeHome | None = None, area_id: AreaId | None = None, *, is_guarded: bool = False
    ) -> None:
        self.home = home or small_home()
        self.area_id = area_id
        self._port = Fence(self.home).guarded() if is_guarded else self.home
        self.words: dict[str, str] = {}

    async def do(self, intent: str, **slots: SlotValue) -> Outcome:
        command = Command(intent, slots)
        ctx = Context(
            "home", command, "en", ZoneInfo("UTC"), self.area_id, CLOCK, self._port, PaperSchedule(CLOCK),
            PaperNotebook(),
        )  # fmt: skip
        method = getattr(Home(), METHODS[intent])
        outcome: Outcome = await (method(ctx, slots) if intent.startswith("Hass") else method(ctx, **slots))
        for language, file in FILES.items():
            assert outcome.key in file.replies, f"no words for {outcome.key!r} in {language}"
            replier = Replier(words_of, CoreWords(), CLOCK.now)
            self.words[language] = replier.reply([replace(outcome, skill="home")], language).text
            assert self.words[language], f"no words for {outcome.key!r} in {language}"
            assert "None" not in self.words[language].replace("None of", "")
            assert "  " not in self.words[language]
        return outcome

    def sent(self) -> list[tuple[str, str, Mapping[str, Value]]]:
        return [(str(each.entity_id), each.verb, dict(each.values)) for each in self.home.acted]


def words_of(_: str, key: str, language: str) -> Sequence[str]:
    return FILES[language].replies.get(key, ())


@pytest.mark.parametrize(
    ("intent", "entity", "verb", "state"),
    [
        ("HassTurnOn", KITCHEN, "turn_on", "on"),
        ("HassTurnOn", COFFEE, "turn_on", "on"),
        ("HassTurnOff", KITCHEN, "turn_off", "off"),
        ("HassTurnOn", BLIND, "open", "open"),
        ("HassTurnOff", BLIND, "close", "closed"),
        ("HassTurnOn", DOOR, "lock", "locked"),
        ("HassTurnOff", DOOR, "unlock", "unlocked"),
        ("home.toggle", COFFEE, "turn_on", "on"),
        ("home.toggle", BLIND, "open", "open"),
        ("home.lock_up", DOOR, "lock", "locked"),
    ],
)
async def test_on_and_off_mean_what_they_mean_for_each_thing(
    intent: str, entity: EntityId, verb: str, state: str
) -> None:
    scene = Scene()
    named: dict[str, SlotValue] = {} if intent == "home.lock_up" else {"name": entity}
    if intent.startswith("Hass"):
        named = {"name": "any", "entity_id": entity}
    outcome = await scene.do(intent, **named)
    assert scene.sent() == [(entity, verb, {})]
    assert outcome.status is OutcomeStatus.DONE
    assert f"is {state}" in scene.words["en"]


@pytest.mark.parametrize("domain", ["scene", "button"])
async def test_what_reports_nothing_is_never_said_to_have_happened(domain: str) -> None:
    home = FakeHome()
    entity_id = home.add(thing(domain, "Movie Night"))
    scene = Scene(home)
    outcome = await scene.do("HassTurnOn", entity_id=entity_id)
    assert outcome.status is OutcomeStatus.ASSUMED
    assert "sent" in scene.words["en"] or "pressed" in scene.words["en"]
    assert " is on" not in scene.words["en"]


@pytest.mark.parametrize(
    ("status", "outcome_status", "word"),
    [
        (ActionStatus.ASSUMED, OutcomeStatus.ASSUMED, "sent"),
        (ActionStatus.FAILED, OutcomeStatus.FAILED, "react"),
        (ActionStatus.UNAVAILABLE, OutcomeStatus.UNAVAILABLE, "reach"),
        (ActionStatus.UNSUPPORTED, OutcomeStatus.REFUSED, "can't"),
    ],
)
async def test_nothing_is_claimed_that_did_not_happen(
    status: ActionStatus, outcome_status: OutcomeStatus, word: str
) -> None:
    scene = Scene()
    scene.home.script(KITCHEN, status)
    outcome = await scene.do("HassTurnOn", entity_id=KITCHEN)
    assert outcome.status is outcome_status
    assert word in scene.words["en"]
    assert "Kitchen Light" in scene.words["en"]
    assert "is on" not in scene.words["en"]


async def test_of_several_those_that_did_not_obey_are_named() -> None:
    scene = Scene()
    scene.home.script(HALL, ActionStatus.UNAVAILABLE)
    scene.home.script(DESK, ActionStatus.FAILED)
    scene.home.script(BED, ActionStatus.ASSUMED)
    outcome = await scene.do("HassTurnOn", domain="light")
    assert outcome.status is OutcomeStatus.PARTLY
    assert outcome.values["unreached"] == ("Hall Light",)
    assert outcome.values["failed"] == ("Desk Lamp",)
    assert outcome.values["names"] == ("Kitchen Light", "Living Room Light")
    for name in ("Hall Light", "Desk Lamp"):
        assert name in scene.words["en"]
        assert name in scene.words["ko"]


async def test_where_nothing_worked_the_words_say_so() -> None:
    scene = Scene()
    scene.home.script(BED, ActionStatus.UNAVAILABLE)
    scene.home.script(DESK, ActionStatus.FAILED)
    outcome = await scene.do("HassTurnOn", domain="light", area="Bedroom", area_id="bedroom")
    assert outcome.status is OutcomeStatus.FAILED


async def test_an_area_a_floor_and_a_kind_narrow_what_is_meant() -> None:
    scene = Scene()
    view = scene.home.view()
    upstairs = Floor(FloorId("up"), "Upstairs")
    areas = [replace(area, floor_id=upstairs.id) if area.id == BEDROOM else area for area in view.areas]
    scene.home._view = replace(view, floors=(upstairs,), areas=areas)
    await scene.do("HassTurnOn", domain="light", area="Kitchen", area_id="kitchen")
    assert [each for each, _, _ in scene.sent()] == [KITCHEN]
    scene.home.acted.clear()
    await scene.do("HassTurnOff", domain="light", floor="Upstairs", floor_id="up")
    assert [each for each, _, _ in scene.sent()] == [BED, DESK]
    scene.home.acted.clear()
    await scene.do("HassTurnOff", domain="cover", device_class=("blind", "curtain"), area="Living Room")
    assert [each for each, _, _ in scene.sent()] == [BLIND]


async def test_what_is_not_there_is_not_found_and_nothing_is_sent() -> None:
    scene = Scene()
    for slots in (
        {"domain": "light", "area": "Garage", "area_id": "garage"},
        {"domain": "light", "area": "Cellar"},
        {"name": "Chandelier"},
        {"entity_id": "light.removed"},
        {"domain": "vacuum"},
    ):
        assert (await scene.do("HassTurnOn", **slots)).status is OutcomeStatus.NOT_FOUND
    assert scene.sent() == []


async def test_two_things_of_one_name_are_asked_about() -> None:
    home = FakeHome()
    one = home.add(thing("light", "Ceiling", "kitchen"), "off")
    other = home.add(replace(thing("light", "Ceiling", "bath"), id=EntityId("light.ceiling_2")), "off")
    scene = Scene(home)
    outcome = await scene.do("HassTurnOn", name="Ceiling", entity_id=(one, other))
    assert outcome.status is OutcomeStatus.ASKED
    assert outcome.question is not None
    assert outcome.question.kind is QuestionKind.SLOT
    assert "Kitchen" in scene.words["en"]
    assert "Bath" in scene.words["en"]
    assert scene.sent() == []
    await scene.do("HassTurnOn", name="Ceiling", entity_id=(one, other), area="Bath", area_id="bath")
    assert [each for each, _, _ in scene.sent()] == [other]


@pytest.mark.parametrize(
    ("slots", "values", "words"),
    [
        ({"brightness": 40}, {"brightness_pct": 40}, "40 percent"),
        ({"color": "red"}, {"color": "red"}, "red"),
        ({"temperature": 2700}, {"color_temp_kelvin": 2700}, "2700"),
    ],
)
async def test_lights_are_set(slots: dict[str, SlotValue], values: Mapping[str, Value], words: str) -> None:
    scene = Scene()
    outcome = await scene.do("HassLightSet", entity_id=KITCHEN, **slots)
    assert outcome.status is OutcomeStatus.DONE
    assert scene.sent() == [(KITCHEN, "turn_on", values)]
    assert words in scene.words["en"]


async def test_a_brightness_of_zero_is_off_and_one_beyond_a_hundred_is_refused() -> None:
    scene = Scene()
    await scene.do("HassLightSet", entity_id=KITCHEN, brightness=0)
    assert scene.sent() == [(KITCHEN, "turn_off", {})]
    assert (await scene.do("HassLightSet", entity_id=KITCHEN, brightness=140)).status is OutcomeStatus.REFUSED


async def test_of_a_room_only_lights_that_have_colours_are_coloured() -> None:
    scene = Scene()
    await scene.do("HassLightSet", color="red", domain="light", area_id="bedroom", area="Bedroom")
    assert [each for each, _, _ in scene.sent()] == [BED]
    outcome = await scene.do("HassLightSet", color="red", entity_id=DESK)
    assert outcome.status is OutcomeStatus.REFUSED


async def test_without_a_place_the_lights_here_are_meant_and_elsewhere_it_is_asked() -> None:
    here = Scene(area_id=BEDROOM)
    await here.do("HassLightSet", brightness=30)
    assert [each for each, _, _ in here.sent()] == [BED, DESK]
    nowhere = Scene()
    outcome = await nowhere.do("HassLightSet", brightness=30)
    assert outcome.status is OutcomeStatus.ASKED
    assert nowhere.sent() == []


async def test_brighter_and_darker_start_from_what_is() -> None:
    scene = Scene()
    scene.home.states[DESK] = EntityState("on", {"brightness_pct": 50})
    await scene.do("home.brighten", name=DESK)
    await scene.do("home.dim", name=DESK, by=30)
    assert [values for _, _, values in scene.sent()] == [{"brightness_pct": 70}, {"brightness_pct": 40}]
    scene.home.states[DESK] = EntityState("off")
    assert (await scene.do("home.dim", name=DESK)).status is not OutcomeStatus.DONE
    assert len(scene.sent()) == 2, "a light that is off is not turned on by dimming it"


async def test_positions_and_speeds_are_percent() -> None:
    scene = Scene()
    await scene.do("HassSetPosition", entity_id=BLIND, position=30)
    await scene.do("HassFanSetSpeed", entity_id=FAN, percentage=50)
    assert scene.sent() == [(BLIND, "set_position", {"position": 30}), (FAN, "set_percentage", {"percentage": 50})]
    for outcome in (
        await scene.do("HassSetPosition", entity_id=BLIND, position=130),
        await scene.do("HassSetPosition", entity_id=BLIND),
    ):
        assert outcome.status is OutcomeStatus.REFUSED
    assert len(scene.sent()) == 2


async def test_temperature_is_set_and_an_off_thermostat_is_told_to_be_off() -> None:
    scene = Scene(area_id=BEDROOM)
    await scene.do("HassClimateSetTemperature", temperature=22, area="Bedroom", area_id="bedroom")
    assert scene.sent() == [(STAT, "set_temperature", {"temperature": 22})], "the only one there is"
    scene.home.states[STAT] = EntityState("off", {"temperature": 20})
    await scene.do("HassClimateSetTemperature", temperature=21)
    assert "21 degrees" in scene.words["en"]
    assert "off" in scene.words["en"]


async def test_warmer_and_cooler_move_by_degrees() -> None:
    scene = Scene()
    await scene.do("home.warmer")
    await scene.do("home.cooler", by=3)
    assert [values for _, _, values in scene.sent()] == [{"temperature": 21}, {"temperature": 18}]


@pytest.mark.parametrize(
    ("area_id", "slots", "words"),
    [
        (None, {"area": "Bedroom", "area_id": "bedroom"}, "19.5 degrees"),
        (BEDROOM, {}, "19.5 degrees"),
        (None, {"entity_id": STAT, "name": "Thermostat"}, "20.5 degrees"),
        (AreaId("hall"), {}, "20.5 degrees"),
    ],
)
async def test_how_warm_it_is(area_id: AreaId | None, slots: dict[str, SlotValue], words: str) -> None:
    scene = Scene(area_id=area_id)
    assert (await scene.do("HassClimateGetTemperature", **slots)).status is OutcomeStatus.TOLD
    assert words in scene.words["en"]


@pytest.mark.parametrize(
    ("slots", "start"),
    [
        ({"entity_id": DOOR, "state": "locked"}, "No"),
        ({"entity_id": DOOR, "state": "unlocked"}, "Yes"),
        ({"entity_id": EntityId("binary_sensor.kitchen_window"), "state": "on"}, "No"),
        ({"entity_id": EntityId("binary_sensor.kitchen_window"), "state": "off"}, "Yes"),
        ({"entity_id": KITCHEN, "state": "on"}, "No"),
    ],
)
async def test_yes_and_no_are_true(slots: dict[str, SlotValue], start: str) -> None:
    scene = Scene()
    assert (await scene.do("HassGetState", **slots)).status is OutcomeStatus.TOLD
    assert scene.words["en"].startswith(start)
    assert scene.words["ko"].startswith("네" if start == "Yes" else "아니요")
    assert scene.sent() == []


async def test_a_state_that_is_not_known_is_not_guessed() -> None:
    scene = Scene()
    scene.home.states[KITCHEN] = EntityState(None)
    scene.home.states[HALL] = EntityState("on", is_available=False)
    for entity_id in (KITCHEN, HALL):
        outcome = await scene.do("HassGetState", entity_id=entity_id, state="on")
        assert outcome.status is OutcomeStatus.UNAVAILABLE
        assert not scene.words["en"].startswith(("Yes", "No"))
    outcome = await scene.do("HassGetState", domain="light", state="on")
    assert set(names_in(outcome, "unknown")) == {"Kitchen Light", "Hall Light"}
    assert "Hall Light" in scene.words["en"]


async def test_which_and_how_many_and_all() -> None:
    scene = Scene()
    scene.home.states[BED] = EntityState("on")
    outcome = await scene.do("HassGetState", domain="light", state="on")
    assert names_in(outcome, "names") == ("Bedroom Light",)
    assert "Bedroom Light" in scene.words["en"]
    await scene.do("HassGetState", domain="light", state="on", area="Kitchen", area_id="kitchen")
    assert "Bedroom Light" not in scene.words["en"]
    scene.home.states = {each: EntityState("on") for each in scene.home.states}
    await scene.do("HassGetState", domain="light", state="off")
    assert "on" not in scene.words["en"].split()


async def test_what_is_on_and_what_is_open() -> None:
    scene = Scene()
    await scene.do("home.what_is_on")
    assert "Nothing is on" in scene.words["en"]
    scene.home.states[COFFEE] = EntityState("on")
    await scene.do("home.what_is_on")
    assert "Coffee Machine" in scene.words["en"]
    await scene.do("home.what_is_on", area="bedroom")
    assert "Coffee Machine" not in scene.words["en"]
    scene.home.states[GARAGE] = EntityState("open")
    await scene.do("home.what_is_open")
    assert "Garage Door" in scene.words["en"]
    assert "Front Door" in scene.words["en"], "an unlocked door is worth a word"


async def test_everything_off_leaves_doors_and_heating_alone() -> None:
    scene = Scene()
    for entity_id in (KITCHEN, COFFEE, FAN):
        scene.home.states[entity_id] = EntityState("on")
    await scene.do("home.everything_off")
    assert {each for each, _, _ in scene.sent()} == {KITCHEN, COFFEE, FAN}
    assert {verb for _, verb, _ in scene.sent()} == {"turn_off"}


@pytest.mark.parametrize(("intent", "entity"), [("HassTurnOff", DOOR), ("HassTurnOn", GARAGE)])
async def test_what_is_dangerous_is_left_to_the_guard(intent: str, entity: EntityId) -> None:
    scene = Scene(is_guarded=True)
    with pytest.raises(ConfirmationNeeded):
        await scene.do(intent, entity_id=entity)
    assert scene.sent() == []


async def test_a_thing_that_only_tells_takes_no_orders() -> None:
    scene = Scene()
    outcome = await scene.do("HassTurnOn", entity_id=EntityId("sensor.bedroom_temperature"))
    assert outcome.status is OutcomeStatus.REFUSED
    assert scene.sent() == []


def names_in(outcome: Outcome, key: str) -> tuple[str, ...]:
    names = outcome.values[key]
    assert isinstance(names, tuple)
    return names


def test_both_languages_have_the_same_replies() -> None:
    english, korean = (set(FILES[language].replies) for language in ("en", "ko"))
    assert english == korean
