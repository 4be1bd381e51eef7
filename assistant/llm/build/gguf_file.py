"""Reads a GGUF file of the llama, qwen2, qwen3 and gemma3 families (the GGUF specification, version 2 and 3)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistant.core.errors import ModelDamaged, ModelError
from assistant.llm.build.architecture import Architecture, Family, Rope
from assistant.llm.build.checkpoint import BLOCK, Blocks, Floats, Matrix, Vocabulary, shape_of, with_rows
from assistant.llm.build.gguf_vocabulary import vocabulary_of
from assistant.llm.form import Origin

_MAGIC = b"GGUF"
_LAYER_NAMES = {
    "q": "attn_q.weight", "k": "attn_k.weight", "v": "attn_v.weight", "o": "attn_output.weight",
    "gate": "ffn_gate.weight", "up": "ffn_up.weight", "down": "ffn_down.weight",
    "attention_norm": "attn_norm.weight", "feed_norm": "ffn_norm.weight",
    "q_bias": "attn_q.bias", "k_bias": "attn_k.bias", "v_bias": "attn_v.bias",
    "q_norm": "attn_q_norm.weight", "k_norm": "attn_k_norm.weight",
    "attention_post_norm": "post_attention_norm.weight", "feed_post_norm": "post_ffw_norm.weight",
}  # fmt: skip
_NAMES = {"embed": "token_embd.weight", "head": "output.weight", "norm": "output_norm.weight"}


class GgufFile:
    """A checkpoint in a GGUF file, mapped into memory; tensors are unpacked when asked for."""

    def __init__(self, path: Path, origin: Origin) -> None:
        """Raises ModelDamaged for a file that isn't whole, ModelError for one of a kind not known here."""
        self.origin = origin
        self._path = path
        self._reader = _open(path)
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}
        try:
            self.architecture = self._architecture()
            self.vocabulary: Vocabulary = vocabulary_of(self._value, self.architecture.vocab)
        except (TypeError, ValueError, IndexError, OverflowError) as error:
            raise self._damaged(f"its metadata can't be read: {error}") from error
        self._reader.fields.clear()  # an object per token: more memory than a layer takes

    def matrix(self, name: str) -> Matrix:
        """See Checkpoint."""
        tensor = self._tensor(name)
        matrix = unpacked(tensor.data, tensor.tensor_type, tensor.name)
        kind = name.split(".")[-1]
        if self.architecture.family is Family.LLAMA and kind in ("q", "k"):
            # published llama files interleave the two halves of a head
            heads = self.architecture.heads if kind == "q" else self.architecture.kv_heads
            rows = np.arange(heads * self.architecture.head_dim).reshape(heads, -1, 2).swapaxes(1, 2)
            return with_rows(matrix, np.ascontiguousarray(rows).reshape(-1))
        return matrix

    def vector(self, name: str) -> Floats:
        """See Checkpoint."""
        from gguf.quants import dequantize

        tensor = self._tensor(name)
        return np.ascontiguousarray(dequantize(tensor.data, tensor.tensor_type), np.float32)

    def _tensor(self, name: str) -> Any:
        file_name = _NAMES.get(name)
        if file_name is None:
            _, layer, part = name.split(".")
            file_name = f"blk.{layer}.{_LAYER_NAMES[part]}"
        tensor = self._tensors.get(file_name)
        if tensor is None:
            raise self._damaged(f"it has no tensor {file_name}")
        shape = tuple(int(size) for size in reversed(tensor.shape))
        if shape != shape_of(self.architecture, name):
            raise self._damaged(f"{file_name} is {shape}, expected {shape_of(self.architecture, name)}")
        return tensor

    def _value(self, key: str, default: Any = None) -> Any:
        field = self._reader.get_field(key)
        return default if field is None else field.contents()

    def _number(self, key: str, default: float | None = None) -> float:
        value: object = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._damaged(f"its metadata says {value!r} for {key}")
        return value

    def _architecture(self) -> Architecture:
        name = self._value("general.architecture")
        if name not in set(Family):
            known = ", ".join(Family)
            raise ModelError(
                f"models of the kind {name!r} can't be built here", why=f"{self._path}", fix=f"one of {known}"
            )
        family = Family(name)
        heads, hidden = self._whole(f"{name}.attention.head_count"), self._whole(f"{name}.embedding_length")
        embed = self._tensors.get(_NAMES["embed"])
        if embed is None:
            raise self._damaged("it has no embedding")
        head_dim = self._whole(f"{name}.attention.key_length", hidden // heads)
        if self._whole(f"{name}.attention.value_length", head_dim) != head_dim:
            raise ModelError("keys and values of different widths can't be built here", why=str(self._path))
        return Architecture(
            family=family,
            hidden=hidden,
            layers=self._whole(f"{name}.block_count"),
            heads=heads,
            kv_heads=self._whole(f"{name}.attention.head_count_kv", heads),
            head_dim=head_dim,
            inner=self._whole(f"{name}.feed_forward_length"),
            vocab=int(embed.shape[1]),
            max_positions=self._whole(f"{name}.context_length"),
            epsilon=self._number(f"{name}.attention.layer_norm_rms_epsilon"),
            rope=self._rope(name),
            local_rope=Rope(self._number(f"{name}.rope.freq_base_swa", 10_000.0)) if family is Family.GEMMA3 else None,
            window=self._whole(f"{name}.attention.sliding_window") if family is Family.GEMMA3 else 0,
            window_pattern=self._whole(f"{name}.attention.sliding_window_pattern", 6) if family is Family.GEMMA3 else 0,
            is_tied=_NAMES["head"] not in self._tensors,
        )

    def _whole(self, key: str, default: int | None = None) -> int:
        value = self._number(key, default)
        if value != int(value) or value < 1:
            raise self._damaged(f"its metadata says {value!r} for {key}")
        return int(value)

    def _rope(self, name: str) -> Rope:
        base = self._number(f"{name}.rope.freq_base", 10_000.0)
        if (factors := self._tensors.get("rope_freqs.weight")) is not None:
            return Rope(base, tuple(float(value) for value in np.asarray(factors.data, np.float32)))
        scaling = self._value(f"{name}.rope.scaling.type", "none")
        if scaling == "none":
            return Rope(base)
        if scaling != "linear":
            raise ModelError(f"positions scaled as {scaling!r} can't be built here", why=str(self._path))
        pairs = self._whole(f"{name}.rope.dimension_count", self._whole(f"{name}.attention.key_length", 2)) // 2
        return Rope(base, (self._number(f"{name}.rope.scaling.factor"),) * pairs)

    def _damaged(self, why: str) -> ModelDamaged:
        return ModelDamaged(f"{self._path} can't be built from", why=why, fix="fetch the file again")


def require_gguf(path: Path) -> None:
    """Raise ModelError unless the file begins as a GGUF file does."""
    try:
        with path.open("rb") as stream:
            begins = stream.read(4)
    except OSError as error:
        raise ModelError(f"{path} can't be read", why=error.strerror or str(error)) from error
    if begins != _MAGIC:
        raise ModelError(f"{path} is no GGUF file", fix="give a .gguf file, or a folder with an ONNX model")


def _open(path: Path) -> Any:
    """A reader of the file, every tensor of which lies inside it."""
    from gguf import GGUFReader

    require_gguf(path)
    try:
        return GGUFReader(path)
    except OSError as error:
        raise ModelError(f"{path} can't be read", why=error.strerror or str(error)) from error
    except (ValueError, IndexError, KeyError, OverflowError, RecursionError) as error:
        raise ModelDamaged(f"{path} is not a whole GGUF file", why=str(error), fix="fetch the file again") from error


def unpacked(data: Any, kind: Any, name: str) -> Matrix:
    """The bytes [rows, bytes] of a tensor: codes and scales where they can be kept exactly, else the values."""
    from gguf.quants import dequantize

    unpack = _EXACT.get(kind.name)
    if unpack is not None:
        return unpack(np.ascontiguousarray(data))
    try:
        return np.ascontiguousarray(dequantize(data, kind), np.float32)
    except NotImplementedError as error:
        raise ModelError(f"weights quantized as {kind.name} can't be read", why=name) from error


def _half(bytes_: Any) -> Floats:
    """Two bytes as one float: [..., 2] to [...]."""
    return np.ascontiguousarray(bytes_).view(np.float16)[..., 0].astype(np.float32)


def _nibbles(bytes_: Any) -> Any:
    """[rows, blocks, 16] bytes to codes 0 to 15, [rows, blocks, 32]: low halves first."""
    return np.concatenate([bytes_ & 15, bytes_ >> 4], axis=-1)


def _flat(codes: Any) -> Any:
    return np.ascontiguousarray(codes.astype(np.int8).reshape(codes.shape[0], -1))


def _q4_0(data: Any) -> Blocks:
    blocks = data.reshape(data.shape[0], -1, 18)
    return Blocks(_flat(_nibbles(blocks[..., 2:]).astype(np.int8) - 8), _half(blocks[..., :2]), None, 4)


def _q4_1(data: Any) -> Blocks:
    blocks = data.reshape(data.shape[0], -1, 20)
    scales = _half(blocks[..., :2])
    codes = _nibbles(blocks[..., 4:]).astype(np.int8) - 8
    return Blocks(_flat(codes), scales, _half(blocks[..., 2:4]) + 8 * scales, 4)


def _q5_0(data: Any) -> Blocks:
    blocks = data.reshape(data.shape[0], -1, 22)
    high = np.unpackbits(blocks[..., 2:6], axis=-1, bitorder="little").astype(np.int8)
    codes = _nibbles(blocks[..., 6:]).astype(np.int8) + 16 * high - 16
    return Blocks(_flat(codes), _half(blocks[..., :2]), None, 8)


def _q8_0(data: Any) -> Blocks:
    blocks = data.reshape(data.shape[0], -1, BLOCK + 2)
    return Blocks(_flat(blocks[..., 2:].view(np.int8)), _half(blocks[..., :2]), None, 8)


_EXACT: dict[str, Callable[[Any], Blocks]] = {"Q4_0": _q4_0, "Q4_1": _q4_1, "Q5_0": _q5_0, "Q8_0": _q8_0}
