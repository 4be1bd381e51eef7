"""The same decoder in float32 with numpy: slow, plain, and what a built graph is measured against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from assistant.llm.build.architecture import rotation_angles
from assistant.llm.build.checkpoint import Blocks, Checkpoint, Floats, Matrix, floats_of

_ROWS = 8192
"""Rows of the head that are multiplied at once: a whole head in float32 may not fit the board."""


class Reference:
    """Runs a checkpoint over one text, all positions at once; one layer's weights in memory at a time."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._source = checkpoint
        self._shape = checkpoint.architecture

    def states(self, tokens: list[int], progress: Callable[[int], None] = lambda _: None) -> Floats:
        """What the head is multiplied with, [tokens, hidden]; `progress` is told the layers done."""
        shape = self._shape
        rows = _slice(self._source.matrix("embed"), np.array(tokens))
        stream = floats_of(rows) * np.float32(shape.embedding_scale)
        for layer in range(shape.layers):
            at = f"layer.{layer}."
            given = self._attention(layer, self._norm(stream, at + "attention_norm"))
            stream = stream + self._post(given, at + "attention_post_norm")
            given = self._feed(at, self._norm(stream, at + "feed_norm"))
            stream = stream + self._post(given, at + "feed_post_norm")
            progress(layer + 1)
        return self._norm(stream, "norm")

    def logits(self, states: Floats) -> Floats:
        """[tokens, vocab]"""
        head = self._source.matrix("embed" if self._shape.is_tied else "head")
        starts = range(0, self._shape.vocab, _ROWS)
        parts = [states @ floats_of(_slice(head, slice(start, start + _ROWS))).T for start in starts]
        return np.concatenate(parts, axis=1)

    def _attention(self, layer: int, normed: Floats) -> Floats:
        shape, at = self._shape, f"layer.{layer}."
        query = self._heads(normed, at + "q", shape.heads)
        key = self._heads(normed, at + "k", shape.kv_heads)
        value = self._heads(normed, at + "v", shape.kv_heads)
        angles = rotation_angles(shape.rope_of(layer), shape.head_dim, len(normed))
        if shape.has_qk_norm:
            query, key = self._norm(query, at + "q_norm"), self._norm(key, at + "k_norm")
        query, key = _rotated(query, angles), _rotated(key, angles)
        steps = np.arange(len(normed))
        behind = steps[:, None] - steps[None, :]
        hidden = behind < 0
        if shape.has_window(layer):
            hidden |= behind >= shape.window
        given = np.empty((len(normed), shape.heads, shape.head_dim), np.float32)
        for head in range(shape.heads):
            shared = head * shape.kv_heads // shape.heads
            scores = query[:, head] @ key[:, shared].T * np.float32(shape.head_dim**-0.5)
            scores[hidden] = -np.inf
            given[:, head] = np.exp(log_softmax(scores)) @ value[:, shared]
        return self._times(given.reshape(len(normed), -1), at + "o")

    def _heads(self, normed: Floats, name: str, heads: int) -> Floats:
        """[tokens, heads, head_dim]"""
        given = self._times(normed, name)
        if self._shape.has_qkv_bias:
            given = given + self._source.vector(name + "_bias")
        return given.reshape(len(normed), heads, self._shape.head_dim)

    def _feed(self, at: str, normed: Floats) -> Floats:
        gate, up = self._times(normed, at + "gate"), self._times(normed, at + "up")
        if self._shape.has_gelu:
            gate = 0.5 * gate * (1 + np.tanh(np.sqrt(2 / np.pi, dtype=np.float32) * (gate + 0.044715 * gate**3)))
        else:
            gate = gate / (1 + np.exp(-gate))
        return self._times(gate * up, at + "down")

    def _times(self, values: Floats, name: str) -> Floats:
        given: Floats = values @ floats_of(self._source.matrix(name)).T
        return given

    def _post(self, values: Floats, name: str) -> Floats:
        return self._norm(values, name) if self._shape.has_post_norms else values

    def _norm(self, values: Floats, name: str) -> Floats:
        size = np.sqrt(np.mean(values**2, axis=-1, keepdims=True) + np.float32(self._shape.epsilon))
        normed: Floats = values / size * self._source.vector(name)
        return normed


def log_softmax(values: Floats) -> Floats:
    """Logarithms of the probabilities along the last axis."""
    shifted = values - values.max(axis=-1, keepdims=True)
    given: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return given


def _rotated(values: Floats, angles: Any) -> Floats:
    cos, sin = np.cos(angles).astype(np.float32)[:, None], np.sin(angles).astype(np.float32)[:, None]
    low, high = np.split(values, 2, axis=-1)
    return np.concatenate([low * cos - high * sin, high * cos + low * sin], axis=-1)


def _slice(matrix: Matrix, rows: Any) -> Matrix:
    if not isinstance(matrix, Blocks):
        taken: Floats = matrix[rows]
        return taken
    bases = None if matrix.bases is None else matrix.bases[rows]
    return Blocks(matrix.codes[rows], matrix.scales[rows], bases, matrix.bits)
