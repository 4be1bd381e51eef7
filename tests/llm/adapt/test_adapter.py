from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.core.errors import ModelDamaged, ModelError, ModelMissing
from assistant.llm.adapt.adapter import PARTS_FILE, About, Adapter, sha256_of
from assistant.llm.adapt.merge import Adapted, apply_adapter
from assistant.llm.build.architecture import Family
from assistant.llm.build.checkpoint import Vocabulary, floats_of
from tests.llm.build.tiny import FAMILIES, Tiny


class _Base(Tiny):
    """A tiny decoder with a vocabulary."""

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary("{}", 288, (2,), None, False, "")


_BASE = _Base(FAMILIES[Family.LLAMA])


def _adapter(**changes: object) -> Adapter:
    random = np.random.default_rng(3)
    about = About("tiny", _BASE.origin.sha256, sha256_of(_BASE.vocabulary.tokenizer), 2)
    rows, columns = floats_of(_BASE.matrix("layer.0.q")).shape
    parts = {
        "layer.0.q.down": random.normal(size=(2, columns)).astype(np.float32),
        "layer.0.q.up": random.normal(size=(rows, 2)).astype(np.float32),
    }
    return Adapter(replace(about, **changes), parts)  # type: ignore[arg-type]  # a test's own keywords


def test_what_is_written_is_read_within_a_step_of_its_row(tmp_path: Path) -> None:
    adapter = _adapter(recipe={"seed": 4}, classes=("", "turn_on"))
    adapter.write(tmp_path)
    again = Adapter.read(tmp_path)
    assert again.about == adapter.about
    for name, values in adapter.parts.items():
        step = np.abs(values).max(axis=1, keepdims=True) / 127
        assert (np.abs(again.parts[name] - values) <= step * 0.51).all()


def test_a_merged_matrix_is_the_base_and_the_product(tmp_path: Path) -> None:
    adapter = _adapter()
    adapter.write(tmp_path)
    kept = Adapter.read(tmp_path).parts
    merged = floats_of(apply_adapter(_BASE, tmp_path).matrix("layer.0.q"))
    product = kept["layer.0.q.up"] @ kept["layer.0.q.down"]
    np.testing.assert_allclose(merged, floats_of(_BASE.matrix("layer.0.q")) + product, rtol=1e-5)
    untouched = Adapted(_BASE, adapter)
    assert untouched.matrix("layer.0.k") is not merged
    np.testing.assert_array_equal(floats_of(untouched.matrix("layer.0.k")), floats_of(_BASE.matrix("layer.0.k")))


def test_an_adapter_of_another_vocabulary_is_told() -> None:
    with pytest.raises(ModelError, match=r"another vocabulary.*belongs to tiny"):
        Adapted(_BASE, _adapter(vocabulary_sha256="0" * 64))


def test_an_adapter_of_other_weights_is_told() -> None:
    with pytest.raises(ModelError, match="other weights"):
        Adapted(_BASE, _adapter(base_sha256="1" * 64))


def test_an_adapter_of_another_shape_is_told() -> None:
    adapter = _adapter()
    parts = {**adapter.parts, "layer.0.q.down": adapter.parts["layer.0.q.down"][:, 1:]}
    with pytest.raises(ModelDamaged, match=r"layer\.0\.q"):
        Adapted(_BASE, Adapter(adapter.about, parts)).matrix("layer.0.q")


def test_a_missing_adapter_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        Adapter.read(tmp_path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999))
def test_a_file_cut_anywhere_is_damaged(share: float, tmp_path: Path) -> None:
    _adapter().write(tmp_path)
    data = (tmp_path / PARTS_FILE).read_bytes()
    (tmp_path / PARTS_FILE).write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ModelDamaged):
        Adapter.read(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"base_id": "x"}', '{"version": 9}', "nul"])
def test_a_damaged_description_is_told(text: str, tmp_path: Path) -> None:
    _adapter().write(tmp_path)
    (tmp_path / "adapter.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelDamaged):
        Adapter.read(tmp_path)
