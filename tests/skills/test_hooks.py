"""Waiting for things by voice: which thing is meant, what is kept, told and forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.core.home import EntityState
from assistant.core.hooks import Deed, Sense, Watch
from assistant.core.turn import OutcomeStatus
from assistant.testing.home import FakeHome, small_home, thing
from assistant.testing.say import Scene, Talk, talk_to

SKILL = Path(__file__).parents[2] / "skills" / "hooks"


def home() -> FakeHome:
    made = small_home()
    made.add(thing("sensor", "Dryer Power", "cellar", device_class="power", unit="W"), "500")
    made.add(thing("sensor", "Dryer Energy", "cellar", device_class="energy", unit="kWh"), "3")
    made.add(thing("sensor", "Oven Program", "kitchen"), "baking")
    made.add(thing("binary_sensor", "Back Door", "kitchen", device_class="door"), "off")
    made.add(thing("binary_sensor", "Cellar Door", "cellar", device_class="door"), "on")
    made.add(thing("binary_sensor", "Porch Motion", "porch", device_class="motion"), "off")
    made.add(thing("binary_sensor", "Porch Bell", "porch"))
    made.add(thing("event", "Stairs Button Action", "hall"))
    made.add(thing("device_tracker", "Maria"), "not_home")
    made.add(thing("vacuum", "Robbie", "hall"), "cleaning")
    return made


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    async with talk_to(SKILL, Scene(home=home())) as made:
        yield made


async def kept(talk: Talk) -> list[Watch]:
    return [Watch.from_json(text) for text in talk.notebook("hooks").notes.values()]


@pytest.mark.parametrize(
    ("sentence", "entity_id", "event"),
    [
        ("tell me when the dryer is done", "sensor.dryer_power", "ends"),
        ("let me know as soon as the oven has finished", "sensor.oven_program", "ends"),
        ("notify me when robbie is finished", "vacuum.robbie", "ends"),
        ("tell me when the dryer starts", "sensor.dryer_power", "starts"),
        ("alert me if the back door opens", "binary_sensor.back_door", "opens"),
        ("tell me when the cellar door is closed", "binary_sensor.cellar_door", "closes"),
        ("let me know when the front door is locked", "lock.front_door", "locks"),
        ("warn me if the front door is unlocked", "lock.front_door", "unlocks"),
        ("tell me when the coffee machine is switched off", "switch.coffee_machine", "turns_off"),
        ("tell me when the desk lamp goes on", "light.desk_lamp", "turns_on"),
        ("let me know if there is motion on the porch", "binary_sensor.porch_motion", "moves"),
        ("tell me when somebody rings the doorbell", "binary_sensor.porch_bell", "rings"),
        ("tell me when the stairs button is pressed", "event.stairs_button_action", "presses"),
        ("tell me when maria gets home", "device_tracker.maria", "comes_home"),
        ("tell me when maria leaves the house", "device_tracker.maria", "leaves"),
    ],
)
async def test_the_thing_that_can_tell_it_is_watched(talk: Talk, sentence: str, entity_id: str, event: str) -> None:
    answer = await talk.say(sentence)
    assert [outcome.key for outcome in answer.outcomes] == ["kept"]
    (watch,) = await kept(talk)
    assert (watch.entity_id, watch.event, watch.deed, watch.is_standing) == (entity_id, event, Deed.TELL, False)


async def test_a_level_is_watched_with_its_limit(talk: Talk) -> None:
    answer = await talk.say("tell me if the temperature in the bedroom drops below 15 degrees")
    assert answer.text == "Okay, I'll tell you when the temperature in the bedroom is below 15."
    (watch,) = await kept(talk)
    assert (watch.entity_id, watch.sense, watch.limit) == ("sensor.bedroom_temperature", Sense.BELOW, 15)


@pytest.mark.parametrize(
    ("sentence", "deed", "text"),
    [
        ("when the back door opens say mind the step", Deed.SAY, "mind the step"),
        ("when I get home remind me to call the plumber", Deed.REMIND, "call the plumber"),
        ("remind me to call the plumber when I get home", Deed.REMIND, "call the plumber"),
        ("when the back door opens turn on the kitchen light", Deed.RUN, "turn on the kitchen light"),
        ("turn off the coffee machine when I leave", Deed.RUN, "turn off the coffee machine"),
        ("when the dryer is done tell me", Deed.TELL, ""),
    ],
)
async def test_what_is_to_be_done_is_understood(talk: Talk, sentence: str, deed: Deed, text: str) -> None:
    await talk.say(sentence)
    (watch,) = await kept(talk)
    assert (watch.deed, watch.text) == (deed, text)


async def test_every_time_is_told_from_the_next_time(talk: Talk) -> None:
    answer = await talk.say("tell me every time the back door opens")
    assert answer.text == "Okay, I'll tell you every time the Back Door opens."
    assert (await kept(talk))[0].is_standing


async def test_what_a_button_does_it_does_with_every_press(talk: Talk) -> None:
    answer = await talk.say("when I press the stairs button turn on the desk lamp")
    assert answer.text == "Okay, every time the stairs button is pressed I'll do this: turn on the desk lamp."
    (watch,) = await kept(talk)
    assert (watch.entity_id, watch.words, watch.is_standing) == ("event.stairs_button_action", (), True)


async def test_a_doorbell_that_tells_single_rings_is_found_among_other_buttons(talk: Talk) -> None:
    talk.scene.home.add(thing("event", "Gate Station", device_class="doorbell"))
    await talk.say("tell me when the doorbell rings")
    (watch,) = await kept(talk)
    assert (watch.entity_id, watch.words) == ("event.gate_station", ())


async def test_that_it_is_so_already_is_said(talk: Talk) -> None:
    assert "so already" in (await talk.say("tell me when the cellar door opens")).text
    assert "so already" not in (await talk.say("tell me when the back door opens")).text


async def test_a_machine_that_stands_still_has_to_start_first(talk: Talk) -> None:
    talk.scene.home.states[thing("sensor", "Dryer Power").id] = EntityState("1")
    assert "start first" in (await talk.say("tell me when the dryer is done")).text


async def test_nothing_is_kept_for_what_nothing_can_tell(talk: Talk) -> None:
    answer = await talk.say("tell me when the dishwasher is done")
    assert answer.outcomes[0].status is OutcomeStatus.NOT_FOUND
    assert await kept(talk) == []


async def test_a_lock_cannot_tell_that_its_door_opens(talk: Talk) -> None:
    answer = await talk.say("tell me when the front door opens")
    assert answer.outcomes[0].status is OutcomeStatus.NOT_FOUND
    assert await kept(talk) == []


async def test_of_several_that_fit_one_is_asked_for(talk: Talk) -> None:
    answer = await talk.say("tell me when the door opens")
    assert answer.asks
    assert "Back Door" in answer.text
    assert "Cellar Door" in answer.text
    await talk.say("the back door")
    assert [watch.entity_id for watch in await kept(talk)] == ["binary_sensor.back_door"]


async def test_what_is_waited_for_is_listed_and_cancelled(talk: Talk) -> None:
    assert (await talk.say("what are you waiting for")).text == "I'm waiting for nothing."
    await talk.say("tell me when the dryer is done")
    await talk.say("tell me when the back door opens")
    listed = (await talk.say("what are you waiting for")).text
    assert listed == "I'm waiting until the dryer is done; until the Back Door opens."
    assert (await talk.say("stop waiting for the dryer")).text == "Okay, I no longer wait until the dryer is done."
    assert [watch.event for watch in await kept(talk)] == ["opens"]
    assert (await talk.say("stop waiting for the boat")).outcomes[0].status is OutcomeStatus.NOT_FOUND


async def test_all_are_forgotten_after_a_yes(talk: Talk) -> None:
    await talk.say("tell me when the dryer is done")
    await talk.say("tell me when the back door opens")
    assert (await talk.say("stop waiting for everything")).asks
    await talk.say("yes")
    assert await kept(talk) == []


@pytest.mark.parametrize(
    "sentence",
    ["세탁실 문이 열리면 알려줘", "세탁실 문이 열릴 때마다 알려 줘", "세탁실 문이 열리면 조심하라고 말해 줘"],
)
async def test_it_works_in_korean(sentence: str) -> None:
    made = FakeHome()
    made.add(thing("binary_sensor", "세탁실 문", device_class="door"), "off")
    async with talk_to(SKILL, Scene(home=made, language="ko")) as talk:
        answer = await talk.say(sentence)
        assert [outcome.key for outcome in answer.outcomes] == ["kept"]
