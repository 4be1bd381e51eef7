"""The home skill, by typed sentences, in a scripted home."""

from __future__ import annotations

import re
import tomllib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import skills.home
from assistant.acting.converse import Conversation, ConversationParts
from assistant.acting.execute import Executor
from assistant.acting.replier import Replier
from assistant.acting.template import check
from assistant.acting.trace import Trace
from assistant.acting.words import CoreWords
from assistant.core.home import Action, ActionResult, ActionStatus, Area, AreaId, EntityId, EntityState, Floor, FloorId
from assistant.core.settings import HomeSettings, SkillSettings
from assistant.core.turn import OutcomeStatus
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.testing.home import FakeHome, small_home, thing
from assistant.testing.paper import PaperClock, PaperNotebook, PaperSchedule
from assistant.testing.say import NOON, Answer, Scene, Talk
from assistant.understanding.understanding import Understanding

FOLDER = Path(skills.home.__file__).parent
ZONE = ZoneInfo("UTC")
CLOCK = PaperClock(NOON)
UNDERSTANDING = Understanding(CLOCK, ZONE)
"""Compiling the sentences takes longest, so it is done once for all tests."""
KITCHEN, BEDROOM = AreaId("kitchen"), AreaId("bedroom")
LIGHTS = ["kitchen_light", "hall_light", "living_room_light", "bedroom_light", "desk_lamp"]


@asynccontextmanager
async def talk_at(home: FakeHome, language: str = "en", area_id: AreaId | None = None) -> AsyncIterator[Talk]:
    schedule = PaperSchedule(CLOCK)
    host = SkillHost(
        SkillSettings(), False, None, ContextParts(CLOCK, ZONE, schedule, lambda _: PaperNotebook(), check)
    )
    await host.reload(FOLDER)
    assert not host.failures()
    UNDERSTANDING.use(host.intents(), home.view())
    replier = Replier(host.words, CoreWords(), lambda: NOON)
    conversation = ConversationParts(UNDERSTANDING, Executor(host, home, HomeSettings()), replier, CLOCK, Trace())
    try:
        yield Talk(Scene(home, NOON, language=language, area_id=area_id), CLOCK, schedule, Conversation(conversation))
    finally:
        await host.stop()


async def say(
    *sentences: str, home: FakeHome | None = None, language: str = "en", area_id: AreaId | None = None
) -> Answer:
    """The answer to the last of them."""
    async with talk_at(home or small_home(), language, area_id) as talk:
        answers = [await talk.say(sentence) for sentence in sentences]
    assert [answer.turn.error for answer in answers] == [""] * len(answers)
    return answers[-1]


def acted(home: FakeHome) -> list[str]:
    """What was sent, as "thing verb values"."""
    return [
        " ".join([action.entity_id.split(".")[1], action.verb, *(f"{value}" for value in action.values.values())])
        for action in home.acted
    ]


