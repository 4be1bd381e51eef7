"""What sounds at the moment: the seam between a conversation and a voice that may not be there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from assistant.acting.ringing import Ringer, stop_sound
from assistant.acting.speaking import Speaking
from assistant.acting.voice_loop import VoiceLoop
from assistant.acting.words import CORE
from assistant.core.schedule import DueItem, ItemId

_LOGGER = logging.getLogger(__name__)


class Sounds:
    """Rings, announces and stops through the voice, once there is one; until then due items wait."""

    def __init__(self) -> None:
        self._voice: VoiceLoop | None = None
        self._ringer: Ringer | None = None
        self._speaking: Speaking | None = None
        self._early: list[DueItem] = []
        self._ended: dict[ItemId, asyncio.Event] = {}

    async def attach(self, voice: VoiceLoop, ringer: Ringer, speaking: Speaking) -> None:
        """The voice is up; what fell due before is rung now."""
        self._voice, self._ringer, self._speaking = voice, ringer, speaking
        early, self._early = self._early, []
        for due in early:
            await ringer.ring(due)

    async def due(self, due: DueItem) -> None:
        """An item fell due; returns when its ringing has ended, so that it counts as told only then."""
        ended = self._ended.setdefault(due.item.id, asyncio.Event())
        if self._ringer is None:
            self._early.append(due)
        else:
            await self._ringer.ring(due)
        try:
            await ended.wait()
        finally:
            self._ended.pop(due.item.id, None)

    def ended(self, due: DueItem, was_stopped: bool) -> None:
        """The ringer is done with an item, stopped or not."""
        _LOGGER.info("ringing ended", extra={"item": due.item.id, "was_stopped": was_stopped})
        if event := self._ended.get(due.item.id):
            event.set()

    def is_ringing(self) -> bool:
        """True while something rings."""
        return self._ringer is not None and self._ringer.is_ringing()

    def stop(self) -> bool:
        """Silence; True when there was something to silence."""
        if self._ringer is None or self._speaking is None:
            return False
        return stop_sound(self._speaking, self._ringer)

    async def announce(self, key: str, values: Mapping[str, object] | None = None) -> None:
        """Say the assistant's own words for `key` aloud; without a voice they are in the log alone."""
        _LOGGER.warning("announcement", extra={"key": key})
        if self._voice is not None:
            await self._voice.announce(CORE, key, values or {})
