"""Builds the encoder's ONNX graph from its weights: states of all tokens, then scores of classes and pointers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from assistant.llm.pointer.shape import HEADS, KEYS, LINEARS, POINT, Shape, linear

_OPSET, _IR = 20, 10


class _Graph:
    """Nodes and weights while they are collected."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._names = 0

    def keep(self, values: Any) -> str:
        """Add an array; its name."""
        from onnx import numpy_helper

        self._names += 1
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), f"w{self._names}"))
        return f"w{self._names}"

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node; the name of its output."""
        from onnx import helper

        self._names += 1
        name = output or f"v{self._names}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def linear(self, value: str, weight: Any, bias: Any = None, output: str = "") -> str:
        """value @ weight.T (+ bias)."""
        product = self.add("MatMul", value, self.keep(weight.T), output="" if bias is not None else output)
        return product if bias is None else self.add("Add", product, self.keep(bias), output=output)

    def picked(self, value: str, places: str) -> str:
        """The rows of [S, hidden] at these places."""
        return self.add("Gather", value, places, axis=0)


def write_graph(weights: Mapping[str, Any], shape: Shape, path: Path) -> None:
    """Write the graph: `ids` [S], `words` [W] (at 0 the first token), `queries` [2], `things` [N], `places` [M], all
    int64 → `classes` [2, C] and every head [2, 1 + N], [2, 1 + M] or [2, W], as log-probabilities.

    `weights`: the base's names with everything learnt merged, and the parts of the heads. Raises OSError."""
    from onnx import TensorProto, checker, helper, save

    graph = _Graph()
    states = _states(graph, weights, shape)
    query = graph.picked(states, "queries")
    outputs = ["classes"]
    graph.add("LogSoftmax", graph.linear(query, weights["classes"], weights["classes.bias"]), output="classes", axis=-1)
    spoken = graph.picked(
        states, graph.add("Slice", "words", graph.keep(np.array([1])), graph.keep(np.array([2**31 - 1])))
    )
    things, places = graph.picked(states, "things"), graph.picked(states, "places")
    offered = {"thing": things, "place": places, "first": spoken, "last": spoken}
    keys = {kind: graph.linear(offered[kind], weights[f"{kind}.key"]) for kind in offered}
    outputs += [_head(graph, weights, query, head, keys) for head in HEADS]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [size])
        for name, size in (("ids", "S"), ("words", "W"), ("queries", 2), ("things", "N"), ("places", "M"))
    ]
    told = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2, f"{name}_size"]) for name in outputs]
    made = helper.make_graph(graph.nodes, "pointer", inputs, told, graph.weights)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    checker.check_model(model)
    save(model, path)


def _states(graph: _Graph, weights: Mapping[str, Any], shape: Shape) -> str:
    words = graph.add("Gather", graph.keep(weights["embeddings.word_embeddings.weight"]), "ids", axis=0)
    at = graph.keep(
        weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = graph.add("Shape", "ids")
    places = graph.add("Slice", at, graph.keep(np.array([0])), length)
    values = _normed(graph, graph.add("Add", words, places), weights, "embeddings.LayerNorm", shape)
    for layer in range(shape.layers):
        values = _layer(graph, weights, shape, layer, values)
    return values


def _layer(graph: _Graph, weights: Mapping[str, Any], shape: Shape, layer: int, values: str) -> str:
    def times(value: str, part: str) -> str:
        name = linear(layer, part)
        return graph.linear(value, weights[f"{name}.weight"], weights[f"{name}.bias"])

    size = shape.hidden // shape.heads
    split, joined = graph.keep(np.array([-1, shape.heads, size])), graph.keep(np.array([-1, shape.hidden]))
    queries, keys, held = (graph.add("Reshape", times(values, part), split) for part in LINEARS[:3])
    queries = graph.add("Transpose", queries, perm=[1, 0, 2])
    keys = graph.add("Transpose", keys, perm=[1, 2, 0])
    held = graph.add("Transpose", held, perm=[1, 0, 2])
    scaled = graph.add("Mul", graph.add("MatMul", queries, keys), graph.keep(np.float32(size**-0.5)))
    mixed = graph.add("MatMul", graph.add("Softmax", scaled, axis=-1), held)
    mixed = graph.add("Reshape", graph.add("Transpose", mixed, perm=[1, 0, 2]), joined)
    summed = graph.add("Add", values, times(mixed, LINEARS[3]))
    values = _normed(graph, summed, weights, linear(layer, "attention.output.LayerNorm"), shape)
    inner = graph.add("Gelu", times(values, LINEARS[4]))
    return _normed(
        graph, graph.add("Add", values, times(inner, LINEARS[5])), weights, linear(layer, "output.LayerNorm"), shape
    )


def _normed(graph: _Graph, value: str, weights: Mapping[str, Any], name: str, shape: Shape) -> str:
    weight, bias = graph.keep(weights[f"{name}.weight"]), graph.keep(weights[f"{name}.bias"])
    return graph.add("LayerNormalization", value, weight, bias, epsilon=shape.epsilon, axis=-1)


def _head(graph: _Graph, weights: Mapping[str, Any], query: str, head: str, keys: Mapping[str, str]) -> str:
    wanted = graph.linear(query, weights[f"{head}.query"])
    none = graph.keep(weights[f"{head}.none"])
    offered = graph.add("Concat", none, keys[KEYS[head.rstrip("0123456789")]], axis=0)
    scores = graph.add("MatMul", wanted, graph.add("Transpose", offered, perm=[1, 0]))
    scaled = graph.add("Mul", scores, graph.keep(np.float32(POINT**-0.5)))
    return graph.add("LogSoftmax", scaled, output=head, axis=-1)
