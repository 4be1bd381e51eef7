"""Choosing the next token from logits: the best one, or by chance within bounds that a seed makes repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.core.errors import InputError

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to choose. Temperature 0 takes the best token; top_k, top_p, min_p and the seed then don't matter."""

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
_NEGLIGIBLE = 1e-12
"""Tokens so much less likely than the likeliest are left out: most of a vocabulary, and never seen in a lifetime."""
_FIRST_SORTED = 128


class Sampler:
    """Chooses tokens of one answer."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        self._random = np.random.default_rng(sampling.seed)

    def choose(self, logits: Logits, recent: Sequence[int]) -> int:
        """One token id from logits [vocab], where minus infinity bars a token; `recent` are the answer's tokens.

        Raises InputError when every token is barred, or when the model gave no numbers.
        """
        how = self._sampling
        scores = _penalised(logits, recent[-how.repeat_window :], how.repeat_penalty)
        best = int(scores.argmax())
        if not np.isfinite(scores[best]):
            raise InputError("the language model has no token to go on with", why="all are barred or not numbers")
        if how.temperature <= 0:
            return best
        return self._drawn(scores, float(scores[best]))

    def _drawn(self, scores: Logits, highest: float) -> int:
        how = self._sampling
        share = max(how.min_p, _NEGLIGIBLE)
        ids = np.flatnonzero(scores >= highest + how.temperature * np.log(share))
        if 0 < how.top_k < len(ids):
            ids = ids[np.argpartition(scores[ids], -how.top_k)[-how.top_k :]]
        weights = np.exp((scores[ids].astype(np.float64) - highest) / how.temperature)
        if how.top_p < 1:
            ids, weights = _nucleus(ids, weights, how.top_p)
        return int(self._random.choice(ids, p=weights / weights.sum()))


def _penalised(logits: Logits, recent: Sequence[int], penalty: float) -> Logits:
    if penalty == 1 or not recent:
        return logits
    seen = np.unique(np.asarray(recent, dtype=np.int64))
    scores = logits.copy()
    scores[seen] = np.where(scores[seen] > 0, scores[seen] / penalty, scores[seen] * penalty)
    return scores


def _nucleus(
    ids: NDArray[np.int64], weights: NDArray[np.float64], top_p: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The likeliest ids that together reach `top_p`; always at least one."""
    wanted = top_p * weights.sum()
    count = _FIRST_SORTED
    while count < len(ids):  # sorting a whole vocabulary takes milliseconds, and a few tokens are often enough
        top = np.argpartition(weights, -count)[-count:]
        if weights[top].sum() >= wanted:
            ids, weights = ids[top], weights[top]
            break
        count *= 8
    order = np.argsort(-weights, kind="stable")
    kept = order[: int(np.searchsorted(np.cumsum(weights[order]), wanted)) + 1]
    return ids[kept], weights[kept]


def log_probability(logits: Logits, token: int) -> float:
    """The natural logarithm of a token's probability; barred tokens (minus infinity) don't count."""
    return float(logits[token] - log_mass(logits))


def log_mass(logits: Logits) -> float:
    """The logarithm of the summed exponentials of logits [vocab]; minus infinity when all are barred."""
    highest = float(logits.max())
    if not np.isfinite(highest):
        return highest
    return highest + float(np.log(np.exp(logits - np.float32(highest)).sum(dtype=np.float64)))
