"""A graph built out of a GGUF file says what the same weights say in float32, in every family."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind

from assistant.llm.build.architecture import Family
from assistant.llm.build.build import Plan, build
from assistant.llm.build.check import built_logits
from assistant.llm.build.checkpoint import floats_of
from assistant.llm.build.reference import Reference
from assistant.llm.build.source import open_source
from assistant.llm.form import Form, Quantization
from tests.llm.build.tiny import FAMILIES, TEMPLATE, TOKENS, tiny, write_gguf

TEXT = [40, 3, 17, 200, 5, 9, 41, 77, 3, 3, 250, 12, 13, 14, 99, 120, 7, 8, 60, 61, 62, 63, 90, 5]


def silent(step: str, done: int, total: int) -> None:
    """Nobody is told."""


def logits_of(folder: Path, source: Path) -> np.ndarray:
    return np.concatenate(list(built_logits(folder, open_source(source), TEXT, 1)))


@pytest.mark.parametrize("family", list(Family))
def test_the_graph_agrees_with_float32(family: Family, tmp_path: Path) -> None:
    model = tiny(family)
    file = write_gguf(tmp_path / "tiny.gguf", model)
    build(open_source(file), tmp_path / "built", Plan(check_positions=0), silent)
    reference = Reference(model)
    wanted = reference.logits(reference.states(TEXT))
    found = logits_of(tmp_path / "built", file)
    assert np.abs(found - wanted).max() < 0.05 * np.abs(wanted).max()


@pytest.mark.parametrize("family", list(Family))
def test_a_file_gives_back_the_weights_it_was_made_of(family: Family, tmp_path: Path) -> None:
    model = tiny(family)
    source = open_source(write_gguf(tmp_path / "tiny.gguf", model))
    for name, values in model.weights.items():
        found = source.matrix(name) if values.ndim == 2 else source.vector(name)
        np.testing.assert_array_equal(floats_of(found), values)
    assert source.architecture == FAMILIES[family]


def test_a_window_hides_what_lies_further_back(tmp_path: Path) -> None:
    all_windows = tiny(Family.GEMMA3, window_pattern=4)
    file = write_gguf(tmp_path / "tiny.gguf", all_windows)
    build(open_source(file), tmp_path / "built", Plan(check_positions=0), silent)
    reach = (all_windows.architecture.window - 1) * all_windows.architecture.layers
    checkpoint = open_source(file)
    first = np.concatenate(list(built_logits(tmp_path / "built", checkpoint, [1, *[5] * (reach + 1)], 1)))
    other = np.concatenate(list(built_logits(tmp_path / "built", checkpoint, [2, *[5] * (reach + 1)], 1)))
    assert np.abs(first[reach] - other[reach]).max() > 0
    np.testing.assert_array_equal(first[reach + 1], other[reach + 1])


@pytest.mark.parametrize(
    ("kind", "quantization"),
    [
        *((kind, Quantization.Q8) for kind in (Kind.Q4_1, Kind.Q5_0, Kind.Q5_1, Kind.Q8_0, Kind.F16, Kind.BF16)),
        *((kind, Quantization.Q4) for kind in (Kind.Q4_0, Kind.Q4_1, Kind.BF16)),
    ],
)
def test_weights_of_any_kind_pass_the_check(kind: Kind, quantization: Quantization, tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "tiny.gguf", tiny(Family.LLAMA, layers=1), kind)
    plan = Plan(quantization, check_positions=40, threads=1)
    form = build(open_source(file), tmp_path / "built", plan, silent)
    assert form.checked is not None
    assert 0 < form.checked.kl < 0.006
    assert form.checked.positions == 40


def test_the_form_says_what_a_decoder_must_know(tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "tiny.gguf", tiny(Family.QWEN2))
    built = build(open_source(file), tmp_path / "built", Plan(check_positions=0, max_positions=32), silent)
    form = Form.read(tmp_path / "built")
    assert form == built
    assert (form.layers, form.heads, form.kv_heads, form.head_dim, form.vocab) == (2, 4, 2, 16, 288)
    assert form.max_positions == 32
    assert [TOKENS[token] for token in form.eos] == ["<|im_end|>", "<|endoftext|>"]
    assert form.chat_template == TEMPLATE
    assert form.origin.id == "tiny.gguf"
