"""How sure a proposal is, as a probability that it is what was meant, and from where on it counts."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.understanding.planner.planner import Proposal

MOST_MARGIN = 12.0
"""Nats; more says no more."""
_STEPS, _RIDGE = 25, 0.1


class Calibration(BaseModel):
    """A logistic curve over a proposal's log-probabilities."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    """Where the constants come from."""
    bias: float
    margin: float
    """Per nat of margin over no call."""
    weakest: float
    """Per nat of the least sure choice."""
    act: float
    """Proposals of at least this probability are carried out."""
    tie: float
    """Two things within so many nats of each other are both meant: the speaker is asked."""

    def probability(self, proposal: Proposal) -> float:
        """That the proposal is right, 0 to 1."""
        margin, weakest = _features(proposal.margin, proposal.weakest)
        return _logistic(self.bias + self.margin * margin + self.weakest * weakest)


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposal whose truth is known."""

    margin: float
    weakest: float
    is_right: bool


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """The constants beside this module."""
    text = files("assistant.understanding.planner").joinpath("score.toml").read_text(encoding="utf-8")
    return Calibration.model_validate(tomllib.loads(text))


def fitted(judged: Sequence[Judged], most_wrong: float, source: str, tie: float = 1.0) -> Calibration:
    """The curve of greatest likelihood, and the lowest threshold at which at most a share of `most_wrong` of all
    that is carried out is wrong (1.0 where there is none). Needs right and wrong ones among them."""
    bias, margin, weakest = _fit([(*_features(each.margin, each.weakest), each.is_right) for each in judged])
    curve = Calibration(source=source, bias=bias, margin=margin, weakest=weakest, act=1.0, tie=tie)
    rated = sorted(
        ((curve.probability(Proposal("", each.margin, each.weakest)), each.is_right) for each in judged), reverse=True
    )
    act, wrong = 1.0, 0
    for count, (probability, is_right) in enumerate(rated, start=1):
        wrong += not is_right
        if wrong <= most_wrong * count:
            act = probability
    return curve.model_copy(update={"act": round(act, 4)})


def _features(margin: float, weakest: float) -> tuple[float, float]:
    return max(-MOST_MARGIN, min(MOST_MARGIN, margin)), max(-MOST_MARGIN, weakest)


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, x))))


def _fit(rows: Sequence[tuple[float, float, bool]]) -> tuple[float, float, float]:
    """Logistic regression by Newton's method with a small ridge, which keeps it finite where nothing overlaps."""
    x = np.array([(1.0, margin, weakest) for margin, weakest, _ in rows])
    y = np.array([is_right for _, _, is_right in rows], np.float64)
    weights = np.zeros(3)
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -60.0, 60.0)))
        slope = x.T @ (p - y) + _RIDGE * weights
        curvature = (x * (p * (1.0 - p))[:, None]).T @ x + _RIDGE * np.eye(3)
        weights -= np.linalg.solve(curvature, slope)
    bias, margin, weakest = (round(float(weight), 4) for weight in weights)
    return bias, margin, weakest
