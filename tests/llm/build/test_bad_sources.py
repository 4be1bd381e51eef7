"""A source that can't be built from is told in plain words, and leaves nothing behind."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.core.errors import ModelDamaged, ModelError
from assistant.llm.build.architecture import Family
from assistant.llm.build.build import Plan, build, require_close
from assistant.llm.build.source import open_source
from assistant.llm.form import Checked, Form, Quantization
from tests.llm.build.tiny import TOKENS, tiny, write_gguf


def silent(step: str, done: int, total: int) -> None:
    """Nobody is told."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = write_gguf(tmp_path_factory.mktemp("sound") / "tiny.gguf", tiny(Family.LLAMA, layers=1), Kind.Q8_0)
    return file.read_bytes()


def everything(path: Path) -> None:
    """Read whatever a build reads."""
    source = open_source(path)
    for part in ("q", "k", "v", "o", "gate", "up", "down"):
        source.matrix(f"layer.0.{part}")
    for part in ("attention_norm", "feed_norm"):
        source.vector(f"layer.0.{part}")
    source.matrix("embed")
    source.vector("norm")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999))
def test_a_file_cut_anywhere_is_damaged(sound: bytes, share: float, tmp_path: Path) -> None:
    file = tmp_path / "cut.gguf"
    file.write_bytes(sound[: int(len(sound) * share)])
    with pytest.raises(ModelError):
        everything(file)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(4, 3000), byte=st.integers(0, 255))
def test_a_byte_changed_in_the_head_is_read_or_told(sound: bytes, place: int, byte: int, tmp_path: Path) -> None:
    file = tmp_path / "changed.gguf"
    file.write_bytes(sound[:place] + bytes([byte]) + sound[place + 1 :])
    with suppress(ModelError):
        everything(file)


def test_a_foreign_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "picture.gguf"
    file.write_bytes(b"\x89PNG and so on")
    with pytest.raises(ModelError, match="is no GGUF file"):
        open_source(file)


def test_a_source_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no"):
        open_source(tmp_path / "nothing.gguf")


def test_an_unknown_architecture_names_the_known_ones(tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "tiny.gguf", tiny(Family.LLAMA), **{"general.name": "x"})
    file.write_bytes(file.read_bytes().replace(b"llama", b"mamba"))
    with pytest.raises(ModelError, match=r"'mamba' can't be built here.*llama, qwen2, qwen3, gemma3"):
        open_source(file)


def test_a_wrong_checksum_is_told_before_anything_is_read(tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "tiny.gguf", tiny(Family.LLAMA))
    with pytest.raises(ModelDamaged, match="wrong checksum"):
        open_source(file, sha256="0" * 64)


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"tokenizer.ggml.tokens": [*TOKENS, *(f"more{i}" for i in range(100))]}, "an embedding of 288"),
        ({"tokenizer.ggml.token_type": [1, 1]}, "2 token types"),
        ({"tokenizer.ggml.merges": ["q z"]}, "vocabulary"),
        ({"tokenizer.ggml.model": "bert"}, "'bert' can't be built here"),
        ({"tokenizer.ggml.pre": "klingon"}, "'klingon' can't be built here"),
        ({"llama.attention.head_count": 8}, "expected"),
        ({"llama.block_count": 5}, "it has no tensor blk.2"),
        ({"llama.rope.scaling.type": "yarn"}, "'yarn' can't be built here"),
    ],
)
def test_what_does_not_fit_together_is_told(metadata: dict[str, object], told: str, tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "tiny.gguf", tiny(Family.LLAMA), **metadata)
    with pytest.raises(ModelError, match=re.escape(told)):
        build(open_source(file), tmp_path / "built", Plan(check_positions=0), silent)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.gguf"]


def test_a_failed_build_keeps_the_model_that_was_there(tmp_path: Path) -> None:
    good = write_gguf(tmp_path / "good.gguf", tiny(Family.LLAMA))
    before = build(open_source(good), tmp_path / "built", Plan(check_positions=0), silent)
    bad = write_gguf(tmp_path / "bad.gguf", tiny(Family.LLAMA), **{"llama.block_count": 5})
    with pytest.raises(ModelError):
        build(open_source(bad), tmp_path / "built", Plan(check_positions=0), silent)
    assert Form.read(tmp_path / "built") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.gguf", "built", "good.gguf"]


def test_a_build_replaces_what_was_there(tmp_path: Path) -> None:
    source = open_source(write_gguf(tmp_path / "tiny.gguf", tiny(Family.LLAMA), Kind.Q4_1))
    for quantization in (Quantization.Q8, Quantization.Q4):
        build(source, tmp_path / "built", Plan(quantization, check_positions=0), silent)
        assert Form.read(tmp_path / "built").quantization is quantization
    assert sorted(path.name for path in tmp_path.iterdir()) == ["built", "tiny.gguf"]


@pytest.mark.parametrize("quantization", list(Quantization))
def test_weights_that_are_no_numbers_never_pass(quantization: Quantization, tmp_path: Path) -> None:
    model = tiny(Family.LLAMA)
    model.weights["layer.1.down"][3, 5] = np.nan
    file = write_gguf(tmp_path / "tiny.gguf", model)
    with np.errstate(all="ignore"), pytest.raises(ModelError, match=r"no numbers"):
        build(open_source(file), tmp_path / "built", Plan(quantization, check_positions=20, threads=1), silent)
    assert not (tmp_path / "built").exists()


@pytest.mark.parametrize("changes", [{"inner": 100}, {"head_dim": 24}, {"heads": 4, "kv_heads": 3}])
def test_a_shape_that_the_operators_have_not_is_told(changes: dict[str, int], tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "tiny.gguf", tiny(Family.QWEN3, **changes))
    with pytest.raises(ModelError, match="of this shape"):
        build(open_source(file), tmp_path / "built", Plan(check_positions=0), silent)


@pytest.mark.parametrize(
    ("kl", "perplexity"), [(0.02, 20.0), (0.001, 20.5), (0.001, 19.5), (float("nan"), float("nan"))]
)
def test_a_model_far_from_its_source_is_refused(kl: float, perplexity: float) -> None:
    with pytest.raises(ModelError, match="differs too much"):
        require_close(Checked(kl, perplexity, 20.0, same_top=0.9, positions=1000), Quantization.Q8)


def test_a_near_model_passes_and_over_few_tokens_only_the_divergence_counts() -> None:
    require_close(Checked(0.005, 20.1, 20.0, same_top=0.9, positions=1000), Quantization.Q8)
    require_close(Checked(0.005, 20.5, 20.0, same_top=0.9, positions=250), Quantization.Q8)
    require_close(Checked(0.015, 20.3, 20.0, same_top=0.9, positions=1000), Quantization.DQ8)
