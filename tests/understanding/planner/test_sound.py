"""Words that a recogniser takes for each other sound alike; others don't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.planner.lexis import ALIKE, Vocabulary, heard, stem, stems
from assistant.understanding.planner.sound import key_of, likeness


@pytest.mark.parametrize(
    ("word", "other"),
    [("desk", "dusk"), ("blind", "blend"), ("fan", "van"), ("knight", "night"), ("hall", "haul"), ("phone", "fawn")],
)
def test_what_sounds_the_same_has_one_key(word: str, other: str) -> None:
    assert key_of(word) == key_of(other)
    assert likeness(word, other) >= ALIKE


@pytest.mark.parametrize(("word", "other"), [("lamp", "oven"), ("radio", "blind"), ("tv", "fan"), ("door", "heater")])
def test_what_sounds_otherwise_is_not_alike(word: str, other: str) -> None:
    assert likeness(word, other) < ALIKE


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_is_a_share_the_same_in_both_directions(word: str, other: str) -> None:
    assert 0.0 <= likeness(word, other) <= 1.0
    assert likeness(word, other) == likeness(other, word)


def test_a_word_that_makes_sense_is_taken_as_it_is() -> None:
    vocabulary = Vocabulary(["desk", "crane"])
    assert heard(["dusk"], vocabulary, frozenset())["desk"] >= ALIKE
    assert heard(["dusk"], vocabulary, frozenset({"dusk"})) == {}
    doubtful = heard(["dusk"], vocabulary, frozenset(), frozenset({"dusk"}))
    assert 0 < doubtful["desk"] < ALIKE


def test_a_name_that_was_heard_as_two_words_is_found() -> None:
    assert heard(["book", "shelf"], Vocabulary(["bookshelf"]), frozenset()) == {"bookshelf": 1.0}


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("lamps", "lamp"),
        ("batteries", "battery"),
        ("switches", "switch"),
        ("glass", "glass"),
        ("two", "2"),
        ("bus", "bus"),
    ],
)
def test_plurals_and_number_words_count_as_one(word: str, bare: str) -> None:
    assert stem(word, "en") == bare


def test_words_of_a_name_are_compared_without_signs_and_capitals() -> None:
    assert stems("Grandma's  Reading-Lamp #2", "en") == ("grandma", "reading", "lamp", "2")
