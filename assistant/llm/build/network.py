"""Collects the nodes and weights of a graph while it is built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.llm.build.checkpoint import BLOCK, Floats
from assistant.llm.build.quantize import Columns, Packed
from assistant.llm.build.weights_file import WeightsFile, offset_of

_ACCURACY_LEVEL = 4
"""Activations in int8 blocks: without it decoding is ten times slower."""
_MICROSOFT = "com.microsoft"
_TINY = 1e-20
_ZERO = 128
"""The code that stands for zero."""


class Network:
    """Nodes in order, and initializers, the large ones in the weights file."""

    def __init__(self, file: WeightsFile) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self._file = file
        self._names = 0

    def name(self, stem: str) -> str:
        """A name not used before."""
        self._names += 1
        return f"{stem}_{self._names}"

    def node(
        self, kind: str, inputs: Sequence[str], *, outputs: Sequence[str] = (), domain: str = "", **attributes: Any
    ) -> str:
        """Add a node; returns the name of its first output."""
        from onnx import helper

        outputs = outputs or [self.name(kind.lower())]
        self.nodes.append(helper.make_node(kind, inputs, outputs, self.name(kind), domain=domain, **attributes))
        return outputs[0]

    def weights(self, name: str, values: Any) -> str:
        """Add an array; returns its name."""
        self.initializers.append(self._file.add(name, values))
        return name

    def constant(self, value: Any) -> str:
        """Add a small array under a name of its own."""
        return self.weights(self.name("constant"), np.asarray(value))

    def split(self, value: str, widths: Sequence[int]) -> list[str]:
        """Cut the last axis into parts of these widths."""
        outputs = [self.name("part") for _ in widths]
        self.node("Split", [value, self.constant(np.array(widths, np.int64))], outputs=outputs, axis=-1)
        return outputs

    def embedding(self, packed: Packed, tokens: str) -> tuple[str, tuple[Any, Any]]:
        """Look up the rows of these tokens; also returns the initializers of data and scales, to be shared."""
        flat = packed.data.reshape(packed.rows, -1)
        data, scales = self._file.add("embed", flat), self._file.add("embed.scales", packed.scales)
        self.initializers += [data, scales]
        rows = self.node(
            "GatherBlockQuantized", ["embed", tokens, "embed.scales"], domain=_MICROSOFT,
            bits=packed.bits, block_size=BLOCK, gather_axis=0, quantize_axis=1,
        )  # fmt: skip
        if packed.bases is None:
            return rows, (data, scales)
        bases = self.node("Gather", [self.weights("embed.bases", packed.bases), tokens], axis=0)
        return self._plus_bases(rows, bases, packed.columns), (data, scales)

    def _plus_bases(self, rows: str, bases: str, columns: int) -> str:
        """Rows [B, S, columns] and one number per block of 32, [B, S, columns / 32], added."""
        blocks = self.node("Reshape", [rows, self.constant(np.array([0, 0, -1, BLOCK], np.int64))])
        each = self.node("Unsqueeze", [bases, self.constant(np.array([-1], np.int64))])
        summed = self.node("Add", [blocks, each])
        return self.node("Reshape", [summed, self.constant(np.array([0, 0, columns], np.int64))])

    def tied_head(self, packed: Packed, table: tuple[Any, Any], value: str, output: str) -> str:
        """Multiply with the embedding's own bytes: one region of the file serves both."""
        shared = []
        for name, tensor, array in zip(("head", "head.scales"), table, (packed.data, packed.scales), strict=True):
            if tensor.external_data:
                self.initializers.append(self._file.at(name, array, offset_of(tensor)))
            else:
                self.initializers.append(self._file.add(name, array))
            shared.append(name)
        return self._product(packed, value, shared, output=output, bias=None)

    def multiply(self, packed: Packed, value: str, name: str, *, output: str = "", bias: Floats | None = None) -> str:
        """value [B, S, columns] times the matrix: [B, S, rows]."""
        names = [self.weights(name, packed.data), self.weights(name + ".scales", packed.scales)]
        return self._product(packed, value, names, output=output, bias=bias)

    def _product(self, packed: Packed, value: str, names: list[str], *, output: str, bias: Floats | None) -> str:
        name = names[0]
        inputs = [value, *names]
        if bias is not None:
            inputs += ["", "", self.weights(name + ".bias", bias)]
        product = output if packed.bases is None else ""
        result = self.node(
            "MatMulNBits", inputs, outputs=[product or self.name(name)], domain=_MICROSOFT, K=packed.columns,
            N=packed.rows, bits=packed.bits, block_size=BLOCK, accuracy_level=_ACCURACY_LEVEL,
        )  # fmt: skip
        if packed.bases is None:
            return result
        sums = self._block_sums(value)
        rest = self.node("MatMul", [sums, self.weights(name + ".bases", np.ascontiguousarray(packed.bases.T))])
        return self.node("Add", [result, rest], outputs=[output or self.name(name)])

    def _block_sums(self, value: str) -> str:
        """The sum of each 32 numbers, [B, S, columns / 32]."""
        blocks = self.node("Reshape", [value, self.constant(np.array([0, 0, -1, BLOCK], np.int64))])
        return self.node("ReduceSum", [blocks, self.constant(np.array([-1], np.int64))], keepdims=0)

    def multiply_columns(
        self, matrix: Columns, value: str, name: str, *, output: str = "", bias: Floats | None = None
    ) -> str:
        """value [B, S, columns] times the matrix, [B, S, rows]: rows of `value` become 8 bits each by its own range.

        The operator knows one range for all rows, so each is divided by its largest number before and multiplied after.
        Without that, and without the loose columns apart, the largest number of a prompt ruins all the others.
        """
        even = value
        if matrix.loose.size:
            mask = np.ones(matrix.codes.shape[0], np.float32)
            mask[matrix.loose] = 0
            even = self.node("Mul", [value, self.constant(mask)])
        largest = self.node(
            "ReduceMax", [self.node("Abs", [even]), self.constant(np.array([-1], np.int64))], keepdims=1
        )
        largest = self.node("Max", [largest, self.constant(np.float32(_TINY))])
        weights = [self.weights(name, matrix.codes), self.weights(name + ".scales", matrix.scales)]
        zero = self.constant(np.uint8(_ZERO))
        product = self.node(
            "DynamicQuantizeMatMul", [self.node("Div", [even, largest]), *weights, zero], domain=_MICROSOFT
        )
        terms = [self.node("Mul", [product, largest])]
        if matrix.loose.size:
            picked = self.node("Gather", [value, self.constant(matrix.loose)], axis=-1)
            terms.append(self.node("MatMul", [picked, self.weights(name + ".loose", matrix.loose_values)]))
        if bias is not None:
            terms.append(self.weights(name + ".bias", bias))
        while len(terms) > 2:
            terms[:2] = [self.node("Add", terms[:2])]
        if len(terms) == 2:
            return self.node("Add", terms, outputs=[output or self.name(name)])
        return terms[0]
