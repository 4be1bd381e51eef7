"""The encoder's shape and the names of its weights, shared by training, export and inference."""

from __future__ import annotations

from dataclasses import dataclass

CALLS = 2
"""So many calls an answer may have; more is for a larger model."""
NAMED, PLACED, SPANS = 2, 2, 3
"""So many things, places and stretches of words one call may hold."""
CLASS_GAIN = 4.0
"""Class scores are multiplied with this: they learn so much faster than the rest."""
POINT = 96
"""Width of the space in which a query meets what it points at."""
LINEARS = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
           "intermediate.dense", "output.dense")  # fmt: skip
"""The matrices of one layer, as published BERT encoders name them."""
HEADS = (
    tuple(f"named{at}" for at in range(NAMED))
    + tuple(f"placed{at}" for at in range(PLACED))
    + tuple(f"{end}{at}" for end in ("start", "end") for at in range(SPANS))
)
KEYS = {"named": "thing", "placed": "place", "start": "first", "end": "last"}
"""Head → what its keys are projected with."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Of the base encoder."""

    hidden: int = 384
    heads: int = 12
    layers: int = 6
    inner: int = 1536
    epsilon: float = 1e-12


def linear(layer: int, part: str) -> str:
    """The name of a matrix of the base."""
    return f"encoder.layer.{layer}.{part}"
