"""Weights survive packing: exactly where the source's own codes fit, within a step where they are rounded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from gguf import GGMLQuantizationType as Kind
from gguf.quants import dequantize, quantize

from assistant.llm.build.architecture import Family
from assistant.llm.build.board import quantization_for
from assistant.llm.build.build import Plan, build
from assistant.llm.build.check import built_logits
from assistant.llm.build.checkpoint import Blocks, floats_of
from assistant.llm.build.gguf_file import unpacked
from assistant.llm.build.outliers import outliers_of
from assistant.llm.build.quantize import in_4_bits, in_8_bits
from assistant.llm.build.reference import Reference
from assistant.llm.build.source import open_source
from assistant.llm.form import GRAPH_FILE, Quantization
from tests.llm.build.tiny import Tiny, tiny, write_gguf

VALUES = np.random.default_rng(1).standard_normal((24, 256)).astype(np.float32)


def silent(step: str, done: int, total: int) -> None:
    """Nobody is told."""


@pytest.mark.parametrize("kind", [Kind.Q4_0, Kind.Q4_1, Kind.Q5_0, Kind.Q8_0])
def test_codes_are_read_as_the_format_defines_them(kind: Kind) -> None:
    packed = quantize(VALUES, kind)
    found = unpacked(packed, kind, "some")
    assert isinstance(found, Blocks)
    np.testing.assert_allclose(found.floats(), dequantize(packed, kind), atol=1e-5)


@pytest.mark.parametrize("kind", [Kind.Q4_K, Kind.Q5_K, Kind.Q6_K, Kind.Q3_K])
def test_k_quants_become_eight_bits(kind: Kind) -> None:
    bytes_per_row = {Kind.Q4_K: 144, Kind.Q5_K: 176, Kind.Q6_K: 210, Kind.Q3_K: 110}[kind]
    packed = np.random.default_rng(2).integers(0, 256, (24, bytes_per_row), np.uint8)
    scale = np.frombuffer(np.float16(0.01).tobytes(), np.uint8)
    places = {Kind.Q4_K: [0, 2], Kind.Q5_K: [0, 2], Kind.Q6_K: [208], Kind.Q3_K: [108]}[kind]
    for place in places:
        packed[:, place : place + 2] = scale
    wanted = dequantize(packed, kind)
    found = in_8_bits(unpacked(packed, kind, "some")).floats()
    assert np.abs(found - wanted).max() <= np.abs(wanted).max() / 254 * 1.001


@pytest.mark.parametrize("kind", [Kind.Q4_0, Kind.Q4_1])
def test_four_bits_stay_exactly_what_they_were(kind: Kind) -> None:
    matrix = unpacked(quantize(VALUES, kind), kind, "some")
    packed = in_4_bits(matrix)
    assert packed.bits == 4
    np.testing.assert_array_equal(packed.floats(), floats_of(matrix))


def test_four_bits_as_eight_lose_less_than_rounding_would() -> None:
    matrix = unpacked(quantize(VALUES, Kind.Q4_1), Kind.Q4_1, "some")
    values = floats_of(matrix)
    spread, rounded = in_8_bits(matrix).floats(), in_8_bits(values).floats()
    assert np.std(spread - values) < 0.6 * np.std(rounded - values)


def test_a_block_of_zeros_stays_zero() -> None:
    values = VALUES.copy()
    values[:, :32] = 0
    np.testing.assert_array_equal(in_8_bits(values).floats()[:, :32], 0)


@pytest.mark.parametrize("quantization", [Quantization.Q8, Quantization.Q4])
def test_embedding_and_head_are_the_same_bytes(quantization: Quantization, tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "tiny.gguf", tiny(Family.LLAMA), Kind.Q4_0)
    build(open_source(file), tmp_path / "built", Plan(quantization, check_positions=0), silent)
    graph = onnx.load(tmp_path / "built" / GRAPH_FILE, load_external_data=False).graph
    places = {
        tensor.name: {entry.key: entry.value for entry in tensor.external_data}
        for tensor in graph.initializer
        if tensor.name in ("embed", "head", "embed.scales", "head.scales")
    }
    assert places["embed"] == places["head"]
    assert places["embed.scales"] == places["head.scales"]
    assert int(places["embed"]["offset"]) % 4096 == 0


def with_outliers(model: Tiny) -> Tiny:
    """As trained models have them: two channels of the stream far above the rest."""
    for name, values in model.weights.items():
        if name.endswith(("attention_norm", "feed_norm")) or name == "norm":
            values[[3, 40]] *= 60
        elif values.ndim == 2 and name.split(".")[-1] in ("q", "k", "v", "gate", "up"):
            values[:, [3, 40]] /= 60
    return model


def test_the_form_without_blocks_keeps_outliers_apart(tmp_path: Path) -> None:
    model = with_outliers(tiny(Family.LLAMA))
    found = outliers_of(model)
    assert all({3, 40} <= set(found[f"layer.{layer}.{part}"]) for layer in (0, 1) for part in ("qkv", "gate_up"))
    file = write_gguf(tmp_path / "tiny.gguf", model)
    build(open_source(file), tmp_path / "built", Plan(Quantization.DQ8, check_positions=0), silent)
    tokens = [40, 3, 17, 200, 5, 9, 41, 77, 3, 3, 250]
    reference = Reference(model)
    wanted = reference.logits(reference.states(tokens))
    logits = np.concatenate(list(built_logits(tmp_path / "built", open_source(file), tokens, 1)))
    assert np.abs(logits - wanted).max() < 0.03 * np.abs(wanted).max()


@pytest.mark.parametrize(
    ("cpu", "wanted"),
    [
        ("flags\t\t: fpu sse4_2 avx avx2 fma", Quantization.Q8),
        ("Features\t: fp asimd evtstrm crc32 asimdhp cpuid asimdrdm lrcpc dcpop asimddp", Quantization.Q8),
        ("Features\t: fp asimd evtstrm crc32 cpuid", Quantization.DQ8),
        ("", Quantization.DQ8),
    ],
    ids=["x86-64 with AVX2", "Raspberry Pi 5", "Raspberry Pi 4", "nothing known"],
)
def test_the_processor_decides_the_form(cpu: str, wanted: Quantization) -> None:
    assert quantization_for(cpu) is wanted
