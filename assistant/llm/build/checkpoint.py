"""A language model as read from its source: shape, vocabulary and weights, whatever file they came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.llm.build.architecture import Architecture
from assistant.llm.form import Origin

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int8]

BLOCK = 32
"""Columns that share a scale."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix of integer codes: value = scale * code + base, scale and base one per 32 columns."""

    codes: Codes
    """[rows, columns], -8 to 7 when `bits` is 4."""
    scales: Floats
    """[rows, columns / 32]"""
    bases: Floats | None
    """As scales; None: all 0."""
    bits: int

    def floats(self) -> Floats:
        """The values, [rows, columns]."""
        rows, columns = self.codes.shape
        values = self.codes.reshape(rows, -1, BLOCK).astype(np.float32)
        values *= self.scales[..., None]
        if self.bases is not None:
            values += self.bases[..., None]
        return values.reshape(rows, columns)


Matrix = Floats | Blocks
"""[out, in]"""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How text becomes tokens."""

    tokenizer: str
    """JSON as the tokenizers library reads it."""
    size: int
    eos: tuple[int, ...]
    bos: int | None
    adds_bos: bool
    chat_template: str


class Checkpoint(Protocol):
    """A model to build from.

    Matrices: `embed`, `head` (unless tied) and per layer `layer.<i>.` q, k, v, o, gate, up, down. Vectors: `norm` and
    per layer attention_norm, feed_norm, and by family q_bias, k_bias, v_bias, q_norm, k_norm, attention_post_norm,
    feed_post_norm. Norm weights are what is multiplied with.
    """

    @property
    def architecture(self) -> Architecture: ...

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def origin(self) -> Origin: ...

    def matrix(self, name: str) -> Matrix:
        """A matrix [out, in]. Raises ModelDamaged when it is missing or of the wrong shape."""
        ...

    def vector(self, name: str) -> Floats:
        """A vector. Raises ModelDamaged when it is missing or of the wrong length."""
        ...


def floats_of(matrix: Matrix) -> Floats:
    """The values of a matrix in float32."""
    return matrix.floats() if isinstance(matrix, Blocks) else matrix


def stacked(matrices: Sequence[Matrix]) -> Matrix:
    """The matrices on top of each other; codes stay codes when all are of one kind."""
    blocks = [matrix for matrix in matrices if isinstance(matrix, Blocks)]
    kinds = {(one.bits, one.bases is None) for one in blocks}
    if len(blocks) < len(matrices) or len(kinds) > 1:
        return np.concatenate([floats_of(matrix) for matrix in matrices])
    bases = [one.bases for one in blocks if one.bases is not None]
    return Blocks(
        np.concatenate([one.codes for one in blocks]),
        np.concatenate([one.scales for one in blocks]),
        np.concatenate(bases) if bases else None,
        blocks[0].bits,
    )


def with_rows(matrix: Matrix, rows: npt.NDArray[np.intp]) -> Matrix:
    """The matrix with its rows in another order."""
    if not isinstance(matrix, Blocks):
        return np.ascontiguousarray(matrix[rows])
    bases = None if matrix.bases is None else matrix.bases[rows]
    return Blocks(matrix.codes[rows], matrix.scales[rows], bases, matrix.bits)


def shapes(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    """Every weight of one layer (without its `layer.<i>.`) and its shape."""
    queries = architecture.heads * architecture.head_dim
    keys = architecture.kv_heads * architecture.head_dim
    hidden, inner = architecture.hidden, architecture.inner
    wanted: dict[str, tuple[int, ...]] = {
        "q": (queries, hidden), "k": (keys, hidden), "v": (keys, hidden), "o": (hidden, queries),
        "gate": (inner, hidden), "up": (inner, hidden), "down": (hidden, inner),
        "attention_norm": (hidden,), "feed_norm": (hidden,),
    }  # fmt: skip
    if architecture.has_qkv_bias:
        wanted |= {"q_bias": (queries,), "k_bias": (keys,), "v_bias": (keys,)}
    if architecture.has_qk_norm:
        wanted |= {"q_norm": (architecture.head_dim,), "k_norm": (architecture.head_dim,)}
    if architecture.has_post_norms:
        wanted |= {"attention_post_norm": (hidden,), "feed_post_norm": (hidden,)}
    return wanted


def shape_of(architecture: Architecture, name: str) -> tuple[int, ...]:
    """The shape that a weight must have. Raises KeyError for a name no model has."""
    if name in ("embed", "head"):
        return (architecture.vocab, architecture.hidden)
    return (architecture.hidden,) if name == "norm" else shapes(architecture)[name.split(".")[-1]]
