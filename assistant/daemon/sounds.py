"""What sounds at the moment: the seam between a conversation and a voice that may not be there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from assistant.acting.ringing import Ending, Ringer, stop_sound
from assistant.acting.speaking import Speaking
from assistant.acting.voice_loop import VoiceLoop
from assistant.acting.words import CORE
from assistant.core.clock import Clock
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind
from assistant.core.settings import ScheduleSettings

_LOGGER = logging.getLogger(__name__)


class Missed(Protocol):
    """The part of `SchedulePort` that keeps what rang in vain."""

    async def miss(self, item_ids: Iterable[ItemId]) -> None:
        """It rang to the end and nobody answered. Raises StoreError."""
        ...


class Sounds:
    """Rings, announces and stops through the voice, once there is one; until then due items wait.

    Implements acting's Bell. `schedule` is set once there is one: it keeps what rang in vain."""

    def __init__(self, clock: Clock, zone: ZoneInfo, settings: ScheduleSettings) -> None:
        self.schedule: Missed | None = None
        self.on_due: Callable[[DueItem], None] = lambda _: None
        """Called with everything that falls due."""
        self._clock = clock
        self._zone = zone
        self._settings = settings
        self._voice: VoiceLoop | None = None
        self._ringer: Ringer | None = None
        self._speaking: Speaking | None = None
        self._early: list[DueItem] = []
        self._ended: dict[DueItem, asyncio.Future[Ending]] = {}

    async def attach(self, voice: VoiceLoop, ringer: Ringer, speaking: Speaking) -> None:
        """The voice is up; what fell due before is rung now."""
        self._voice, self._ringer, self._speaking = voice, ringer, speaking
        early, self._early = self._early, []
        for due in early:
            await ringer.ring(due)

    async def due(self, due: DueItem) -> None:
        """An item fell due; returns when its ringing has ended, so that it counts as told only then.

        What rang in vain is kept as missed; likewise what was missed while it was off, in the quiet hours."""
        due = self._as_told(due)
        self.on_due(due)
        if due.reason is DueReason.MISSED and self.is_quiet():
            await self._keep_missed(due)
            return
        ended = self._ended[due] = asyncio.get_running_loop().create_future()
        try:
            if self._ringer is None:
                self._early.append(due)
            else:
                await self._ringer.ring(due)
            if await ended is Ending.UNANSWERED:
                await self._keep_missed(due)
        finally:
            if self._ended.get(due) is ended:
                del self._ended[due]

    def ended(self, due: DueItem, ending: Ending) -> None:
        """The ringer is done with an item."""
        ended = self._ended.get(due)
        if ended is not None and not ended.done():
            ended.set_result(ending)

    def is_quiet(self) -> bool:
        """True in the quiet hours: what nobody asked for is not said."""
        return self._settings.is_quiet(self._clock.now().astimezone(self._zone).time())

    def is_ringing(self) -> bool:
        """True while something rings."""
        return self._ringer is not None and self._ringer.is_ringing()

    def ringing(self) -> Sequence[DueItem]:
        """What rings, and after it what waits to ring."""
        return () if self._ringer is None else self._ringer.ringing()

    def end(self, ending: Ending = Ending.STOPPED, item_id: ItemId | None = None) -> bool:
        """End what rings now, or what of that id waits to; True when something did."""
        return self._ringer is not None and self._ringer.end(ending, item_id)

    def end_all(self) -> int:
        """End what rings and what waits to; returns how many."""
        return 0 if self._ringer is None else self._ringer.end_all()

    def told(self, item_ids: Collection[ItemId]) -> None:
        """That these were missed is known: it needn't be said any more."""
        for due in [due for due in self._early if due.reason is DueReason.MISSED and due.item.id in item_ids]:
            self._early.remove(due)
            self.ended(due, Ending.TOLD)
        if self._ringer is not None:
            self._ringer.told(item_ids)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Meanwhile the ringing does not end by itself."""
        if self._ringer is None:
            yield
            return
        with self._ringer.held():
            yield

    def stop(self) -> bool:
        """Silence; True when there was something to silence."""
        if self._ringer is None or self._speaking is None:
            return False
        return stop_sound(self._speaking, self._ringer)

    def _as_told(self, due: DueItem) -> DueItem:
        """An alarm that comes a little late wakes all the same: the machine slept, or its clock was set forward."""
        due_at, late = due.item.due_at, timedelta(minutes=self._settings.late_alarm_min)
        is_late_alarm = due.reason is DueReason.MISSED and due.item.kind is ItemKind.ALARM and due_at is not None
        if is_late_alarm and due_at is not None and self._clock.now() - due_at <= late:
            return replace(due, reason=DueReason.ON_TIME)
        return due

    async def _keep_missed(self, due: DueItem) -> None:
        if self.schedule is not None:
            await self.schedule.miss([due.item.id])

    async def tell(self, skill: str, key: str, values: Mapping[str, object]) -> None:
        """Say what somebody asked to be told, in the quiet hours too; without a voice it is in the log alone."""
        if self._voice is None:
            _LOGGER.warning("nobody was told: there is no voice", extra={"skill": skill, "key": key})
            return
        await self._voice.announce(skill, key, values)

    async def announce(self, key: str, values: Mapping[str, object] | None = None) -> None:
        """Say the assistant's own words for `key` aloud; without a voice, and in the quiet hours, they are in the log
        alone."""
        _LOGGER.warning("announcement", extra={"key": key})
        if self._voice is not None and not self.is_quiet():
            await self._voice.announce(CORE, key, values or {})
