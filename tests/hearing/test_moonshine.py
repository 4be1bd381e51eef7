"""The parts under Moonshine: its vocabulary file and the trie of expected sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.errors import ModelDamaged, ModelMissing
from assistant.hearing.moonshine import MoonshineRecogniser
from assistant.hearing.phrase_trie import PhraseTrie
from assistant.hearing.vocabulary import Vocabulary, load_vocabulary

TOKENS = (b"", b" t", b" turn", b"urn", b" on", b" T", b" Turn", b"o", b"n", b" ", b".", b" off", b" o", b"ff", b"?")
VOCABULARY = Vocabulary(TOKENS)


def walks(trie: PhraseTrie, sentence: str) -> bool:
    """True if some row of tokens that spells the sentence leads to its end."""
    reached = [(trie.root, f" {sentence}".encode())]
    while reached:
        node, rest = reached.pop()
        if not rest and node.sentence is not None:
            return True
        ways = trie.ways(node)
        for token, place in zip(ways.tokens, ways.nodes, strict=True):
            if rest.startswith(TOKENS[token]):
                reached.append((place, rest[len(TOKENS[token]) :]))
    return False


@pytest.mark.parametrize("sentence", ["turn on", "Turn on", "turn off", "Turn off.", "turn on?"])
def test_sentences_with_capital_and_ending_can_be_walked(sentence: str) -> None:
    assert walks(PhraseTrie(["turn on", "turn off"], VOCABULARY.ids), sentence)


@pytest.mark.parametrize("sentence", ["turn", "turn o", "on", "turn on on", "turn offf", ""])
def test_other_sentences_can_not(sentence: str) -> None:
    assert not walks(PhraseTrie(["turn on", "turn off"], VOCABULARY.ids), sentence)


def test_the_sentence_comes_back_as_it_was_given() -> None:
    trie = PhraseTrie(["turn on"], VOCABULARY.ids)
    ways = trie.ways(trie.root)
    node = dict(zip((TOKENS[token] for token in ways.tokens), ways.nodes, strict=True))[b" Turn"]
    ways = trie.ways(node)
    node = dict(zip((TOKENS[token] for token in ways.tokens), ways.nodes, strict=True))[b" on"]
    assert node.sentence == "turn on"


def test_no_sentences_make_an_empty_trie() -> None:
    trie = PhraseTrie(["", " "], VOCABULARY.ids)
    assert not trie.has_sentences
    assert trie.ways(trie.root).nodes == ()


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_text_can_be_a_sentence(phrases: list[str]) -> None:
    trie = PhraseTrie(phrases, VOCABULARY.ids)
    trie.ways(trie.root)
    assert trie.has_sentences == any(phrase.split() for phrase in phrases)


def test_a_vocabulary_file_is_read_with_long_tokens_and_markup(tmp_path: Path) -> None:
    long = b"x" * 200
    path = tmp_path / "tokenizer.bin"
    path.write_bytes(b"\x03<s>" + bytes((200 - 128 + 128, 1)) + long + b"\x06\xe2\x96\x81abc")
    vocabulary = load_vocabulary(path)
    assert vocabulary.tokens == (b"", long, b" abc")
    assert vocabulary.text([0, 2, 2]) == "abc abc"


def test_a_vocabulary_file_that_ends_early_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.bin"
    path.write_bytes(b"\x05abc")
    with pytest.raises(ModelDamaged):
        load_vocabulary(path)


def test_a_folder_without_weights_is_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        MoonshineRecogniser(tmp_path).load()


def test_a_damaged_graph_is_told_as_such(tmp_path: Path) -> None:
    for name in ("encoder_model.ort", "decoder_model_merged.ort"):
        (tmp_path / name).write_bytes(b"nothing")
    with pytest.raises(ModelDamaged):
        MoonshineRecogniser(tmp_path).load()
