"""What somebody's answer to a ringing does, and what is told of rings that nobody answered; as outcomes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

from assistant.acting.ringing import Ending
from assistant.acting.words import CORE
from assistant.core.errors import InputError, StoreError
from assistant.core.schedule import DueItem, ItemId, ItemKind, ScheduledItem
from assistant.core.turn import Outcome, OutcomeStatus, RingAnswer, RingVerb, SlotValue

STOPPED = "ring_stopped"
"""The outcome of a stop after which nothing rings."""
TOLD = 5
"""So many missed items are told one by one; of the others only how many they are."""
_LOGGER = logging.getLogger(__name__)


class Rings(Protocol):
    """What rings, as a conversation sees it."""

    def ringing(self) -> tuple[ScheduledItem, ...]:
        """What rings now, and after it what waits to ring."""
        ...

    async def answer(self, answer: RingAnswer) -> Outcome:
        """Do with it what somebody wants."""
        ...

    async def tell_missed(self, *, is_asked: bool = False) -> tuple[Outcome, ...]:
        """What nobody heard of yet: each is given once. Asked for, there is always an answer."""
        ...


class Bell(Protocol):
    """What makes the sound, as answers need it; see `Ringer`."""

    def ringing(self) -> Sequence[DueItem]:
        """What rings, and after it what waits to ring."""
        ...

    def end(self, ending: Ending, item_id: ItemId | None = None) -> bool:
        """End what rings now, or what of that id waits to."""
        ...

    def end_all(self) -> int:
        """End that and what waits; returns how many."""
        ...

    def told(self, item_ids: Collection[ItemId]) -> None:
        """That these were missed is known: it needn't be said any more."""
        ...

    def held(self) -> AbstractContextManager[None]:
        """The ringing does not end by itself meanwhile."""
        ...


class RungItems(Protocol):
    """The part of `SchedulePort` that is about what rang; see there."""

    def pending(self) -> Sequence[ScheduledItem]:
        """Items that are still to come, soonest first."""
        ...

    def missed(self) -> Sequence[ScheduledItem]:
        """What rang in vain and nobody was told of, oldest first."""
        ...

    async def snooze(self, item_ids: Iterable[ItemId], by: timedelta) -> Sequence[ScheduledItem]:
        """Put off. Raises InputError, StoreError."""
        ...

    async def complete(self, item_id: ItemId) -> None:
        """It is done. Raises StoreError."""
        ...

    async def acknowledge(self, item_ids: Iterable[ItemId]) -> None:
        """Someone was told. Raises StoreError."""
        ...


class _NoRings(Rings):
    """Where nothing ever rings."""

    def ringing(self) -> tuple[ScheduledItem, ...]:
        return ()

    async def answer(self, answer: RingAnswer) -> Outcome:
        return _core(OutcomeStatus.NOT_FOUND, "nothing_rings", wanted=answer.verb.value)

    async def tell_missed(self, *, is_asked: bool = False) -> tuple[Outcome, ...]:
        return (_core(OutcomeStatus.TOLD, "nothing_missed"),) if is_asked else ()


NO_RINGS = _NoRings()


