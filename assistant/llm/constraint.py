"""What a decoder asks of a grammar: which tokens may follow, and which must."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Constraint(Protocol):
    """One answer's grammar; it is used up when the answer is complete. Runs on the engine's thread alone.

    For every step the decoder asks `is_over`, then `forced`; forced tokens are accepted and fed in one run. Where
    nothing is forced, it lets `allowed` mask the logits, chooses one token and accepts it.
    """

    @property
    def is_over(self) -> bool:
        """The answer is complete: nothing may follow."""
        ...

    def forced(self) -> Sequence[int]:
        """The tokens that must come next, without a choice; may be empty. Does not move on: `accept` does."""
        ...

    def allowed(self, logits: NDArray[np.float32]) -> None:
        """Set the logits [vocab] of all tokens that may not follow to minus infinity, in place."""
        ...

    def accept(self, tokens: Sequence[int]) -> None:
        """Move on by these tokens. Raises InputError for one that was not allowed."""
        ...
