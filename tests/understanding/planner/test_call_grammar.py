"""The grammar of a turn lets through every right answer and nothing that isn't said or shown."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.errors import InputError
from assistant.core.home import Entity, EntityId, HomeView
from assistant.llm.constrain import Grammars
from assistant.llm.tokens import Tokenizer
from assistant.understanding.planner.answer import Unreadable, calls_of
from assistant.understanding.planner.call_grammar import MAX_CALLS, grammar_of
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.shots import worked
from tests.llm.tiny import VOCAB, tokenizer_json
from tests.understanding.planner.parts import PARLOUR, bundled_intents, found, reader, retriever

TOKENS = Tokenizer(tokenizer_json())
GRAMMARS = Grammars(tokenizer_json(), VOCAB, [256])


def is_allowed(answer: str, candidates: Candidates) -> bool:
    constraint = GRAMMARS.constraint(grammar_of(candidates))
    try:
        constraint.accept(TOKENS.encode(answer))
    except InputError:
        return False
    return constraint.is_over


def invented(candidates: Candidates, seed: int) -> str:
    """What a model of random wishes answers."""
    random = np.random.default_rng(seed)
    constraint, text = GRAMMARS.constraint(grammar_of(candidates)), bytearray()
    while not constraint.is_over:
        tokens = list(constraint.forced())
        if not tokens:
            logits = random.standard_normal(VOCAB).astype(np.float32)
            constraint.allowed(logits)
            tokens = [int(logits.argmax())]
        constraint.accept(tokens)
        text += b"".join(TOKENS.decode([token]).encode() for token in tokens)
    return text.decode()


def test_no_call_is_always_possible() -> None:
    for text in ("crane lamp on", "what a lovely day", "unlock the postern and open the coach house door"):
        assert is_allowed("[]", found(text))
    assert is_allowed("[]", retriever().moved_to(HomeView((), ())).candidates("x", None))


def test_right_answers_are_allowed() -> None:
    for candidates, answer in worked(bundled_intents(), "en"):
        assert is_allowed(answer, candidates)


def test_several_calls_are_possible_up_to_a_bound() -> None:
    candidates = found("crane lamp on")
    call = '{"do":"turn_on","name":"Crane Lamp"}'
    assert is_allowed(f"[{','.join([call] * MAX_CALLS)}]", candidates)
    assert not is_allowed(f"[{','.join([call] * (MAX_CALLS + 1))}]", candidates)


@pytest.mark.parametrize(
    "answer",
    [
        '[{"do":"turn_on","name":"Postern"}]',
        '[{"do":"set_number","name":"Crane Lamp","value":"sixty"}]',
        '[{"do":"set_number","name":"Crane Lamp","value":"the crane lamp to fif"}]',
        '[{"do":"set_number","name":"Crane Lamp","value":""}]',
        '[{"do":"set_number","name":"Crane Lamp","value":" fifty"}]',
        '[{"do":"set_number","name":"Crane Lamp"}]',
        '[{"do":"set_number","value":"fifty","name":"Crane Lamp"}]',
        '[{"do": "turn_on", "name": "Crane Lamp"}]',
        '[{"do":"home.unlock_it","name":"Crane Lamp"}]',
    ],
)
def test_what_was_neither_said_nor_shown_is_not_allowed(answer: str) -> None:
    candidates = found("bring the crane lamp to fifty percent")
    assert is_allowed('[{"do":"set_number","name":"Crane Lamp","value":"fifty"}]', candidates)
    assert not is_allowed(answer, candidates)


def test_things_are_only_named_to_tools_that_can_do_something_with_them() -> None:
    candidates = found("lock the postern and dim the crane lamp")
    assert is_allowed('[{"do":"lock_it","name":"Postern"}]', candidates)
    assert not is_allowed('[{"do":"lock_it","name":"Crane Lamp"}]', candidates)


@settings(max_examples=60, deadline=None)
@given(
    name=st.text(min_size=1, max_size=16),
    text=st.lists(
        st.sampled_from(["turn", "on", "the", "lamp", "bay", "window", "to", "ten", "and", "lock"]), max_size=9
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_whatever_a_thing_is_called_an_answer_is_json_that_names_what_is_shown(
    name: str, text: list[str], seed: int
) -> None:
    odd = HomeView([Entity(EntityId("light.odd"), name, "light", PARLOUR)], ())
    candidates = retriever().moved_to(odd).candidates(" ".join([*text, name]), PARLOUR)
    answer = invented(candidates, seed)
    calls = json.loads(answer)
    assert isinstance(calls, list)
    assert {call["do"] for call in calls} <= {tool.name for tool in candidates.tools}
    try:
        read = calls_of(answer, candidates, reader(home=odd), candidates.said)
    except Unreadable:
        return  # words that are no number or time
    assert len(read) == len(calls)
