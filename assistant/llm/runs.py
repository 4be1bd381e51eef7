"""Runs of a model's graph over one cache, which another thread may stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from assistant.llm.cache import KvCache
from assistant.llm.form import Form
from assistant.llm.sampling import Logits
from assistant.llm.session import SESSION_FAULTS, fault_of

LENGTHS_INPUT = "query_lens"
"""An optional input of a graph [B] int32: how many of the S tokens of a sequence count. Lets sequences differ."""
_GRAPH_TYPES = {"float32": "tensor(float)", "float16": "tensor(float16)"}


class Cancelled(Exception):
    """A run was stopped by `Stopper.stop`; no fault that a person sees. The context ends at its last whole chunk."""


class Stopper:
    """Stops a model's runs from another thread, within the time of one node of the graph (a few ms)."""

    def __init__(self) -> None:
        self.options = ort.RunOptions()
        # Without it onnxruntime looks for it in vain before every run, which costs more than all the rest around a run.
        self.options.add_run_config_entry("gpu_graph_id", "-1")
        self._is_stopped = False

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._is_stopped

    def stop(self) -> None:
        """End the running call with Cancelled, and every later one. Thread-safe."""
        self._is_stopped = True
        self.options.terminate = True


@dataclass(frozen=True, slots=True)
class Graph:
    """A loaded graph and its form."""

    session: ort.InferenceSession
    form: Form

    @property
    def has_lengths(self) -> bool:
        """Whether sequences of different lengths can be read in one run."""
        return any(one.name == LENGTHS_INPUT for one in self.session.get_inputs())

    def fault(self) -> str:
        """Where the graph is not what its form says; empty when it is."""
        form = self.form
        inputs = {one.name: (one.type, one.shape[1::2]) for one in self.session.get_inputs()}
        kept = (_GRAPH_TYPES.get(form.kv_type, form.kv_type), [form.kv_heads, form.head_dim])
        wanted = {f"past_{part}_{layer}": kept for layer in range(form.layers) for part in ("key", "value")}
        if {name: facts for name, facts in inputs.items() if name.startswith("past_")} != wanted:
            return f"the graph keeps other keys and values than {form.layers} layers of {kept}"
        missing = {"input_ids", "seqlens_k", "total_len", "out_idx"} - inputs.keys()
        if missing:
            return f"the graph has no {', '.join(sorted(missing))}"
        vocab = next((one.shape[-1] for one in self.session.get_outputs() if one.name == "logits"), 0)
        return "" if vocab == form.vocab else f"the graph has logits for {vocab} tokens, the form {form.vocab}"


class Runs:
    """Runs of the graph over one cache; what is bound stays bound while tokens come one by one."""

    def __init__(self, graph: Graph, cache: KvCache) -> None:
        self._graph = graph
        self._cache = cache
        self._binding = graph.session.io_binding()
        self._step: _Bound | None = None
        cache.bind(self._binding)

    def reserve(self, positions: int, used: int) -> None:
        """Make room, and bind the buffers when they are new ones."""
        if positions <= self._cache.room:
            return
        self._step = None
        self._binding.clear_binding_inputs()
        self._binding.clear_binding_outputs()
        self._cache.reserve(positions, used)
        self._cache.bind(self._binding)

    def once(self, rows: Sequence[Sequence[int]], used: int, wanted: NDArray[np.int64], stopper: Stopper) -> Logits:
        """Read one chunk a sequence behind `used` positions; logits [B, wanted, vocab]. Raises Cancelled."""
        if stopper.is_stopped:
            raise Cancelled
        longest = max(map(len, rows))
        is_step = len(rows) == longest == 1
        bound = self._step if is_step else None
        if bound is None:
            bound = _Bound(self._graph, (len(rows), longest, len(wanted)))
            bound.bind(self._binding)
            self._step = bound if is_step else None
        bound.fill(rows, used, wanted)
        try:
            self._graph.session.run_with_iobinding(self._binding, stopper.options)
        except SESSION_FAULTS as error:
            if stopper.is_stopped:
                raise Cancelled from error
            raise fault_of("the language model failed while it ran", error) from error
        return bound.logits.copy() if is_step else bound.logits


class _Bound:
    """The arrays that runs of one shape (sequences, tokens, logits wanted) read and write."""

    def __init__(self, graph: Graph, shape: tuple[int, int, int]) -> None:
        sequences, tokens, wanted = shape
        self.logits = np.empty((sequences, wanted, graph.form.vocab), np.float32)
        self._ids = np.zeros((sequences, tokens), np.int64)
        self._lengths = np.empty(sequences, np.int32)
        self._last = np.empty(sequences, np.int32)
        self._total = np.empty((), np.int32)
        self._wanted = np.empty(wanted, np.int64)
        self._has_lengths = graph.has_lengths

    def bind(self, binding: ort.IOBinding) -> None:
        """Make the runs of `binding` use these arrays."""
        inputs = {"input_ids": self._ids, "seqlens_k": self._last, "total_len": self._total, "out_idx": self._wanted}
        if self._has_lengths:
            inputs[LENGTHS_INPUT] = self._lengths
        for name, array in inputs.items():
            binding.bind_ortvalue_input(name, ort.OrtValue.ortvalue_from_numpy(array))
        binding.bind_ortvalue_output("logits", ort.OrtValue.ortvalue_from_numpy(self.logits))

    def fill(self, rows: Sequence[Sequence[int]], used: int, wanted: NDArray[np.int64]) -> None:
        """Write what the next run reads: rows of tokens behind `used` positions."""
        for place, row in enumerate(rows):
            self._ids[place, : len(row)] = row
            self._lengths[place] = len(row)
        self._last[:] = self._lengths + (used - 1)
        self._total[()] = used + self._ids.shape[1]
        self._wanted[:] = wanted