class RingAnswers(Rings):
    """Carries answers out, on disk before the sound ends for good; one answer at a time."""

    def __init__(self, bell: Bell, schedule: RungItems, snooze: timedelta) -> None:
        self._bell = bell
        self._schedule = schedule
        self._snooze = snooze
        self._lock = asyncio.Lock()
        self._told: tuple[Outcome, ...] = ()

    def ringing(self) -> tuple[ScheduledItem, ...]:
        """What rings now, and after it what waits to ring."""
        return tuple(due.item for due in self._bell.ringing())

    async def answer(self, answer: RingAnswer) -> Outcome:
        """Do with it what somebody wants; what can't be kept on disk rings on."""
        async with self._lock:
            with self._bell.held():
                try:
                    return await self._answer(answer)
                except StoreError as error:
                    _LOGGER.error("an answer to a ringing can't be kept", extra={"error": str(error)})
                    return _core(OutcomeStatus.FAILED, "ring_not_kept")

    async def tell_missed(self, *, is_asked: bool = False) -> tuple[Outcome, ...]:
        """What nobody heard of yet, each once. Asked for, what was told last is told again rather than nothing."""
        ringing = {item.id for item in self.ringing()}
        missed = [item for item in self._schedule.missed() if item.id not in ringing]
        if missed:
            self._told = _missed_outcomes(missed)
            item_ids = [item.id for item in missed]
            self._bell.told(item_ids)
            try:
                await self._schedule.acknowledge(item_ids)
            except StoreError as error:
                _LOGGER.error("what was told will be told again", extra={"error": str(error)})
            return self._told
        if not is_asked:
            return ()
        return self._told or (_core(OutcomeStatus.TOLD, "nothing_missed"),)

    async def _answer(self, answer: RingAnswer) -> Outcome:
        rings = _named_first(self.ringing(), answer.item_id)
        match answer.verb:
            case RingVerb.SNOOZE if rings or answer.item_id is None:
                return await self._put_off(rings, answer.by or self._snooze)
            case RingVerb.STOP_ALL if rings:
                return _core(OutcomeStatus.DONE, "ring_stopped_all", count=self._bell.end_all())
            case RingVerb.DONE if rings and rings[0].kind is ItemKind.REMINDER:
                return await self._complete(rings)
            case _:
                return self._stop(rings)

    def _stop(self, rings: Sequence[ScheduledItem]) -> Outcome:
        if not rings:
            return _core(OutcomeStatus.NOT_FOUND, "nothing_rings")
        self._bell.end(Ending.STOPPED, rings[0].id)
        key = f"{STOPPED}_rest" if rings[1:] else STOPPED
        return _core(OutcomeStatus.DONE, key, **_described(rings[0]), **_rest(rings))

    async def _put_off(self, rings: Sequence[ScheduledItem], by: timedelta) -> Outcome:
        item = rings[0] if rings else self._last_rung()
        if item is None:
            return _core(OutcomeStatus.NOT_FOUND, "nothing_to_snooze")
        try:
            (kept,) = await self._schedule.snooze([item.id], by)
        except InputError:
            return _core(OutcomeStatus.REFUSED, "snooze_refused", by=by)
        self._bell.end(Ending.SNOOZED, item.id)
        return _core(OutcomeStatus.DONE, "snoozed", by=by, until=kept.due_at, **_described(item), **_rest(rings))

    async def _complete(self, rings: Sequence[ScheduledItem]) -> Outcome:
        try:
            await self._schedule.complete(rings[0].id)
        except InputError as error:
            _LOGGER.warning("what rings is not kept anywhere", extra={"item": rings[0].id, "error": str(error)})
            return self._stop(rings)
        self._bell.end(Ending.DONE, rings[0].id)
        return _core(OutcomeStatus.DONE, "ring_done", **_described(rings[0]), **_rest(rings))

    def _last_rung(self) -> ScheduledItem | None:
        """When all is quiet, "snooze" means what rang in vain last, else what is snoozed already."""
        snoozed = [item for item in self._schedule.pending() if item.snoozed]
        return next(iter((*reversed(self._schedule.missed()), *snoozed)), None)


def _named_first(rings: tuple[ScheduledItem, ...], item_id: ItemId | None) -> tuple[ScheduledItem, ...]:
    """What is in question, then the rest; nothing where it has ended meanwhile."""
    if item_id is None:
        return rings
    named = tuple(item for item in rings if item.id == item_id)
    return named and (*named, *(item for item in rings if item.id != item_id))


def _missed_outcomes(missed: Sequence[ScheduledItem]) -> tuple[Outcome, ...]:
    told = [
        _core(OutcomeStatus.TOLD, f"you_missed_{item.kind}", due=item.due_at, **_described(item))
        for item in missed[-TOLD:]
    ]
    if len(missed) > TOLD:
        told.append(_core(OutcomeStatus.TOLD, "you_missed_more", count=len(missed) - TOLD))
    return tuple(told)


def _described(item: ScheduledItem) -> dict[str, SlotValue]:
    return {"kind": item.kind.value, "label": item.label, "duration": item.duration}


def _rest(rings: Sequence[ScheduledItem]) -> dict[str, SlotValue]:
    """What rings after the first: how many, and what those are called that have a name."""
    rest = rings[1:]
    return {"rest": len(rest), "names": tuple(item.label for item in rest if item.label)}


def _core(status: OutcomeStatus, key: str, **values: SlotValue) -> Outcome:
    return Outcome(status, key, values, CORE)
