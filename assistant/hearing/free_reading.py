"""Moonshine reading freely: the likeliest token, step by step."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assistant.hearing.moonshine_model import END, Encoded, MoonshineModel, Step

_TOKENS_PER_S = 6.5
"""Nobody speaks faster; a model that loops is stopped there."""
_LOOP = 4
"""So many times the same token in a row is a loop."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Tokens (without start and end) and the log probability of the whole, end included."""

    tokens: tuple[int, ...]
    log_prob: float

    @property
    def per_token(self) -> float:
        """Mean log probability."""
        return self.log_prob / (len(self.tokens) + 1)

    @property
    def confidence(self) -> float:
        """0–1: the mean probability of a token."""
        return math.exp(self.per_token)


def read_freely(model: MoonshineModel, encoded: Encoded, first: Step) -> Reading:
    """The greedy reading."""
    tokens: list[int] = []
    log_prob = 0.0
    step = first
    limit = max(4, int(encoded.seconds * _TOKENS_PER_S))
    row = np.zeros(1, np.int64)
    while len(tokens) < limit:
        token = int(step.log_probs[0].argmax())
        log_prob += float(step.log_probs[0, token])
        if token == END or tokens[-_LOOP:] == [token] * _LOOP:
            break
        tokens.append(token)
        step = model.advance(encoded, step, np.array([token]), row)
    return Reading(tuple(tokens), log_prob)