@pytest.mark.parametrize(
    ("sentence", "sent", "reply"),
    [
        ("turn on the kitchen light", ["kitchen_light turn_on"], "The Kitchen Light is on."),
        ("turn off the kitchen light", ["kitchen_light turn_off"], "The Kitchen Light is off."),
        (
            "turn on the bedroom lights",
            ["bedroom_light turn_on", "desk_lamp turn_on"],
            "The Bedroom Light and Desk Lamp are on.",
        ),
        ("turn on all the lights", [f"{light} turn_on" for light in LIGHTS], "5 lights are on."),
        ("turn off all lights", [f"{light} turn_off" for light in LIGHTS], "5 lights are off."),
        ("set the bedroom light to 40 percent", ["bedroom_light turn_on 40"], "The Bedroom Light is at 40 percent."),
        ("set the kitchen light to blue", ["kitchen_light turn_on blue"], "The Kitchen Light is blue."),
        ("set the bedroom light to zero percent", ["bedroom_light turn_off"], "The Bedroom Light is off."),
        ("brighten the kitchen light", ["kitchen_light turn_on 20"], "The Kitchen Light is at 20 percent."),
        ("open the living room blind", ["living_room_blind open"], "The Living Room Blind is open."),
        ("close the living room blind", ["living_room_blind close"], "The Living Room Blind is closed."),
        ("open the blinds", ["living_room_blind open"], "The Living Room Blind is open."),
        (
            "set the living room blind to thirty percent",
            ["living_room_blind set_position 30"],
            "The Living Room Blind is at 30 percent.",
        ),
        (
            "open the living room blind a little more",
            ["living_room_blind set_position 20"],
            "The Living Room Blind is at 20 percent.",
        ),
        ("turn off the heating", ["thermostat turn_off"], "The Thermostat is off."),
        ("lock the front door", ["front_door lock"], "The Front Door is locked."),
        ("lock up", ["front_door lock"], "The Front Door is locked."),
        ("close the garage door", ["garage_door close"], "The Garage Door is closed."),
        ("set the bedroom fan to 50 percent", ["bedroom_fan set_percentage 50"], "The Bedroom Fan is at 50 percent."),
        (
            "set the temperature to 22 degrees",
            ["thermostat set_temperature 22"],
            "The Thermostat is set to 22 degrees.",
        ),
        ("make it two degrees warmer", ["thermostat set_temperature 22"], "The Thermostat is set to 22 degrees."),
        ("two degrees warmer", ["thermostat set_temperature 22"], "The Thermostat is set to 22 degrees."),
        ("make it cooler", ["thermostat set_temperature 19"], "The Thermostat is set to 19 degrees."),
        ("turn on the coffee machine", ["coffee_machine turn_on"], "The Coffee Machine is on."),
        ("toggle the coffee machine", ["coffee_machine turn_on"], "The Coffee Machine is on."),
        ("activate movie night", ["movie_night turn_on"], "I've sent Movie Night."),
        ("stop the living room blind", ["living_room_blind stop"], "The Living Room Blind is closed."),
    ],
)
async def test_what_is_said_is_done_and_told(sentence: str, sent: list[str], reply: str) -> None:
    home = small_home()
    answer = await say(sentence, home=home)
    assert (acted(home), answer.text) == (sent, reply)


@pytest.mark.parametrize(
    ("sentence", "sent", "reply"),
    [
        ("주방 조명 켜 줘", ["kitchen_light turn_on"], "주방 조명, 지금 켜져 있어요."),
        ("침실 조명을 꺼 주세요", ["bedroom_light turn_off"], "침실 조명, 지금 꺼져 있어요."),
        (
            "침실 불 켜",
            ["bedroom_light turn_on", "desk_lamp turn_on"],
            "침실 조명, 그리고 책상 스탠드, 지금 켜져 있어요.",
        ),
        ("불 다 꺼 줘", [f"{light} turn_off" for light in LIGHTS], "조명 5개, 지금 꺼져 있어요."),
        ("침실 조명 밝기를 사십 퍼센트로 해 줘", ["bedroom_light turn_on 40"], "침실 조명, 밝기 40퍼센트예요."),
        ("침실 조명 밝기 이십 퍼센트 올려 줘", ["bedroom_light turn_on 20"], "침실 조명, 밝기 20퍼센트예요."),
        ("거실 블라인드 열어 줘", ["living_room_blind open"], "거실 블라인드, 지금 열려 있어요."),
        ("블라인드 내려 줘", ["living_room_blind close"], "거실 블라인드, 지금 닫혀 있어요."),
        ("거실 블라인드 조금 더 열어 줘", ["living_room_blind set_position 20"], "거실 블라인드, 20퍼센트예요."),
        ("난방 꺼 줘", ["thermostat turn_off"], "온도조절기, 지금 꺼져 있어요."),
        ("현관문 잠가 줘", ["front_door lock"], "현관문, 지금 잠겨 있어요."),
        ("문단속 해 줘", ["front_door lock"], "현관문, 지금 잠겨 있어요."),
        ("온도를 2도 올려 줘", ["thermostat set_temperature 22"], "온도조절기, 22도로 맞췄어요."),
        ("온도 이십사 도로 올려 줘", ["thermostat set_temperature 24"], "온도조절기, 24도로 맞췄어요."),
        ("영화 모드 켜 줘", ["movie_night turn_on"], "영화 모드 신호를 보냈어요."),
        ("주방 조명 켜져 있어?", [], "아니요, 주방 조명, 꺼져 있어요."),
        ("뭐가 켜져 있어", [], "켜져 있는 것이 없어요."),
        ("침실 온도 몇 도야", [], "침실, 19.5도예요."),
        ("문 다 잠겼어", [], "아니요. 잠기지 않은 것: 현관문."),
        ("창문 열려 있어", [], "아니요, 열려 있는 것이 없어요."),
        ("현관문 잠금 해제해 줘", [], "정말 잠금을 해제할까요? 대상: 현관문."),
    ],
)
async def test_korean_is_done_and_told(sentence: str, sent: list[str], reply: str) -> None:
    home = korean(small_home())
    answer = await say(sentence, home=home, language="ko")
    assert (acted(home), answer.text) == (sent, reply)


