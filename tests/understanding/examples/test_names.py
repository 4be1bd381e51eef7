from __future__ import annotations

from random import Random

import pytest

from assistant.core.home import Area, AreaId, Entity, HomeView
from assistant.testing.home import thing
from assistant.understanding.examples.example import Piece, joined
from assistant.understanding.examples.homes import invent_home
from assistant.understanding.examples.names import Caller
from assistant.understanding.examples.noise import roughened
from assistant.understanding.examples.sentences import Frames
from assistant.understanding.examples.words import example_words

WORDS = example_words("en")


def _home(*entities: Entity) -> HomeView:
    areas = [Area(AreaId(place), place.title()) for place in ("cabin", "loft")]
    return HomeView(entities, areas)


def _names(entity: Entity, home: HomeView, here: str | None = None) -> set[str | None]:
    caller = Caller(home, WORDS, Random(4))
    return {caller.call(entity, home.entities, AreaId(here) if here else None) for _ in range(200)}


def test_a_thing_is_called_in_many_ways() -> None:
    lamp = thing("light", "Cabin Reading Lamp", "cabin")
    called = _names(lamp, _home(lamp))
    assert {"Cabin Reading Lamp", "Reading Lamp"} <= called
    assert len(called) > 5


def test_no_name_could_mean_a_rival() -> None:
    left, right = thing("light", "Left Lamp", "cabin"), thing("light", "Right Lamp", "cabin")
    called = _names(left, _home(left, right))
    assert called
    assert all(name is None or "left" in name.lower() for name in called)


def test_of_two_with_one_name_the_one_here_is_meant() -> None:
    here, there = (
        thing("light", "Lantern", "cabin"),
        Entity(thing("light", "L2").id, "Lantern", "light", AreaId("loft")),
    )
    assert "Lantern" in _names(here, _home(here, there), "cabin")
    assert "Lantern" not in _names(here, _home(here, there), "loft")


@pytest.mark.parametrize("seed", range(5))
def test_ids_in_an_invented_home_are_unique(seed: int) -> None:
    home = invent_home(Random(seed), WORDS.homes)
    ids = [entity.id for entity in home.entities]
    assert len(ids) == len(set(ids)) >= 5
    assert {each.area_id for each in home.entities} <= {None, *(area.id for area in home.areas)}


def test_every_template_of_the_lists_can_be_said() -> None:
    frames, filled = Frames(WORDS.deeds.rules), {}
    for deed in WORDS.deeds.deeds:
        filled = dict.fromkeys(("thing", "area", "floor", *deed.slots.values()), "x")
        for template in deed.say:
            assert joined(frames.one(template, Random(1), filled))


def test_noise_leaves_values_alone() -> None:
    pieces = (Piece("set the kitchen light to"), Piece("forty two percent", is_value=True))
    random, said = Random(2), set()
    for _ in range(300):
        said.add(joined(roughened(pieces, WORDS.values, frozenset({"the"}), random)))
    assert all("forty two percent" in each for each in said)
    assert "set kitchen light to forty two percent" in said
    assert len(said) > 50
