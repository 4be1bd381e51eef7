"""The tokenizer that is rebuilt from a file's metadata cuts text as its model learned it, and gives it back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from assistant.llm.build.architecture import Family
from assistant.llm.build.gguf_vocabulary import vocabulary_of
from tests.llm.build.tiny import FAMILIES, SPECIAL, TOKENS, metadata_of

PIECES = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", "a", "n", "d", "an", "and", "▁and"]


def tokenizer(**changes: Any) -> Tokenizer:
    asked = metadata_of(FAMILIES[Family.LLAMA]) | changes
    return Tokenizer.from_str(vocabulary_of(lambda key, default=None: asked.get(key, default), 400).tokenizer)


def pieces(**changes: Any) -> dict[str, Any]:
    kinds = [2, 3, 3, *[6] * 256, *[1] * (len(PIECES) - 259)]
    return {
        "tokenizer.ggml.model": "llama", "tokenizer.ggml.tokens": PIECES, "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.scores": [-float(place) for place in range(len(PIECES))], "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
    } | changes  # fmt: skip


BYTE_PAIRS = {name: tokenizer(**{"tokenizer.ggml.pre": name}) for name in ("smollm", "llama-bpe", "qwen2", "default")}
SENTENCE_PIECES = tokenizer(**pieces())


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@pytest.mark.parametrize("name", ["smollm", "llama-bpe", "default"])
def test_any_text_comes_back_from_byte_pairs(name: str, text: str) -> None:
    one = BYTE_PAIRS[name]
    assert one.decode(one.encode(text).ids, skip_special_tokens=False) == text


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="▁"), max_size=40))
def test_any_text_comes_back_from_sentence_pieces(text: str) -> None:
    assert SENTENCE_PIECES.decode(SENTENCE_PIECES.encode(text).ids, skip_special_tokens=False) == text


def test_letters_merge_in_the_order_of_the_file() -> None:
    assert BYTE_PAIRS["smollm"].encode("light").tokens == ["light"]
    assert BYTE_PAIRS["smollm"].encode("lig").tokens == ["li", "g"]


def test_pieces_merge_by_their_scores() -> None:
    assert SENTENCE_PIECES.encode("and and").tokens == ["▁and", "▁and"]
    assert tokenizer(**pieces(**{"tokenizer.ggml.add_space_prefix": False})).encode("and").tokens == ["and"]


def test_a_marker_is_one_token_wherever_it_stands() -> None:
    for one in BYTE_PAIRS.values():
        assert one.encode("a<|im_end|>b").ids[1] == TOKENS.index("<|im_end|>")


@pytest.mark.parametrize(("name", "digits"), [("smollm", 1), ("qwen2", 1), ("llama-bpe", 3)])
def test_numbers_are_cut_as_the_model_learned_them(name: str, digits: int) -> None:
    with_numbers = [*TOKENS, "12", "123"]
    one = tokenizer(
        **{
            "tokenizer.ggml.pre": name,
            "tokenizer.ggml.tokens": with_numbers,
            "tokenizer.ggml.token_type": [3 if token in SPECIAL else 1 for token in with_numbers],
            "tokenizer.ggml.merges": ["1 2", "12 3"],
        }
    )
    assert len(one.encode("1234").tokens[0]) == digits


def test_a_vocabulary_of_pieces_begins_with_its_start_unless_the_file_says_no() -> None:
    assert vocabulary_of(lambda key, default=None: pieces().get(key, default), 400).adds_bos
    said = pieces(**{"tokenizer.ggml.add_bos_token": False})
    assert not vocabulary_of(lambda key, default=None: said.get(key, default), 400).adds_bos
