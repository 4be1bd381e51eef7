"""The encoder in torch, for training: frozen weights with low-rank factors, and heads that learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.llm.adapt.library import torch
from assistant.llm.pointer.layout import MARKS, Layout
from assistant.llm.pointer.shape import CALLS, CLASS_GAIN, HEADS, KEYS, LINEARS, POINT, Shape, linear

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Goal:
    """The right answer of one layout: class of each call, and what each head of it points at (0: none)."""

    classes: tuple[int, ...]
    """CALLS of them; 0: no call."""
    points: Mapping[tuple[int, str], int]
    """(call, head) → place in the list, from 1; heads that the call has no use for are not there."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One row to learn from."""

    layout: Layout
    goal: Goal

    @property
    def length(self) -> int:
        """In tokens."""
        return len(self.layout.ids)


class Learner:
    """Tensors and the way through them; `parts` are what learns."""

    def __init__(self, base: Mapping[str, Any], shape: Shape, classes: int, rank: int, seed: int) -> None:
        self.shape = shape
        self.rank = rank
        self._base = {
            name: torch().tensor(np.array(values, np.float32))
            for name, values in base.items()
            if values.dtype != np.int64
        }
        self.parts = _parts(self._base, shape, classes, rank, seed)

    def encoded(self, ids: Any, mask: Any) -> Any:
        """Ids [B, S] and mask [B, S] (true: a token) → [B, S, hidden]."""
        base, functional = self._base, torch().nn.functional
        words = base["embeddings.word_embeddings.weight"][ids]
        marks = self.parts["marks"][self._mark_at(ids)] * torch().isin(ids, torch().tensor(MARKS))[..., None]
        places = base["embeddings.position_embeddings.weight"][: ids.shape[1]]
        values = words + marks + places + base["embeddings.token_type_embeddings.weight"][0]
        values = self._normed(values, "embeddings.LayerNorm")
        keep = mask[:, None, None, :]
        for layer in range(self.shape.layers):
            values = self._layer(values, layer, keep, functional)
        return values

    def _mark_at(self, ids: Any) -> Any:
        return torch().clamp(ids - MARKS[0], 0, len(MARKS) - 1)

    def _layer(self, values: Any, layer: int, keep: Any, functional: Any) -> Any:
        batch, length, hidden = values.shape
        split = (batch, length, self.shape.heads, hidden // self.shape.heads)
        queries, keys, held = (
            self._times(values, linear(layer, part)).view(split).transpose(1, 2) for part in LINEARS[:3]
        )
        mixed = functional.scaled_dot_product_attention(queries, keys, held, attn_mask=keep)
        mixed = self._times(mixed.transpose(1, 2).reshape(batch, length, hidden), linear(layer, LINEARS[3]))
        values = self._normed(values + mixed, linear(layer, "attention.output.LayerNorm"))
        inner = functional.gelu(self._times(values, linear(layer, LINEARS[4])))
        return self._normed(values + self._times(inner, linear(layer, LINEARS[5])), linear(layer, "output.LayerNorm"))

    def _times(self, values: Any, name: str) -> Any:
        apply = torch().nn.functional.linear
        frozen = apply(values, self._base[f"{name}.weight"], self._base[f"{name}.bias"])
        return frozen + apply(apply(values, self.parts[f"{name}.down"]), self.parts[f"{name}.up"])

    def _normed(self, values: Any, name: str) -> Any:
        return torch().nn.functional.layer_norm(
            values, (self.shape.hidden,), self._base[f"{name}.weight"], self._base[f"{name}.bias"], self.shape.epsilon
        )

    def scores(self, query: Any, keys: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Hidden states of queries [B, hidden], and of what they may point at ([B, N, hidden]) → class logits [B, C]
        and per head logits [B, N + 1], none first."""
        apply = torch().nn.functional.linear
        classes = apply(query, self.parts["classes"], self.parts["classes.bias"]) * CLASS_GAIN
        pointed = {}
        for head in HEADS:
            kind = KEYS[head.rstrip("0123456789")]
            wanted = apply(query, self.parts[f"{head}.query"])
            offered = apply(keys[kind], self.parts[f"{kind}.key"])
            none = self.parts[f"{head}.none"].expand(query.shape[0], 1, POINT)
            all_of = torch().cat((none, offered), dim=1)
            pointed[head] = (all_of @ wanted[..., None]).squeeze(-1) / POINT**0.5
        return classes, pointed

    def loss(self, batch: Sequence[Lesson]) -> Any:
        """Of all decisions, per row."""
        layouts, goals = [each.layout for each in batch], [each.goal for each in batch]
        ids, mask = _ids(layouts)
        values = self.encoded(ids, mask)
        keys = {
            "thing": _gathered(values, [each.things for each in layouts]),
            "place": _gathered(values, [each.places for each in layouts]),
            "first": _gathered(values, [each.words[1:] for each in layouts]),
        }
        keys["last"] = keys["first"]
        counts = {"thing": [len(each.things) for each in layouts], "place": [len(each.places) for each in layouts],
                  "first": [len(each.words) - 1 for each in layouts]}  # fmt: skip
        counts["last"] = counts["first"]
        cross, losses = torch().nn.functional.cross_entropy, []
        for call in range(CALLS):
            query = values[torch().arange(len(layouts)), torch().tensor([each.queries[call] for each in layouts])]
            classes, pointed = self.scores(query, keys)
            losses.append(cross(classes, torch().tensor([goal.classes[call] for goal in goals])))
            for head, logits in pointed.items():
                wanted = [goal.points.get((call, head), IGNORED) for goal in goals]
                if any(each != IGNORED for each in wanted):
                    many = torch().tensor(counts[KEYS[head.rstrip("0123456789")]])
                    outside = torch().arange(logits.shape[1])[None, :] > many[:, None]
                    total = cross(
                        logits.masked_fill(outside, -1e4), torch().tensor(wanted), ignore_index=IGNORED, reduction="sum"
                    )
                    losses.append(total / len(goals))
        return sum(losses)


def _parts(base: Mapping[str, Any], shape: Shape, classes: int, rank: int, seed: int) -> dict[str, Any]:
    source = torch().Generator().manual_seed(seed)

    def random(*size: int, scale: float) -> Any:
        return torch().randn(*size, generator=source) * scale

    parts: dict[str, Any] = {"marks": random(len(MARKS), shape.hidden, scale=0.05)}
    for layer in range(shape.layers):
        for part in LINEARS:
            name = linear(layer, part)
            rows, columns = base[f"{name}.weight"].shape
            parts[f"{name}.down"] = random(rank, columns, scale=columns**-0.5)
            parts[f"{name}.up"] = torch().zeros(rows, rank)
    parts["classes"] = random(classes, shape.hidden, scale=0.02)
    parts["classes.bias"] = torch().zeros(classes)
    for head in HEADS:
        parts[f"{head}.query"] = random(POINT, shape.hidden, scale=shape.hidden**-0.5)
        parts[f"{head}.none"] = random(1, POINT, scale=0.1)
    for kind in sorted(set(KEYS.values())):
        parts[f"{kind}.key"] = random(POINT, shape.hidden, scale=shape.hidden**-0.5)
    return {name: part.requires_grad_() for name, part in parts.items()}


def _ids(layouts: Sequence[Layout]) -> tuple[Any, Any]:
    longest = max(len(each.ids) for each in layouts)
    ids = torch().zeros(len(layouts), longest, dtype=torch().long)
    mask = torch().zeros(len(layouts), longest, dtype=torch().bool)
    for at, each in enumerate(layouts):
        ids[at, : len(each.ids)] = torch().tensor(each.ids)
        mask[at, : len(each.ids)] = True
    return ids, mask


def _gathered(values: Any, places: Sequence[Sequence[int]]) -> Any:
    """The states at these places, [B, N, hidden]; filled up with those of the first token."""
    most = max(1, max(len(each) for each in places))
    at = torch().tensor([[*each, *[0] * (most - len(each))] for each in places])
    return torch().gather(values, 1, at[..., None].expand(-1, -1, values.shape[-1]))
