"""Files to what is kept, and back; nothing is kept by half, and nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.errors import InputError, StoreError
from assistant.core.schedule import Anchor, ItemId, ItemKind, NewEvent, NewItem, Repeat, ScheduledItem
from assistant.schedule import Schedule
from assistant.schedule.list_notes import ListLine, ListNotes
from assistant.schedule.part import Part
from assistant.schedule.transfer import Transfer
from assistant.testing.clock import FakeClock
from tests.schedule.parts import NOON, schedule_on

ZONE = "Europe/Berlin"
CHOIR = NewEvent("choir", datetime(2026, 3, 4, 19), datetime(2026, 3, 4, 21), ZONE, uid="choir@x")


@dataclass
class Board:
    """One assistant's memory."""

    schedule: Schedule
    transfer: Transfer
    lists: ListNotes

    @property
    def items(self) -> list[tuple[ItemKind, str, datetime | None, Repeat | None]]:
        return [(item.kind, item.label, item.due_at, item.repeat) for item in self.schedule.pending()]


@pytest.fixture
async def board(tmp_path: Path) -> AsyncIterator[Board]:
    (folder := tmp_path / "one").mkdir()
    async for each in _board(folder):
        yield each


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[Board]:
    (folder := tmp_path / "two").mkdir()
    async for each in _board(folder):
        yield each


async def _board(folder: Path) -> AsyncIterator[Board]:
    clock = FakeClock(NOON)
    async with schedule_on(folder, clock) as (schedule, _):
        lists = ListNotes(schedule.notebook("lists"))
        yield Board(schedule, Transfer(schedule, schedule.calendar, lists, ZONE, clock), lists)


async def test_alarms_move_to_another_board(board: Board, other: Board) -> None:
    await board.schedule.add(
        NewItem(ItemKind.ALARM, "up", zone=ZONE, repeat=Repeat("FREQ=WEEKLY;BYDAY=MO,TU", datetime(2026, 3, 3, 7)))
    )
    await board.schedule.add(NewItem(ItemKind.ALARM, "train", due_local=datetime(2026, 3, 5, 5, 40), zone=ZONE))
    await board.schedule.add(NewItem(ItemKind.REMINDER, "other", due_local=datetime(2026, 3, 5, 5, 40), zone=ZONE))
    data = await board.transfer.export(Part.ALARMS)
    taken = await other.transfer.take_in(Part.ALARMS, data, "alarms")
    assert (taken.new, taken.known, taken.refused) == (2, 0, ())
    assert other.items == [item for item in board.items if item[0] is ItemKind.ALARM]


async def test_what_is_there_already_is_not_kept_twice(board: Board) -> None:
    await board.schedule.add(NewItem(ItemKind.REMINDER, "bins", due_local=datetime(2026, 3, 5, 7), zone=ZONE))
    data = await board.transfer.export(Part.REMINDERS)
    taken = await board.transfer.take_in(Part.REMINDERS, data, "x")
    assert (taken.new, taken.known) == (0, 1)
    assert len(board.items) == 1


async def test_timers_run_to_the_same_end_and_paused_ones_stay_paused(board: Board, other: Board) -> None:
    await board.schedule.add(NewItem(ItemKind.TIMER, "eggs", timedelta(minutes=6)))
    paused = await board.schedule.add(NewItem(ItemKind.TIMER, "tea", timedelta(minutes=3)))
    await board.schedule.pause(paused.id)
    await other.transfer.take_in(Part.TIMERS, await board.transfer.export(Part.TIMERS), "timers")
    eggs, tea = other.schedule.pending()
    assert (eggs.label, eggs.due_at) == ("eggs", NOON + timedelta(minutes=6))
    assert (tea.label, tea.remaining) == ("tea", timedelta(minutes=3))


async def test_a_reminder_hangs_on_its_event_where_that_is_known_and_has_its_time_elsewhere(
    board: Board, other: Board
) -> None:
    event = await board.schedule.calendar.add(CHOIR)
    await board.schedule.add(
        NewItem(ItemKind.REMINDER, "sheets", anchor=Anchor(event.id, timedelta(hours=-1)), zone=ZONE)
    )
    data = await board.transfer.export(Part.REMINDERS)
    await other.transfer.take_in(Part.REMINDERS, data, "x")
    (loose,) = other.schedule.pending()
    assert loose.anchor is None
    assert loose.due_local == datetime(2026, 3, 4, 18)
    await other.schedule.cancel([loose.id])
    await other.transfer.take_in(Part.CALENDAR, await board.transfer.export(Part.CALENDAR), "x")
    await other.transfer.take_in(Part.REMINDERS, data, "x")
    (hanging,) = other.schedule.pending()
    assert hanging.anchor is not None
    assert hanging.anchor.by == timedelta(hours=-1)