def korean(home: FakeHome) -> FakeHome:
    """The same home under Korean names."""
    places = {"kitchen": "주방", "hall": "현관", "living_room": "거실", "bedroom": "침실", "garage": "차고"}
    names = {
        "desk_lamp": "책상 스탠드",
        "front_door": "현관문",
        "thermostat": "온도조절기",
        "movie_night": "영화 모드",
    }
    words = {"light": "조명", "blind": "블라인드", "door": "문", "window": "창문", "fan": "선풍기"}
    view, renamed = home.view(), FakeHome()
    for entity in view.entities:
        key = entity.id.split(".")[1]
        name = names.get(key, f"{places[entity.area_id or 'hall']} {words.get(key.rpartition('_')[2], '기기')}")
        state = home.state(entity.id)
        renamed.add(replace(entity, name=name), state.value, **state.attributes)
    renamed._view = replace(renamed.view(), areas=tuple(Area(AreaId(key), name) for key, name in places.items()))
    return renamed


# ── what became of it ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "outcome", "reply"),
    [
        (
            ActionStatus.ASSUMED,
            OutcomeStatus.ASSUMED,
            "I've sent that to the Kitchen Light, but can't tell whether it worked.",
        ),
        (ActionStatus.FAILED, OutcomeStatus.FAILED, "I tried, but the Kitchen Light didn't react."),
        (ActionStatus.UNAVAILABLE, OutcomeStatus.UNAVAILABLE, "I couldn't reach the Kitchen Light."),
        (ActionStatus.UNSUPPORTED, OutcomeStatus.REFUSED, "The Kitchen Light can't do that."),
    ],
)
@pytest.mark.parametrize(
    "sentence", ["turn on the kitchen light", "set the kitchen light to 40 percent", "dim the kitchen light"]
)
async def test_nothing_is_claimed_that_was_not_confirmed(
    sentence: str, status: ActionStatus, outcome: OutcomeStatus, reply: str
) -> None:
    home = small_home()
    home.states[EntityId("light.kitchen_light")] = EntityState("on")
    home.script(EntityId("light.kitchen_light"), status)
    answer = await say(sentence, home=home)
    assert [each.status for each in answer.outcomes] == [outcome]
    assert answer.text == reply


@pytest.mark.parametrize(
    ("scripts", "outcome", "reply"),
    [
        (
            {"bedroom_light": ActionStatus.UNAVAILABLE},
            OutcomeStatus.PARTLY,
            "That worked for the Desk Lamp, but I couldn't reach the Bedroom Light.",
        ),
        (
            {"bedroom_light": ActionStatus.FAILED, "desk_lamp": ActionStatus.ASSUMED},
            OutcomeStatus.PARTLY,
            "That was sent to the Desk Lamp, but the Bedroom Light didn't react.",
        ),
        (
            {"desk_lamp": ActionStatus.ASSUMED},
            OutcomeStatus.ASSUMED,
            "That worked for the Bedroom Light; "
            "I've sent it to the Desk Lamp too, but can't tell whether it worked there.",
        ),
        (
            {"bedroom_light": ActionStatus.UNAVAILABLE, "desk_lamp": ActionStatus.FAILED},
            OutcomeStatus.FAILED,
            "That didn't work: I couldn't reach the Bedroom Light and the Desk Lamp didn't react.",
        ),
    ],
)
async def test_of_several_each_is_told_by_what_became_of_it(
    scripts: dict[str, ActionStatus], outcome: OutcomeStatus, reply: str
) -> None:
    home = small_home()
    for name, status in scripts.items():
        home.script(EntityId(f"light.{name}"), status)
    answer = await say("turn on the bedroom lights", home=home)
    assert [each.status for each in answer.outcomes] == [outcome]
    assert answer.text == reply


class SlowHome(FakeHome):
    """What is to open is still on its way when the device answers."""

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        results = await super().act(actions)
        return [replace(result, state=replace(result.state, value="opening")) for result in results]


