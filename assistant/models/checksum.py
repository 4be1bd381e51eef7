"""Sizes and SHA-256 sums of files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assistant.models.catalogue import ModelFile


def sha256_of(path: Path) -> str:
    """The hexadecimal SHA-256 of a file. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def first_wrong_size(folder: Path, files: tuple[ModelFile, ...]) -> str | None:
    """Why the folder can't hold these files, by sizes alone; None when all fit. Costs one stat per file."""
    for file in files:
        path = folder / file.path
        if not path.is_file():
            return f"{path} is missing"
        size = path.stat().st_size
        if size != file.size_bytes:
            return f"{path} has {size} bytes, expected {file.size_bytes}"
    return None


def first_wrong_sum(folder: Path, files: tuple[ModelFile, ...]) -> str | None:
    """Why the folder doesn't hold exactly these files; None when every byte is right. Reads everything."""
    if fault := first_wrong_size(folder, files):
        return fault
    for file in files:
        if sha256_of(folder / file.path) != file.sha256:
            return f"{folder / file.path} has the wrong checksum"
    return None
