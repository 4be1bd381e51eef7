"""The smallest complete set for a language and a board."""

from __future__ import annotations

import pytest

from assistant.core.errors import ModelError
from assistant.models import default_set, load_catalogue
from assistant.models.recommend import total_ram_mb

CATALOGUE = load_catalogue()


def ids(language: str, *, demo: bool = False, board_ram_mb: int = 1000) -> list[tuple[str, ...]]:
    wanted = default_set(language, demo=demo, catalogue=CATALOGUE, board_ram_mb=board_ram_mb)
    return [choice.ids for choice in wanted.choices]


def test_english_prefers_vosk_and_falls_back_to_moonshine() -> None:
    assert ids("en") == [("vosk-en-small", "moonshine-tiny-en")]


def test_korean_needs_vosk_alone() -> None:
    assert ids("ko") == ids("ko", demo=True) == [("vosk-ko-small", "vosk-ko")]


def test_the_demo_adds_a_better_voice() -> None:
    assert ids("en", demo=True)[1:] == [("piper-joe-us",)]


def test_boards_with_memory_for_it_get_a_language_model_that_may_be_missing() -> None:
    assert ids("en", board_ram_mb=1900)[1:] == [("smollm2-135m",)]
    assert ids("ko", board_ram_mb=8000) == ids("ko")
    choices = default_set("en", demo=True, catalogue=CATALOGUE, board_ram_mb=1900).choices
    assert [choice.need for choice in choices if choice.is_optional] == ["language model"]


def test_every_recommended_model_speaks_the_language() -> None:
    for language in ("en", "ko"):
        for choice in default_set(language, demo=True, catalogue=CATALOGUE).choices:
            for model_id in choice.ids:
                assert language in CATALOGUE.get(model_id).languages


def test_a_language_without_recogniser_names_those_there_are() -> None:
    with pytest.raises(ModelError, match="choose one of: en, ko"):
        default_set("tlh", demo=False, catalogue=CATALOGUE)


def test_a_small_board_is_told_that_it_is_tight() -> None:
    assert not default_set("ko", demo=False, catalogue=CATALOGUE, board_ram_mb=400).fits
    assert default_set("ko", demo=False, catalogue=CATALOGUE, board_ram_mb=900).fits
    assert total_ram_mb() > 100
