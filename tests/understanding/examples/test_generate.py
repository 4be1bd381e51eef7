from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from assistant.core.errors import InputError
from assistant.core.intents import IntentSpec
from assistant.understanding.examples.example import Example
from assistant.understanding.examples.generate import examples
from assistant.understanding.examples.pairs import Writer
from assistant.understanding.examples.sieve import Sieve
from assistant.understanding.examples.words import example_words


def test_the_same_seed_gives_the_same_examples(made: list[Example], home_intents: tuple[IntentSpec, ...]) -> None:
    again = list(islice(examples(home_intents, 5), 13))
    assert again == made[:13]


def test_every_home_is_another_one(made: list[Example]) -> None:
    homes = {id(each.home): each.home for each in made}.values()
    assert len({tuple(entity.name for entity in home.entities) for home in homes}) == len(homes) > 5


def test_commands_name_only_what_is_in_the_home(made: list[Example]) -> None:
    for example in made:
        known = {each.id for each in (*example.home.entities, *example.home.areas, *example.home.floors)}
        for command in example.commands:
            named = {command.slots.get(slot) for slot in ("entity_id", "area_id", "floor_id", "area", "but", "other")}
            ids = {each for each in named if isinstance(each, str) and each not in _said_names(example)}
            assert ids <= known, example


def _said_names(example: Example) -> set[str]:
    """Home Assistant's commands hold the names as said beside the ids."""
    return {each.name for each in (*example.home.areas, *example.home.floors)}


def test_commands_are_of_the_given_intents(made: list[Example], home_intents: tuple[IntentSpec, ...]) -> None:
    known = {spec.name for spec in home_intents}
    assert {command.intent for example in made for command in example.commands} <= known


def test_values_stand_in_the_words_as_said(made: list[Example]) -> None:
    deeds = [each for each in made if each.kind == "deed"]
    assert any(command.words for each in deeds for command in each.commands)
    for example in deeds:
        for command in example.commands:
            for slot in ("value", "percent", "by", "degrees"):
                if slot in command.words:
                    assert command.words[slot].split()[0] in example.utterance.lower(), example


def test_there_are_commands_compounds_and_talk(made: list[Example]) -> None:
    kinds = {each.kind for each in made}
    assert {"deed", "compound", "sentence", "negated", "stories"} <= kinds
    assert all(not each.commands for each in made if each.kind in example_words("en").nothing)
    assert all(len(each.commands) >= 2 for each in made if each.kind == "compound")


def test_a_language_without_lists_is_told() -> None:
    with pytest.raises(InputError, match="word lists"):
        next(examples((), 1, "xx"))


def test_known_sentences_are_left_out_in_any_spelling(made: list[Example], tmp_path: Path) -> None:
    folder = tmp_path / "measured"
    folder.mkdir()
    rows = [{"turns": [{"say": f"  {made[0].utterance.upper()}!  "}]}]
    (folder / "cases.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    sieve = Sieve.of(folder, "en")
    passed = list(sieve.passed(made))
    assert made[0] not in passed
    assert sieve.dropped.total() == len(made) - len(passed) > 0


def test_without_sentences_to_leave_out_nothing_is(made: list[Example], tmp_path: Path) -> None:
    sieve = Sieve.of(tmp_path / "none", "en")
    assert list(sieve.passed(made)) == made
    assert not sieve.known


def test_examples_are_written_in_the_planners_form(made: list[Example], home_intents: tuple[IntentSpec, ...]) -> None:
    writer = Writer(home_intents, "en", 1)
    few = made[:48]
    written = list(writer.written(few))
    assert len(written) > 0.8 * len(few)
    for each in written:
        calls = json.loads(each.answer)
        assert len(calls) in (0, len(each.example.commands))
        assert each.prompt.endswith("calls:\n")
        offered = {tool.name for tool in each.shown.tools}
        assert {call["do"] for call in calls} <= offered
    assert len(written) + writer.unwritable.total() == len(few)


def test_where_what_is_meant_is_not_shown_nothing_is_right(
    made: list[Example], home_intents: tuple[IntentSpec, ...]
) -> None:
    named = [each for each in made[:24] if any("name" in command.slots for command in each.commands)]
    written = list(Writer(home_intents, "en", 1, left_out=1.0).written(named))
    assert written
    for each in written:
        ids = {command.slots.get("name") for command in each.example.commands}
        assert each.answer == "[]"
        assert not ids & {thing.entity.id for thing in each.shown.things}
