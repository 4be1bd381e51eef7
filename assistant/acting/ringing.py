"""Ringing as a state: tone and words again and again, with gaps to listen in, and an end."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from assistant.acting.speaking import Speaking, first_of
from assistant.core.schedule import DueItem, DueReason
from assistant.core.settings import ScheduleSettings

MAX_WAITING = 32
_LOGGER = logging.getLogger(__name__)


class Ringer:
    """Rings one due item after the other; what nobody stopped is listed as missed."""

    def __init__(
        self,
        speaking: Speaking,
        words_of: Callable[[DueItem], str],
        settings: ScheduleSettings,
        on_end: Callable[[DueItem, bool], None] = lambda _due, _was_stopped: None,
    ) -> None:
        self._speaking = speaking
        self._words_of = words_of
        self._settings = settings
        self._on_end = on_end
        self._waiting: asyncio.Queue[DueItem] = asyncio.Queue(MAX_WAITING)
        self._current: DueItem | None = None
        self._stopped = asyncio.Event()
        self._missed: deque[DueItem] = deque(maxlen=MAX_WAITING)
        self.dropped = 0

    async def ring(self, due: DueItem) -> None:
        """Ring for it as soon as nothing else rings."""
        try:
            self._waiting.put_nowait(due)
        except asyncio.QueueFull:
            self.dropped += 1
            self._missed.append(due)
            _LOGGER.error("too much rings at once", extra={"item": due.item.id, "dropped": self.dropped})
            self._on_end(due, False)

    def is_ringing(self) -> bool:
        """True from the first tone to the end, gaps included."""
        return self._current is not None

    def missed(self) -> tuple[DueItem, ...]:
        """What rang to the end and nobody stopped, oldest first."""
        return tuple(self._missed)

    def stop(self) -> bool:
        """End what rings now; the next one begins. True when something rang."""
        if self._current is None or self._stopped.is_set():
            return False
        self._stopped.set()
        self._speaking.silence()
        return True

    async def run(self) -> None:
        """Ring what comes, until cancelled."""
        while True:
            due = await self._waiting.get()
            words = self._words_of(due)
            if due.reason is DueReason.MISSED:
                await self._speaking.say(words, due.item.language)
                self._on_end(due, False)
                continue
            self._stopped.clear()
            self._current = due
            try:
                await first_of(self._rings(due, words), self._stopped.wait())
            finally:
                self._current = None
            self._end(due)

    async def _rings(self, due: DueItem, words: str) -> None:
        for _ in range(self._settings.ring_times):
            await self._speaking.ring()
            await self._speaking.say(words, due.item.language)
            await self._speaking.listen(self._settings.ring_gap_s)

    def _end(self, due: DueItem) -> None:
        was_stopped = self._stopped.is_set()
        if not was_stopped:
            self._missed.append(due)
        _LOGGER.info("ringing ended", extra={"item": due.item.id, "was_stopped": was_stopped})
        self._on_end(due, was_stopped)


def stop_sound(speaking: Speaking, ringer: Ringer) -> bool:
    """What "stop" means: end the ringing, else break off what is said. True when there was something."""
    return ringer.stop() or speaking.silence()
