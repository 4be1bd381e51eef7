"""What the home skill answers to questions, and its words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

import pytest

from assistant.core.home import EntityId, EntityState
from assistant.core.turn import OutcomeStatus
from assistant.testing.home import FakeHome, full_home, small_home
from tests.skills.home_parts import FOLDER, acted, korean, say, talk_at

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
    ("sentence", "language", "reply"),
    [
        ("is the alarm armed", "en", "Yes, the House Alarm is armed, with nobody at home."),
        ("is the house alarm armed", "en", "Yes, the House Alarm is armed, with nobody at home."),
        ("what is the status of the house alarm", "en", "The House Alarm is armed, with nobody at home."),
        ("is the vacuum cleaning", "en", "No, the Robot Vacuum is docked."),
        ("is the robot vacuum still running", "en", "No, the Robot Vacuum is docked."),
        ("is the lawn mower mowing", "en", "Yes, the Lawn Mower is mowing."),
        ("what is the lawn mower doing", "en", "The Lawn Mower is mowing."),
        ("how is the hall light", "en", "The Hall Light is on at 50 percent."),
        ("집 경보기 경계 중이야", "ko", "네, 집 경보기, 외출 경계 중이에요."),
        ("로봇 청소기 지금 청소 중이야", "ko", "아니요, 로봇 청소기, 충전대에 있어요."),
        ("로봇 청소기 지금 뭐 하고 있어", "ko", "로봇 청소기, 지금 충전대에 있어요."),
    ],
)
async def test_what_alarms_and_robots_do_is_told(sentence: str, language: str, reply: str) -> None:
    home = full_home()
    alarm, mower = EntityId("alarm_control_panel.house_alarm"), EntityId("lawn_mower.lawn_mower")
    home.states[alarm] = EntityState("armed_away")
    home.states[mower] = EntityState("mowing")
    home = korean(home) if language == "ko" else home
    assert (await say(sentence, home=home, language=language)).text == reply


async def test_an_alarm_that_is_off_is_not_armed() -> None:
    assert (await say("is the alarm armed", home=full_home())).text == "No, the House Alarm is disarmed."


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
