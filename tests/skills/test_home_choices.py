"""What a thing can be set to is told, also where something else was wanted."""

from __future__ import annotations

import pytest

from assistant.core.home import ActionStatus, EntityId
from assistant.testing.home import FakeHome, full_home, thing
from tests.skills.home_parts import acted, korean, say


def with_options() -> FakeHome:
    home = full_home()
    home.add(
        thing(
            "fan", "Attic Fan", "attic", features=frozenset({"percentage"}), options=("Breeze", "deep_sleep", "none")
        ),
        "on",
    )
    home.add(thing("climate", "Air Conditioner", "attic", options=("off", "cool", "fan_only", "eco")), "off")
    home.add(thing("select", "Dryer Program", "attic", options=("Wool", "Towels")), "Wool")
    effects = tuple(f"Show {number}" for number in range(1, 12))
    home.add(thing("light", "Strip", "attic", features=frozenset({"color", "brightness"}), options=effects), "on")
    return home


@pytest.mark.parametrize(
    ("sentence", "reply"),
    [
        (
            "what can I set the attic fan to",
            "The Attic Fan can be set to Breeze and deep sleep; you can also give me a number from zero to a hundred.",
        ),
        (
            "which modes does the air conditioner have",
            "The Air Conditioner can be set to off, cool, fan only and eco; you can also give me a number of degrees.",
        ),
        ("which programs are there for the dryer program", "The Dryer Program can be set to Wool and Towels."),
        (
            "what effects does the strip have",
            "The Strip can be set to Show 1, Show 2, Show 3, Show 4, Show 5, Show 6, Show 7 and Show 8, and 3 more; "
            "you can also give me a color or a number from zero to a hundred.",
        ),
        (
            "what can the living room blind be set to",
            "For the Living Room Blind you can give me a number from zero to a hundred.",
        ),
        (
            "what can I set the coffee machine to",
            "I don't know of anything that the Coffee Machine could be set to.",
        ),
    ],
)
async def test_the_options_of_a_thing_are_told(sentence: str, reply: str) -> None:
    home = with_options()
    assert (await say(sentence, home=home)).text == reply
    assert acted(home) == []


@pytest.mark.parametrize("sentence", ["세탁 코스는 뭘로 설정할 수 있어", "세탁 코스 설정에는 뭐가 있어"])
async def test_the_options_of_a_thing_are_told_in_korean(sentence: str) -> None:
    home = FakeHome()
    home.add(thing("select", "Washing Program", "kitchen", options=("울", "면")), "울")
    answer = await say(sentence, home=korean(home), language="ko")
    assert answer.text == "세탁 코스에는 이런 설정이 있어요: 울, 그리고 면."


@pytest.mark.parametrize(
    ("sentence", "thing_id", "reply"),
    [
        (
            "set the dryer program to leather",
            "select.dryer_program",
            "The Dryer Program can't be set to leather, but to Wool and Towels.",
        ),
        ("set the attic fan to storm mode", "fan.attic_fan", "The Attic Fan can't be set to storm, but to "),
        ("show the lava effect on the strip", "light.strip", "The Strip can't be set to lava, but to Show 1, "),
        ("set the robot vacuum to silent", "vacuum.robot_vacuum", "The Robot Vacuum can't be set to silent."),
    ],
)
async def test_a_refused_option_is_answered_with_those_there_are(sentence: str, thing_id: str, reply: str) -> None:
    home = with_options()
    home.script(EntityId(thing_id), ActionStatus.UNSUPPORTED)
    assert (await say(sentence, home=home)).text.startswith(reply)


async def test_an_option_that_there_is_is_set() -> None:
    home = with_options()
    assert (await say("set the dryer program to towels", home=home)).text == "The Dryer Program is set to towels."
    assert acted(home) == ["dryer_program select towels"]