async def test_a_blind_on_its_way_is_told_as_on_its_way() -> None:
    home = SlowHome()
    home.add(thing("cover", "Blind", "kitchen"), "closed")
    assert (await say("open the blind", home=home)).text == "The Blind is opening."


async def test_a_blind_that_is_told_to_stop_and_is_silent_is_not_said_to_stand() -> None:
    home = small_home()
    home.script(EntityId("cover.living_room_blind"), ActionStatus.ASSUMED)
    answer = await say("stop the living room blind", home=home)
    assert answer.text == "I've told the Living Room Blind to stop."


async def test_lights_that_have_no_colour_are_left_out_and_not_named() -> None:
    home = small_home()
    answer = await say("set the lights in the bedroom to red", home=home)
    assert (acted(home), answer.text) == (["bedroom_light turn_on red"], "The Bedroom Light is red.")


async def test_a_heating_that_is_off_is_said_to_be_off() -> None:
    home = small_home()
    home.states[EntityId("climate.thermostat")] = EntityState("off", {"temperature": 20})
    answer = await say("set the thermostat to 22 degrees", home=home)
    assert answer.text == "The Thermostat is set to 22 degrees, but turned off."


async def test_two_heatings_made_warmer_are_not_told_one_temperature() -> None:
    home = FakeHome()
    home.add(thing("climate", "Floor Heating", "bath"), "heat", temperature=20)
    home.add(thing("climate", "Radiator", "bath"), "heat", temperature=22)
    answer = await say("make it warmer", home=home, area_id=AreaId("bath"))
    assert acted(home) == ["floor_heating set_temperature 21", "radiator set_temperature 23"]
    assert answer.text == "I've changed the temperature of the Floor Heating and Radiator."


# ── what is dangerous ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sentence", "question", "sent"),
    [
        ("unlock the front door", "Shall I really unlock the Front Door?", "front_door unlock"),
        ("open the front door", "Shall I really unlock the Front Door?", "front_door unlock"),
        ("open the garage door", "Shall I really open the Garage Door?", "garage_door open"),
    ],
)
async def test_what_is_dangerous_is_done_only_after_a_yes(sentence: str, question: str, sent: str) -> None:
    home = small_home()
    home.states[EntityId("lock.front_door")] = EntityState("locked")
    async with talk_at(home) as talk:
        asked = await talk.say(sentence)
        assert (asked.text, asked.asks, acted(home)) == (question, True, [])
        assert (await talk.say("yes")).outcomes[0].status is OutcomeStatus.DONE
    assert acted(home) == [sent]


async def test_after_a_no_nothing_is_opened() -> None:
    home = small_home()
    await say("open the garage door", "no", "yes", home=home)
    assert acted(home) == []


async def test_one_of_two_doors_of_one_name_is_asked_for_before_it_is_unlocked() -> None:
    home = FakeHome()
    home.add(thing("lock", "Door", "hall"), "locked")
    home.add(replace(thing("lock", "Door", "cellar"), id=EntityId("lock.door_2")), "locked")
    async with talk_at(home) as talk:
        which = await talk.say("unlock the door")
        assert which.text == "There is one Door in each of these: Hall and Cellar. Which one?"
        assert acted(home) == []
        sure = await talk.say("the one in the cellar")
        assert (sure.text, acted(home)) == ("Shall I really unlock the Door?", [])
        await talk.say("yes")
    assert acted(home) == ["door_2 unlock"]


async def test_to_switch_a_door_means_nothing() -> None:
    home = korean(small_home())
    answer = await say("차고 문 켜 줘", home=home, language="ko")
    assert answer.outcomes[0].status is OutcomeStatus.REFUSED
    assert acted(home) == []


# ── what is meant ────────────────────────────────────────────────────────────────────────────────


async def test_lights_without_a_room_are_those_where_the_speaker_is() -> None:
    home = small_home()
    await say("turn on the lights", "make it brighter", home=home, area_id=KITCHEN)
    assert acted(home) == ["kitchen_light turn_on", "kitchen_light turn_on 100"]


@pytest.mark.parametrize(
    ("sentence", "sent"),
    [
        ("turn on the lights", "kitchen_light turn_on"),
        ("set the brightness to 30 percent", "kitchen_light turn_on 30"),
        ("make it brighter", "kitchen_light turn_on 20"),
    ],
)
async def test_where_nobody_knows_the_room_it_is_asked_for(sentence: str, sent: str) -> None:
    home = small_home()
    async with talk_at(home) as talk:
        asked = await talk.say(sentence)
        assert (asked.text, asked.asks, acted(home)) == ("In which room?", True, [])
        await talk.say("in the kitchen")
    assert acted(home) == [sent]


