"""Reads and checks a safetensors file (the format of its specification: a JSON header, then the bytes)."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from assistant.core.errors import ModelDamaged, ModelMissing

_KINDS = {"F32": np.float32, "F16": np.float16, "I64": np.int64, "I32": np.int32}
_MOST_HEADER = 50_000_000


def read_tensors(path: Path) -> dict[str, Any]:
    """Name → array. Raises ModelMissing, ModelDamaged."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelMissing(f"{path} is missing") from error
    try:
        (size,) = struct.unpack_from("<Q", data)
        if size > min(len(data) - 8, _MOST_HEADER):
            raise ValueError("the header is longer than the file")
        header = json.loads(data[8 : 8 + size])
        if not isinstance(header, dict):
            raise TypeError("the header is no table")
        header.pop("__metadata__", None)
        return {name: _tensor(memoryview(data)[8 + size :], about) for name, about in header.items()}
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise ModelDamaged(f"{path} is no whole safetensors file", why=str(error), fix="get it again") from error


def _tensor(data: memoryview, about: Any) -> Any:
    start, end = about["data_offsets"]
    kind = _KINDS[about["dtype"]]
    return np.frombuffer(data[start:end], kind).reshape(about["shape"])
