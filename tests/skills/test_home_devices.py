"""Robots, music, the alarm, numbers and options of anything, and all except some."""

from __future__ import annotations

import pytest

from assistant.core.home import ActionStatus, Entity, EntityId
from assistant.core.turn import OutcomeStatus
from assistant.testing.home import full_home
from skills.home.values import code_from, color_from, kelvin_from, mode_from, speed_from
from tests.skills.home_parts import acted, korean, say, talk_at

SAID = [
    ("start the vacuum", "robot_vacuum start", "The Robot Vacuum is cleaning."),
    ("start the robot vacuum", "robot_vacuum start", "The Robot Vacuum is cleaning."),
    ("pause the vacuum", "robot_vacuum pause", "The Robot Vacuum is paused."),
    ("send the vacuum back to its dock", "robot_vacuum return_to_base", "The Robot Vacuum is on its way back."),
    ("set the robot vacuum power to quiet", "robot_vacuum set_fan_speed quiet", "The Robot Vacuum is set to quiet."),
    ("mow the lawn", "lawn_mower start_mowing", "The Lawn Mower is mowing."),
    ("park the mower", "lawn_mower dock", "The Lawn Mower is on its way back."),
    ("set the bedroom fan to low", "bedroom_fan set_percentage 33", "The Bedroom Fan is set to low."),
    ("set the bedroom fan to breeze mode", "bedroom_fan set_preset breeze", "The Bedroom Fan is set to breeze."),
    ("turn up the bedroom fan", "bedroom_fan set_percentage 20", "The Bedroom Fan is at 20 percent."),
    ("let the bedroom fan be", "", "Sorry, I didn't understand that."),
    ("make the fan oscillate", "bedroom_fan oscillate True", "The Bedroom Fan is turning from side to side."),
    ("reverse the bedroom fan", "bedroom_fan set_direction", "The Bedroom Fan is turning the other way round."),
    (
        "set the bedroom humidifier to 55 percent",
        "bedroom_humidifier set_humidity 55",
        "The Bedroom Humidifier is set to 55 percent.",
    ),
    ("set the washing program to wool", "washing_program select wool", "The Washing Program is set to wool."),
    ("set the doorbell volume to seven", "doorbell_volume set_value 7", "The Doorbell Volume is set to 7."),
    ("increase the doorbell volume by 2", "doorbell_volume set_value 7.0", "The Doorbell Volume is set to 7."),
    ("set the thermostat to cooling", "thermostat set_mode cool", "The Thermostat is set to cooling."),
    ("set the thermostat to away mode", "thermostat set_preset away", "The Thermostat is set to away."),
    (
        "make the thermostat two degrees warmer",
        "thermostat set_temperature 22",
        "The Thermostat is set to 22 degrees.",
    ),
    ("set the desk lamp to sky blue", "desk_lamp turn_on sky blue", "The Desk Lamp is set to sky blue."),
    ("set the desk lamp to warm white", "desk_lamp turn_on 2700", "The Desk Lamp is set to warm white."),
    ("pause the music", "kitchen_radio pause", "The Kitchen Radio is paused."),
    ("turn off the kitchen radio", "kitchen_radio pause", "The Kitchen Radio is paused."),
    ("turn the volume up", "kitchen_radio volume_up 10", "The Kitchen Radio is louder."),
    (
        "set the volume of the kitchen radio to 40",
        "kitchen_radio set_volume 40",
        "The volume of the Kitchen Radio is at 40 percent.",
    ),
    ("arm the alarm", "house_alarm arm_away", "The House Alarm is being armed."),
    ("arm the alarm for the night", "house_alarm arm_night", "The House Alarm is armed for the night."),
    (
        "write hello there on the kitchen display",
        "kitchen_display set_text hello there",
        "The Kitchen Display shows it.",
    ),
    (
        "tilt the living room blind to 30 percent",
        "living_room_blind set_tilt 30",
        "The slats of the Living Room Blind are at 30 percent.",
    ),
]


@pytest.mark.parametrize(("sentence", "sent", "text"), SAID)
async def test_what_is_said_is_done_and_told(sentence: str, sent: str, text: str) -> None:
    home = full_home()
    answer = await say(sentence, home=home)
    assert (acted(home), answer.text) == ([sent] if sent else [], text)


@pytest.mark.parametrize(
    ("sentence", "off"),
    [
        ("turn off all the lights except the desk lamp", ["hall_light", "kitchen_light"]),
        ("turn off all lights except the desk lamp and the hall light", ["kitchen_light"]),
        ("turn off all the lights except in the hall", ["desk_lamp", "kitchen_light"]),
        ("turn all the lights off but the kitchen light", ["desk_lamp", "hall_light"]),
    ],
)
async def test_all_lights_except_some(sentence: str, off: list[str]) -> None:
    home = full_home()
    await say(sentence, home=home)
    assert sorted(acted(home)) == [f"{name} turn_off" for name in off]


