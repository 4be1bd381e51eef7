"""What was told before the start, or by a thing that is out of reach now, is said with its age."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.core.home import EntityId, EntityState
from assistant.testing.home import FakeHome, small_home, thing
from assistant.testing.say import NOON
from tests.skills.home_parts import korean, say


def aged(home: FakeHome, *things: str, minutes: float = 20, is_away: bool = False) -> FakeHome:
    """The home where these things (all, if none is named) were last heard of so long ago."""
    for entity_id, state in list(home.states.items()):
        if not things or entity_id.partition(".")[2] in things:
            told_at = NOON - timedelta(minutes=minutes)
            home.states[entity_id] = replace(
                state, updated_at=told_at, is_from_before=not is_away, is_available=not is_away
            )
    return home


@pytest.mark.parametrize(
    ("sentence", "before", "away"),
    [
        (
            "is the garage door open",
            "As of 20 minutes ago, the Garage Door was closed.",
            "I can't reach the Garage Door; 20 minutes ago it was closed.",
        ),
        (
            "what is the state of the thermostat",
            "As of 20 minutes ago, the Thermostat was set to heat at 20 degrees; it was 20.5 degrees then.",
            "I can't reach the Thermostat; 20 minutes ago it was set to heat at 20 degrees; it was 20.5 degrees then.",
        ),
        (
            "what is the temperature in the bedroom",
            "20 minutes ago it was 19.5 degrees in the Bedroom.",
            "I can't reach the Bedroom Temperature; 20 minutes ago it was 19.5 degrees in the Bedroom.",
        ),
        (
            "what is the temperature",
            "It was 20.5 degrees 20 minutes ago, says the Thermostat.",
            "I can't reach the Thermostat; 20 minutes ago it said 20.5 degrees.",
        ),
        (
            "how humid is it",
            "As of 20 minutes ago, the Living Room Humidity was 45 percent.",
            "I can't reach the Living Room Humidity; 20 minutes ago it was 45 percent.",
        ),
    ],
)
async def test_the_age_of_a_state_is_told(sentence: str, before: str, away: str) -> None:
    assert (await say(sentence, home=aged(small_home()))).text == before
    assert (await say(sentence, home=aged(small_home(), is_away=True))).text == away


@pytest.mark.parametrize(
    ("sentence", "before", "away"),
    [
        (
            "차고 문 열려 있어",
            "차고 문, 20분 전 기준으로 닫혀 있었어요.",
            "차고 문에 연결할 수 없어요. 20분 전에는 닫혀 있었어요.",
        ),
        (
            "침실 온도 알려 줘",
            "침실, 20분 전에는 19.5도였어요.",
            "침실 기기에 연결할 수 없어요. 침실, 20분 전에는 19.5도였어요.",
        ),
    ],
)
async def test_the_age_of_a_state_is_told_in_korean(sentence: str, before: str, away: str) -> None:
    assert (await say(sentence, home=aged(korean(small_home())), language="ko")).text == before
    assert (await say(sentence, home=aged(korean(small_home()), is_away=True), language="ko")).text == away


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.1, "1 minute"),
        (7.6, "8 minutes"),
        (94, "1 hour and 30 minutes"),
        (9.4 * 60, "9 hours"),
        (3.2 * 24 * 60, "3 days"),
    ],
)
async def test_an_age_is_rounded_as_people_say_it(minutes: float, said: str) -> None:
    home = aged(small_home(), "front_door", minutes=minutes)
    assert (await say("is the front door locked", home=home)).text == f"As of {said} ago, the Front Door was unlocked."


async def test_what_was_heard_of_since_the_start_has_no_age() -> None:
    home = aged(small_home(), "hall_light")
    assert (await say("is the kitchen light on", home=home)).text == "No, the Kitchen Light is off."


@pytest.mark.parametrize("is_away", [False, True])
async def test_a_fresh_value_is_preferred_to_an_old_one(is_away: bool) -> None:
    home = aged(small_home(), "bedroom_temperature", is_away=is_away)
    home.add(thing("sensor", "Desk Clock Temperature", "bedroom", device_class="temperature", unit="°C"), "21")
    assert (await say("what is the temperature in the bedroom", home=home)).text == "It is 21 degrees in the Bedroom."


@pytest.mark.parametrize(
    ("sentence", "reply"),
    [
        ("which lights are on", "The Kitchen Light is on. I haven't heard from the Hall Light since I started."),
        ("are any lights on", "Yes, the Kitchen Light is on. I haven't heard from the Hall Light since I started."),
        ("what is on", "The Kitchen Light is on. I haven't heard from the Hall Light since I started."),
        (
            "are all the lights off in the hall",
            "Yes, the Hall Light is off. I haven't heard from the Hall Light since I started.",
        ),
    ],
)
async def test_a_list_says_what_is_not_certain(sentence: str, reply: str) -> None:
    home = aged(small_home(), "hall_light")
    kitchen = EntityId("light.kitchen_light")
    home.states[kitchen] = replace(home.states[kitchen], value="on")
    assert (await say(sentence, home=home)).text == reply


async def test_many_that_are_not_certain_are_counted() -> None:
    others = ("hall_light", "living_room_light", "bedroom_light", "desk_lamp")
    reply = (await say("which lights are on", home=aged(small_home(), *others))).text
    assert reply == "None of the lights are on. I haven't heard from 4 of them since I started."
    reply = (await say("which lights are on", home=aged(small_home()))).text
    assert reply == "None of the lights are on. I haven't heard from any of them since I started."
    reply = (await say("어떤 조명이 켜져 있어", home=aged(korean(small_home())), language="ko")).text
    assert reply.endswith("모두 제가 시작된 뒤로 소식이 없어서 확실하지 않아요.")


async def test_a_house_is_not_said_to_be_locked_for_sure_by_old_news() -> None:
    home = aged(small_home(), "front_door")
    door = EntityId("lock.front_door")
    home.states[door] = replace(home.states[door], value="locked")
    reply = (await say("is everything locked", home=home)).text
    assert reply == (
        "As far as I know, everything is closed and locked. I haven't heard from the Front Door since I started."
    )


@pytest.mark.parametrize(
    ("language", "sentence", "reply"),
    [
        ("en", "is the alarm armed", "As of 20 minutes ago, the House Alarm was armed for the night."),
        ("ko", "집 경보기 경계 중이야", "집 경보기, 20분 전 기준으로 야간 경계 중이었어요."),
    ],
)
async def test_how_an_alarm_was_armed_is_told_with_its_age(language: str, sentence: str, reply: str) -> None:
    home = FakeHome()
    home.add(thing("alarm_control_panel", "House Alarm", "hall", features=frozenset({"disarm"})), "armed_night")
    home = korean(home) if language == "ko" else home
    assert (await say(sentence, home=aged(home), language=language)).text == reply


@pytest.mark.parametrize("question", ["is the desk lamp on", "how is the desk lamp"])
async def test_of_what_reports_nothing_it_is_told_what_was_sent_last(question: str) -> None:
    home = small_home()
    at = NOON - timedelta(minutes=7)
    home.states[EntityId("light.desk_lamp")] = EntityState(None, {"sent": "off", "sent_at": at.isoformat()})
    answer = await say(question, home=home)
    assert answer.text == "The Desk Lamp reports nothing itself; 7 minutes ago I told it to be off."
