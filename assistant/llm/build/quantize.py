"""Packs matrices the way onnxruntime's MatMulNBits and GatherBlockQuantized read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.llm.build.checkpoint import BLOCK, Blocks, Codes, Floats, Matrix, floats_of

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


@dataclass(frozen=True, slots=True)
class Columns:
    """A matrix [rows, columns] for DynamicQuantizeMatMul: one scale a row, but for a few columns kept as floats."""

    codes: Bytes
    """[columns, rows], 128 is zero: kernels without dot products add up signed codes in too few bits on x86-64."""
    scales: Floats
    """[rows]"""
    loose: npt.NDArray[np.int64]
    """Which columns are multiplied as floats; empty: none."""
    loose_values: Floats
    """[loose columns, rows]"""


def in_columns(matrix: Matrix, loose: npt.NDArray[np.int64]) -> Columns:
    """The matrix with one scale a row, and the `loose` columns apart."""
    values = floats_of(matrix).copy()
    apart = np.ascontiguousarray(values[:, loose].T)
    values[:, loose] = 0
    scales = np.maximum(np.abs(values).max(axis=1), np.finfo(np.float32).tiny) / np.float32(127)
    codes = (np.rint(values / scales[:, None]) + 128).astype(np.uint8)
    return Columns(np.ascontiguousarray(codes.T), scales.astype(np.float32), loose, apart)


def in_8_bits(matrix: Matrix) -> Packed:
    """Codes of the source as they are, or spread so that almost nothing is lost; else rounded to the nearest step."""
    if not isinstance(matrix, Blocks):
        codes, scales = _rounded(matrix)
    elif matrix.bases is None:
        codes, scales = matrix.codes, matrix.scales
    else:
        codes, scales = _spread(matrix, matrix.bases)
    data = (codes.astype(np.int16) + 128).astype(np.uint8)
    return Packed(data.reshape(codes.shape[0], -1, BLOCK), np.ascontiguousarray(scales), 8)


def in_4_bits(matrix: Matrix) -> Packed:
    """The source's own codes of 4 bits; 8 bits where it has others: rounding a second time ruins small models."""
    if not isinstance(matrix, Blocks) or matrix.bits != 4:
        return in_8_bits(matrix)
    codes = (matrix.codes + 8).astype(np.uint8).reshape(matrix.codes.shape[0], -1, BLOCK // 2, 2)
    data: Bytes = codes[..., 0] | np.left_shift(codes[..., 1], 4, dtype=np.uint8)
    return Packed(data, np.ascontiguousarray(matrix.scales), 4, matrix.bases)


def _rounded(values: Floats) -> tuple[Codes, Floats]:
    blocks = values.reshape(values.shape[0], -1, BLOCK)
    scales = np.abs(blocks).max(axis=-1) / np.float32(127)
    with np.errstate(divide="ignore"):
        inverse = np.where(scales > 0, 1 / scales, 0).astype(np.float32)
    codes = np.rint(blocks * inverse[..., None]).astype(np.int8)
    return codes.reshape(values.shape), scales.astype(np.float32)


def _spread(blocks: Blocks, bases: Floats) -> tuple[Codes, Floats]:
    """Codes with a base as codes without: scale * code + base = scale / k * (k * code + k * base / scale).

    Of the factors k for which all fits into 8 bits, each block takes the one whose k * base / scale is nearest to a
    whole number. Blocks that no factor fits are rounded.
    """
    codes, rounded_scales = _rounded(blocks.floats())
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = bases.astype(np.float64) / blocks.scales
    best = np.full(ratios.shape, np.inf)
    factors, shifts = np.zeros(ratios.shape, np.int16), np.zeros(ratios.shape, np.int16)
    for factor in range(4, 17):
        whole = np.rint(ratios * factor)
        error = np.abs(whole / factor - ratios)
        fits = (whole - 8 * factor >= -128) & (whole + 7 * factor <= 127) & (error < best)
        best[fits], factors[fits], shifts[fits] = error[fits], factor, whole[fits]
    is_spread = factors > 0
    scales = np.where(is_spread, blocks.scales / np.maximum(factors, 1), rounded_scales).astype(np.float32)
    spread = blocks.codes.reshape(*ratios.shape, BLOCK) * factors[..., None] + shifts[..., None]
    rows = np.where(is_spread[..., None], spread, codes.reshape(spread.shape))
    return rows.astype(np.int8).reshape(codes.shape), scales
