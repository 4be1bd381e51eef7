"""Which things the home skill takes to be meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.core.home import ActionStatus, AreaId, EntityId, EntityState, Floor, FloorId
from assistant.core.turn import OutcomeStatus
from assistant.testing.home import FakeHome, small_home, thing
from tests.skills.home_parts import BEDROOM, KITCHEN, acted, say, talk_at

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


@pytest.mark.parametrize(
    ("sentence", "level"),
    [
        ("raise the brightness of the desk lamp by 15 percent", 55),
        ("increase the desk lamp brightness by fifteen", 55),
        ("make the desk lamp 30 percent brighter", 70),
        ("turn the brightness down on the desk lamp by 10 percent", 30),
        ("lower the brightness in the bedroom by 10 percent", 30),
        ("make the lights 5 percent darker in the bedroom", 35),
    ],
)
async def test_so_many_percent_more_are_added_to_what_is(sentence: str, level: int) -> None:
    home = small_home()
    home.states[EntityId("light.desk_lamp")] = EntityState("on", {"brightness_pct": 40})
    await say(sentence, home=home)
    assert acted(home) == [f"desk_lamp turn_on {level}"]


@pytest.mark.parametrize(
    ("sentence", "sent"),
    [
        ("turn off the bedroom", ["bedroom_light turn_off", "desk_lamp turn_off"]),
        ("switch the kitchen on", ["kitchen_light turn_on"]),
        ("turn off the pantry", ["freezer_plug turn_off"]),
    ],
)
async def test_a_room_is_its_lights_or_else_what_is_switched_there(sentence: str, sent: list[str]) -> None:
    home = small_home()
    home.add(thing("switch", "Freezer Plug", "pantry"), "on")
    await say(sentence, home=home)
    assert acted(home) == sent


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
