"""The virtual environment: locked by hashes, made once, one for all targets."""

from __future__ import annotations

import pytest

from tests.scripts.conftest import Sandbox

pytestmark = pytest.mark.process
SCRIPT = "scripts/install-python.sh"

_PYTHON = """
if [ "$2" = venv ]; then
  rm -rf .venv
  mkdir -p .venv/bin .venv/lib/python3.11/site-packages/pip
  printf '#!/bin/bash\\necho "venv-python $*" >> called\\n[ ! -f fail ]\\n' > .venv/bin/python
  /bin/chmod +x .venv/bin/python
fi
"""


@pytest.fixture
def project(sandbox: Sandbox) -> Sandbox:
    """A project with lock files and a Python on PATH."""
    (sandbox.root / "requirements").mkdir()
    (sandbox.root / "assistant").mkdir()
    for name in ("run", "dev", "whisper"):
        (sandbox.root / "requirements" / f"{name}.txt").write_text(f"# {name}\n")
    (sandbox.root / "pyproject.toml").write_text("")
    (sandbox.root / "assistant" / "__init__.py").write_text("")
    sandbox.program("python3", _PYTHON)
    return sandbox


def pip_calls(project: Sandbox) -> list[str]:
    return [line.split("install", 1)[1].strip() for line in project.called() if " -m pip " in line]


def test_a_first_call_installs_the_lock_by_hashes_and_then_the_project(project: Sandbox) -> None:
    done = project.run(SCRIPT, "run")
    assert done.returncode == 0, done.stderr
    lock, own = pip_calls(project)
    assert "--require-hashes -r requirements/run.txt" in lock
    assert "--no-deps --editable ." in own


def test_a_second_call_starts_no_python(project: Sandbox) -> None:
    project.run(SCRIPT, "dev")
    project.called()
    assert project.run(SCRIPT, "dev").returncode == 0
    assert project.called() == []


def test_run_after_dev_reinstalls_nothing_but_dev_after_run_adds(project: Sandbox) -> None:
    project.run(SCRIPT, "run")
    project.called()
    project.run(SCRIPT, "dev")
    assert any("requirements/dev.txt" in line for line in pip_calls(project))
    project.run(SCRIPT, "run")
    project.run(SCRIPT, "dev")
    assert project.called() == []


def test_a_changed_lock_is_installed_again(project: Sandbox) -> None:
    project.run(SCRIPT, "run")
    project.called()
    (project.root / "requirements" / "run.txt").write_text("# newer\n")
    project.run(SCRIPT, "run")
    assert len(pip_calls(project)) == 1


def test_a_failed_installation_is_tried_again_next_time(project: Sandbox) -> None:
    (project.root / "fail").touch()
    assert project.run(SCRIPT, "run").returncode != 0
    (project.root / "fail").unlink()
    project.called()
    assert project.run(SCRIPT, "run").returncode == 0
    assert len(pip_calls(project)) == 2


def test_a_virtual_environment_whose_python_is_gone_is_made_anew(project: Sandbox) -> None:
    project.run(SCRIPT, "run")
    (project.root / ".venv/bin/python").unlink()
    (project.root / ".venv/bin/python").symlink_to("/no/such/python")
    project.called()
    assert project.run(SCRIPT, "run").returncode == 0
    assert any(line.startswith("python3 -m venv") for line in project.called())


def test_no_fitting_python_names_the_package(project: Sandbox) -> None:
    project.program("python3", "exit 1")
    done = project.run(SCRIPT, "run")
    assert done.returncode != 0
    assert "python3-venv" in done.stderr
