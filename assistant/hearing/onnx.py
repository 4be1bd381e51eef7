"""Sessions of onnxruntime as this room wants them: one thread, no spinning, quiet."""

from __future__ import annotations

from pathlib import Path

import onnxruntime as ort
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, InvalidGraph, InvalidProtobuf

from assistant.core.errors import ModelDamaged, ModelMissing

_ERRORS_ONLY = 3


def open_session(path: Path) -> ort.InferenceSession:
    """Load one graph. Raises ModelMissing or ModelDamaged."""
    if not path.is_file():
        raise ModelMissing(
            f"{path.parent.name} lacks {path.name}", fix=f"run: assistant models pull {path.parent.name}"
        )
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf) as error:
        raise ModelDamaged(
            f"{path.name} of {path.parent.name} can't be loaded",
            why=str(error),
            fix=f"run: assistant models verify {path.parent.name}",
        ) from error
