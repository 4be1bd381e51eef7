"""Killed with signal 9 at random moments: nothing acknowledged is lost, nothing rings twice."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from assistant.schedule.item_rows import State, select_open
from assistant.schedule.store import Store
from assistant.testing.clock import FakeClock
from tests.schedule.parts import FILE

pytestmark = pytest.mark.process


@pytest.mark.parametrize("rounds", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_nothing_acknowledged_is_lost_and_nothing_rings_twice(tmp_path: Path, rounds: int) -> None:
    subprocess.run([sys.executable, "-m", "tests.schedule.killed", str(tmp_path), str(rounds), "7"], check=True)
    lines = [line.split() for line in (tmp_path / "journal").read_text().splitlines()]
    of = {kind: Counter(int(number) for what, number in lines if what == kind) for kind in {what for what, _ in lines}}

    kept_short, kept_long = set(of["kept-short"]), set(of["kept-long"])
    rung, missed = of["on_time"], of.get("missed", Counter())
    assert len(kept_short) > rounds
    assert kept_short <= set(rung) | set(missed)
    assert max(rung.values()) == 1
    assert not kept_long & (set(rung) | set(missed))
    assert kept_long <= _pending(tmp_path / FILE)
    assert missed, "no round was killed while something was due: the test proves nothing"


def _pending(path: Path) -> set[int]:
    async def read() -> set[int]:
        async with Store(path, FakeClock()) as store:
            assert store.rescue is None
            open_items = await store.transact(select_open)
            assert {each.state for each in open_items} == {State.PENDING}, "something told would be told again"
            return {each.item.id for each in open_items}

    return asyncio.run(read())
