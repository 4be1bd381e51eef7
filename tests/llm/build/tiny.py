"""Tiny decoders of random weights, written the way each kind of published file holds them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from gguf.quants import quantize

from assistant.llm.build.architecture import Architecture, Family, Rope
from assistant.llm.build.checkpoint import Floats, Matrix, Vocabulary, shapes
from assistant.llm.form import Origin

ALPHABET = [chr(code) for code in (*range(33, 127), *range(161, 173), *range(174, 256), *range(256, 324))]
"""The letters that stand for the 256 bytes."""
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["l i", "g h", "li gh", "ligh t"]
TOKENS = [*ALPHABET, *(merge.replace(" ", "") for merge in MERGES), *SPECIAL]
TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}"

FAMILIES = {
    Family.LLAMA: Architecture(
        family=Family.LLAMA, hidden=64, layers=2, heads=4, kv_heads=2, head_dim=16, inner=96, vocab=288,
        max_positions=64, epsilon=float(np.float32(1e-5)), rope=Rope(10_000.0),
    ),
    Family.QWEN2: Architecture(
        family=Family.QWEN2, hidden=64, layers=2, heads=4, kv_heads=2, head_dim=16, inner=96, vocab=288,
        max_positions=64, epsilon=float(np.float32(1e-6)), rope=Rope(1_000_000.0), is_tied=False,
    ),
    Family.QWEN3: Architecture(
        family=Family.QWEN3, hidden=64, layers=2, heads=4, kv_heads=2, head_dim=32, inner=96, vocab=288,
        max_positions=64, epsilon=float(np.float32(1e-6)), rope=Rope(1_000_000.0),
    ),
    Family.GEMMA3: Architecture(
        family=Family.GEMMA3, hidden=64, layers=3, heads=4, kv_heads=1, head_dim=32, inner=96, vocab=288,
        max_positions=64, epsilon=float(np.float32(1e-6)), rope=Rope(1_000_000.0, (8.0,) * 16),
        local_rope=Rope(10_000.0), window=8, window_pattern=3,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Tiny:
    """A checkpoint in memory; the same numbers for the same seed."""

    architecture: Architecture
    seed: int = 7

    @property
    def origin(self) -> Origin:
        return Origin("tiny", "0" * 64)

    @property
    def vocabulary(self) -> Vocabulary:
        raise NotImplementedError("the files carry it")

    def matrix(self, name: str) -> Matrix:
        return self.weights[name]

    def vector(self, name: str) -> Floats:
        return self.weights[name]

    @cached_property
    def weights(self) -> dict[str, Floats]:
        shape, random = self.architecture, np.random.default_rng(self.seed)
        wanted: dict[str, tuple[int, ...]] = {"embed": (shape.vocab, shape.hidden), "norm": (shape.hidden,)}
        if not shape.is_tied:
            wanted["head"] = (shape.vocab, shape.hidden)
        for layer in range(shape.layers):
            wanted |= {f"layer.{layer}.{part}": size for part, size in shapes(shape).items()}
        made = {}
        for name, size in wanted.items():
            values = random.standard_normal(size).astype(np.float32)
            made[name] = 1 + values / 10 if name.endswith("norm") else values / np.float32(size[-1] ** 0.5)
        return made


def tiny(family: Family, **changes: Any) -> Tiny:
    """A tiny decoder of that family."""
    return Tiny(replace(FAMILIES[family], **changes))


def write_gguf(path: Path, model: Tiny, kind: Kind = Kind.F32, **metadata: Any) -> Path:
    """The model as converters write it; matrices as `kind`, `metadata` over what is said of it otherwise."""
    writer = gguf.GGUFWriter(path, model.architecture.family.value)
    for key, value in (metadata_of(model.architecture) | metadata).items():
        _add(writer, key, value)
    for name, values in model.weights.items():
        file_name = _gguf_name(name)
        values = _interleaved(name, values, model.architecture)
        if values.ndim == 2 and kind is not Kind.F32:
            writer.add_tensor(file_name, quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(file_name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def metadata_of(shape: Architecture) -> dict[str, Any]:
    name = shape.family.value
    said: dict[str, Any] = {
        f"{name}.context_length": shape.max_positions, f"{name}.embedding_length": shape.hidden,
        f"{name}.block_count": shape.layers, f"{name}.feed_forward_length": shape.inner,
        f"{name}.attention.head_count": shape.heads, f"{name}.attention.head_count_kv": shape.kv_heads,
        f"{name}.attention.key_length": shape.head_dim, f"{name}.attention.value_length": shape.head_dim,
        f"{name}.rope.freq_base": shape.rope.base,
        f"{name}.attention.layer_norm_rms_epsilon": shape.epsilon,
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "smollm", "tokenizer.ggml.tokens": TOKENS,
        "tokenizer.ggml.token_type": [3 if token in SPECIAL else 1 for token in TOKENS],
        "tokenizer.ggml.merges": MERGES, "tokenizer.ggml.bos_token_id": TOKENS.index("<|im_start|>"),
        "tokenizer.ggml.eos_token_id": TOKENS.index("<|im_end|>"), "tokenizer.ggml.add_bos_token": False,
        "tokenizer.chat_template": TEMPLATE,
    }  # fmt: skip
    if shape.window:
        said |= {
            f"{name}.attention.sliding_window": shape.window,
            f"{name}.attention.sliding_window_pattern": shape.window_pattern,
        }
    if shape.rope.factors:
        said |= {f"{name}.rope.scaling.type": "linear", f"{name}.rope.scaling.factor": shape.rope.factors[0]}
    return said


def _add(writer: gguf.GGUFWriter, key: str, value: Any) -> None:
    match value:
        case bool():
            writer.add_bool(key, value)
        case int():
            writer.add_uint32(key, value)
        case float():
            writer.add_float32(key, value)
        case str():
            writer.add_string(key, value)
        case list():
            writer.add_array(key, value)


def _gguf_name(name: str) -> str:
    parts = {
        "q": "attn_q", "k": "attn_k", "v": "attn_v", "o": "attn_output", "gate": "ffn_gate", "up": "ffn_up",
        "down": "ffn_down", "attention_norm": "attn_norm", "feed_norm": "ffn_norm", "q_norm": "attn_q_norm",
        "k_norm": "attn_k_norm", "attention_post_norm": "post_attention_norm", "feed_post_norm": "post_ffw_norm",
    }  # fmt: skip
    if "." not in name:
        return {"embed": "token_embd", "head": "output", "norm": "output_norm"}[name] + ".weight"
    _, layer, part = name.split(".")
    if part.endswith("_bias"):
        return f"blk.{layer}.{parts[part.removesuffix('_bias')]}.bias"
    return f"blk.{layer}.{parts[part]}.weight"


def _interleaved(name: str, values: Floats, shape: Architecture) -> Floats:
    """Queries and keys of llama files have the halves of each head interleaved."""
    part = name.split(".")[-1]
    if shape.family is not Family.LLAMA or part not in ("q", "k"):
        return values
    heads = shape.heads if part == "q" else shape.kv_heads
    return values.reshape(heads, 2, -1, shape.hidden).swapaxes(1, 2).reshape(values.shape)
