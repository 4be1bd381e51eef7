"""Waits for devices to show that a command took effect, and says how sure that is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.core.home import ActionStatus, EntityId, EntityState
from assistant.home.connection_message import Delivery
from assistant.home.order import Order

AS_BEFORE_S = 0.3
"""A device that is as wanted already gets so long to say otherwise."""
TAKEN_S = 0.5
"""The broker gets so long to say that it has taken what no state will confirm."""
LOST = "the connection was lost before the broker had taken it"
REFUSED = "the broker does not allow it"
PATIENCE = {"lock": 3.0, "alarm_control_panel": 3.0, "vacuum": 2.0, "lawn_mower": 2.0, "cover": 2.0, "valve": 2.0}
"""What has to move first gets so many times longer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a command, and why that is thought."""

    status: ActionStatus
    detail: str = ""


@dataclass(slots=True)
class Awaited:
    """A command whose effect is waited for."""

    order: Order
    was_so: bool
    """The state was as wanted before anything was sent."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    fault: str = ""
    """Why it failed, once that is known."""

    def delivered(self, delivery: asyncio.Future[Delivery]) -> None:
        """The broker has said what it did with a message of it, or is gone."""
        fault = "" if delivery.cancelled() else _FAULTS.get(delivery.result(), "")
        if fault and not self.done.is_set():
            self.fault = fault
            self.done.set()

    def hear(self, state: EntityState) -> None:
        """A new state came."""
        if self.order.wanted is not None and self.order.wanted(state):
            self.fault = ""
            self.done.set()
        elif self.order.refused is not None and self.order.refused(state):
            self.fault = "the device reported that it failed"
            self.done.set()


_FAULTS = {Delivery.LOST: LOST, Delivery.REFUSED: REFUSED}


class Confirming:
    """Commands under way, by entity."""

    def __init__(self, state_of: Callable[[EntityId], EntityState]) -> None:
        self._state_of = state_of
        self._awaited: dict[EntityId, list[Awaited]] = {}

    @contextmanager
    def awaiting(self, entity_id: EntityId, order: Order) -> Iterator[Awaited]:
        """Enter before sending: no answer is missed."""
        was_so = order.wanted is not None and order.wanted(self._state_of(entity_id))
        awaited = Awaited(order, was_so)
        waiting = self._awaited.setdefault(entity_id, [])
        waiting.append(awaited)
        try:
            yield awaited
        finally:
            waiting.remove(awaited)
            if not waiting:
                self._awaited.pop(entity_id, None)

    def hear(self, entity_id: EntityId) -> None:
        """The entity reported something."""
        waiting = self._awaited.get(entity_id)
        if waiting:
            state = self._state_of(entity_id)
            for awaited in waiting:
                awaited.hear(state)

    async def verdict(
        self, entity_id: EntityId, awaited: Awaited, deliveries: Sequence[asyncio.Future[Delivery]], timeout_s: float
    ) -> Verdict:
        """Wait, at most that long, for the state of the device; where it tells none, for the broker."""
        wanted = awaited.order.wanted
        if wanted is None:
            return await _unconfirmed(deliveries)
        for delivery in deliveries:
            delivery.add_done_callback(awaited.delivered)
        if awaited.was_so:
            # a device that already was as wanted may not report again
            first_s = min(AS_BEFORE_S, timeout_s)
            if not await _is_set(awaited.done, first_s) and wanted(self._state_of(entity_id)):
                return Verdict(ActionStatus.CONFIRMED, "it was so before")
            timeout_s -= first_s
        if not await _is_set(awaited.done, max(0.0, timeout_s)):
            return Verdict(ActionStatus.FAILED, "the device did not report the wanted state in time")
        return Verdict(ActionStatus.FAILED, awaited.fault) if awaited.fault else Verdict(ActionStatus.CONFIRMED)


async def _unconfirmed(deliveries: Sequence[asyncio.Future[Delivery]]) -> Verdict:
    """Of a device that reports no state, the broker alone knows something."""
    done, _ = await asyncio.wait(deliveries, timeout=TAKEN_S)
    told = {delivery.result() for delivery in done if not delivery.cancelled()}
    if fault := next((_FAULTS[each] for each in told if each in _FAULTS), ""):
        return Verdict(ActionStatus.FAILED, fault)
    if told == {Delivery.NOBODY}:
        return Verdict(ActionStatus.UNAVAILABLE, "the broker says that nobody listens")
    return Verdict(ActionStatus.ASSUMED, "the device reports no state")


async def _is_set(event: asyncio.Event, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            await event.wait()
    except TimeoutError:
        return event.is_set()
    return True
