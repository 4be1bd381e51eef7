"""The adapter file: what training learnt, in 8 bits a number, with what it belongs to and how it was made."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.core.errors import ModelDamaged, ModelError, ModelMissing

VERSION = 1
PARTS_FILE = "adapter.npz"
ABOUT_FILE = "adapter.json"
_SCALE = ".scale"
_STEPS = np.float32(127)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class About:
    """What an adapter is for and where it comes from."""

    base_id: str
    """Name of what the base model is built from."""
    base_sha256: str
    """Of the file with its weights."""
    vocabulary_sha256: str
    """Of the tokenizer's definition."""
    rank: int
    prompt_sha256: str = ""
    """Of the prompt's fixed part that a language model was trained with."""
    classes: tuple[str, ...] = ()
    """Of an encoder: the names of its classes."""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    """Seed, counts, steps, rate: all that is needed to make it again."""
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Adapter:
    """Learnt arrays by name. `<matrix>.up` [out, rank] times `<matrix>.down` [rank, in] is added to that matrix of the
    base; others (of an encoder's heads) stand for themselves."""

    about: About
    parts: Mapping[str, Floats]

    def product(self, matrix: str) -> Floats | None:
        """What is added to a matrix [out, in]; None: nothing."""
        down, up = self.parts.get(f"{matrix}.down"), self.parts.get(f"{matrix}.up")
        if down is None or up is None:
            return None
        product: Floats = up @ down
        return product

    def write(self, folder: Path) -> None:
        """Keep it in `folder`: 8 bits a number, one scale a row. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {}
        for name, values in sorted(self.parts.items()):
            arrays[name], arrays[f"{name}{_SCALE}"] = _rounded(np.atleast_2d(values))
        np.savez_compressed(folder / PARTS_FILE, **arrays)
        text = json.dumps(asdict(self.about), indent=1, ensure_ascii=False, sort_keys=True)
        (folder / ABOUT_FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Adapter:
        """The adapter in `folder`. Raises ModelMissing, ModelDamaged."""
        try:
            about = _about(json.loads((folder / ABOUT_FILE).read_text(encoding="utf-8")))
            with (folder / PARTS_FILE).open("rb") as stream, np.load(stream) as arrays:
                names = [name for name in arrays.files if not name.endswith(_SCALE)]
                return cls(about, {name: _read(arrays, name) for name in names})
        except FileNotFoundError as error:
            raise ModelMissing(f"there is no adapter in {folder}", why=str(error.filename)) from error
        except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
            raise ModelDamaged(f"the adapter in {folder} can't be read", why=str(error), fix="get it again") from error

    def check(self, base_sha256: str, tokenizer: str) -> None:
        """Raises ModelError where it was made for another vocabulary (a tokenizer's definition) or other weights."""
        if self.about.vocabulary_sha256 != sha256_of(tokenizer):
            raise self._foreign("another vocabulary", "the tokenizers differ")
        if self.about.base_sha256 != base_sha256:
            raise self._foreign("other weights", f"{self.about.base_sha256[:12]}… is not {base_sha256[:12]}…")

    def _foreign(self, what: str, why: str) -> ModelError:
        return ModelError(
            f"the adapter was made for {what}",
            why=f"it belongs to {self.about.base_id}: {why}",
            fix="use the adapter of this model, or run `assistant models adapt`",
        )


def sha256_of(text: str) -> str:
    """Of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _rounded(values: Floats) -> tuple[Any, Any]:
    scales = np.abs(values).max(axis=1, keepdims=True) / _STEPS
    codes = np.rint(np.divide(values, scales, out=np.zeros_like(values), where=scales > 0))
    return codes.astype(np.int8), scales.astype(np.float32)


def _read(arrays: Any, name: str) -> Floats:
    codes, scales = arrays[name], arrays[f"{name}{_SCALE}"]
    if codes.dtype != np.int8 or codes.ndim != 2 or scales.shape != (codes.shape[0], 1):
        raise ValueError(f"{name} is not a matrix of 8-bit codes with a scale for each row")
    values: Floats = codes.astype(np.float32) * scales.astype(np.float32)
    return values


def _about(given: Any) -> About:
    if not isinstance(given, dict):
        raise TypeError(f"not a table: {given!r}")
    about = About(**{**given, "classes": tuple(map(str, given.get("classes", ())))})
    if about.version != VERSION:
        raise ValueError(f"version {about.version!r} of the adapter is not known here")
    return about
