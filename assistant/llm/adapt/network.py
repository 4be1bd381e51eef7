"""A decoder of the llama family in torch: frozen weights, low-rank factors beside every matrix that learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.core.errors import ModelError
from assistant.llm.adapt.adapter import Floats
from assistant.llm.adapt.batches import Tokens
from assistant.llm.adapt.library import torch
from assistant.llm.build.architecture import Architecture, Family, rotation_angles
from assistant.llm.build.checkpoint import Checkpoint, floats_of, shapes

MATRICES = ("q", "k", "v", "o", "gate", "up", "down")


@dataclass(frozen=True, slots=True)
class Rank:
    """Of the factors, and what their product is multiplied with."""

    size: int = 16
    scale: float = 2.0


class Network:
    """Tensors and the way through them; `factors` are what learns: name → (down [rank, in], up [out, rank])."""

    def __init__(self, checkpoint: Checkpoint, rank: Rank, seed: int, first_layer: int = 0) -> None:
        """Layers below `first_layer` have no factors. Raises ModelError for families other than llama."""
        architecture = checkpoint.architecture
        if architecture.family is not Family.LLAMA or not architecture.is_tied:
            raise ModelError(
                f"models of the kind {architecture.family} can't be adapted here", fix="adapt one of the llama family"
            )
        self.architecture = architecture
        self._rank = rank
        self._first_layer = first_layer
        self._embed = _frozen(floats_of(checkpoint.matrix("embed")))
        self._norm = torch().from_numpy(np.array(checkpoint.vector("norm")))
        self._layers = [_layer(checkpoint, f"layer.{at}") for at in range(architecture.layers)]
        self.factors = _factors(architecture, rank.size, seed, first_layer)

    @property
    def dtype(self) -> Any:
        """Of the frozen matrices."""
        return self._embed.dtype

    @property
    def parts(self) -> dict[str, Any]:
        """All that learns."""
        return {
            f"{name}.{part}": tensor
            for name, pair in self.factors.items()
            for part, tensor in zip(("down", "up"), pair, strict=True)
        }

    def learnt(self) -> dict[str, Floats]:
        """The factors as an adapter keeps them, the scale multiplied in."""
        scale = {"down": np.float32(1), "up": np.float32(self._rank.scale)}
        return {name: part.detach().numpy() * scale[name.rsplit(".", 1)[1]] for name, part in self.parts.items()}

    def loss(self, batch: Sequence[Tokens]) -> Any:
        """Of the answers' tokens: mean over all of them."""
        ids, rows, columns, wanted = _tensors(batch)
        return torch().nn.functional.cross_entropy(self.logits(ids, rows, columns), wanted)

    def is_sure_of(self, row: Tokens) -> bool:
        """Whether every token of the answer is the likeliest one: decoding greedily gives this answer."""
        ids, rows, columns, wanted = _tensors([row])
        with torch().no_grad():
            return bool((self.logits(ids, rows, columns).argmax(-1) == wanted).all())

    def logits(self, ids: Any, rows: Any, columns: Any) -> Any:
        """Logits [N, vocab] float32 of the positions (rows[i], columns[i]) of `ids` [B, S]."""
        values = self._embed[ids]
        turns = _turns(self.architecture, ids.shape[1])
        for at, layer in enumerate(self._layers):
            values = values + self._attend(values, layer, at, turns)
            values = values + self._feed(values, layer, at)
        wanted = _normed(values[rows, columns], self._norm, self.architecture.epsilon)
        return (wanted @ self._embed.T).float()

    def _attend(self, values: Any, layer: Mapping[str, Any], at: int, turns: tuple[Any, Any]) -> Any:
        shape = self.architecture
        normed = _normed(values, layer["attention_norm"], shape.epsilon)
        batch, length, _ = values.shape
        queries = self._times(normed, layer, at, "q").view(batch, length, shape.heads, shape.head_dim).transpose(1, 2)
        keys = self._times(normed, layer, at, "k").view(batch, length, shape.kv_heads, shape.head_dim).transpose(1, 2)
        held = self._times(normed, layer, at, "v").view(batch, length, shape.kv_heads, shape.head_dim).transpose(1, 2)
        attended = torch().nn.functional.scaled_dot_product_attention(
            _turned(queries, turns), _turned(keys, turns), held, is_causal=True, enable_gqa=True
        )
        return self._times(attended.transpose(1, 2).reshape(batch, length, -1), layer, at, "o")

    def _feed(self, values: Any, layer: Mapping[str, Any], at: int) -> Any:
        normed = _normed(values, layer["feed_norm"], self.architecture.epsilon)
        gate = torch().nn.functional.silu(self._times(normed, layer, at, "gate"))
        return self._times(gate * self._times(normed, layer, at, "up"), layer, at, "down")

    def _times(self, values: Any, layer: Mapping[str, Any], at: int, part: str) -> Any:
        """The frozen matrix, and the product of the factors."""
        linear = torch().nn.functional.linear
        frozen = linear(values, layer[part])
        if at < self._first_layer:
            return frozen
        down, up = self.factors[f"layer.{at}.{part}"]
        return frozen + linear(linear(values, down.to(values.dtype)), up.to(values.dtype)) * self._rank.scale


