"""Tells the log what is wrong with a topic, once."""

from __future__ import annotations

import logging

MAX_REPORTS = 1_000
_LOGGER = logging.getLogger(__name__)


class Faults:
    """A device that sends one broken message sends thousands; nobody wants to read them all."""

    def __init__(self) -> None:
        self._reported: set[str] = set()

    def report(self, where: str, what: str, why: str) -> None:
        """Log a fault of a topic, unless one was logged before."""
        if where not in self._reported and len(self._reported) < MAX_REPORTS:
            self._reported.add(where)
            _LOGGER.warning(what, extra={"names": where, "why": why[:200]})
            if len(self._reported) == MAX_REPORTS:
                _LOGGER.error("too many messages can't be read: until the next start no more of them are told")

    def __len__(self) -> int:
        return len(self._reported)
