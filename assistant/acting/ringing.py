"""Ringing as a state: tone and words again and again, louder by steps, with gaps to listen in, and an end."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum

from assistant.acting.speaking import Speaking, first_of
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind
from assistant.core.settings import ScheduleSettings

MAX_WAITING = 32
_LOGGER = logging.getLogger(__name__)


class Ending(StrEnum):
    """How the ringing for an item came to an end."""

    STOPPED = "stopped"
    SNOOZED = "snoozed"
    DONE = "done"
    UNANSWERED = "unanswered"
    TOLD = "told"
    """It did not ring: that it was missed was said once."""


class Ringer:
    """Rings one due item after the other; `on_end` learns how each ended."""

    def __init__(
        self,
        speaking: Speaking,
        words_of: Callable[[DueItem], str],
        settings: ScheduleSettings,
        on_end: Callable[[DueItem, Ending], None] = lambda _due, _ending: None,
    ) -> None:
        self._speaking = speaking
        self._words_of = words_of
        self._settings = settings
        self._on_end = on_end
        self._waiting: deque[DueItem] = deque()
        self._has_waiting = asyncio.Event()
        self._current: DueItem | None = None
        self._ending = Ending.UNANSWERED
        self._answered = asyncio.Event()
        self._free = asyncio.Event()
        self._free.set()
        self.dropped = 0

    async def ring(self, due: DueItem) -> None:
        """Ring for it as soon as nothing else rings."""
        if len(self._waiting) >= MAX_WAITING:
            self.dropped += 1
            _LOGGER.error("too much rings at once", extra={"item": due.item.id, "dropped": self.dropped})
            self._end(due, Ending.UNANSWERED)
            return
        self._waiting.append(due)
        self._has_waiting.set()

    def ringing(self) -> Sequence[DueItem]:
        """What rings, gaps included, and after it what waits to ring; empty once the last was answered."""
        now = [self._current] if self._current is not None and not self._answered.is_set() else []
        return (*now, *(due for due in self._waiting if due.reason is not DueReason.MISSED))

    def is_ringing(self) -> bool:
        """True from the first tone to the end, gaps included."""
        return self._current is not None

    def end(self, ending: Ending = Ending.STOPPED, item_id: ItemId | None = None) -> bool:
        """End what rings now, and the next one begins; or the one of that id, should it still wait. True when there was
        one."""
        if item_id is not None and (self._current is None or self._current.item.id != item_id):
            return self._end_waiting(lambda due: due.item.id == item_id, ending) > 0
        if self._current is None or self._answered.is_set():
            return False
        self._ending = ending
        self._answered.set()
        self._speaking.silence()
        return True

    def end_all(self) -> int:
        """End what rings and what waits to; returns how many that were."""
        waiting = self._end_waiting(lambda due: due.reason is not DueReason.MISSED, Ending.STOPPED)
        return waiting + self.end()

    def told(self, item_ids: Collection[ItemId]) -> None:
        """That these were missed is known: what still waits to say so is dropped."""
        self._end_waiting(lambda due: due.reason is DueReason.MISSED and due.item.id in item_ids, Ending.TOLD)

    @contextmanager
    def held(self) -> Iterator[None]:
        """While an answer is being carried out, the ringing does not end by itself."""
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()

    async def run(self) -> None:
        """Ring what comes, until cancelled."""
        while True:
            due = await self._next()
            words = self._words_of(due)
            if due.reason is DueReason.MISSED:
                await self._speaking.say(words, due.item.language)
                self._end(due, Ending.TOLD)
            else:
                self._end(due, await self._until_ended(due, words))

    def _end_waiting(self, is_meant: Callable[[DueItem], bool], ending: Ending) -> int:
        meant = [due for due in self._waiting if is_meant(due)]
        for due in meant:
            self._waiting.remove(due)
            self._end(due, ending)
        return len(meant)

    async def _next(self) -> DueItem:
        while not self._waiting:
            self._has_waiting.clear()
            await self._has_waiting.wait()
        return self._waiting.popleft()

    async def _until_ended(self, due: DueItem, words: str) -> Ending:
        self._answered.clear()
        self._ending = Ending.UNANSWERED
        self._current = due
        try:
            await first_of(self._rings(due, words), self._answered.wait())
            await self._free.wait()
            return self._ending
        except asyncio.CancelledError:
            # whoever runs us anew after a failure finds it where it was
            self._waiting.appendleft(due)
            raise
        finally:
            self._current = None

    async def _rings(self, due: DueItem, words: str) -> None:
        is_alarm = due.item.kind is ItemKind.ALARM
        has_voice = bool(words)
        for number in range(self._settings.alarm_times if is_alarm else self._settings.ring_times):
            level = loudness(number, self._settings)
            await self._speaking.ring(level)
            if has_voice:
                spoken = await self._speaking.ring_words(words, due.item.language, level)
                # a voice that failed once is not waited for again: the tone alone rings on
                has_voice = bool(spoken.text) or spoken.was_stopped
            await self._speaking.listen(self._settings.ring_gap_s)

    def _end(self, due: DueItem, ending: Ending) -> None:
        _LOGGER.info("ringing ended", extra={"item": due.item.id, "ending": ending.value})
        self._on_end(due, ending)


def loudness(number: int, settings: ScheduleSettings) -> float:
    """The share of the full volume for the so-manieth ring, counted from 0."""
    first = settings.ring_first_percent / 100
    return first + (1.0 - first) * min(number / settings.ring_steps, 1.0)


def stop_sound(speaking: Speaking, ringer: Ringer) -> bool:
    """What "stop" means: end the ringing, else break off what is said. True when there was something."""
    return ringer.end() or speaking.silence()