def two_lamps() -> FakeHome:
    home = FakeHome()
    home.add(thing("light", "Lamp", "kitchen"), "off")
    home.add(replace(thing("light", "Lamp", "bedroom"), id=EntityId("light.lamp_2")), "off")
    return home


async def test_of_two_with_one_name_that_in_the_speakers_room_is_meant() -> None:
    home = two_lamps()
    await say("turn on the lamp", home=home, area_id=BEDROOM)
    assert acted(home) == ["lamp_2 turn_on"]


async def test_of_two_with_one_name_the_room_is_asked_for() -> None:
    home = two_lamps()
    async with talk_at(home) as talk:
        asked = await talk.say("turn on the lamp")
        assert asked.text == "There is one Lamp in each of these: Kitchen and Bedroom. Which one?"
        assert (await talk.say("in the bedroom")).text == "The Lamp is on."
    assert acted(home) == ["lamp_2 turn_on"]


async def test_of_two_that_share_an_alias_the_name_is_asked_for() -> None:
    home = FakeHome()
    home.add(thing("light", "Arc Lamp", "kitchen", aliases=("big light",)), "off")
    home.add(thing("light", "Ceiling Lamp", "kitchen", aliases=("big light",)), "off")
    async with talk_at(home) as talk:
        asked = await talk.say("turn on the big light")
        assert (asked.text, acted(home)) == ("Which one do you mean: Arc Lamp and Ceiling Lamp?", [])
        await talk.say("the ceiling lamp")
    assert acted(home) == ["ceiling_lamp turn_on"]


async def test_a_sensor_that_has_a_locks_name_is_not_locked() -> None:
    home = FakeHome()
    home.add(thing("sensor", "Smart Lock", "hall", device_class="battery"), "80")
    home.add(thing("lock", "Smart Lock", "hall"), "unlocked")
    assert (await say("lock the smart lock", home=home)).text == "The Smart Lock is locked."


async def test_a_door_that_nobody_names_is_the_only_one_or_asked_for() -> None:
    home = small_home()
    assert (await say("lock the door", home=home)).text == "The Front Door is locked."
    home.add(thing("lock", "Back Door", "kitchen"), "unlocked")
    async with talk_at(home) as talk:
        asked = await talk.say("lock the door")
        assert asked.text == "Which one do you mean: Front Door and Back Door?"
        assert (await talk.say("the back door")).text == "The Back Door is locked."
    assert acted(home) == ["front_door lock", "back_door lock"]


async def test_a_garage_has_its_door_whichever_class_it_names() -> None:
    home = FakeHome()
    home.add(thing("cover", "Opener", "garage", device_class="garage"), "open")
    assert (await say("close the garage door", home=home)).text == "The Opener is closed."


async def test_a_valve_is_on_while_it_is_open() -> None:
    home = FakeHome()
    home.add(thing("valve", "Sprinklers", "garden"), "open")
    assert (await say("are the sprinklers on", home=home)).text == "Yes, the Sprinklers are open."


async def test_two_of_one_name_in_one_room_are_left_alone() -> None:
    home = FakeHome()
    home.add(thing("light", "Spot", "kitchen"), "off")
    home.add(replace(thing("light", "Spot", "kitchen"), id=EntityId("light.spot_2")), "off")
    answer = await say("turn on the spot", home=home)
    assert (answer.text, acted(home)) == ("There is more than one Spot, so I left them alone.", [])


async def test_a_room_without_lights_is_told() -> None:
    answer = await say("turn on the lights", area_id=AreaId("garage"))
    assert answer.text == "I don't know of a light in the Garage."
    assert answer.outcomes[0].status is OutcomeStatus.NOT_FOUND


async def test_a_floor_is_all_of_its_rooms() -> None:
    home = small_home()
    view = home.view()
    up = [replace(area, floor_id=FloorId("up") if area.id in ("bedroom", "hall") else None) for area in view.areas]
    home._view = replace(view, areas=up, floors=(Floor(FloorId("up"), "Upper Floor", ("upstairs",)),))
    answer = await say("turn on the lights upstairs", home=home)
    assert acted(home) == ["hall_light turn_on", "bedroom_light turn_on", "desk_lamp turn_on"]
    assert answer.text == "The Hall Light, Bedroom Light and Desk Lamp are on."


