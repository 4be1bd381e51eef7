"""A language model in memory, and contexts that hold what it has read. Blocking; for one thread at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.llm.tokens import Tokenizer


class Cancelled(Exception):  # not a fault that a person sees
    """A run was stopped by `Stopper.stop`; the context is as it was before the run's chunk."""


class Stopper:
    """Stops a model's runs from another thread, within the time of one node of the graph (a few ms)."""

    def stop(self) -> None:
        """End the running call with Cancelled, and every later one. Thread-safe."""
        raise NotImplementedError


class LanguageModel:
    """The weights of a model folder, and its tokenizer."""

    tokenizer: Tokenizer

    @classmethod
    def load(cls, folder: Path, threads: int = 2) -> LanguageModel:
        """Open a folder (form.json, model.onnx, weights.bin, tokenizer.json). Raises ModelMissing or ModelDamaged."""
        raise NotImplementedError

    @property
    def key(self) -> str:
        """Changes whenever the same tokens would give other keys and values: part of a stored prefix's name."""
        raise NotImplementedError

    def context(self, stopper: Stopper | None = None) -> Context:
        """An empty context; its runs end when `stopper` says so."""
        raise NotImplementedError


class Context:
    """Tokens read, with their keys and values in buffers that grow by steps."""

    @property
    def tokens(self) -> tuple[int, ...]:
        """What was read so far."""
        raise NotImplementedError

    def feed(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """Read more (at least one); the logits [vocab] behind the last, a copy that may be changed.

        Raises InputError beyond the model's positions, Cancelled when stopped.
        """
        raise NotImplementedError

    def feed_each(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """Read more; the logits [n, vocab] behind each of the n tokens. Costs the projection of each."""
        raise NotImplementedError

    def rewind(self, position: int) -> None:
        """Forget all but the first `position` tokens. Costs nothing."""
        raise NotImplementedError

    def fork(self) -> Context:
        """A context of its own that has read the same (copies keys and values)."""
        raise NotImplementedError

    def score(self, continuations: Sequence[Sequence[int]]) -> list[float]:
        """The log-probability of each continuation behind what was read, in one run; the context stays as it was."""
        raise NotImplementedError
