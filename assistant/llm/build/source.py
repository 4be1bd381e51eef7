"""Finds out what kind of file a source is, and opens it as a checkpoint."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assistant.core.errors import ModelDamaged, ModelError
from assistant.llm.build.checkpoint import Checkpoint
from assistant.llm.form import Origin


def open_source(path: Path, *, sha256: str = "", name: str = "") -> Checkpoint:
    """A checkpoint of a GGUF file, or of a folder with a published ONNX model.

    `sha256`, when given, is what the file must have; `name` is how the form calls the source (the file's name else).
    Raises ModelError for what can't be built from, ModelDamaged for what isn't whole.
    """
    if not path.exists():
        raise ModelError(f"there is no {path}", fix="give a .gguf file, or a folder with an ONNX model")
    if path.is_dir() or path.suffix == ".onnx":
        from assistant.llm.build.onnx_folder import OnnxFolder, weights_of

        file = weights_of(path) if path.is_dir() else path
        return OnnxFolder(file, Origin(name or path.name, _checked_sum(file, sha256)))
    from assistant.llm.build.gguf_file import GgufFile, require_gguf

    require_gguf(path)
    return GgufFile(path, Origin(name or path.name, _checked_sum(path, sha256)))


def _checked_sum(path: Path, wanted: str) -> str:
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path} can't be read", why=error.strerror or str(error)) from error
    if wanted and found != wanted.lower():
        raise ModelDamaged(
            f"{path} has the wrong checksum", why=f"SHA-256 {found}, expected {wanted}", fix="fetch the file again"
        )
    return found