async def test_a_cover_of_no_class_is_a_blind_and_a_garage_door_is_none() -> None:
    home = FakeHome()
    home.add(thing("cover", "Garage Door", "garage", device_class="garage"), "closed")
    home.add(thing("cover", "Roller", "kitchen"), "closed")
    await say("open the blinds", home=home)
    assert acted(home) == ["roller open"]
    answer = await say("open the blinds", home=home, area_id=AreaId("garage"))
    assert answer.text == "I don't know of a blind in the Garage."


async def test_the_only_heating_is_meant_from_everywhere() -> None:
    home = small_home()
    await say("make it warmer", home=home, area_id=BEDROOM)
    assert acted(home) == ["thermostat set_temperature 21"]


async def test_of_two_heatings_the_room_is_asked_for() -> None:
    home = small_home()
    home.add(thing("climate", "Bathroom Heater", "bath"), "heat", temperature=23)
    answer = await say("set the temperature to 21 degrees", "the bath", home=home)
    assert (answer.text, acted(home)) == (
        "The Bathroom Heater is set to 21 degrees.",
        ["bathroom_heater set_temperature 21"],
    )


async def test_everything_off_leaves_out_only_what_is_known_to_be_off() -> None:
    home = small_home()
    home.states[EntityId("light.kitchen_light")] = EntityState("on")
    home.states[EntityId("light.hall_light")] = EntityState(None)
    home.script(EntityId("light.desk_lamp"), ActionStatus.UNAVAILABLE)
    answer = await say("turn everything off", home=home)
    assert acted(home) == ["kitchen_light turn_off", "hall_light turn_off"]
    assert answer.text == "That worked for the Kitchen Light and Hall Light, but I couldn't reach the Desk Lamp."


@pytest.mark.parametrize("sentence", ["dim the kitchen light", "dim the kitchen lights"])
async def test_a_light_that_is_off_is_not_dimmed(sentence: str) -> None:
    home = small_home()
    answer = await say(sentence, home=home)
    assert (acted(home), answer.text) == ([], "The Kitchen Light is off.")


async def test_a_silent_light_is_not_said_to_be_off() -> None:
    home = small_home()
    home.states[EntityId("light.kitchen_light")] = EntityState(None)
    answer = await say("dim the kitchen light", home=home)
    assert answer.text == "I don't know: the Kitchen Light hasn't reported anything yet."


@pytest.mark.parametrize(
    ("sentence", "reply"),
    [
        ("set the bedroom light to 140 percent", "I need a number from zero to a hundred."),
        ("open the kitchen window", "The Kitchen Window can't do that."),
        ("set the coffee machine to 50 percent", "The Coffee Machine can't do that."),
        ("set the desk lamp to red", "The Desk Lamp can't do that."),
    ],
)
async def test_what_cannot_be_is_refused(sentence: str, reply: str) -> None:
    home = small_home()
    answer = await say(sentence, home=home)
    assert (acted(home), answer.text) == ([], reply)
    assert answer.outcomes[0].status is OutcomeStatus.REFUSED


# ── questions ────────────────────────────────────────────────────────────────────────────────────


def lived_in() -> FakeHome:
    home = small_home()
    home.states[EntityId("light.kitchen_light")] = EntityState("on", {"brightness_pct": 60})
    home.states[EntityId("light.hall_light")] = EntityState("on")
    home.states[EntityId("binary_sensor.kitchen_window")] = EntityState("on")
    return home


