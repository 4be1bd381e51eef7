"""From a base encoder and an adapter to the folder that inference reads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.core.errors import ModelDamaged, ModelMissing
from assistant.llm.adapt.adapter import Adapter
from assistant.llm.pointer.graph import write_graph
from assistant.llm.pointer.layout import MARKS
from assistant.llm.pointer.model import GRAPH_FILE, TOKENIZER_FILE, PointerForm
from assistant.llm.pointer.safetensors import read_tensors
from assistant.llm.pointer.shape import CLASS_GAIN, LINEARS, Shape, linear

BASE_FILE = "model.safetensors"
EMBEDDING = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, slots=True)
class Base:
    """A published BERT encoder."""

    weights: Mapping[str, Any]
    sha256: str
    tokenizer: str
    """JSON as the tokenizers library reads it."""

    @classmethod
    def read(cls, folder: Path) -> Base:
        """From a folder with model.safetensors and tokenizer.json. Raises ModelMissing, ModelDamaged."""
        path = folder / BASE_FILE
        weights = read_tensors(path)
        if weights.get(EMBEDDING) is None or weights[EMBEDDING].shape[1] != Shape().hidden:
            raise ModelDamaged(f"{path} is not the encoder that is expected", fix="give all-MiniLM-L6-v2")
        try:
            tokenizer = (folder / TOKENIZER_FILE).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise ModelMissing(f"{folder} has no {TOKENIZER_FILE}") from error
        return cls(weights, hashlib.sha256(path.read_bytes()).hexdigest(), tokenizer)


def merged(base: Mapping[str, Any], parts: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """The base's weights with the learnt products and marks added, and the heads beside them. Raises KeyError."""
    weights = {name: np.array(values, np.float32) for name, values in base.items() if values.dtype != np.int64}
    for layer in range(shape.layers):
        for part in LINEARS:
            name = linear(layer, part)
            weights[f"{name}.weight"] += parts[f"{name}.up"] @ parts[f"{name}.down"]
    weights[EMBEDDING][list(MARKS)] += parts["marks"]
    heads = {name: values for name, values in parts.items() if not name.startswith("encoder.")}
    for name in ("classes", "classes.bias"):
        heads[name] = heads[name] * np.float32(CLASS_GAIN)
    return weights | heads


def build_pointer(base: Base, adapter: Adapter, folder: Path) -> None:
    """Write graph, form and tokenizer into `folder`. Raises ModelError for a foreign adapter, ModelDamaged, OSError."""
    adapter.check(base.sha256, base.tokenizer)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        weights = merged(base.weights, adapter.parts, Shape())
        weights["classes.bias"] = weights["classes.bias"].reshape(-1)
        write_graph(weights, Shape(), folder / GRAPH_FILE)
    except (KeyError, ValueError) as error:
        raise ModelDamaged("the adapter is not one of this encoder", why=str(error), fix="get it again") from error
    PointerForm(adapter.about.classes, base.sha256).write(folder)
    (folder / TOKENIZER_FILE).write_text(base.tokenizer, encoding="utf-8")


def build_planner(weights: Path, adapter: Path, folder: Path) -> None:
    """Likewise, from the path of the base's model.safetensors and the adapter's folder. Raises as `build_pointer`."""
    build_pointer(Base.read(weights.parent), Adapter.read(adapter), folder)
