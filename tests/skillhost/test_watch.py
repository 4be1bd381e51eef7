"""Saving a skill's file takes it over; a version that fails leaves the old one serving."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

import pytest
from watchfiles import Change

from assistant.core.turn import OutcomeStatus
from assistant.skillhost.host import Condition
from assistant.skillhost.watch import SkillWatch, is_source
from tests.skillhost.parts import host_of, run, write_skill, write_source

ONE, TWO = 'return Outcome.told("one")', 'return Outcome.told("two")'


class Rebuilds:
    """Counts how often understanding was to be rebuilt."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.count = 0

    async def __call__(self) -> None:
        self.count += 1
        self.event.set()


async def test_a_new_version_takes_over_and_a_broken_one_leaves_the_old_serving(tmp_path: Path) -> None:
    path = write_skill(tmp_path, "mine", ONE)
    host, rebuilds = host_of(tmp_path), Rebuilds()
    await host.start()
    watch = SkillWatch(host, rebuilds)
    write_skill(tmp_path, "mine", TWO)
    await watch.reload({path})
    assert (await run(host, "mine.go")).key == "two"
    write_source(path, "def broken(:")
    await watch.reload({path})
    assert (await run(host, "mine.go")).key == "two"
    (failure,) = host.failures()
    assert failure.condition is Condition.OLD_VERSION
    assert f"{path}, line 1" in failure.detail
    write_skill(tmp_path, "mine", ONE)
    await watch.reload({path})
    assert (await run(host, "mine.go")).key == "one"
    assert host.failures() == ()
    assert rebuilds.count == 2
    await host.stop()


async def test_the_old_version_is_stopped_after_the_new_one_has_started(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    steps = (
        "    def _log(self, text):\n        with open({log!r}, 'a') as file:\n            file.write(text)\n"
        "    async def start(self):\n        self._log('{name}+')\n"
        "    async def stop(self):\n        self._log('{name}-')\n"
    )
    path = write_skill(tmp_path, "mine", ONE, steps.format(log=str(log), name="old"))
    host = host_of(tmp_path)
    await host.start()
    write_skill(tmp_path, "mine", TWO, steps.format(log=str(log), name="new"))
    await host.reload(path)
    await host.stop()
    assert log.read_text() == "old+new+old-new-"


async def test_a_deleted_file_unloads_its_skill_and_a_dropped_one_is_picked_up(tmp_path: Path) -> None:
    path = write_skill(tmp_path, "mine", ONE)
    host, rebuilds = host_of(tmp_path), Rebuilds()
    await host.start()
    path.unlink()
    await SkillWatch(host, rebuilds).reload({path})
    assert host.states() == ()
    folder = tmp_path / "other"
    write_skill(tmp_path, "x", ONE).rename(tmp_path / "kept")
    folder.mkdir()
    (tmp_path / "kept").rename(folder / "__init__.py")
    await SkillWatch(host, rebuilds).reload({folder / "__init__.py"})
    assert [spec.name for spec in host.intents()] == ["other.go"]
    shutil.rmtree(folder)
    await SkillWatch(host, rebuilds).reload({folder / "__init__.py"})
    assert host.intents() == []
    assert rebuilds.count == 3


async def test_a_skill_whose_name_is_taken_is_refused_and_comes_when_the_name_is_free(tmp_path: Path) -> None:
    host, rebuilds = host_of(tmp_path), Rebuilds()
    first = write_skill(tmp_path, "mine", ONE)
    await host.start()
    second = tmp_path / "mine"
    second.mkdir()
    (second / "__init__.py").write_text(first.read_text().replace("one", "two"))
    await SkillWatch(host, rebuilds).reload({second / "__init__.py"})
    assert rebuilds.count == 0
    first.unlink()
    await SkillWatch(host, rebuilds).reload({first})
    assert (await run(host, "mine.go")).key == "two"
    assert host.failures() == ()
    await host.stop()


@pytest.mark.parametrize(
    ("path", "counts"),
    [("a/mine.py", True), ("a/mine/en.toml", True), ("a/mine.py~", False), ("a/.#mine.py", False), ("a/x.pyc", False)],
)
def test_only_sources_count(path: str, counts: bool) -> None:
    assert is_source(Change.modified, path) is counts


@pytest.mark.slow
async def test_saving_a_file_takes_less_than_a_second(tmp_path: Path) -> None:
    write_skill(tmp_path, "mine", ONE)
    host, rebuilds, stop = host_of(tmp_path), Rebuilds(), asyncio.Event()
    await host.start()
    async with asyncio.TaskGroup() as group, asyncio.timeout(20):
        group.create_task(SkillWatch(host, rebuilds).run(stop))
        while (await run(host, "mine.go")).key == "one":  # the watcher's own start is not timed
            write_skill(tmp_path, "mine", TWO)
            await asyncio.wait([asyncio.ensure_future(rebuilds.event.wait())], timeout=2)
        rebuilds.event.clear()
        began = time.monotonic()
        write_skill(tmp_path, "mine", 'return Outcome.told("three")')
        await rebuilds.event.wait()
        assert time.monotonic() - began < 1
        stop.set()
    outcome = await run(host, "mine.go")
    assert (outcome.status, outcome.key) == (OutcomeStatus.TOLD, "three")
    await host.stop()