@pytest.mark.parametrize(
    ("sentence", "reply"),
    [
        ("is the kitchen light on", "Yes, the Kitchen Light is on."),
        ("is the kitchen light off", "No, the Kitchen Light is on."),
        ("which lights are on", "The Kitchen Light and Hall Light are on."),
        ("which lights are on in the bedroom", "None of the lights in the Bedroom are on."),
        ("are the bedroom lights on", "No, none of the lights in the Bedroom are on."),
        ("how many lights are on", "2 are on: Kitchen Light and Hall Light."),
        ("are all the lights on", "No, only the Kitchen Light and Hall Light are on."),
        ("are all the lights off in the bedroom", "Yes, the Bedroom Light and Desk Lamp are off."),
        ("are any lights on", "Yes, the Kitchen Light and Hall Light are on."),
        ("what is on", "The Kitchen Light and Hall Light are on."),
        ("what is on in the bedroom", "Nothing is on in the Bedroom."),
        ("is the kitchen window open", "Yes, the Kitchen Window is open."),
        ("are any windows open", "Yes, the Kitchen Window is open."),
        ("is the front door locked", "No, the Front Door is unlocked."),
        ("is everything locked", "No: the Kitchen Window is open, and the Front Door is not locked."),
        ("is the coffee machine on", "No, the Coffee Machine is off."),
        ("is the living room blind closed", "Yes, the Living Room Blind is closed."),
        ("is the thermostat on", "Yes, the Thermostat is set to heat."),
        ("what is the state of the thermostat", "The Thermostat is set to heat at 20 degrees; it is 20.5 degrees now."),
        ("what is the temperature in the bedroom", "It is 19.5 degrees in the Bedroom."),
        ("what is the temperature in the living room", "It is 20.5 degrees in the Living Room."),
        ("what is the temperature", "It is 20.5 degrees, says the Thermostat."),
        ("how humid is it", "The Living Room Humidity is 45 percent."),
    ],
)
async def test_questions_are_answered_from_what_was_reported(sentence: str, reply: str) -> None:
    home = lived_in()
    answer = await say(sentence, home=home)
    assert (acted(home), answer.text) == ([], reply)
    assert answer.outcomes[0].status is OutcomeStatus.TOLD


@pytest.mark.parametrize(
    ("sentence", "unknown", "away"),
    [
        (
            "is the kitchen light on",
            "I don't know: the Kitchen Light hasn't reported anything yet.",
            "I can't reach the Kitchen Light.",
        ),
        (
            "what is on in the kitchen",
            "Nothing is on in the Kitchen, but I don't know about the Kitchen Light.",
            "Nothing is on in the Kitchen, but I don't know about the Kitchen Light.",
        ),
        (
            "which lights are on in the kitchen",
            "I don't know: the Kitchen Light hasn't reported anything yet.",
            "I can't reach the Kitchen Light.",
        ),
        (
            "are any lights on",
            "No, none of the lights are on. I don't know about the Kitchen Light.",
            "No, none of the lights are on. I don't know about the Kitchen Light.",
        ),
    ],
)
async def test_what_is_not_known_is_said_to_be_unknown(sentence: str, unknown: str, away: str) -> None:
    home = small_home()
    home.states[EntityId("light.kitchen_light")] = EntityState(None)
    assert (await say(sentence, home=home)).text == unknown
    home.states[EntityId("light.kitchen_light")] = EntityState("on", is_available=False)
    assert (await say(sentence, home=home)).text == away


async def test_a_house_is_locked_only_where_all_of_it_is_known() -> None:
    home = small_home()
    home.states[EntityId("lock.front_door")] = EntityState("locked")
    assert (await say("is everything locked", home=home)).text == "Yes, everything is closed and locked."
    home.states[EntityId("lock.front_door")] = EntityState("jammed")
    assert (await say("is everything locked", home=home)).text == "No: the Front Door is not locked."
    home.states[EntityId("lock.front_door")] = EntityState("locked", is_available=False)
    reply = (await say("is everything locked", home=home)).text
    assert reply == "I don't know about the Front Door; all the others are closed and locked."


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def tables(language: str) -> dict[str, dict[str, Sequence[str]]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", ["sentences", "replies", "examples"])
def test_both_languages_have_the_same_words(table: str) -> None:
    assert tables("ko")[table].keys() == tables("en")[table].keys()


def test_every_reply_key_is_used_by_the_skill() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py")))
    assert [key for key in tables("en")["replies"] if f'"{key}"' not in code] == []


def test_every_key_that_the_skill_gives_has_words() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py")))
    given = re.findall(r'(?:Outcome(?:\.\w+)?\(|ask\()(?:OutcomeStatus\.\w+, )?"(\w+)"', code)
    assert len(given) > 30
    assert set(given) - tables("en")["replies"].keys() == set()


@pytest.mark.parametrize(("language", "home"), [("en", small_home()), ("ko", korean(small_home()))])
async def test_what_help_offers_is_understood(language: str, home: FakeHome) -> None:
    async with talk_at(home, language) as talk:
        for sentence in tables(language)["examples"]["try"]:
            answer = await talk.say(sentence)
            assert answer.outcomes, sentence
