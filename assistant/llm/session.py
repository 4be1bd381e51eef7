"""A model folder's graph as an onnxruntime session: quiet, all threads at work only while a run lasts."""

from __future__ import annotations

import re
from pathlib import Path

import onnxruntime as ort
from onnxruntime.capi.onnxruntime_pybind11_state import (
    EPFail,
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
    RuntimeException,
)
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as NotSupported

from assistant.core.errors import ModelDamaged, ModelError
from assistant.llm.form import GRAPH_FILE

SESSION_FAULTS = (
    EPFail,
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
    NotSupported,
    RuntimeException,
    RuntimeError,  # of a run with bound inputs
)
_FATAL_ONLY = 4
_NO_MEMORY = re.compile(r"bad_alloc|fail\w* to allocate|out of memory", re.IGNORECASE)
_SPIN_US = "50"


def open_session(folder: Path, threads: int) -> ort.InferenceSession:
    """Load the folder's graph for `threads` cores. Raises ModelDamaged."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL_ONLY  # what goes wrong is raised, and a stopped run is no error
    # Between the nodes of a run the threads wait awake, but not for long: where others want the cores too, spinning
    # for the default time halves the speed of both. After a run they sleep: an idle model costs nothing.
    options.add_session_config_entry("session.intra_op.allow_spinning", "1" if threads > 1 else "0")
    options.add_session_config_entry("session.intra_op.spin_duration_us", _SPIN_US)
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.enable_mem_pattern = False  # shapes differ from run to run
    try:
        return ort.InferenceSession(str(folder / GRAPH_FILE), options, providers=["CPUExecutionProvider"])
    except SESSION_FAULTS as error:
        raise fault_of(f"the language model {folder.name} can't be loaded", error) from error


def fault_of(what: str, error: Exception) -> ModelError:
    """What a person is told about an error of onnxruntime: a damaged model, or too little memory."""
    if _NO_MEMORY.search(str(error)):
        return ModelError(
            what, why="there is not enough memory", fix="choose a smaller model, or end other programs", may_retry=True
        )
    return ModelDamaged(what, why=str(error), fix="build or pull it again")
