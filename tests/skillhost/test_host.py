"""One bad skill costs that skill only."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import pytest

from assistant.core.errors import ConfirmationNeeded
from assistant.core.settings import SkillSettings
from assistant.core.turn import Command, Outcome, OutcomeStatus
from assistant.skillhost.host import Condition, SkillHost
from assistant.skillhost.load import bundled_places
from tests.skillhost.parts import SITUATION, EmptyHome, files_in, host_of, parts_of, run, write_skill, write_source

SAYS = 'return Outcome.told("said")'


async def test_a_skill_runs_and_its_outcome_carries_its_name(tmp_path: Path) -> None:
    write_skill(tmp_path, "hello", SAYS)
    host = host_of(tmp_path)
    await host.start()
    assert await run(host, "hello.go") == Outcome(OutcomeStatus.TOLD, "said", {}, "hello")
    await host.stop()
    assert host.intents() == []


@pytest.mark.parametrize(
    ("source", "why", "line"),
    [
        ("def broken(:\n", "SyntaxError", 1),
        ("import json\nimport no_such_module_here\n", "No module named", 2),
        ("x = 1\n\nraise SystemExit(3)\n", "SystemExit", 3),
        ("x = 1\n", "no subclass", 1),
        (
            "from assistant.sdk import *\nclass A(Skill):\n    async def start(self):\n        raise OSError('disk')\n"
            "    @intent('a')\n    async def go(self, ctx): return Outcome.told('a')\n",
            "OSError: disk",
            4,
        ),
        (
            "from assistant.sdk import *\nclass A(Skill):\n    @intent('tell {nothing}')\n"
            "    async def go(self, ctx): return Outcome.told('a')\n",
            "{nothing} is no parameter",
            3,
        ),
    ],
)
async def test_a_broken_skill_among_ten_is_named_and_the_others_serve(
    tmp_path: Path, source: str, why: str, line: int
) -> None:
    for number in range(9):
        write_skill(tmp_path, f"good{number}", SAYS)
    broken = write_source(tmp_path / "broken.py", source)
    host = host_of(tmp_path)
    await host.start()
    (failure,) = host.failures()
    assert (failure.name, failure.condition) == ("broken", Condition.FAILED)
    assert why in failure.detail
    assert f"{broken}, line {line}" in failure.detail
    assert len(host.intents()) == 9
    assert (await run(host, "good8.go")).status is OutcomeStatus.TOLD
    await host.stop()


async def test_two_skills_with_one_name_leave_the_first(tmp_path: Path) -> None:
    write_skill(tmp_path, "twin", "return 1 / 0").rename(tmp_path / "__init__.py")
    second = write_skill(tmp_path, "twin", SAYS)
    (tmp_path / "twin").mkdir()
    (tmp_path / "__init__.py").rename(tmp_path / "twin" / "__init__.py")
    host = host_of(tmp_path)
    await host.start()
    (failure,) = host.failures()
    assert failure.path == second
    assert f"is taken by {tmp_path / 'twin'}" in failure.detail
    assert len(host.intents()) == 1
    await host.stop()


async def test_a_skill_that_raises_gives_words_and_a_traceback_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_skill(tmp_path, "bad", "return 1 / 0")
    host = host_of(tmp_path)
    await host.start()
    outcome = await run(host, "bad.go")
    assert outcome == Outcome(OutcomeStatus.FAILED, "skill_failed", {"skill": "bad"}, "bad")
    assert any(record.exc_info and record.levelno == logging.ERROR for record in caplog.records)
    await host.stop()


@pytest.mark.parametrize("body", ["return 'done!'", "return Outcome.told('said', names=['a list'])", "return None"])
async def test_a_skill_that_returns_no_outcome_that_can_be_said_has_failed(tmp_path: Path, body: str) -> None:
    write_skill(tmp_path, "bad", body)
    host = host_of(tmp_path)
    await host.start()
    assert (await run(host, "bad.go")).status is OutcomeStatus.FAILED
    await host.stop()


@pytest.mark.parametrize(
    "body",
    [
        "import asyncio; await asyncio.sleep(60)",
        "import asyncio; raise asyncio.CancelledError",
        "raise KeyboardInterrupt",
    ],
)
async def test_a_skill_that_never_ends_or_ends_oddly_fails_and_can_be_called_again(tmp_path: Path, body: str) -> None:
    write_skill(tmp_path, "odd", f"if ctx.command.text == 'again': {SAYS}\n        {body}")
    host = host_of(tmp_path, timeout_s=0.1)
    await host.start()
    assert (await run(host, "odd.go")).status is OutcomeStatus.FAILED
    again = await host.run(Command("odd.go", text="again"), SITUATION, EmptyHome())
    assert again.status is OutcomeStatus.TOLD
    await host.stop()


async def test_an_endless_loop_is_cut_and_the_others_keep_working(tmp_path: Path) -> None:
    write_skill(tmp_path, "endless", "while True: pass")
    write_skill(tmp_path, "good", SAYS)
    host = host_of(tmp_path, timeout_s=0.1)
    await host.start()
    began = time.monotonic()
    assert (await run(host, "endless.go")).status is OutcomeStatus.FAILED
    assert time.monotonic() - began < 1
    assert (await run(host, "good.go")).status is OutcomeStatus.TOLD
    assert host.failures() == ()
    await host.stop()


async def test_a_skill_that_blocks_is_stuck_until_it_comes_back(tmp_path: Path) -> None:
    flag = tmp_path / "let_go"
    wait = f"import pathlib, time\n        while not pathlib.Path({str(flag)!r}).exists():"
    stubborn = "            try:\n                time.sleep(0.01)\n            except BaseException: pass"
    write_skill(tmp_path, "blocks", f"{wait}\n{stubborn}\n        {SAYS}")
    write_skill(tmp_path, "good", SAYS)
    host = host_of(tmp_path, timeout_s=0.05)
    await host.start()
    assert (await run(host, "blocks.go")).key == "skill_failed"
    refused = await run(host, "blocks.go")
    assert (refused.status, refused.key) == (OutcomeStatus.UNAVAILABLE, "skill_stuck")
    assert [state.condition for state in host.failures()] == [Condition.STUCK]
    assert (await run(host, "good.go")).status is OutcomeStatus.TOLD
    flag.touch()
    for _ in range(500):
        if (await run(host, "blocks.go")).status is OutcomeStatus.TOLD:
            break
        await asyncio.sleep(0.01)
    assert host.failures() == ()
    await host.stop()


@pytest.mark.parametrize("body", ["raise OSError", pytest.param("while True: pass", marks=pytest.mark.slow)])
async def test_a_skill_whose_stop_fails_or_hangs_harms_nobody(tmp_path: Path, body: str) -> None:
    write_skill(tmp_path, "unwilling", SAYS, f"    async def stop(self) -> None:\n        {body}\n")
    host = host_of(tmp_path)
    await host.start()
    began = time.monotonic()
    await host.stop()
    assert time.monotonic() - began < 2
    assert host.states() == ()


async def test_a_skill_that_is_unloaded_while_it_runs_fails_at_once(tmp_path: Path) -> None:
    path = write_skill(tmp_path, "busy", "import asyncio\n        await asyncio.sleep(60)")
    host = host_of(tmp_path)
    await host.start()
    call = asyncio.create_task(run(host, "busy.go"))
    await asyncio.sleep(0.05)
    path.unlink()
    await host.reload(path)
    async with asyncio.timeout(1):
        assert (await call).status is OutcomeStatus.FAILED


async def test_what_policy_says_passes_through_a_users_skill(tmp_path: Path) -> None:
    write_skill(
        tmp_path,
        "door",
        'await ctx.home.act([Action(EntityId("front"), "unlock")])\n        return Outcome.done("unlocked")',
    )

    class Careful(EmptyHome):
        async def act(self, actions):  # type: ignore[no-untyped-def]  # the shape is the base's
            raise ConfirmationNeeded(("Front door",), "unlock")

    host = host_of(tmp_path)
    await host.start()
    with pytest.raises(ConfirmationNeeded):
        await host.run(Command("door.go"), SITUATION, Careful())
    await host.stop()


async def test_a_users_skill_reaches_home_schedule_and_notebook(tmp_path: Path) -> None:
    write_skill(
        tmp_path,
        "reach",
        'await ctx.notebook.put("k", "v")\n'
        '        await ctx.home.act([Action(EntityId("lamp"), "turn_on")])\n'
        "        seen = len(ctx.home.view().entities) + len(ctx.schedule.pending())\n"
        '        return Outcome.told("ok", note=await ctx.notebook.get("k"), seen=seen, helps=ctx.help[0].examples)',
    )
    host, home = host_of(tmp_path), EmptyHome()
    await host.start()
    outcome = await host.run(Command("reach.go"), SITUATION, home)
    assert outcome.values == {"note": "v", "seen": 0, "helps": ("do reach",)}
    assert [action.verb for action in home.acted] == ["turn_on"]
    await host.stop()


async def test_slots_become_arguments_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    write_source(
        tmp_path / "add.py",
        """
        from assistant.sdk import Context, Number, Outcome, Skill, Text, intent

        class Add(Skill):
            @intent("add {count} [of {what}]")
            async def go(self, ctx: Context, count: Number, what: Text | None = None) -> Outcome:
                return Outcome.told("added", count=count, what=what)
        """,
    )
    host = host_of(tmp_path)
    await host.start()
    outcome = await run(host, "add.go", count=3.0, what=None, stray="x")
    assert outcome.values == {"count": 3, "what": None}
    assert isinstance(outcome.values["count"], int)
    assert (await run(host, "add.go")).key == "missing_slot"
    assert (await run(host, "nobody.go")).key == "unknown_intent"
    await host.stop()


async def test_a_disabled_skill_is_listed_but_not_run(tmp_path: Path) -> None:
    write_skill(tmp_path, "quiet", "raise OSError")
    host = host_of(tmp_path, disabled=("quiet",))
    await host.start()
    assert [state.condition for state in host.states()] == [Condition.DISABLED]
    assert host.failures() == ()
    assert host.intents() == []


async def test_nothing_is_written_into_a_users_folder_and_old_bytecode_is_not_read(tmp_path: Path) -> None:
    write_source(
        tmp_path / "folder" / "__init__.py",
        """
        from assistant.sdk import Context, Outcome, Skill, intent
        from .helper import NAME

        class Folder(Skill):
            @intent("go")
            async def go(self, ctx: Context) -> Outcome:
                from .late import LATE
                return Outcome.told(NAME, late=LATE)
        """,
    )
    write_source(tmp_path / "folder" / "helper.py", "NAME = 'helped'")
    write_source(tmp_path / "folder" / "late.py", "LATE = 1")
    before = files_in(tmp_path)
    host = host_of(tmp_path)
    await host.start()
    assert (await run(host, "folder.go")).key == "helped"
    assert files_in(tmp_path) == before
    await host.stop()


async def test_bundled_skills_are_found_in_their_package(tmp_path: Path) -> None:
    places = {place.name for place in bundled_places()}
    assert not any(name.startswith("_") for name in places)
    assert all(not place.is_user and place.entry.is_file() for place in bundled_places())


async def test_reply_templates_are_checked_when_a_skill_is_loaded(tmp_path: Path) -> None:
    write_skill(tmp_path, "wordy", SAYS, '    words = {"en": {"said": "{{ oops"}}\n')

    def check(words: str) -> None:
        raise ValueError(f"bad: {words}")

    host = host_of(tmp_path, check_reply=check)
    await host.start()
    (failure,) = host.failures()
    assert "reply 'said'" in failure.detail
    assert "bad: {{ oops" in failure.detail


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings = SkillSettings(folders=(tmp_path / "nowhere",))
    host = SkillHost(settings, False, tmp_path, parts_of())
    await host.start()
    assert [failure.path for failure in host.failures()] == [tmp_path / "nowhere"]


async def test_an_intent_that_another_skill_serves_is_refused(tmp_path: Path) -> None:
    take_over = """
        from assistant.sdk import Context, Outcome, Skill, Slots, home_intent

        class Mine(Skill):
            @home_intent("HassTurnOn")
            async def on(self, ctx: Context, slots: Slots) -> Outcome:
                return Outcome.done("on", name=slots["name"])
        """
    write_source(tmp_path / "a.py", take_over)
    write_source(tmp_path / "b.py", take_over)
    host = host_of(tmp_path)
    await host.start()
    (failure,) = host.failures()
    assert (failure.name, "'a' serves HassTurnOn already" in failure.detail) == ("b", True)
    assert (await run(host, "HassTurnOn", name="lamp")).values == {"name": "lamp"}
    await host.stop()
