from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.core.errors import ModelDamaged, ModelError, ModelMissing
from assistant.llm.adapt.adapter import About, Adapter, sha256_of
from assistant.llm.pointer.export import EMBEDDING, Base, build_planner


def _base(folder: Path) -> Base:
    """A base of the right width, and of nothing else."""
    folder.mkdir()
    values = np.zeros((10, 384), np.float32)
    header = {EMBEDDING: {"dtype": "F32", "shape": list(values.shape), "data_offsets": [0, values.nbytes]}}
    text = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + values.tobytes())
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    return Base.read(folder)


def _adapter(folder: Path, base_sha256: str, tokenizer: str) -> Path:
    Adapter(About("base", base_sha256, sha256_of(tokenizer), 2, classes=("",)), {}).write(folder)
    return folder


def test_an_adapter_of_another_base_is_told(tmp_path: Path) -> None:
    base = _base(tmp_path / "base")
    weights = tmp_path / "base" / "model.safetensors"
    with pytest.raises(ModelError, match="other weights"):
        build_planner(weights, _adapter(tmp_path / "a", "0" * 64, "{}"), tmp_path / "out")
    with pytest.raises(ModelError, match="another vocabulary"):
        build_planner(weights, _adapter(tmp_path / "b", base.sha256, "[]"), tmp_path / "out")


def test_an_adapter_that_lacks_parts_is_told(tmp_path: Path) -> None:
    base = _base(tmp_path / "base")
    with pytest.raises(ModelDamaged, match="not one of this encoder"):
        build_planner(
            tmp_path / "base" / "model.safetensors", _adapter(tmp_path / "a", base.sha256, "{}"), tmp_path / "out"
        )


def test_a_missing_base_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        build_planner(tmp_path / "model.safetensors", tmp_path / "adapter", tmp_path / "out")
