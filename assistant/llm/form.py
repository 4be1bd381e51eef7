"""The one form in which a language model lies on the disk: four files in a folder, described by form.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.core.errors import ModelDamaged, ModelMissing

VERSION = 1
FORM_FILE = "form.json"
GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "weights.bin"
TOKENIZER_FILE = "tokenizer.json"


class Quantization(StrEnum):
    """How the weights of the matrices are kept."""

    Q8 = "q8"
    """8 bits in blocks of 32, as MatMulNBits: needs int8 dot products to be fast."""
    Q4 = "q4"
    """4 bits in blocks of 32, as MatMulNBits, exactly as the source has them."""
    DQ8 = "dq8"
    """8 bits a column, activations quantized at run time: fast on any board, less exact."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a form was built from."""

    id: str
    """Name of the file, package or repository."""
    sha256: str
    """Of the file that holds the weights."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How close the built model is to the same weights in float32, over one text."""

    kl: float
    """Mean Kullback-Leibler divergence from the reference, nats per position."""
    perplexity: float
    reference_perplexity: float
    same_top: float
    """Share of positions with the same most likely token, 0 to 1."""
    positions: int


@dataclass(frozen=True, slots=True)
class Form:
    """A built language model: what a decoder must know beside the graph itself.

    The graph takes `input_ids` [B, S] int64, `seqlens_k` [B] int32 (tokens in all, less one), `total_len` (scalar
    int32), `out_idx` [N] int64 (the positions of S whose logits are wanted) and per layer i `past_key_<i>` and
    `past_value_<i>` [B, kv_heads, T, head_dim] of `kv_type`; it gives `logits` [B, N, vocab] float32 and
    `present_key_<i>`, `present_value_<i>`, which may be bound to the same buffers as the past.
    """

    family: str
    quantization: Quantization
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    vocab: int
    max_positions: int
    kv_type: str
    """float32 or float16."""
    eos: tuple[int, ...]
    origin: Origin
    bos: int | None = None
    adds_bos: bool = False
    """Whether every prompt starts with `bos`."""
    chat_template: str = ""
    """Jinja; empty when the source gives none."""
    checked: Checked | None = None
    version: int = field(default=VERSION)

    def write(self, folder: Path) -> None:
        """Keep this as form.json in `folder`. Raises OSError."""
        (folder / FORM_FILE).write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Form:
        """The form that lies in `folder`, all its files being there. Raises ModelMissing, ModelDamaged."""
        path = folder / FORM_FILE
        if not path.is_file():
            raise ModelMissing(f"there is no language model in {folder}", fix="run `assistant models pull`")
        try:
            form = _form(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise _damaged(folder, f"{path}: {error}") from error
        for name in (GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE):
            if not (folder / name).is_file():
                raise _damaged(folder, f"{name} is missing")
        return form


def _form(given: Any) -> Form:
    values = dict(_record(given))
    if values.get("version") != VERSION:
        raise ValueError(f"version {values.get('version')!r} of the form is not known here")
    values["quantization"] = Quantization(values["quantization"])
    values["eos"] = tuple(int(token) for token in values["eos"])
    values["origin"] = Origin(**_record(values["origin"]))
    values["checked"] = Checked(**_record(values["checked"])) if values.get("checked") else None
    form = Form(**values)
    for one in fields(form):
        value = getattr(form, one.name)
        if one.type == "int" and (not isinstance(value, int) or value < 1):
            raise ValueError(f"{one.name} is {value!r}, not a positive number")
    return form


def _record(given: Any) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise TypeError(f"not a table: {given!r}")
    return given


def _damaged(folder: Path, why: str) -> ModelDamaged:
    return ModelDamaged(f"the language model in {folder} can't be used", why=why, fix="build or pull it again")
