"""What the control socket answers about alarms, lists and the calendar."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from assistant.core.errors import InputError
from assistant.core.schedule import ItemKind, NewEvent, NewItem, Repeat
from assistant.daemon.agenda_commands import AgendaCommands
from assistant.daemon.brain import Brain
from assistant.daemon.control import Message
from assistant.daemon.phrasing import sentences
from assistant.daemon.upload import MAX_BYTES, MAX_OPEN, Inbox, pieces
from assistant.schedule import Schedule
from assistant.schedule.list_notes import ListLine, ListNotes
from assistant.testing.clock import FakeClock
from tests.schedule.parts import NOON, schedule_on

ZONE = "Europe/Berlin"


@dataclass
class MemoryOnly:
    """Of a brain what these commands need: the memory."""

    schedule: Schedule
    clock: FakeClock
    zone: ZoneInfo
    sources: dict[str, Any] = field(default_factory=dict)


class Desk:
    """Asks, and gathers what is told before the answer."""

    def __init__(self, schedule: Schedule, clock: FakeClock) -> None:
        self.schedule = schedule
        brain = cast(Brain, MemoryOnly(schedule, clock, ZoneInfo(ZONE)))
        self._table = AgendaCommands(brain).table()
        self.events: list[Message] = []

    async def ask(self, command: str, **values: object) -> Message:
        async def emit(event: Message) -> None:
            self.events.append(event)

        return await self._table[command](dict(values), emit)

    async def exported(self, part: str) -> bytes:
        self.events.clear()
        await self.ask("export", part=part)
        return b"".join(base64.b64decode(event["data"]) for event in self.events)

    async def imported(self, part: str, data: bytes, name: str = "file") -> Message:
        sent = list(pieces(data))
        for number, piece in enumerate(sent, start=1):
            more = number < len(sent)
            answer = await self.ask("import", part=part, name=name, upload="u", data=piece, more=more)
        return answer


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = FakeClock(NOON)
    async with schedule_on(tmp_path, clock) as (schedule, _):
        yield Desk(schedule, clock)


def alarm(hour: int, label: str = "") -> NewItem:
    return NewItem(ItemKind.ALARM, label, due_local=datetime(2026, 3, 3, hour), zone=ZONE)


async def test_each_part_lists_its_own(desk: Desk) -> None:
    await desk.schedule.add(NewItem(ItemKind.TIMER, "eggs", timedelta(minutes=6)))
    repeat = Repeat("FREQ=DAILY", datetime(2026, 3, 3, 7))
    await desk.schedule.add(NewItem(ItemKind.ALARM, "up", zone=ZONE, repeat=repeat))
    (timer,) = (await desk.ask("items", part="timers"))["items"]
    (row,) = (await desk.ask("items", part="alarms"))["items"]
    assert (timer["label"], timer["remaining"]) == ("eggs", "0:06:00")
    assert (row["due"], row["repeats"]) == ("2026-03-03T07:00:00+01:00", "FREQ=DAILY")
    assert (await desk.ask("items", part="reminders"))["items"] == []


async def test_only_what_a_part_has_is_cancelled(desk: Desk) -> None:
    timer = await desk.schedule.add(NewItem(ItemKind.TIMER, "eggs", timedelta(minutes=6)))
    ring = await desk.schedule.add(alarm(7))
    with pytest.raises(InputError, match="alarms list"):
        await desk.ask("cancel", part="alarms", ids=[ring.id, timer.id])
    assert len(desk.schedule.pending()) == 2
    assert await desk.ask("cancel", part="alarms", all=True) == {"cancelled": 1}
    assert [item.label for item in desk.schedule.pending()] == ["eggs"]


@pytest.mark.parametrize("ids", [None, [], "1", [True], ["1"], [1.5]])
async def test_which_ones_is_asked_where_numbers_are_missing(desk: Desk, ids: object) -> None:
    with pytest.raises(InputError, match="which ones"):
        await desk.ask("cancel", part="alarms", ids=ids)


async def test_a_part_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(InputError, match="alarms"):
        await desk.ask("items", part="alarums")


async def test_events_are_shown_by_the_clocks_of_the_home_and_whole_days_as_days(desk: Desk) -> None:
    calendar = desk.schedule.calendar
    start = datetime(2026, 3, 3, 18)
    await calendar.add(NewEvent("call", start, start + timedelta(hours=1), "America/New_York"))
    day = datetime(2026, 3, 5)
    await calendar.add(NewEvent("fair", day, day + timedelta(days=2), "America/New_York", is_all_day=True))
    call, fair = (await desk.ask("events", days=7))["events"]
    assert (call["start"], call["end"]) == ("2026-03-04T00:00+01:00", "2026-03-04T01:00+01:00")
    assert (fair["start"], fair["end"], fair["all_day"]) == ("2026-03-05", "2026-03-07", True)
    for days in (0, 100_000, "7"):
        with pytest.raises(InputError, match="days"):
            await desk.ask("events", days=days)


async def test_lines_and_lists_are_removed_by_name(desk: Desk) -> None:
    lists = ListNotes(desk.schedule.notebook("lists"))
    await lists.add({"camping": [ListLine("tent"), ListLine("rope")], "party": [ListLine("cake")]})
    assert await desk.ask("cancel_lines", list="Camping", text="Rope") == {"cancelled": 1}
    assert await desk.ask("cancel_lines", list="party") == {"cancelled": 1}
    assert [line["text"] for line in (await desk.ask("lists"))["lines"]] == ["tent"]
    with pytest.raises(InputError, match="camping"):
        await desk.ask("cancel_lines", list="party")
    with pytest.raises(InputError, match="not on the list"):
        await desk.ask("cancel_lines", list="camping", text="boat")


async def test_a_long_file_goes_out_and_comes_in_by_pieces(desk: Desk) -> None:
    await desk.schedule.calendar.replace_source(
        "import:x",
        [
            NewEvent("e" * 900, datetime(2026, 3, 3, 18), datetime(2026, 3, 3, 19), ZONE, uid=str(number))
            for number in range(120)
        ],
    )
    data = await desk.exported("calendar")
    assert len(desk.events) > 1
    await desk.schedule.calendar.replace_source("import:x", ())
    assert await desk.imported("calendar", data) == {"new": 120, "known": 0, "refused": 0, "refusals": []}
    assert len(await desk.schedule.calendar.events("import:file")) == 120


async def test_what_was_refused_is_named(desk: Desk) -> None:
    event = "BEGIN:VEVENT\nUID:1\nSUMMARY:attack\nDTSTART:20260310T100000\nRRULE:FREQ=SECONDLY\nEND:VEVENT\n"
    bad = f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n".encode()
    answer = await desk.imported("calendar", bad)
    assert (answer["new"], answer["refused"], answer["refusals"][0]["name"]) == (0, 1, "attack")


async def test_a_piece_that_is_none_and_a_lost_upload_are_refused(desk: Desk) -> None:
    with pytest.raises(InputError, match="base64"):
        await desk.ask("import", part="alarms", name="x", upload="u", data="ä")
    with pytest.raises(InputError, match="upload"):
        await desk.ask("import", part="alarms", name="x", data="")


def test_uploads_are_bounded_in_size_and_number() -> None:
    inbox = Inbox()
    inbox.put("first", b"1")
    for number in range(MAX_OPEN):
        inbox.put(f"later {number}", b"2")
    with pytest.raises(InputError, match="interrupted"):
        inbox.take("first")
    half = bytes(MAX_BYTES // 2)
    inbox.put("long", half)
    inbox.put("long", half)
    with pytest.raises(InputError, match="too long"):
        inbox.put("long", b"1")


def test_a_phrase_is_tried_alone_and_then_in_sentences_of_the_language() -> None:
    assert sentences("alarms", "at {7}", "en")[:2] == ["at {7}", "set an alarm for at {7}"]
    assert any("알람" in sentence for sentence in sentences("alarms", "7시", "ko"))
    assert sentences("lists", "milk", "en", "party") == ["add milk to my party list"]
    assert sentences("lists", "milk", "fr") == ["add milk to my shopping list"]
