"""Packs matrices the way onnxruntime's MatMulNBits and GatherBlockQuantized read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.llm.build.checkpoint import BLOCK, Blocks, Floats, Matrix, floats_of

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Packed:
    """A matrix [rows, columns] in blocks of 32 columns, each with its scale; the zero point is half of the range."""

    data: Bytes
    """[rows, columns / 32, 32 * bits / 8]; of two codes in a byte the first is the low half."""
    scales: Floats
    """[rows, columns / 32]"""
    bits: int
    bases: Floats | None = None
    """[rows, columns / 32], added to each value of a block; None: nothing."""

    @property
    def rows(self) -> int:
        """Width of what the matrix gives."""
        return int(self.data.shape[0])

    @property
    def columns(self) -> int:
        """Width of what it takes."""
        return int(self.scales.shape[1]) * BLOCK

    def floats(self) -> Floats:
        """The values that are multiplied with, [rows, columns]."""
        if self.bits == 8:
            codes: Any = self.data.astype(np.int16) - 128
        else:
            codes = np.stack([self.data & 15, self.data >> 4], axis=-1).astype(np.int16) - 8
        flat = codes.reshape(self.rows, self.columns).astype(np.int8)
        return Blocks(flat, self.scales, self.bases, self.bits).floats()


def in_8_bits(matrix: Matrix) -> Packed:
    """Codes of 8 bits as they are where the source has them around zero, else rounded to the nearest of 255 steps."""
    if isinstance(matrix, Blocks) and matrix.bases is None:
        codes, scales = matrix.codes, matrix.scales
    else:
        codes, scales = _rounded(floats_of(matrix))
    data = (codes.astype(np.int16) + 128).astype(np.uint8)
    return Packed(data.reshape(codes.shape[0], -1, BLOCK), np.ascontiguousarray(scales), 8)


def in_4_bits(matrix: Matrix) -> Packed:
    """The source's own codes of 4 bits; 8 bits where it has others: rounding a second time ruins small models."""
    if not isinstance(matrix, Blocks) or matrix.bits != 4:
        return in_8_bits(matrix)
    codes = (matrix.codes + 8).astype(np.uint8).reshape(matrix.codes.shape[0], -1, BLOCK // 2, 2)
    data: Bytes = codes[..., 0] | np.left_shift(codes[..., 1], 4, dtype=np.uint8)
    return Packed(data, np.ascontiguousarray(matrix.scales), 4, matrix.bases)


def _rounded(values: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    blocks = values.reshape(values.shape[0], -1, BLOCK)
    scales = np.abs(blocks).max(axis=-1) / np.float32(127)
    with np.errstate(divide="ignore"):
        inverse = np.where(scales > 0, 1 / scales, 0).astype(np.float32)
    codes = np.rint(blocks * inverse[..., None]).astype(np.int8)
    return codes.reshape(values.shape), scales.astype(np.float32)
