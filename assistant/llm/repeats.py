"""Notices that a model goes round in circles."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

_LONGEST_PERIOD = 64
_REPEATS = 3
_SHORTEST_RUN = 12
"""Tokens; a shorter run of the same may be meant: "ha ha ha", "...", "1000000"."""
_RECENT_SENTENCES = 4
_WORDS = 4
"""A sentence of fewer words may come twice ("Yes, of course.")."""
_WORD = re.compile(r"\w+")


def repeated_tokens(tokens: Sequence[int]) -> int:
    """How many tokens at the end are repeats of what stands before them (0: none worth stopping for)."""
    for period in range(1, min(_LONGEST_PERIOD, len(tokens) // _REPEATS) + 1):
        run = period
        while run < len(tokens) and tokens[-run - 1] == tokens[-run - 1 + period]:
            run += 1
        if run >= max(_SHORTEST_RUN, _REPEATS * period):
            return run - period
    return 0


class RepeatedSentences:
    """Remembers the last sentences of one answer."""

    def __init__(self) -> None:
        self._recent: deque[tuple[str, ...]] = deque(maxlen=_RECENT_SENTENCES)

    def is_repeat(self, sentence: str) -> bool:
        """Whether one of the last sentences had the same words; remembers this one."""
        words = tuple(_WORD.findall(sentence.casefold()))
        is_known = len(words) >= _WORDS and words in self._recent
        self._recent.append(words)
        return is_known
