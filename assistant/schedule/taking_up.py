"""The start: everything on disk is worked out anew, and what fell due meanwhile is told once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from assistant.core.schedule import DueItem, DueReason, Event, EventId, ItemId
from assistant.schedule.book import Book
from assistant.schedule.due import Fallen, Waiting, at_instant, fall_due, is_worth_telling, waiting_again
from assistant.schedule.event_rows import select_event
from assistant.schedule.firing import Firing
from assistant.schedule.item_rows import (
    FiringState,
    State,
    StoredFiring,
    StoredItem,
    end_firings,
    select_firings,
    select_open,
    states_of,
    update_items,
)
from assistant.schedule.rings import Ring

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds that is not over."""

    items: Sequence[StoredItem]
    firings: Sequence[StoredFiring]
    events: dict[EventId, Event]


def find(connection: Connection) -> Found:
    """Read all that is not over."""
    items = select_open(connection)
    event_ids = {each.item.anchor.event_id for each in items if each.item.anchor is not None}
    events = {event.id: event for each in event_ids if (event := select_event(connection, each)) is not None}
    return Found(items, select_firings(connection), events)


async def take_up(book: Book, firing: Firing, horizon: timedelta) -> None:
    """What is to come is waited for; what fell due meanwhile is told once, unless that is too long ago."""
    found = await book.store.transact(find)
    now = book.clock.now()
    book.events.update(found.events)
    waiting = [waiting_again(each.item) for each in found.items if each.state is not State.RINGING]
    overdue = [each for each in waiting if each.item.due_at is not None and each.item.due_at <= now]
    fallen = [fall_due(each, now, book.clock.monotonic(), book.events) for each in overdue]
    late = sorted((replace(each, reason=DueReason.MISSED) for each in fallen), key=lambda each: each.told.due_at or now)
    for each in waiting:
        if each.item.due_at is None or each.item.due_at > now:
            book.agenda.put(each)
    worth = [each for each in late if is_worth_telling(each.told, now, horizon)]
    await _let_go(book, [each for each in late if each not in worth])
    again = await _rings_again(book, found, {each.told.id for each in worth}, horizon)
    for ring in again:
        firing.tell(ring)
    async with book.lock:
        await firing.begin(worth)
    book.on_change()


async def _let_go(book: Book, stale: Sequence[Fallen]) -> None:
    """Missed too long ago to be told: over, or to come again."""
    if not stale:
        return
    _LOGGER.info("missed too long ago to be told", extra={"items": [each.told.id for each in stale]})
    next_items = [each.next for each in stale if each.next is not None]
    ended = [StoredItem(each.told, State.ENDED) for each in stale if each.next is None]
    await book.store.transact(lambda connection: update_items(connection, [*states_of(next_items), *ended]))
    for item in next_items:
        book.agenda.put(Waiting(item))


async def _rings_again(book: Book, found: Found, told: set[ItemId], horizon: timedelta) -> list[Ring]:
    """What was being told when the process ended. What was missed before stays listed."""
    now = book.clock.now()
    items = {each.item.id: each.item for each in found.items}
    again, over = [], []
    for stored in found.firings:
        item = replace(at_instant(items[stored.item_id], stored.due_at), snoozed=False)
        ring = Ring(stored.id, DueItem(item, DueReason.MISSED), stored.state)
        if stored.state is FiringState.MISSED:
            book.rings.put(ring)
        elif stored.item_id in told or not is_worth_telling(item, now, horizon):
            over.append(stored.id)
        else:
            again.append(ring)
    if over:
        _LOGGER.info("missed too long ago to be told, or told later", extra={"firings": over})
        await book.store.transact(lambda connection: end_firings(connection, over, now))
    return again
