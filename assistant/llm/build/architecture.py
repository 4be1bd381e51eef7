"""What the decoder families have in common and where they differ, as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np


class Family(StrEnum):
    """The decoder families that a graph can be built for."""

    LLAMA = "llama"
    QWEN2 = "qwen2"
    QWEN3 = "qwen3"
    GEMMA3 = "gemma3"


@dataclass(frozen=True, slots=True)
class Rope:
    """Rotary positions: angle of dimension pair j at position p is p * base^(-2j/d) / factors[j]."""

    base: float
    factors: tuple[float, ...] = ()
    """One divisor per pair of dimensions; empty: all 1."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """The shape of one decoder. All matrices are [out, in]; halves of a head rotate against each other."""

    family: Family
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    inner: int
    """Width of the feed-forward part."""
    vocab: int
    max_positions: int
    epsilon: float
    """Of the root-mean-square norms."""
    rope: Rope
    local_rope: Rope | None = None
    """Of the layers with a window; None: the same."""
    window: int = 0
    """Tokens that a layer with a window looks back on, itself included; 0: no such layers."""
    window_pattern: int = 0
    """Every so-manyth layer has no window."""
    is_tied: bool = True
    """Whether the head that gives logits is the embedding."""

    @property
    def has_qk_norm(self) -> bool:
        """Whether queries and keys are normed per head before they rotate."""
        return self.family in (Family.QWEN3, Family.GEMMA3)

    @property
    def has_qkv_bias(self) -> bool:
        """Whether queries, keys and values have a bias."""
        return self.family is Family.QWEN2

    @property
    def has_post_norms(self) -> bool:
        """Whether what attention and feed-forward give is normed before it is added."""
        return self.family is Family.GEMMA3

    @property
    def embedding_scale(self) -> float:
        """What embeddings are multiplied with."""
        return float(self.hidden) ** 0.5 if self.family is Family.GEMMA3 else 1.0

    @property
    def has_gelu(self) -> bool:
        """Whether the gate is a GELU (its tanh form) instead of a SiLU."""
        return self.family is Family.GEMMA3

    def has_window(self, layer: int) -> bool:
        """Whether this layer sees only the last `window` tokens."""
        return bool(self.window) and (self.window_pattern == 0 or (layer + 1) % self.window_pattern != 0)

    def rope_of(self, layer: int) -> Rope:
        """The rotary positions of this layer."""
        return self.local_rope if self.local_rope is not None and self.has_window(layer) else self.rope


def rotation_angles(rope: Rope, head_dim: int, positions: int) -> Any:
    """The angle of every position and pair of dimensions, [positions, head_dim / 2] float64."""
    inverse = rope.base ** -(np.arange(0, head_dim, 2, dtype=np.float64) / head_dim)
    if rope.factors:
        inverse = inverse / np.asarray(rope.factors)
    return np.outer(np.arange(positions, dtype=np.float64), inverse)
