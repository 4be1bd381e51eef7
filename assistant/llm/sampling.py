"""Choosing the next token from logits: the best one, or by chance within bounds that a seed makes repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to choose. Temperature 0 takes the best token; the other bounds then don't matter."""

    temperature: float = 0.0
    top_k: int = 0
    """Only the k likeliest; 0 is no bound."""
    top_p: float = 1.0
    """Only the likeliest tokens that together reach this probability."""
    min_p: float = 0.0
    """Only tokens at least this share as likely as the likeliest."""
    repeat_penalty: float = 1.0
    """Logits of recent tokens are divided by it (multiplied when negative), as in CTRL (Keskar et al. 2019)."""
    repeat_window: int = 64
    """How many of the last tokens count as recent."""
    seed: int | None = None


GREEDY = Sampling()


class Sampler:
    """Chooses tokens of one answer."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        self._random = np.random.default_rng(sampling.seed)

    def choose(self, logits: NDArray[np.float32], recent: Sequence[int]) -> int:
        """One token id from logits [vocab], where minus infinity bars a token; `recent` are the answer's tokens.

        Raises InputError when every token is barred.
        """
        raise NotImplementedError
