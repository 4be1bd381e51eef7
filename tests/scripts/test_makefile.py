"""The Makefile's targets, as `make help` lists them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.process


def make(*arguments: str) -> str:
    # these tests run inside `make test`, whose own arguments must not reach this make
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", *arguments], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_help_lists_every_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    listed = set(re.findall(r"^  make ([a-z-]+) +\w", make("help"), re.MULTILINE))
    assert listed == targets
    assert {"setup", "run", "test", "test-fast", "check", "lock", "bench", "clean"} <= listed


def test_make_alone_is_help() -> None:
    assert make() == make("help")


def test_run_ends_in_the_assistant_itself_so_that_signals_reach_it() -> None:
    assert (
        make("-n", "run", "ARGS=--verbose").splitlines()[-1]
        == "exec .venv/bin/assistant run --simulate --or-demo --verbose"
    )


def test_the_fast_tests_leave_out_every_marked_kind() -> None:
    markers = re.findall(r'^  "([a-z]+): ', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    line = next(line for line in make("-n", "test-fast").splitlines() if "pytest" in line)
    assert len(markers) >= 6
    for marker in markers:
        assert f"not {marker}" in line


def test_the_copy_of_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