def has_bfloat16() -> bool:
    """Whether this CPU multiplies numbers of 16 bits itself: elsewhere they are a hundred times slower."""
    capability = getattr(torch().cpu, "_is_avx512_bf16_supported", None)
    return bool(capability is not None and capability())


def _frozen(values: Any) -> Any:
    kind = torch().bfloat16 if has_bfloat16() else torch().float32
    return torch().from_numpy(np.array(values, np.float32)).to(kind)


def _layer(checkpoint: Checkpoint, name: str) -> dict[str, Any]:
    layer = {part: _frozen(floats_of(checkpoint.matrix(f"{name}.{part}"))) for part in MATRICES}
    for part in ("attention_norm", "feed_norm"):
        layer[part] = torch().from_numpy(np.array(checkpoint.vector(f"{name}.{part}")))
    return layer


def _factors(architecture: Architecture, size: int, seed: int, first_layer: int) -> dict[str, tuple[Any, Any]]:
    """`up` begins at zero, so that nothing changes at first (LoRA, arXiv 2106.09685)."""
    source = torch().Generator().manual_seed(seed)
    wanted = shapes(architecture)
    made: dict[str, tuple[Any, Any]] = {}
    for at in range(first_layer, architecture.layers):
        for part in MATRICES:
            rows, columns = wanted[part]
            down = torch().randn(size, columns, generator=source) / columns**0.5
            up = torch().zeros(rows, size)
            made[f"layer.{at}.{part}"] = (down.requires_grad_(), up.requires_grad_())
    return made


def _normed(values: Any, weight: Any, epsilon: float) -> Any:
    whole = values.float()
    scale = torch().rsqrt(whole.pow(2).mean(-1, keepdim=True) + epsilon)
    return (whole * scale * weight).to(values.dtype)


def _turns(architecture: Architecture, length: int) -> tuple[Any, Any]:
    """Cosines and sines [S, head_dim / 2]."""
    angles = rotation_angles(architecture.rope, architecture.head_dim, length)
    return torch().from_numpy(np.cos(angles)).float(), torch().from_numpy(np.sin(angles)).float()


def _turned(values: Any, turns: tuple[Any, Any]) -> Any:
    """Both halves of each head turned against each other."""
    first, second = values.float().chunk(2, dim=-1)
    cosines, sines = turns
    turned = torch().cat((first * cosines - second * sines, second * cosines + first * sines), dim=-1)
    return turned.to(values.dtype)


def _tensors(batch: Sequence[Tokens]) -> tuple[Any, Any, Any, Any]:
    """Ids [B, S], padded on the right (nothing before looks at it), and the positions whose next token is learnt."""
    longest = max(len(row.ids) for row in batch)
    ids = torch().zeros(len(batch), longest, dtype=torch().long)
    rows: list[int] = []
    columns: list[int] = []
    wanted: list[int] = []
    for at, row in enumerate(batch):
        ids[at, : len(row.ids)] = torch().tensor(row.ids)
        for place in range(row.start, len(row.ids)):
            rows.append(at)
            columns.append(place - 1)
            wanted.append(row.ids[place])
    return ids, torch().tensor(rows), torch().tensor(columns), torch().tensor(wanted)
