"""Choosing tokens: bounds hold, a seed repeats, what is barred is never chosen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.errors import InputError
from assistant.llm.sampling import GREEDY, Sampler, Sampling, log_mass, log_probability

LOGITS = np.array([0.0, 3.0, 2.9, 1.0, -4.0, 2.0], np.float32)


def drawn(sampling: Sampling, logits: np.ndarray = LOGITS, times: int = 300) -> set[int]:
    sampler = Sampler(sampling)
    return {sampler.choose(logits, []) for _ in range(times)}


def test_greedy_takes_the_likeliest() -> None:
    assert drawn(GREEDY) == {1}


def test_chance_reaches_every_likely_token_and_a_seed_repeats_it() -> None:
    assert drawn(Sampling(temperature=1.0, seed=1)) >= {0, 1, 2, 3, 5}
    one, other = (Sampler(Sampling(temperature=2.0, seed=5)) for _ in range(2))
    assert [one.choose(LOGITS, []) for _ in range(50)] == [other.choose(LOGITS, []) for _ in range(50)]


@pytest.mark.parametrize(
    ("sampling", "expected"),
    [
        (Sampling(temperature=5.0, top_k=2, seed=1), {1, 2}),
        (Sampling(temperature=1.0, top_p=0.5, seed=1), {1, 2}),
        (Sampling(temperature=1.0, top_p=1e-9, seed=1), {1}),
        (Sampling(temperature=1.0, min_p=0.8, seed=1), {1, 2}),
        (Sampling(temperature=1e-6, seed=1), {1}),
        (Sampling(temperature=9.0, top_k=1, top_p=0.9, min_p=0.9, seed=1), {1}),
    ],
)
def test_bounds_of_chance_hold(sampling: Sampling, expected: set[int]) -> None:
    assert drawn(sampling) == expected


def test_the_likeliest_of_a_whole_vocabulary_reach_their_share() -> None:
    logits = np.random.default_rng(0).standard_normal(5000).astype(np.float32)
    order = np.argsort(-logits)
    share = np.cumsum(np.exp(logits[order])) / np.exp(logits).sum()
    for top_p in (0.05, 0.4, 0.97):
        kept = set(order[: int(np.searchsorted(share, top_p)) + 1].tolist())
        assert drawn(Sampling(temperature=1.0, top_p=top_p, seed=1), logits, 400) <= kept


def test_a_repeated_token_becomes_less_likely_whatever_its_sign() -> None:
    sampler = Sampler(Sampling(repeat_penalty=1.5, repeat_window=3))
    assert sampler.choose(LOGITS, [1]) == 2
    assert sampler.choose(LOGITS, [1, 9 % 6, 4, 4, 4]) == 1  # too long ago
    assert sampler.choose(np.array([-1.0, -1.2], np.float32), [0]) == 1


def test_a_barred_token_is_never_chosen() -> None:
    logits = np.full(6, -np.inf, np.float32)
    logits[4] = -30.0
    for sampling in (GREEDY, Sampling(temperature=3.0, seed=1), Sampling(temperature=1.0, top_p=0.1, seed=1)):
        assert drawn(sampling, logits, 20) == {4}


@pytest.mark.parametrize("value", [-np.inf, np.nan])
def test_nothing_to_choose_from_is_told(value: float) -> None:
    with pytest.raises(InputError):
        Sampler(GREEDY).choose(np.full(4, value, np.float32), [])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-50, 50, width=32), min_size=2, max_size=40), st.integers(0, 2**31))
def test_probabilities_add_up_and_choices_are_ids(values: list[float], seed: int) -> None:
    logits = np.array(values, np.float32)
    assert sum(np.exp(log_probability(logits, token)) for token in range(len(logits))) == pytest.approx(1, abs=1e-4)
    sampling = Sampling(temperature=0.7, top_k=5, top_p=0.9, min_p=0.02, repeat_penalty=1.2, seed=seed)
    assert 0 <= Sampler(sampling).choose(logits, [0, 1]) < len(logits)


def test_the_mass_of_nothing_is_nothing() -> None:
    assert log_mass(np.full(3, -np.inf, np.float32)) == -np.inf
