"""What was done to the home is on disk, in order, bounded, and survives damage."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.actions import LoggedAction, Who
from assistant.core.errors import StoreError
from assistant.core.home import EntityId
from assistant.home.actionlog import MAX_WAITING, ActionLogFile, Wanted, read_actions

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def done(number: int, name: str = "Desk Lamp", **more: object) -> LoggedAction:
    who = Who("typed", f"turn{number}")
    fields = {"values": {"n": number}, "state": "on", "took_ms": 12} | more
    entity_id = EntityId("light." + name.lower().replace(" ", "_"))
    return LoggedAction(NOON + timedelta(minutes=number), entity_id, name, "turn_on", "confirmed", who, **fields)  # type: ignore[arg-type]  # whatever a test sets


def written(path: Path, *actions: LoggedAction, max_bytes: int = 1_000_000) -> ActionLogFile:
    log = ActionLogFile(path, max_bytes)
    for action in actions:
        log.note(action)
        log.flush()
    return log


def test_what_was_written_is_read_back_as_it_was(tmp_path: Path) -> None:
    actions = [done(1), done(2, "Büro", detail="it was so before"), done(3, state=None)]
    written(tmp_path / "actions.jsonl", *actions)
    assert list(read_actions(tmp_path / "actions.jsonl", Wanted())) == actions
    assert (tmp_path / "actions.jsonl").stat().st_mode & 0o777 == 0o600


def test_it_is_asked_by_thing_time_and_number(tmp_path: Path) -> None:
    path = tmp_path / "actions.jsonl"
    written(path, *(done(n, name) for n, name in enumerate(("Fan", "Desk Lamp", "Fan", "Fan"))))
    by_name = read_actions(path, Wanted(frozenset({"fan"})))
    assert by_name == read_actions(path, Wanted(frozenset({"light.fan"})))
    assert [action.values["n"] for action in by_name] == [0, 2, 3]
    assert [action.values["n"] for action in read_actions(path, Wanted(since=NOON + timedelta(minutes=2)))] == [2, 3]
    assert [action.values["n"] for action in read_actions(path, Wanted(limit=2))] == [2, 3]


def test_two_files_of_bounded_size_keep_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "actions.jsonl"
    written(path, *map(done, range(200)), max_bytes=4_000)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 10_000
    numbers = [action.values["n"] for action in read_actions(path, Wanted(limit=1000))]
    assert numbers == list(range(200 - len(numbers), 200))
    assert len(numbers) >= 10


def test_damaged_lines_cost_themselves_only(tmp_path: Path) -> None:
    path = tmp_path / "actions.jsonl"
    written(path, done(1))
    with path.open("ab") as file:
        file.write(b'{"at": "2026\n\xff\xfe[]\n"x"\n{"at": 7}\n{"at":"2026-05-01T12:00:00+00:00","who":{"x":1}}\n')
        file.write(b'{"at": "torn by a power c')
    written(path, done(2), done(3))
    assert [action.values["n"] for action in read_actions(path, Wanted())] == [1, 2, 3]


def test_an_enormous_action_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "actions.jsonl"
    written(path, done(1, values={"text": "x" * 100_000}, detail="y" * 10_000))
    assert path.stat().st_size < 5_000
    assert read_actions(path, Wanted())[0].verb == "turn_on"


def test_nothing_was_done_yet(tmp_path: Path) -> None:
    assert read_actions(tmp_path / "actions.jsonl", Wanted()) == ()


async def test_it_is_written_while_it_runs_and_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "actions.jsonl"
    log = ActionLogFile(path)
    running = asyncio.create_task(log.run())
    log.note(done(1))
    for _ in range(3):
        await asyncio.sleep(0)
    # its thread may be at work right now
    log.note(done(2))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [json.loads(line)["values"]["n"] for line in path.read_text().splitlines()] == [1, 2]


def test_a_disk_that_refuses_loses_nothing_that_fits(tmp_path: Path) -> None:
    folder = tmp_path / "away"
    log = ActionLogFile(folder / "actions.jsonl")
    log.note(done(1))
    with pytest.raises(StoreError, match="free some space"):
        log.flush()
    folder.mkdir()
    log.flush()
    assert len(read_actions(folder / "actions.jsonl", Wanted())) == 1
    for number in range(MAX_WAITING + 5):
        log.note(done(number))
    assert log.dropped == 5


async def test_a_disk_that_refuses_at_the_end_does_not_keep_it_running(tmp_path: Path) -> None:
    log = ActionLogFile(tmp_path / "away" / "actions.jsonl")
    running = asyncio.create_task(log.run())
    await asyncio.sleep(0)
    log.note(done(1))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
