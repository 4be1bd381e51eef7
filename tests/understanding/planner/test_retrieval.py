"""What a turn is about is among the few things, places and tools that are shown."""

from __future__ import annotations

import pytest

from assistant.core.home import Area, AreaId, Entity, EntityId, HomeView
from assistant.core.turn import Command
from assistant.understanding.planner.retrieval import MAX_THINGS, MAX_TOOLS, Retriever
from tests.understanding.planner.parts import (
    HOUSE,
    LIBRARY,
    PARLOUR,
    STABLE,
    found,
    labels,
    retriever,
    toolbox,
    tools,
)


@pytest.mark.parametrize(
    ("text", "label", "tool"),
    [
        ("would you put the crane lamp on", "Crane Lamp", "turn_on"),
        ("kill that bird light", "Crane Lamp", "turn_off"),
        ("um turn of the dusk lamp", "Desk Lamp", "turn_off"),
        ("switch on the grammar phone", "Gramophone", "turn_on"),
        ("socket two on please", "Socket 2", "turn_on"),
        ("let rumble return to the dock", "Rumble", "dock_it"),
        ("the postern should be locked", "Postern", "lock_it"),
        ("bring the bay window to thirty percent", "Bay Window", "set_number"),
        ("i can hardly hear the music", "Gramophone", "increase"),
        ("make the tile stove two degrees warmer", "Tile Stove", "increase"),
    ],
)
def test_things_and_tools_are_found_by_words_and_sound(text: str, label: str, tool: str) -> None:
    candidates = found(text)
    assert label in labels(candidates)
    assert tool in tools(candidates)


def test_a_wish_that_names_nothing_finds_what_could_fulfil_it_here_first() -> None:
    candidates = found("i can't see a thing it is so dark", LIBRARY)
    assert {"Desk Lamp", "Shelf Light Library"} == set(labels(candidates)[:2])
    assert {"lights_on", "brighten"} <= set(tools(candidates))


def test_things_with_one_name_are_shown_with_their_place() -> None:
    assert {"Shelf Light Library", "Shelf Light Scullery"} <= set(labels(found("dim the shelf light")))


def test_places_are_found_by_name_by_another_word_for_them_and_as_where_the_speaker_is() -> None:
    house = HomeView(HOUSE.entities, [*HOUSE.areas, Area(AreaId("lounge"), "Living Room")], HOUSE.floors)
    candidates = retriever().moved_to(house).candidates("lights out in the lounge", STABLE)
    assert [place.label for place in candidates.places] == ["Living Room", "Stable"]
    assert candidates.here == "Stable"


def test_each_part_of_a_compound_finds_its_own() -> None:
    candidates = found("lock the postern and then send rumble back to the base")
    assert {"Postern", "Rumble"} <= set(labels(candidates))
    assert {"lock_it", "dock_it"} <= set(tools(candidates))


def test_words_that_lead_nowhere_are_told() -> None:
    (clause,) = found("switch on the whirlpool lamp").clauses
    assert clause.unknown == ("whirlpool",)
    assert found("switch on the crane lamp please").clauses[0].unknown == ()


def test_tools_for_what_the_home_lacks_are_not_shown() -> None:
    bare = retriever().moved_to(HomeView([Entity(EntityId("light.one"), "Lamp", "light")], ()))
    assert "dock_it" not in tools(bare.candidates("send the vacuum back to its dock", None))


def test_a_home_of_many_things_shows_few() -> None:
    many = [Entity(EntityId(f"light.{number}"), f"Light {number}", "light", PARLOUR) for number in range(300)]
    candidates = retriever().moved_to(HomeView(many, HOUSE.areas)).candidates("switch on light 217", PARLOUR)
    assert labels(candidates)[0] == "Light 217"
    assert len(candidates.things) <= MAX_THINGS
    assert len(candidates.tools) <= MAX_TOOLS


def test_what_an_example_needs_is_shown_even_where_it_would_not_be_found() -> None:
    needed = [Command("home.dock_it", {"name": "vacuum.rumble"}), Command("home.lights_off", {"area": "stable"})]
    candidates = retriever().candidates("good grief", PARLOUR, needed)
    assert "Rumble" in labels(candidates)
    assert {"dock_it", "lights_off"} <= set(tools(candidates))
    assert "Stable" in [place.label for place in candidates.places]


def test_no_words_and_no_home_find_nothing() -> None:
    empty = Retriever.of(toolbox(), HomeView((), ()), "en").candidates("", None)
    assert empty.things == ()
    assert empty.places == ()
