"""Builds the graph of a decoder: one network of quantized matrices and in-place attention for all families."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistant.core.errors import ModelDamaged
from assistant.llm.build.architecture import Architecture, Rope, rotation_angles
from assistant.llm.build.checkpoint import Checkpoint, Floats, Matrix, stacked
from assistant.llm.build.network import Network
from assistant.llm.build.outliers import outliers_of
from assistant.llm.build.quantize import Packed, in_4_bits, in_8_bits, in_columns
from assistant.llm.form import GRAPH_FILE, Quantization

_OPSETS = {"": 20, "com.microsoft": 1}
_IR_VERSION = 10

Progress = Callable[[int, int], None]
"""Layers done, layers in all."""


class GraphBuilder:
    """Turns a checkpoint into model.onnx and weights.bin in a folder."""

    def __init__(self, checkpoint: Checkpoint, network: Network, quantization: Quantization, positions: int) -> None:
        self._source = checkpoint
        self._shape = checkpoint.architecture
        self._net = network
        self._positions = positions
        self._pack: Callable[[Matrix], Packed] = in_4_bits if quantization is Quantization.Q4 else in_8_bits
        self._has_columns = quantization is Quantization.DQ8
        self._loose = outliers_of(checkpoint) if self._has_columns else {}

    def build(self, progress: Progress) -> Any:
        """The graph (onnx ModelProto)."""
        net, shape = self._net, self._shape
        embed = self._pack(self._matrix("embed"))
        stream, table = net.embedding(embed, "input_ids")
        if shape.embedding_scale != 1.0:
            stream = net.node("Mul", [stream, net.constant(np.float32(shape.embedding_scale))])
        caches = {rope: self._rotation(rope) for rope in dict.fromkeys(map(shape.rope_of, range(shape.layers)))}
        delta = ""
        for layer in range(shape.layers):
            stream, delta = self._layer(layer, stream, delta, caches[shape.rope_of(layer)])
            progress(layer + 1, shape.layers)
        picked = net.node("Gather", [net.node("Add", [stream, delta]), "out_idx"], axis=1)
        normed = self._norm(picked, "norm")
        if shape.is_tied and not self._has_columns:
            net.tied_head(embed, table, normed, "logits")
        else:
            head = self._matrix("embed" if shape.is_tied else "head")
            self._multiply(head, normed, "head", output="logits")
        return self._model()

    def _multiply(self, matrix: Matrix, value: str, name: str, *, output: str = "", bias: Floats | None = None) -> str:
        """value [B, S, in] times a matrix [out, in], in the form that is built."""
        if self._has_columns:
            columns = in_columns(matrix, self._loose.get(name, np.array([], np.int64)))
            return self._net.multiply_columns(columns, value, name, output=output, bias=bias)
        return self._net.multiply(self._pack(matrix), value, name, output=output, bias=bias)

    def _layer(self, layer: int, stream: str, delta: str, cache: tuple[str, str]) -> tuple[str, str]:
        """One layer; the stream of a layer is `stream` + `delta`, added where it is normed."""
        at = f"layer.{layer}."
        stream, normed = self._add_and_norm(stream, delta, at + "attention_norm")
        attended = self._attention(layer, normed, cache)
        delta = self._multiply(self._matrix(at + "o"), attended, at + "o")
        if self._shape.has_post_norms:
            delta = self._norm(delta, at + "attention_post_norm")
        stream, normed = self._add_and_norm(stream, delta, at + "feed_norm")
        delta = self._feed(at, normed)
        if self._shape.has_post_norms:
            delta = self._norm(delta, at + "feed_post_norm")
        return stream, delta

    def _attention(self, layer: int, normed: str, cache: tuple[str, str]) -> str:
        at, shape, net = f"layer.{layer}.", self._shape, self._net
        matrix = stacked([self._matrix(at + part) for part in "qkv"])
        bias = None
        if shape.has_qkv_bias:
            bias = np.concatenate([self._vector(f"{at}{part}_bias") for part in "qkv"])
        packed = self._multiply(matrix, normed, at + "qkv", bias=bias)
        query, key, value = packed, "", ""
        if shape.has_qk_norm:
            widths = [heads * shape.head_dim for heads in (shape.heads, shape.kv_heads, shape.kv_heads)]
            query, key, value = net.split(packed, widths)
            query = self._head_norm(query, shape.heads, at + "q_norm")
            key = self._head_norm(key, shape.kv_heads, at + "k_norm")
        past = [f"past_key_{layer}", f"past_value_{layer}"]
        outputs = [net.name("attended"), f"present_key_{layer}", f"present_value_{layer}"]
        net.node(
            "GroupQueryAttention",
            [query, key, value, *past, "seqlens_k", "total_len", *cache],
            outputs=outputs, domain="com.microsoft", num_heads=shape.heads, kv_num_heads=shape.kv_heads,
            do_rotary=1, rotary_interleaved=0, scale=shape.head_dim**-0.5,
            local_window_size=shape.window if shape.has_window(layer) else -1,
        )  # fmt: skip
        return outputs[0]

    def _feed(self, at: str, normed: str) -> str:
        net, shape = self._net, self._shape
        both = stacked([self._matrix(at + part) for part in ("gate", "up")])
        gate, up = net.split(self._multiply(both, normed, at + "gate_up"), [shape.inner, shape.inner])
        if shape.has_gelu:
            gate = net.node("Gelu", [gate], approximate="tanh")
        else:
            gate = net.node("QuickGelu", [gate], domain="com.microsoft", alpha=1.0)
        return self._multiply(self._matrix(at + "down"), net.node("Mul", [gate, up]), at + "down")

    def _add_and_norm(self, stream: str, delta: str, name: str) -> tuple[str, str]:
        """The new stream and its norm."""
        if not delta:
            return stream, self._norm(stream, name)
        net = self._net
        normed, summed = net.name("normed"), net.name("stream")
        net.node(
            "SkipSimplifiedLayerNormalization", [stream, delta, net.weights(name, self._vector(name))],
            outputs=[normed, "", "", summed], domain="com.microsoft", epsilon=self._shape.epsilon,
        )  # fmt: skip
        return summed, normed

    def _matrix(self, name: str) -> Matrix:
        matrix = self._source.matrix(name)
        _require_numbers(matrix if isinstance(matrix, np.ndarray) else matrix.scales, name)
        return matrix

    def _vector(self, name: str) -> Floats:
        vector = self._source.vector(name)
        _require_numbers(vector, name)
        return vector

    def _norm(self, value: str, name: str) -> str:
        weight = self._net.weights(name, self._vector(name))
        return self._net.node("SimplifiedLayerNormalization", [value, weight], axis=-1, epsilon=self._shape.epsilon)

    def _head_norm(self, value: str, heads: int, name: str) -> str:
        net, size = self._net, self._shape.head_dim
        split = net.node("Reshape", [value, net.constant(np.array([0, 0, heads, size]))])
        return net.node("Reshape", [self._norm(split, name), net.constant(np.array([0, 0, heads * size]))])

    def _rotation(self, rope: Rope) -> tuple[str, str]:
        """Names of the cosines and sines, [positions, head_dim / 2]."""
        angles = rotation_angles(rope, self._shape.head_dim, self._positions)
        name = self._net.name("angle")
        return (
            self._net.weights(name + ".cos", np.cos(angles).astype(np.float32)),
            self._net.weights(name + ".sin", np.sin(angles).astype(np.float32)),
        )

    def _model(self) -> Any:
        from onnx import helper

        graph = helper.make_graph(
            self._net.nodes, "decoder", _inputs(self._shape), _outputs(self._shape), self._net.initializers
        )
        opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="assistant")


def _require_numbers(values: Floats, name: str) -> None:
    if not np.isfinite(values).all():
        raise ModelDamaged(f"the weights {name} hold what are no numbers", fix="fetch the file again")


def write_graph(model: Any, folder: Path) -> None:
    """Keep the graph as model.onnx. Raises OSError."""
    (folder / GRAPH_FILE).write_bytes(model.SerializeToString())


def _inputs(shape: Architecture) -> list[Any]:
    from onnx import TensorProto, helper

    past = ["batch", shape.kv_heads, "past", shape.head_dim]
    named: list[tuple[str, int, list[Any]]] = [
        ("input_ids", TensorProto.INT64, ["batch", "tokens"]),
        ("seqlens_k", TensorProto.INT32, ["batch"]),
        ("total_len", TensorProto.INT32, []),
        ("out_idx", TensorProto.INT64, ["picked"]),
        *((f"past_{part}_{i}", TensorProto.FLOAT, past) for i in range(shape.layers) for part in ("key", "value")),
    ]
    return [helper.make_tensor_value_info(*one) for one in named]


def _outputs(shape: Architecture) -> list[Any]:
    from onnx import TensorProto, helper

    present = ["batch", shape.kv_heads, "present", shape.head_dim]
    named: list[tuple[str, int, list[Any]]] = [
        ("logits", TensorProto.FLOAT, ["batch", "picked", shape.vocab]),
        *(
            (f"present_{part}_{i}", TensorProto.FLOAT, present)
            for i in range(shape.layers)
            for part in ("key", "value")
        ),
    ]
    return [helper.make_tensor_value_info(*one) for one in named]
