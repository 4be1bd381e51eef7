"""What was known before a start is known after it, with its age; and the disk is written seldom."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.core.home import EntityId, EntityState
from assistant.home.memory import EVERY_S, StateMemory
from assistant.home.upkeep import Upkeep
from assistant.testing.clock import FakeClock
from tests.home.parts import House

GARAGE = {"name": "Garage", "unique_id": "g", "command_topic": "g/set", "state_topic": "g"}


class Run:
    """One life of the home, on a file that outlives it."""

    def __init__(self, path: Path, clock: FakeClock) -> None:
        self.house = House()
        self.clock = clock
        self.lapsed: list[EntityId] = []
        self.upkeep = Upkeep(self.house.registry, clock, self._lapsed, StateMemory(path, clock))

    def _lapsed(self, entities: Sequence[EntityId]) -> None:
        self.lapsed += entities

    async def __aenter__(self) -> Run:
        await self.upkeep.__aenter__()
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.upkeep.__aexit__()

    def tell(self, topic: str, payload: str) -> None:
        self.house.tell(topic, payload, self.clock.now())


def rows_of(path: Path) -> dict[str, str]:
    """unique id → value, as it lies on disk."""
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as connection:
        try:
            return dict(connection.execute("SELECT unique_id, value FROM states").fetchall())
        except sqlite3.OperationalError:  # the file was made a moment ago, its table is not yet
            return {}


async def until(path: Path, rows: dict[str, str]) -> None:
    """Wait for the thread that writes."""
    async with asyncio.timeout(5):
        while rows_of(path) != rows:  # noqa: ASYNC110  another thread writes the file and tells nobody
            await asyncio.sleep(0.005)


async def test_after_a_start_the_last_state_is_known_with_its_age(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    async with Run(path, clock) as first:
        first.house.announce("cover", **GARAGE)
        first.tell("g", "open")
    told_at = clock.now()
    await clock.advance(timedelta(minutes=20))
    async with Run(path, clock) as second:
        garage = second.house.announce("cover", **GARAGE)
        state = second.house.state(garage)
        assert (state.value, state.updated_at, state.is_from_before) == ("open", told_at, True)
        second.tell("g", "closed")
        assert second.house.state(garage) == EntityState("closed", {}, updated_at=clock.now())


async def test_what_the_broker_kept_is_no_younger_than_what_it_repeats(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    async with Run(path, clock) as first:
        first.house.announce("cover", **GARAGE)
        first.tell("g", "open")
    told_at = clock.now()
    await clock.advance(timedelta(minutes=20))
    async with Run(path, clock) as second:
        garage = second.house.announce("cover", **GARAGE)
        second.house.registry.take_state("g", b"open", clock.now(), is_retained=True)
        state = second.house.state(garage)
        assert (state.value, state.updated_at, state.is_from_before) == ("open", told_at, False)
        second.house.registry.take_state("g", b"closed", clock.now(), is_retained=True)
        assert second.house.state(garage).updated_at == clock.now()


async def test_a_state_that_became_another_is_on_disk_within_a_minute(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    async with Run(path, clock) as run:
        run.house.announce("cover", **GARAGE)
        run.house.announce("sensor", name="Power", unique_id="p", state_topic="p")
        run.tell("g", "open")
        run.tell("p", "7")
        assert rows_of(path) == {}
        await clock.advance(timedelta(seconds=EVERY_S))
        await until(path, {"g": "open"})  # what only measures is written less often
        for _ in range(10):
            await clock.advance(timedelta(seconds=EVERY_S))
            await asyncio.sleep(0.01)
        await until(path, {"g": "open", "p": "7"})


async def test_what_is_repeated_is_not_written_each_minute(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    async with Run(path, clock) as run:
        run.house.announce("cover", **GARAGE)
        run.tell("g", "open")
        await clock.advance(timedelta(seconds=EVERY_S))
        await until(path, {"g": "open"})
        written_at = path.stat().st_mtime_ns
        for _ in range(5):
            run.tell("g", "open")
            await clock.advance(timedelta(seconds=EVERY_S))
            await asyncio.sleep(0.005)
        assert path.stat().st_mtime_ns == written_at


async def test_a_damaged_file_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    path.write_bytes(b"this is no database, whatever it is called" * 50)
    async with Run(path, clock) as run:
        run.house.announce("cover", **GARAGE)
        run.tell("g", "open")
    assert rows_of(path) == {"g": "open"}
    assert path.with_suffix(".sqlite.damaged").exists()
    assert "damaged" in caplog.text


async def test_a_damaged_file_that_cannot_be_set_aside_costs_the_memory_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    path.write_bytes(b"this is no database, whatever it is called" * 50)
    (tmp_path / "home.sqlite.damaged" / "in the way").mkdir(parents=True)
    async with Run(path, clock) as run:
        garage = run.house.announce("cover", **GARAGE)
        run.tell("g", "open")
        assert run.house.state(garage).value == "open"
    assert "stays where it is" in caplog.text


async def test_a_row_that_cannot_be_read_costs_itself_only(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    now = clock.now().isoformat()
    broken = (("torn", '{"posi', now), ("list", "[1]", now), ("never", "{}", "9999-99-99"))
    async with Run(path, clock) as run:
        run.house.announce("cover", **GARAGE)
        run.tell("g", "open")
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = [("cover", "", unique, "open", attributes, at) for unique, attributes, at in broken]
        connection.executemany("INSERT INTO states VALUES (?, ?, ?, ?, ?, ?)", rows)
    async with Run(path, clock) as again:
        garage = again.house.announce("cover", **GARAGE)
        assert again.house.state(garage).value == "open"


async def test_of_too_many_states_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.home.memory.MAX_STATES", 2)
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    async with Run(path, clock) as run:
        for name in ("a", "b", "c", "d"):
            run.house.announce("sensor", at=name, name=name, unique_id=name, state_topic=name)
            run.tell(name, "1")
            await clock.advance(1)
    async with Run(path, clock):
        assert rows_of(path).keys() == {"b", "c", "d"}


async def test_what_is_gone_and_comes_again_told_its_last_state_before(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    async with Run(path, clock) as run:
        garage = run.house.announce("cover", **GARAGE)
        run.tell("g", "open")
        told_at = clock.now()
        run.house.send("homeassistant/cover/thing/config", b"")
        await clock.advance(timedelta(minutes=5))
        assert run.house.announce("cover", **GARAGE) == garage
        state = run.house.state(garage)
    assert (state.value, state.is_from_before, state.updated_at) == ("open", True, told_at)


async def test_without_a_writable_folder_the_home_works_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock, file = FakeClock(), tmp_path / "file"
    file.write_text("no folder")
    async with Run(file / "home.sqlite", clock) as run:
        garage = run.house.announce("cover", **GARAGE)
        run.tell("g", "open")
        await clock.advance(timedelta(seconds=EVERY_S))
        assert run.house.state(garage).value == "open"
    assert caplog.text.count("can't be") == 1


async def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    async with Run(path, clock) as run:
        run.house.announce("cover", **GARAGE)
        run.tell("g", "open")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_state_of_long_ago_is_forgotten(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    async with Run(path, clock) as first:
        first.house.announce("cover", **GARAGE)
        first.tell("g", "open")
    await clock.advance(timedelta(days=31))
    async with Run(path, clock) as second:
        assert second.house.state(second.house.announce("cover", **GARAGE)) == EntityState()


async def test_a_measurement_that_expired_while_nobody_ran_is_not_told(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    meter: dict[str, Any] = {"name": "Power", "unique_id": "p", "state_topic": "p", "expire_after": 60}
    async with Run(path, clock) as first:
        first.house.announce("sensor", **meter)
        first.tell("p", "7")
    await clock.advance(timedelta(minutes=5))
    async with Run(path, clock) as second:
        power = second.house.announce("sensor", **meter)
        await clock.advance(timedelta(seconds=1))
        assert second.lapsed == [power]
        assert second.house.state(power).value is None


async def test_texts_that_no_file_can_hold_are_kept_as_far_as_they_can(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "home.sqlite"
    async with Run(path, clock) as run:
        run.house.announce("sensor", name="S", unique_id="\ud800", state_topic="s", value_template="{{ value_json.a }}")
        run.tell("s", '{"a": "\\ud800"}')
    assert list(rows_of(path).values()) == ["?"]
