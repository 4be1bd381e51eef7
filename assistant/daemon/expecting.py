"""Tells a recogniser what people of this home may say."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from assistant.daemon.brain import Brain

PHRASES = 3500
"""Sentences that the recogniser is told to expect: every frame and name has some twenty. They cost about 4 MB a
thousand."""
_LOGGER = logging.getLogger(__name__)


class Expects(Protocol):
    """Whoever listens and has a recogniser."""

    async def expect(self, phrases: Sequence[str]) -> Sequence[str]:
        """Sentences that people may say; returns the words that had to be left out."""
        ...


async def expect(brain: Brain, ears: Expects) -> None:
    """Tell it the sentences for the names and skills that there are now."""
    settings = brain.config.settings
    if not settings.recogniser.use_grammar:
        return
    phrases = await asyncio.to_thread(brain.understanding.phrases, settings.general.language, PHRASES)
    left_out = await ears.expect(phrases)
    if left_out:
        _LOGGER.warning("words that the recogniser does not know", extra={"count": len(left_out), "names": left_out})
