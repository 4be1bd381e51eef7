"""A grammar for tests: the model says a text, token by token or forced."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.core.errors import InputError


class Says:
    """Allows, at each place, the tokens of all texts that begin as the answer does; forces where only one goes on."""

    def __init__(self, *texts: Sequence[int], is_forcing: bool = True) -> None:
        self._texts = [list(text) for text in texts]
        self._is_forcing = is_forcing
        self._said: list[int] = []
        self.steps = 0
        """Choices that were left to the model."""

    @property
    def is_over(self) -> bool:
        return self._said in self._texts

    def forced(self) -> Sequence[int]:
        forced: list[int] = []
        while self._is_forcing and len(following := self._following(forced)) == 1 and None not in following:
            forced.append(next(token for token in following if token is not None))
        return forced

    def allowed(self, logits: NDArray[np.float32]) -> None:
        self.steps += 1
        mask = np.full_like(logits, -np.inf)
        for token in self._following([]):
            if token is not None:
                mask[token] = 0
        logits += mask

    def accept(self, tokens: Sequence[int]) -> None:
        for token in tokens:
            if token not in self._following([]):
                raise InputError("not allowed")
            self._said.append(token)

    def _following(self, more: list[int]) -> set[int | None]:
        said = self._said + more
        fitting = [text for text in self._texts if text[: len(said)] == said]
        return {text[len(said)] if len(text) > len(said) else None for text in fitting}
