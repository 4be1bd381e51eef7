"""Finds the few columns of each matrix whose inputs are far larger than the rest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assistant.llm.build.checkpoint import Checkpoint, Floats
from assistant.llm.build.reference import Reference

Places = npt.NDArray[np.int64]
COUNT = 16
"""Per matrix. The same columns stand out whatever the text, so random tokens find them."""
_TOKENS = 128
_SEED = 3
_INPUTS = {"q": "qkv", "gate": "gate_up", "down": "down"}
"""Parts that share their input are multiplied at once; what goes into `o` has no outliers."""


class _Recorder(Reference):
    """Remembers how large each column of what a matrix is multiplied with became."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__(checkpoint)
        self.peaks: dict[str, Floats] = {}

    def _times(self, values: Floats, name: str) -> Floats:
        at, _, part = name.rpartition(".")
        if part in _INPUTS:
            self.peaks[f"{at}.{_INPUTS[part]}"] = np.abs(values).max(axis=0)
        return super()._times(values, name)


def outliers_of(checkpoint: Checkpoint) -> dict[str, Places]:
    """The outlying columns of `head` and of each layer's qkv, gate_up and down, in ascending order."""
    shape = checkpoint.architecture
    recorder = _Recorder(checkpoint)
    tokens = np.random.default_rng(_SEED).integers(0, shape.vocab, min(_TOKENS, shape.max_positions)).tolist()
    states = recorder.states(tokens)
    recorder.peaks["head"] = np.abs(states).max(axis=0)
    return {name: np.sort(np.argsort(-peaks, kind="stable")[:COUNT]) for name, peaks in recorder.peaks.items()}