async def test_blinds_and_everything_except_some() -> None:
    home = full_home()
    await say("close all the blinds except the bedroom curtain", home=home)
    assert acted(home) == ["living_room_blind close"]
    home = full_home()
    await say("turn off everything in the kitchen except the coffee machine", home=home)
    assert sorted(acted(home)) == ["kitchen_light turn_off", "kitchen_radio pause"]


async def test_an_exception_that_is_everything_leaves_nothing() -> None:
    home = full_home()
    answer = await say("turn off all the lights in the kitchen except the kitchen light", home=home)
    assert (acted(home), answer.text) == ([], "That leaves nothing in the Kitchen.")


async def test_an_option_ends_where_the_next_command_begins() -> None:
    home = full_home()
    await say("set the bedroom fan to high and turn off the desk lamp", home=home)
    assert acted(home) == ["bedroom_fan set_percentage 100", "desk_lamp turn_off"]


async def test_the_alarm_asks_for_its_code_and_then_for_a_yes() -> None:
    home = full_home()
    async with talk_at(home) as talk:
        assert (await talk.say("disarm the alarm")).text == "What is the code of the House Alarm?"
        assert (await talk.say("one two three four")).text == "Shall I really disarm the House Alarm?"
        assert acted(home) == []
        assert (await talk.say("yes")).text == "The House Alarm is disarmed."
    assert acted(home) == ["house_alarm disarm 1234"]


async def test_a_wrong_code_is_told_as_one() -> None:
    home = full_home()
    home.script(EntityId("alarm_control_panel.house_alarm"), ActionStatus.UNSUPPORTED)
    answer = await say("disarm the alarm with the code 4 3 2 1", "yes", home=home)
    assert answer.text == "The House Alarm won't do that with this code."


@pytest.mark.parametrize(
    ("sentence", "thing", "text"),
    [
        ("set the washing program to moon", "select.washing_program", "The Washing Program can't be set to moon."),
        ("set the doorbell volume to 70", "number.doorbell_volume", "The Doorbell Volume can't be set to 70."),
        ("set the thermostat to 70 degrees", "climate.thermostat", "The Thermostat can't be set to 70."),
    ],
)
async def test_what_a_device_has_not_got_is_refused_by_name(sentence: str, thing: str, text: str) -> None:
    home = full_home()
    home.script(EntityId(thing), ActionStatus.UNSUPPORTED)
    answer = await say(sentence, home=home)
    assert answer.outcomes[0].status is OutcomeStatus.REFUSED
    assert answer.text == text


async def test_what_is_more_is_only_known_where_it_is_known_now() -> None:
    home = full_home()
    home.states[EntityId("number.doorbell_volume")] = home.states[EntityId("text.kitchen_display")]
    answer = await say("increase the doorbell volume", home=home)
    assert (acted(home), answer.outcomes[0].status) == ([], OutcomeStatus.UNAVAILABLE)


async def test_of_two_robots_the_name_is_asked_for() -> None:
    home = full_home()
    home.add(Entity(EntityId("vacuum.upstairs"), "Upstairs Robot", "vacuum"), "docked")
    async with talk_at(home) as talk:
        assert (await talk.say("start the vacuum")).asks


@pytest.mark.parametrize(
    ("sentence", "sent"),
    [
        ("로봇 청소기 돌려 줘", "robot_vacuum start"),
        ("초인종 음량을 7로 맞춰 줘", "doorbell_volume set_value 7"),
        ("온도조절기 23도로 맞춰 줘", "thermostat set_temperature 23"),
        ("습도를 45퍼센트로 맞춰 줘", "bedroom_humidifier set_humidity 45"),
        ("경비 켜 줘", "house_alarm arm_away"),
        ("음악 멈춰 줘", "kitchen_radio pause"),
        ("책상 스탠드를 하늘색으로 바꿔 줘", "desk_lamp turn_on sky blue"),
    ],
)
async def test_korean_is_done(sentence: str, sent: str) -> None:
    home = korean(full_home())
    await say(sentence, home=home, language="ko")
    assert acted(home) == [sent]


def test_words_that_name_a_value() -> None:
    assert (color_from("Navy Blue", "en"), color_from("plaid", "en"), color_from("금색", "ko")) == (
        "navy",
        None,
        "gold",
    )
    assert (kelvin_from("warm white", "en"), speed_from("full speed", "en"), mode_from("fan-only", "en")) == (
        2700,
        100,
        "fan_only",
    )
    assert speed_from("low", "xx") == 33


@pytest.mark.parametrize(
    ("said", "language", "code"),
    [
        ("1234", "en", "1234"),
        ("1 2 3 4", "en", "1234"),
        ("zero four oh nine", "en", "0409"),
        ("일이삼사", "ko", "1234"),
        ("open sesame", "en", "opensesame"),
    ],
)
def test_codes_as_they_are_said(said: str, language: str, code: str) -> None:
    assert code_from(said, language) == code
