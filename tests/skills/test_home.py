"""What the home skill does, and says of what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.core.home import Action, ActionResult, ActionStatus, AreaId, EntityId, EntityState
from assistant.core.turn import OutcomeStatus
from assistant.testing.home import FakeHome, small_home, thing
from tests.skills.home_parts import LIGHTS, acted, korean, say, talk_at


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
