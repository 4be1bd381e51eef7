"""Cuts streamed text into whole sentences, so that a voice can begin before the answer is complete."""

from __future__ import annotations


class Sentences:
    """Collects text; gives a sentence as soon as its end is certain."""

    def push(self, text: str) -> list[str]:
        """Take text; returns the sentences that ended, stripped, none empty."""
        raise NotImplementedError

    def flush(self) -> list[str]:
        """The rest, if it holds anything to say."""
        raise NotImplementedError
