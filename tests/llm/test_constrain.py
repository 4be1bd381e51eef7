"""Grammars hold an answer: what they force, bar, refuse, and what one answer leaves to the next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.errors import InputError, ModelDamaged, ModelMissing
from assistant.llm.constrain import Grammars
from assistant.llm.tokens import Tokenizer
from tests.llm.tiny import VOCAB, tokenizer_json, write_model

TOKENS = Tokenizer(tokenizer_json())
GRAMMARS = Grammars(tokenizer_json(), VOCAB, [256])
LAMPS = 'start: "[]" | "[" lamp "]"\nlamp: "\\"red lamp\\"" | "\\"red lantern\\"" | "\\"blue\\""\n'


def open_tokens(text: str, lark: str = LAMPS) -> set[str]:
    """What may follow after this text, one byte each; "end" for the model's end."""
    constraint = GRAMMARS.constraint(lark)
    constraint.accept(TOKENS.encode(text))
    logits = np.zeros(VOCAB, np.float32)
    constraint.allowed(logits)
    return {
        "end" if token == 256 else TOKENS.decode([token]) for token in map(int, np.flatnonzero(np.isfinite(logits)))
    }


def test_only_what_the_grammar_allows_may_follow() -> None:
    assert open_tokens("[") == {'"', "]"}
    assert open_tokens('["red la') == {"m", "n"}


def test_what_has_no_choice_is_forced_up_to_the_next_choice() -> None:
    constraint = GRAMMARS.constraint(LAMPS)
    assert TOKENS.decode(constraint.forced()) == "["
    constraint.accept(TOKENS.encode('["r'))
    assert TOKENS.decode(constraint.forced()) == "ed la"


def test_an_answer_is_over_when_nothing_may_follow() -> None:
    constraint = GRAMMARS.constraint(LAMPS)
    constraint.accept(TOKENS.encode('["blue"'))
    assert not constraint.is_over
    constraint.accept(TOKENS.encode("]"))
    assert constraint.is_over


def test_a_token_that_was_not_allowed_is_an_error() -> None:
    constraint = GRAMMARS.constraint(LAMPS)
    with pytest.raises(InputError, match="left its grammar"):
        constraint.accept(TOKENS.encode("{"))


def test_answers_under_one_grammar_know_nothing_of_each_other() -> None:
    first, second = GRAMMARS.constraint(LAMPS), GRAMMARS.constraint(LAMPS)
    first.accept(TOKENS.encode("[]"))
    assert first.is_over
    assert TOKENS.decode(second.forced()) == "["


@pytest.mark.parametrize("lark", ["", "start: nowhere", 'start: "open', "%regex"])
def test_a_damaged_grammar_is_an_error(lark: str) -> None:
    with pytest.raises(InputError, match="can't be compiled"):
        GRAMMARS.constraint(lark)


def test_a_foreign_tokenizer_is_damage() -> None:
    with pytest.raises(ModelDamaged):
        Grammars("{}", VOCAB, [256])


def test_it_loads_from_a_models_folder(tmp_path: Path) -> None:
    constraint = Grammars.load(write_model(tmp_path / "tiny")).constraint(LAMPS)
    assert TOKENS.decode(constraint.forced()) == "["
    with pytest.raises(ModelMissing):
        Grammars.load(tmp_path / "nowhere")


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_a_model_prefers_comes_out_as_the_grammar_says(seed: int) -> None:
    random = np.random.default_rng(seed)
    constraint, text = GRAMMARS.constraint(LAMPS), ""
    while not constraint.is_over:
        tokens = list(constraint.forced())
        if not tokens:
            logits = random.standard_normal(VOCAB).astype(np.float32)
            constraint.allowed(logits)
            tokens = [int(logits.argmax())]
        constraint.accept(tokens)
        text += TOKENS.decode(tokens)
    assert text in {"[]", '["red lamp"]', '["red lantern"]', '["blue"]'}
