"""Runs the encoder on onnxruntime."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.core.errors import ModelDamaged, ModelMissing
from assistant.llm.pointer.choice import Scores
from assistant.llm.pointer.layout import Shown, layout
from assistant.llm.pointer.shape import HEADS

GRAPH_FILE, TOKENIZER_FILE, ABOUT_FILE = "pointer.onnx", "tokenizer.json", "pointer.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class PointerForm:
    """What lies beside the graph."""

    classes: Sequence[str]
    """Names of the classes; the first, "", is no call."""
    base_sha256: str

    def write(self, folder: Path) -> None:
        """Keep it in `folder`. Raises OSError."""
        about = {"version": VERSION, "classes": list(self.classes), "base_sha256": self.base_sha256}
        (folder / ABOUT_FILE).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> PointerForm:
        """From `folder`. Raises ModelMissing, ModelDamaged."""
        try:
            about = json.loads((folder / ABOUT_FILE).read_text(encoding="utf-8"))
            if about["version"] != VERSION:
                raise ValueError(f"version {about['version']!r} is not known here")
            return cls(tuple(map(str, about["classes"])), str(about["base_sha256"]))
        except FileNotFoundError as error:
            raise ModelMissing(f"there is no encoder in {folder}", fix="run `assistant models pull`") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ModelDamaged(f"the encoder in {folder} can't be used", why=str(error), fix="pull it again") from error


class PointerModel:
    """A loaded encoder; not thread-safe: one thread owns it."""

    def __init__(self, form: PointerForm, session: Any, tokenizer: Any) -> None:
        self.form = form
        self._session = session
        self._tokenizer = tokenizer
        self._pieces: dict[str, list[int]] = {}

    @classmethod
    def load(cls, folder: Path, threads: int) -> PointerModel:
        """From a built folder. Raises ModelMissing, ModelDamaged."""
        import onnxruntime
        from tokenizers import Tokenizer

        form = PointerForm.read(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        for name in (GRAPH_FILE, TOKENIZER_FILE):
            if not (folder / name).is_file():
                raise ModelDamaged(
                    f"the encoder in {folder} can't be used", why=f"{name} is missing", fix="pull it again"
                )
        session = onnxruntime.InferenceSession(folder / GRAPH_FILE, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(form, session, tokenizer)

    def read(self, shown: Shown) -> Scores:
        """Scores of one utterance and its candidates."""
        laid = layout(shown, self._encoded)
        places = {"words": laid.words, "queries": laid.queries, "things": laid.things, "places": laid.places}
        feeds = {name: np.array(at, np.int64) for name, at in {"ids": laid.ids, **places}.items()}
        found = self._session.run(["classes", *HEADS], feeds)
        return Scores(found[0], dict(zip(HEADS, found[1:], strict=True)))

    def _encoded(self, text: str) -> list[int]:
        """Kept: names and words come again and again."""
        if text not in self._pieces:
            if len(self._pieces) > 20_000:
                self._pieces.clear()
            self._pieces[text] = list(self._tokenizer.encode(text, add_special_tokens=False).ids)
        return self._pieces[text]
