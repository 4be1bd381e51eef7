"""Writes the external data of a graph: every array begins on a page, so that it can be mapped where it lies."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np

from assistant.llm.form import WEIGHTS_FILE

_PAGE_BYTES = 4096
_INLINE_BYTES = 1024
"""Smaller arrays stay in the graph: onnxruntime may need their values to plan."""


class WeightsFile:
    """The weights of one graph, written in the order they are added."""

    def __init__(self, folder: Path) -> None:
        self._stream: BinaryIO = (folder / WEIGHTS_FILE).open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stream.close()

    def add(self, name: str, values: Any) -> Any:
        """An initializer (onnx TensorProto) of that name for an array; raises OSError."""
        from onnx import numpy_helper

        array = np.ascontiguousarray(values)
        if array.nbytes < _INLINE_BYTES:
            return numpy_helper.from_array(array, name)
        self._stream.write(bytes(-self._stream.tell() % _PAGE_BYTES))
        offset = self._stream.tell()
        self._stream.write(array.data)
        return self.at(name, array, offset)

    def at(self, name: str, array: Any, offset: int) -> Any:
        """An initializer for bytes that lie in the file already, perhaps under another shape."""
        from onnx import TensorProto, helper

        tensor = TensorProto(name=name, dims=array.shape, data_location=TensorProto.EXTERNAL)
        tensor.data_type = helper.np_dtype_to_tensor_dtype(array.dtype)
        for key, value in (("location", WEIGHTS_FILE), ("offset", offset), ("length", array.nbytes)):
            tensor.external_data.add(key=key, value=str(value))
        return tensor


def offset_of(tensor: Any) -> int:
    """Where the bytes of an initializer begin in the weights file."""
    return next(int(entry.value) for entry in tensor.external_data if entry.key == "offset")