async def test_a_file_that_comes_again_replaces_what_came_from_it(board: Board) -> None:
    transfer, calendar = board.transfer, board.schedule.calendar
    await calendar.add(CHOIR)
    data = (await transfer.export(Part.CALENDAR)).replace(b"choir@x", b"other@x").replace(b":choir", b":rehearsal")
    for _ in range(2):
        taken = await transfer.take_in(Part.CALENDAR, data, "club")
        assert (taken.new, taken.known) == (1, 0)
    assert sorted(event.label for event in await calendar.events()) == ["choir", "rehearsal"]


async def test_events_that_are_here_already_do_not_come_twice(board: Board) -> None:
    await board.schedule.calendar.add(CHOIR)
    taken = await board.transfer.take_in(Part.CALENDAR, await board.transfer.export(Part.CALENDAR), "mine")
    assert (taken.new, taken.known) == (0, 1)
    assert len(await board.schedule.calendar.events()) == 1


async def test_calendars_that_are_followed_are_not_exported(board: Board) -> None:
    await board.schedule.calendar.replace_source("folder:club.ics", [CHOIR])
    assert b"choir" not in await board.transfer.export(Part.CALENDAR)


async def test_lists_move_with_what_is_ticked_off_and_how_many(board: Board, other: Board) -> None:
    await board.lists.add({"camping": [ListLine("rope"), ListLine("pegs", is_done=True, count=12)]})
    await other.lists.add({"camping": [ListLine("Rope"), ListLine("tent")]})
    taken = await other.transfer.take_in(Part.LISTS, await board.transfer.export(Part.LISTS), "lists")
    assert (taken.new, taken.known) == (1, 1)
    lines = [ListLine("Rope"), ListLine("tent"), ListLine("pegs", is_done=True, count=12)]
    assert await other.lists.lists() == {"camping": lines}


async def test_what_has_passed_is_named_and_the_rest_is_kept(board: Board, other: Board) -> None:
    await board.schedule.add(NewItem(ItemKind.ALARM, "old", due_local=datetime(2026, 3, 5, 7), zone=ZONE))
    await board.schedule.add(NewItem(ItemKind.ALARM, "new", due_local=datetime(2026, 3, 6, 7), zone=ZONE))
    data = (await board.transfer.export(Part.ALARMS)).replace(b"20260305T", b"20260105T")
    taken = await other.transfer.take_in(Part.ALARMS, data, "x")
    assert taken.new == 1
    assert [refusal.name for refusal in taken.refused] == ["old"]


async def test_a_disk_that_gives_up_half_way_leaves_nothing_behind(board: Board, tmp_path: Path) -> None:
    for minute in range(5):
        await board.schedule.add(NewItem(ItemKind.ALARM, due_local=datetime(2026, 3, 6, 7, minute), zone=ZONE))
    data = await board.transfer.export(Part.ALARMS)
    failing = _FullDisk(board.schedule, after=3)
    clock = FakeClock(NOON)
    await board.schedule.cancel([item.id for item in board.schedule.pending()])
    transfer = Transfer(failing, board.schedule.calendar, board.lists, ZONE, clock)
    with pytest.raises(StoreError):
        await transfer.take_in(Part.ALARMS, data, "x")
    assert board.items == []


async def test_what_is_no_calendar_changes_nothing(board: Board) -> None:
    await board.schedule.calendar.replace_source("import:x", [CHOIR])
    with pytest.raises(InputError, match="no calendar"):
        await board.transfer.take_in(Part.CALENDAR, b"hello", "x")
    assert len(await board.schedule.calendar.events()) == 1


@pytest.mark.slow
async def test_the_loop_goes_on_while_a_long_file_is_read(board: Board) -> None:
    lines = ["BEGIN:VCALENDAR"]
    for number in range(3000):
        lines += ["BEGIN:VEVENT", f"UID:{number}", "SUMMARY:shift", "DTSTART:20260310T100000", "END:VEVENT"]
    data = "\r\n".join([*lines, "END:VCALENDAR"]).encode()
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    counting = asyncio.create_task(count())
    taken = await board.transfer.take_in(Part.CALENDAR, data, "shifts")
    counting.cancel()
    assert (taken.new, taken.refused) == (3000, ())
    assert turns > 20


class _FullDisk(Schedule):
    """Takes so many items, and no more."""

    def __init__(self, inner: Schedule, after: int) -> None:
        self._inner = inner
        self._left = after

    async def add(self, item: NewItem) -> ScheduledItem:
        if not self._left:
            raise StoreError("the disk is full")
        self._left -= 1
        return await self._inner.add(item)

    def pending(self, kind: ItemKind | None = None) -> list[ScheduledItem]:
        return list(self._inner.pending(kind))

    async def cancel(self, item_ids: Iterable[ItemId]) -> int:
        return await self._inner.cancel(item_ids)
