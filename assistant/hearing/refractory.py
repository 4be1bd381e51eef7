"""One spoken wake word is one hit: scores that stay high after it are not reported again."""

from __future__ import annotations

REFRACTORY_S = 1.0
"""The score must have been low for so long before it can be a hit again."""


class Refractory:
    """Says whether a score is a new hit; time is counted in audio."""

    def __init__(self, seconds: float = REFRACTORY_S) -> None:
        self._seconds = seconds
        self._left_s = 0.0

    def passed(self, seconds: float) -> None:
        """So much audio went by."""
        self._left_s = max(0.0, self._left_s - seconds)

    def is_new(self, is_over: bool) -> bool:
        """True for a score over its threshold that is no echo of the last hit."""
        if not is_over:
            return False
        is_new = self._left_s == 0
        self._left_s = self._seconds
        return is_new

    def reset(self) -> None:
        """Ready for a hit."""
        self._left_s = 0.0
