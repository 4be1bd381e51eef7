"""Sentences become a grammar of words the model knows."""

from __future__ import annotations

import json

from assistant.hearing.vosk_grammar import make_grammar

KNOWN = {"turn", "on", "the", "light", "[unk]"}
MORPHEMES = {"거실", "불", "켜", "줘", "맞춰"}


def test_sentences_with_unknown_words_are_left_out_and_the_words_told() -> None:
    grammar = make_grammar(["turn on the light", "turn on the ecobee"], "en", KNOWN.__contains__)
    assert grammar.left_out == ("ecobee",)
    assert json.loads(grammar.as_json()) == ["turn on the light", "[unk]"]


def test_a_model_without_a_word_for_the_unknown_gets_none() -> None:
    assert json.loads(make_grammar(["거실 불"], "ko", MORPHEMES.__contains__).as_json()) == ["거실 불"]


def test_korean_words_are_taken_apart_into_morphemes_and_led_back() -> None:
    grammar = make_grammar(["거실 불 켜줘"], "ko", MORPHEMES.__contains__)
    assert json.loads(grammar.as_json()) == ["거실 불 켜 줘"]
    assert grammar.sentence("거실 불 켜 줘") == "거실 불 켜줘"
    assert grammar.sentence("거실 불 불 켜 줘") is None


def test_english_words_are_not_taken_apart() -> None:
    assert make_grammar(["onlight"], "en", KNOWN.__contains__).left_out == ("onlight",)


def test_no_sentences_make_no_grammar() -> None:
    assert make_grammar(["", "  "], "en", KNOWN.__contains__).spoken == ()
