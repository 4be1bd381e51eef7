"""Reads the weights of a published ONNX decoder, whichever way its matrices are quantized."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from assistant.core.errors import ModelDamaged, ModelError
from assistant.llm.build.architecture import Family
from assistant.llm.build.checkpoint import Floats, Matrix, shape_of, with_rows
from assistant.llm.build.onnx_matrix import Tensors, matrix_of, rows_of_embedding
from assistant.llm.build.repository import architecture_of, vocabulary_of
from assistant.llm.form import Origin

_PRODUCTS = ("MatMulNBits", "MatMul", "MatMulInteger", "DynamicQuantizeMatMul", "MatMulIntegerToFloat", "Gemm")
_LOOKUPS = ("Gather", "GatherBlockQuantized")
_NORMS = ("SimplifiedLayerNormalization", "SkipSimplifiedLayerNormalization", "RMSNormalization")
_PLACE = re.compile(r"layers[._](\d+)[._/].*?\b_?(q|k|v|o|qkv|gate|up|down|gate_up)_proj")
_NORM_PLACE = re.compile(r"layers[._](\d+)[._/].*?(\w*?layernorm|[qk]_norm)")
_BIAS_PLACE = re.compile(r"layers[._](\d+)[._/].*?(q|k|v|qkv)_proj.*bias")
_FUSED = {"q": "qkv", "k": "qkv", "v": "qkv", "gate": "gate_up", "up": "gate_up"}


def weights_of(path: Path) -> Path:
    """The graph in a published folder: in it, or in its `onnx`. Raises ModelError unless there is exactly one."""
    found = sorted([*path.glob("*.onnx"), *(path / "onnx").glob("*.onnx")])
    if len(found) != 1:
        names = ", ".join(str(file.relative_to(path)) for file in found) or "none"
        raise ModelError(
            f"{path} should hold one .onnx file", why=f"it holds {names}", fix="give the .onnx file itself"
        )
    return found[0]


class OnnxFolder:
    """A checkpoint in an ONNX file with config.json and tokenizer.json beside it or one folder above."""

    def __init__(self, file: Path, origin: Origin) -> None:
        """Raises ModelDamaged for what isn't whole, ModelError for what isn't known here."""
        self.origin = origin
        self._file = file
        folder = file.parent if (file.parent / "config.json").exists() else file.parent.parent
        self.architecture = architecture_of(folder)
        self.vocabulary = vocabulary_of(folder, self.architecture.vocab)
        graph = _graph(file)
        self._tensors = Tensors(graph, file.parent)
        self._products: dict[str, Any] = {}
        self._norms: dict[str, str] = {}
        self._lookup: Any = None
        for node in graph.node:
            self._note(node)
        self._biases = self._found_biases()

    def matrix(self, name: str) -> Matrix:
        """See Checkpoint."""
        if name == "embed":
            if self._lookup is None:
                raise self._damaged("it has no embedding")
            return self._right(rows_of_embedding(self._lookup, self._tensors), name)
        *layer, part = name.split(".")
        node = self._products.get(name)
        if node is not None:
            return self._right(matrix_of(node, self._tensors), name)
        fused = self._products.get(".".join([*layer, _FUSED.get(part, part)]))
        if fused is None:
            raise self._damaged(f"it has no matrix {name}")
        return self._right(with_rows(matrix_of(fused, self._tensors), self._rows(part)), name)

    def vector(self, name: str) -> Floats:
        """See Checkpoint."""
        tensor = self._norms.get(name) or self._biases.get(name)
        rows = None
        if tensor is None and name.endswith("_bias"):
            layer, part = name.removesuffix("_bias").rsplit(".", 1)
            tensor, rows = self._biases.get(f"{layer}.qkv_bias"), self._rows(part)
        if tensor is None:
            raise self._damaged(f"it has no vector {name}")
        values = self._tensors.floats(tensor)
        if rows is not None:
            values = np.take(values, rows, axis=0)
        if values.shape != shape_of(self.architecture, name):
            raise self._damaged(f"{name} is {values.shape}, expected {shape_of(self.architecture, name)}")
        return values

    def _rows(self, part: str) -> Any:
        """Which rows of a fused matrix are this part."""
        shape = self.architecture
        queries, keys = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
        start, length = {
            "q": (0, queries), "k": (queries, keys), "v": (queries + keys, keys),
            "gate": (0, shape.inner), "up": (shape.inner, shape.inner),
        }[part]  # fmt: skip
        return np.arange(start, start + length)

    def _right(self, matrix: Matrix, name: str) -> Matrix:
        found = matrix.shape if isinstance(matrix, np.ndarray) else matrix.codes.shape
        if found != shape_of(self.architecture, name):
            raise self._damaged(f"{name} is {found}, expected {shape_of(self.architecture, name)}")
        return matrix

    def _note(self, node: Any) -> None:
        """Remember which weight this node multiplies with, by its name and those of its weights."""
        said = " ".join([node.name, *node.input])
        if node.op_type in _PRODUCTS:
            if place := _PLACE.search(said):
                self._products.setdefault(f"layer.{place[1]}.{place[2]}", node)
            elif "lm_head" in said:
                self._products.setdefault("head", node)
        elif node.op_type in _NORMS:
            weight = node.input[2 if node.op_type.startswith("Skip") else 1]
            self._norms.setdefault(self._norm_name(f"{weight} {node.name}"), weight)
        elif node.op_type in _LOOKUPS and "embed_tokens" in said and self._tensors.has(node.input[0]):
            self._lookup = node

    def _norm_name(self, said: str) -> str:
        place = _NORM_PLACE.search(said)
        if place is None or "final_norm" in said:
            return "norm"
        is_gemma = self.architecture.family is Family.GEMMA3
        names = {
            "input_layernorm": "attention_norm",
            "post_attention_layernorm": "attention_post_norm" if is_gemma else "feed_norm",
            "pre_feedforward_layernorm": "feed_norm",
            "post_feedforward_layernorm": "feed_post_norm",
            "q_norm": "q_norm",
            "k_norm": "k_norm",
        }
        return f"layer.{place[1]}.{names.get(place[2], place[2])}"

    def _found_biases(self) -> dict[str, str]:
        places = ((name, _BIAS_PLACE.search(name)) for name in self._tensors.names)
        return {f"layer.{place[1]}.{place[2]}_bias": name for name, place in places if place}

    def _damaged(self, why: str) -> ModelDamaged:
        return ModelDamaged(f"{self._file} can't be built from", why=why, fix="fetch the repository again")


def _graph(file: Path) -> Any:
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it has no stubs

    try:
        return onnx.load(str(file), load_external_data=False).graph
    except OSError as error:
        raise ModelError(f"{file} can't be read", why=error.strerror or str(error)) from error
    except (DecodeError, ValueError) as error:
        raise ModelDamaged(f"{file} is not a whole ONNX file", why=str(error), fix="fetch it again") from error
