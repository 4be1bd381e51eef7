"""llama.cpp under the same load, in a process of its own: python -m benchmarks.llm_peer GGUF LOAD."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.llm_load import (
    Load,
    Measured,
    base_mb,
    first_token_ms,
    measure_idle,
    measure_memory,
    measure_speed,
    serve,
)

PEER = "llama_cpp"
_CHUNK = 100


def run(arguments: Sequence[str], load: Load) -> Measured:
    """Measure a GGUF file."""
    measured = Measured(base_mb=base_mb())
    began = time.perf_counter()
    theirs = _Theirs(arguments[0], load)
    measured.load_ms = (time.perf_counter() - began) * 1000
    measure_speed(theirs, load, measured)
    measure_memory(measured)
    measure_idle(measured, load.idle_s)
    tokens = load.tokens(load.prefix + load.suffix)
    for _ in range(load.repeats):
        theirs.reset()
        measured.first_token_ms.setdefault("without_store", []).append(first_token_ms(lambda: theirs.feed, tokens))
    return measured


class _Theirs:
    """One context, as large as the load needs."""

    def __init__(self, gguf: str, load: Load) -> None:
        import llama_cpp

        self._api: Any = llama_cpp
        self._model: Any = llama_cpp.Llama(
            gguf, n_ctx=load.positions, n_threads=load.threads, n_threads_batch=load.threads, verbose=False
        )

    def reset(self) -> None:
        """To the start."""
        self._model.reset()

    def feed(self, tokens: Sequence[int]) -> int:
        """Read more; the likeliest next token."""
        self._model.eval(list(tokens))
        pointer = self._api.llama_get_logits_ith(self._model.ctx, -1)
        return int(np.ctypeslib.as_array(pointer, shape=(self._model.n_vocab(),)).argmax())


def logits_of(gguf: str, tokens: Sequence[int], threads: int) -> Iterator[NDArray[np.float32]]:
    """What llama.cpp gives behind each token, in pieces [up to 100, vocab]."""
    import llama_cpp

    model = llama_cpp.Llama(
        gguf, n_ctx=len(tokens) + 1, n_threads=threads, n_threads_batch=threads, logits_all=True, verbose=False
    )
    for start in range(0, len(tokens), _CHUNK):
        piece = list(tokens[start : start + _CHUNK])
        model.eval(piece)
        yield np.array(model.scores[start : start + len(piece)], np.float32)


if __name__ == "__main__":
    sys.exit(serve(run))
