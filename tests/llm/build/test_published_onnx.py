"""Published ONNX repositories are built from like GGUF files, whichever way their matrices are quantized."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assistant.core.errors import ModelDamaged, ModelError
from assistant.llm.build.architecture import Family
from assistant.llm.build.build import Plan, build
from assistant.llm.build.checkpoint import floats_of
from assistant.llm.build.repository import architecture_of
from assistant.llm.build.source import open_source
from assistant.llm.form import Quantization
from tests.llm.build.published import Publisher
from tests.llm.build.tiny import FAMILIES, TEMPLATE, tiny


def silent(step: str, done: int, total: int) -> None:
    """Nobody is told."""


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        *((Family.LLAMA, kind) for kind in ("q4", "q8", "int8", "float")),
        (Family.QWEN2, "q4"),
        (Family.QWEN3, "q4"),
        (Family.GEMMA3, "q4"),
    ],
)
def test_the_published_weights_are_found_exactly(family: Family, kind: str, tmp_path: Path) -> None:
    publisher = Publisher(tiny(family), kind)
    source = open_source(publisher.write(tmp_path / "published"))
    assert source.architecture == FAMILIES[family]
    for name, values in publisher.truth.items():
        found = source.matrix(name) if values.ndim == 2 else source.vector(name)
        np.testing.assert_allclose(floats_of(found), values, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("quantization", [Quantization.Q8, Quantization.Q4])
def test_a_published_model_is_built_and_passes_the_check(quantization: Quantization, tmp_path: Path) -> None:
    folder = Publisher(tiny(Family.LLAMA), "q4").write(tmp_path / "published")
    form = build(open_source(folder), tmp_path / "built", Plan(quantization, check_positions=40, threads=1), silent)
    assert form.checked is not None
    assert form.checked.kl < 0.006
    assert form.eos[0] == 286
    assert form.chat_template == TEMPLATE


def test_the_file_itself_can_be_given_where_there_are_several(tmp_path: Path) -> None:
    folder = Publisher(tiny(Family.LLAMA), "q4").write(tmp_path / "published")
    (folder / "onnx/model_other.onnx").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"one .onnx file.*model_other.onnx"):
        open_source(folder)
    assert open_source(folder / "onnx/model.onnx").architecture.layers == 2


def test_a_broken_graph_is_told(tmp_path: Path) -> None:
    folder = Publisher(tiny(Family.LLAMA), "q4").write(tmp_path / "published")
    (folder / "onnx/model.onnx").write_bytes(b"\xff\xff\xff no graph")
    with pytest.raises(ModelDamaged, match="not a whole ONNX file"):
        open_source(folder)


def test_weights_cut_short_are_told(tmp_path: Path) -> None:
    folder = Publisher(tiny(Family.LLAMA), "q4").write(tmp_path / "published")
    weights = folder / "onnx/model.onnx_data"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(ModelDamaged, match="can't be read"):
        build(open_source(folder), tmp_path / "built", Plan(check_positions=0), silent)
    assert not (tmp_path / "built").exists()


def test_a_tokenizer_larger_than_the_embedding_is_told(tmp_path: Path) -> None:
    folder = Publisher(tiny(Family.LLAMA), "q4").write(tmp_path / "published")
    text = json.loads((folder / "tokenizer.json").read_text())
    text["model"]["vocab"] |= {f"more{i}": 300 + i for i in range(50)}
    (folder / "tokenizer.json").write_text(json.dumps(text))
    with pytest.raises(ModelDamaged, match="the embedding 288"):
        open_source(folder)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"model_type": "lfm2"}, "'lfm2' can't be built here"),
        ({"rope_scaling": {"rope_type": "yarn", "factor": 4}}, "'yarn'"),
        ({"hidden_size": None}, "TypeError"),
    ],
)
def test_an_unknown_shape_is_told(change: dict[str, object], told: str, tmp_path: Path) -> None:
    folder = Publisher(tiny(Family.LLAMA), "q4").write(tmp_path / "published")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(ModelError, match=told):
        open_source(folder)


def test_positions_of_llama_3_turn_slower_the_slower_they_turn(tmp_path: Path) -> None:
    folder = Publisher(tiny(Family.LLAMA), "q4").write(tmp_path / "published")
    config = json.loads((folder / "config.json").read_text())
    config["rope_scaling"] = {
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 64,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    factors = architecture_of(folder).rope.factors
    assert factors[0] == 1.0  # 10 turns within 64 positions: quicker than 4
    assert factors[-1] == 8.0  # less than one turn
    assert all(math.isclose(a, b) or a < b for a, b in pairwise(factors))
    assert any(1 < factor < 8 for factor in factors)


def test_newer_files_with_a_table_per_kind_of_layer_say_the_same(tmp_path: Path) -> None:
    folder = Publisher(tiny(Family.GEMMA3), "q4").write(tmp_path / "published")
    before = architecture_of(folder)
    config = json.loads((folder / "config.json").read_text())
    for key in ("rope_theta", "rope_scaling", "rope_local_base_freq", "sliding_window_pattern"):
        del config[key]
    config["layer_types"] = ["sliding_attention", "sliding_attention", "full_attention"]
    config["rope_parameters"] = {
        "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1_000_000.0},
        "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
    }
    (folder / "config.json").write_text(json.dumps(config))
    assert architecture_of(folder) == before
