"""Continuous integration: honest exit code, pytest's closing line last."""

from __future__ import annotations

import pytest

from tests.scripts.conftest import Sandbox

pytestmark = pytest.mark.process
CLOSING = "===== 12 passed, 1 skipped in 3.21s ====="


@pytest.mark.parametrize(
    ("check", "test", "code"), [("true", "true", 0), ("false", "true", 1), ("true", "false", 1), ("false", "false", 1)]
)
def test_the_exit_code_is_honest_and_both_always_run(sandbox: Sandbox, check: str, test: str, code: int) -> None:
    body = (
        f'case $1 in check) {check};; test) echo "tests/a.py ..."; echo "{CLOSING}"; echo "make: more"; {test};; esac'
    )
    sandbox.program("make", body)
    done = sandbox.run(".ci/run")
    assert done.returncode == code
    assert done.stdout.splitlines()[-1] == CLOSING
    assert sandbox.called() == ["make check", "make test"]


def test_tests_that_never_ran_are_no_success(sandbox: Sandbox) -> None:
    sandbox.program("make", "[ $1 = check ]")
    done = sandbox.run(".ci/run")
    assert done.returncode == 1
    assert "failed" in done.stdout
