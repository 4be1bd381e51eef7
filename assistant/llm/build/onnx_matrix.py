"""Matrices out of the nodes of a published graph: MatMulNBits, MatMulInteger and its like, and plain floats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from assistant.core.errors import ModelDamaged, ModelError
from assistant.llm.build.checkpoint import BLOCK, Blocks, Floats, Matrix


class Tensors:
    """The initializers of a graph, read when asked for; large ones lie in files beside it."""

    def __init__(self, graph: Any, folder: Path) -> None:
        self._tensors = {tensor.name: tensor for tensor in graph.initializer}
        self._folder = folder
        self.names = tuple(self._tensors)

    def has(self, name: str) -> bool:
        """Whether this is an initializer, and not the result of a node."""
        return name in self._tensors

    def array(self, name: str) -> Any:
        """Its values. Raises ModelDamaged when they aren't there."""
        import onnx
        from onnx.numpy_helper import to_array

        tensor = self._tensors.get(name)
        if tensor is None:
            raise ModelDamaged("a weight of the published model is missing", why=repr(name), fix="fetch it again")
        copy = onnx.TensorProto()
        copy.CopyFrom(tensor)
        try:
            return to_array(copy, base_dir=str(self._folder))
        except (OSError, ValueError, TypeError, onnx.checker.ValidationError) as error:
            raise ModelDamaged(
                "a weight of the published model can't be read", why=f"{name}: {error}", fix="fetch it again"
            ) from error

    def floats(self, name: str) -> Floats:
        """Its values in float32."""
        return np.ascontiguousarray(self.array(name), np.float32)


def matrix_of(node: Any, tensors: Tensors) -> Matrix:
    """The matrix [out, in] that a node multiplies with. Raises ModelError for a kind not known here."""
    settings = {one.name: one.i for one in node.attribute}
    match node.op_type:
        case "MatMulNBits":
            rows, columns = settings["N"], settings["K"]
            zeros = node.input[3] if len(node.input) > 3 else ""
            packed = tensors.array(node.input[1]).reshape(rows, -1)
            scales = tensors.floats(node.input[2])
            return _blocks(packed, scales, tensors.array(zeros) if zeros else None, settings, columns)
        case "MatMul":
            return np.ascontiguousarray(tensors.floats(node.input[1]).T)
        case "Gemm":
            values = tensors.floats(node.input[1])
            return values if settings.get("transB") else np.ascontiguousarray(values.T)
        case "MatMulInteger":
            return _columns(node.input[1], _scale_beside(node, tensors), _at(node, 3), tensors)
        case "MatMulIntegerToFloat":
            return _columns(node.input[1], node.input[3], _at(node, 5), tensors)
        case "DynamicQuantizeMatMul":
            return _columns(node.input[1], node.input[2], _at(node, 3), tensors)
        case other:
            raise ModelError(f"weights of {other} can't be read", why=node.name)


def rows_of_embedding(node: Any, tensors: Tensors) -> Matrix:
    """The embedding [tokens, width] that a node looks up in."""
    if node.op_type == "Gather":
        values = tensors.array(node.input[0])
        if values.dtype.kind != "f":
            raise ModelError("an embedding of whole numbers can't be read", why=node.name, fix="take another file")
        return np.ascontiguousarray(values, np.float32)
    settings = {one.name: one.i for one in node.attribute}
    settings.setdefault("block_size", 128)
    codes, scales = tensors.array(node.input[0]), tensors.floats(node.input[2])
    bits = settings.setdefault("bits", 4)
    if settings.get("quantize_axis", 1) not in (1, -1) or settings.get("gather_axis", 0) != 0:
        raise ModelError("an embedding quantized along its tokens can't be read", why=node.name)
    zeros = tensors.array(_at(node, 3)) if _at(node, 3) else None
    if codes.dtype != np.uint8:  # 4-bit numbers, one each
        return _values(codes.astype(np.int16), scales, None if zeros is None else zeros.astype(np.int16), settings)
    return _blocks(codes, scales, zeros, settings, codes.shape[1] * 8 // bits)


def _at(node: Any, place: int) -> str:
    return str(node.input[place]) if len(node.input) > place else ""


def _blocks(packed: Any, scales: Floats, zeros: Any, settings: dict[str, int], columns: int) -> Matrix:
    """Unsigned codes, packed low half first, of 4 or 8 bits."""
    bits, rows = settings.get("bits", 4), packed.shape[0]
    if bits not in (4, 8):
        raise ModelError(f"weights of {bits} bits can't be read", fix="take a file of 4, 8, 16 or 32 bits")
    scales = scales.reshape(rows, -1)
    codes = _unpacked(packed, bits)[:, :columns].astype(np.int16)
    middle = 1 << (bits - 1)
    if zeros is None:
        offsets = None
    elif zeros.dtype == np.uint8:
        offsets = _unpacked(zeros.reshape(rows, -1), bits)[:, : scales.shape[1]].astype(np.int16) - middle
    else:
        offsets = zeros.reshape(rows, -1).astype(np.float32) - middle
    return _values(codes - middle, scales, offsets, settings)


def _values(codes: Any, scales: Floats, offsets: Any, settings: dict[str, int]) -> Matrix:
    """scale * (code - offset), codes around zero, one scale per block_size columns."""
    size, bits = settings["block_size"], settings.get("bits", 4)
    columns = codes.shape[1]
    if size % BLOCK or columns % BLOCK:
        spread = np.repeat(scales, size, axis=1)[:, :columns]
        shift = 0 if offsets is None else np.repeat(offsets, size, axis=1)[:, :columns]
        return np.ascontiguousarray((codes - shift) * spread, np.float32)
    scales = np.ascontiguousarray(np.repeat(scales, size // BLOCK, axis=1)[:, : columns // BLOCK])
    if offsets is None or not offsets.any():
        return Blocks(codes.astype(np.int8), scales, None, bits)
    shifts = np.repeat(offsets, size // BLOCK, axis=1)[:, : columns // BLOCK].astype(np.float32)
    blocks = Blocks(codes.astype(np.int8), scales, -shifts * scales, bits)
    return blocks if bits == 4 else blocks.floats()


def _unpacked(packed: Any, bits: int) -> Any:
    if bits == 8:
        return packed
    return np.stack([packed & 15, packed >> 4], axis=-1).reshape(packed.shape[0], -1)


def _columns(weight: str, scale: str, zero: str, tensors: Tensors) -> Matrix:
    """Whole numbers [in, out] with a scale (and a zero point) for all or one for each column."""
    codes = tensors.array(weight).astype(np.int16).T
    if zero and tensors.has(zero):
        codes = codes - tensors.array(zero).astype(np.int16).reshape(-1, 1)
    scales = np.broadcast_to(tensors.floats(scale).reshape(-1, 1), (codes.shape[0], 1))
    if codes.shape[1] % BLOCK or codes.min() < -128 or codes.max() > 127:
        return np.ascontiguousarray(codes * scales, np.float32)
    return Blocks(codes.astype(np.int8), np.repeat(scales, codes.shape[1] // BLOCK, axis=1).astype(np.float32), None, 8)


def _scale_beside(node: Any, tensors: Tensors) -> str:
    """The scale of the weight of a MatMulInteger: named after the weight by every quantizer that makes such files."""
    stem = str(node.input[1]).removesuffix("_quantized")
    for name in (stem + "_scale", stem + ".scale", str(node.input[1]) + "_scale"):
        if tensors.has(name):
            return name
    raise ModelError("the scale of a quantized weight can't be found", why=str(node.input[1]))
