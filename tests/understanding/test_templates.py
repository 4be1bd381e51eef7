"""Sentences become commands, or nothing at all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assistant.core.turn import Commands, Nothing
from assistant.understanding import Understanding
from tests.understanding.parts import HOME, KITCHEN, OFFICE, SKILLS, ZONE, Said, commands, plan, understood


async def test_a_name_becomes_an_entity_id_and_stays_as_a_word(part: Understanding) -> None:
    (command,) = await commands(part, "turn on the desk lamp")
    assert command.intent == "HassTurnOn"
    assert command.slots["name"] == "Desk Lamp"
    assert command.slots["entity_id"] == "light.desk"


async def test_an_alias_means_the_same_entity(part: Understanding) -> None:
    (command,) = await commands(part, "Turn on the writing lamp.")
    assert command.slots["entity_id"] == "light.desk"


async def test_an_area_becomes_its_id_even_by_an_alias(part: Understanding) -> None:
    (command,) = await commands(part, "turn off the lights in the study")
    assert command.slots["area_id"] == "office"
    assert command.slots["domain"] == "light"


async def test_the_speakers_area_fills_in_where_the_sentence_needs_one(part: Understanding) -> None:
    (command,) = await commands(part, "turn off the lights", Said(area_id=KITCHEN))
    assert command.slots["area_id"] == "kitchen"


async def test_lights_of_no_area_are_not_guessed(part: Understanding) -> None:
    assert await plan(part, "turn off the lights") == Nothing("not_understood")


async def test_one_name_in_two_areas_gives_both_ids_without_a_room_and_one_with_it(part: Understanding) -> None:
    (anywhere,) = await commands(part, "turn on the ceiling light")
    assert set(anywhere.slots["entity_id"] or ()) == {"light.office_ceiling", "light.kitchen_ceiling"}
    (here,) = await commands(part, "turn on the ceiling light", Said(area_id=OFFICE))
    assert here.slots["entity_id"] == "light.office_ceiling"
    (there,) = await commands(part, "turn on the ceiling light in the kitchen", Said(area_id=OFFICE))
    assert there.slots["entity_id"] == "light.kitchen_ceiling"


async def test_a_thing_that_is_not_in_the_said_area_is_left_alone(part: Understanding) -> None:
    assert await plan(part, "turn on the desk lamp in the kitchen") == Nothing("not_understood")


async def test_values_are_numbers(part: Understanding) -> None:
    for text in ("set the desk lamp to 50%", "set desk lamp brightness to fifty percent"):
        (command,) = await commands(part, text)
        assert command.slots["brightness"] == 50
        assert isinstance(command.slots["brightness"], int)


@pytest.mark.parametrize(
    "text", ["turn on the desk lamp banana", "please banana turn on the desk lamp", "turn on the green desk lamp"]
)
async def test_a_word_that_no_sentence_has_means_no_action(part: Understanding, text: str) -> None:
    assert await plan(part, text) == Nothing("not_understood")


@pytest.mark.parametrize(
    "text",
    [
        "don't turn on the desk lamp",
        "do not turn on the desk lamp",
        "never turn on the desk lamp",
        "turn on the desk lamp not",
        "don't turn off the desk lamp in five minutes",
        "turn on the desk lamp and don't open the garage door",
        "don't turn on the desk lamp and the ceiling light",
        "turn off all lights except the desk lamp",
        "turn off the lights but not the desk lamp",
        "don't forget this is a note",
    ],
)
async def test_a_negation_or_exception_never_acts(part: Understanding, text: str) -> None:
    assert isinstance(await plan(part, text, Said(area_id=OFFICE)), Nothing)


async def test_a_negation_inside_free_words_is_kept_as_said(part: Understanding) -> None:
    (command,) = await commands(part, "Remind me to not feed Rex")
    assert command.slots == {"what": "not feed Rex"}


async def test_fillers_politeness_and_articles_do_not_matter(part: Understanding) -> None:
    (command,) = await commands(part, "Um, could you turn on uh the desk lamp, please?")
    assert command.slots["entity_id"] == "light.desk"
    (command,) = await commands(part, "set the timer for a ten minutes")
    assert command.slots == {"length": timedelta(minutes=10)}


async def test_free_words_and_a_time_side_by_side_are_split_by_the_time(part: Understanding) -> None:
    (command,) = await commands(part, "Remind me to call Mom tomorrow at five p.m.")
    assert command.slots == {"what": "call Mom", "at": datetime(2026, 3, 3, 17, 0, tzinfo=ZONE)}
    (command,) = await commands(part, "remind me tomorrow at 9 a.m. to buy milk at the shop")
    assert command.slots == {"what": "buy milk at the shop", "at": datetime(2026, 3, 3, 9, 0, tzinfo=ZONE)}


async def test_a_duration_before_or_after_its_noun(part: Understanding) -> None:
    for text in ("set a timer for an hour and a half", "start an hour and a half timer"):
        (command,) = await commands(part, text)
        assert command.slots == {"length": timedelta(minutes=90)}, text


async def test_a_slot_whose_words_are_no_value_refuses_the_sentence(part: Understanding) -> None:
    assert isinstance(await plan(part, "roll banana dice"), Nothing)
    assert isinstance(await plan(part, "time in narnia"), Nothing)
    assert isinstance(await plan(part, "set a timer for ten bananas"), Nothing)


async def test_numbers_places_choices_entities_and_areas_become_values(part: Understanding) -> None:
    found = {}
    for text in ("roll three dice", "time in New York", "time in California", "mood party", "where is the desk lamp"):
        (command,) = await commands(part, text)
        found |= {text: dict(command.slots)}
    assert found == {
        "roll three dice": {"count": 3},
        "time in New York": {"city": "America/New_York"},
        "time in California": {"city": "America/Los_Angeles"},
        "mood party": {"mood": "high"},
        "where is the desk lamp": {"thing": "light.desk"},
    }
    (command,) = await commands(part, "what is in the study")
    assert command.slots == {"room": "office"}


async def test_two_commands_in_one_sentence_keep_their_order(part: Understanding) -> None:
    first, second = await commands(part, "lock the front door, then turn off the desk lamp")
    assert (first.slots["entity_id"], second.slots["entity_id"]) == ("lock.front", "light.desk")
    assert (first.intent, second.intent) == ("HassTurnOn", "HassTurnOff")


async def test_a_part_without_a_verb_takes_that_of_the_part_before(part: Understanding) -> None:
    made = await commands(part, "turn on the desk lamp and the ceiling light", Said(area_id=OFFICE))
    assert [each.slots["entity_id"] for each in made] == ["light.desk", "light.office_ceiling"]
    assert {each.intent for each in made} == {"HassTurnOn"}


async def test_last_words_belong_to_all_parts(part: Understanding) -> None:
    made = await commands(part, "turn on the kitchen and bedroom lights")
    assert [each.slots["area_id"] for each in made] == ["kitchen", "bedroom"]


async def test_half_of_a_sentence_is_never_done(part: Understanding) -> None:
    assert isinstance(await plan(part, "turn on the desk lamp and dance with me"), Nothing)


async def test_a_delayed_command_must_itself_be_one(part: Understanding) -> None:
    (command,) = await commands(part, "turn off the desk lamp in 5 minutes")
    assert command.slots == {"conversation_command": "turn off the desk lamp", "minutes": 5}
    assert isinstance(await plan(part, "see you in 5 minutes"), Nothing)


@pytest.mark.parametrize("text", ["who is your boss", "who is it that programmed you", "is anyone listening to me"])
async def test_questions_about_people_are_none_about_a_home_without_people(part: Understanding, text: str) -> None:
    assert isinstance(await plan(part, text), Nothing)


async def test_a_thing_elsewhere_is_not_read_as_free_words(part: Understanding) -> None:
    assert isinstance(await plan(part, "play jazz on the radio in the office"), Nothing)


async def test_intents_that_no_skill_handles_are_not_matched() -> None:
    from tests.understanding.parts import understanding

    mine = understanding()
    mine.use(SKILLS, HOME)
    assert isinstance(await plan(mine, "turn on the desk lamp"), Nothing)
    assert isinstance(await plan(mine, "roll two dice"), Commands)
    mine.close()


async def test_korean_sentences_of_the_package_and_of_skills(part: Understanding) -> None:
    korean = Said("ko")
    (command,) = await commands(part, "거실 무드등 켜줘", korean)
    assert (command.intent, command.slots["entity_id"]) == ("HassTurnOn", "light.mood")
    (command,) = await commands(part, "거실 무드등 밝기 최대로 설정", korean)
    assert command.slots["brightness"] == 100
    (command,) = await commands(part, "내일 아침 여덟 시에 우유를 알려 줘", korean)
    assert command.slots["what"] == "우유"
    (command,) = await commands(part, "오 분 타이머 맞춰", korean)
    assert command.slots == {"length": timedelta(minutes=5)}
    assert isinstance(await plan(part, "거실 무드등 켜지 마", korean), Nothing)


async def test_each_tier_notes_why_it_took_or_passed(part: Understanding) -> None:
    made = await understood(part, "turn on the desk lamp")
    assert [(note.tier, note.took) for note in made.tiers] == [("dialogue", False), ("templates", True)]
    assert made.tiers[1].why == "matched HassTurnOn"
    assert all(note.ms >= 0 for note in made.tiers)
