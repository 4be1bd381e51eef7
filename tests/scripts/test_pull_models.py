"""Models for tests and demo: pulled once, stamped, and a missing one never stops the tests of the others."""

from __future__ import annotations

import shutil
import sys

import pytest

from tests.scripts.conftest import ROOT, Sandbox

pytestmark = pytest.mark.process
SCRIPT = "scripts/pull-models.sh"

_ASSISTANT = """#!/bin/bash
echo "assistant $*" >> called
if [ "$2" = list ]; then echo '{{"models_dir": "{models}"}}'; exit; fi
[ "$3" = "$(cat broken 2>/dev/null)" ] && exit 1
/bin/mkdir -p {models}/$3
"""


@pytest.fixture
def project(sandbox: Sandbox) -> Sandbox:
    """A project whose `assistant` makes empty folders in place of models."""
    (sandbox.root / ".venv/bin").mkdir(parents=True)
    (sandbox.root / ".venv/.stamps").mkdir()
    (sandbox.root / ".venv/bin/python").symlink_to(sys.executable)
    program = sandbox.root / ".venv/bin/assistant"
    program.write_text(_ASSISTANT.format(models=sandbox.root / "weights"))
    program.chmod(0o755)
    shutil.copytree(ROOT / "models", sandbox.root / "models")
    return sandbox


def test_a_second_call_asks_nothing(project: Sandbox) -> None:
    done = project.run(SCRIPT)
    assert done.returncode == 0, done.stderr
    calls = project.called()
    assert "assistant models pull --language en --demo" in calls
    assert {"assistant models pull vosk-ko", "assistant models pull moonshine-tiny-en"} <= set(calls)
    assert project.run(SCRIPT).returncode == 0
    assert project.called() == []


def test_a_removed_model_and_a_new_catalogue_are_noticed(project: Sandbox) -> None:
    project.run(SCRIPT)
    shutil.rmtree(project.root / "weights/vosk-ko")
    project.called()
    project.run(SCRIPT)
    assert "assistant models pull vosk-ko" in project.called()
    with (project.root / "models/catalog.toml").open("a") as catalogue:
        catalogue.write("# newer\n")
    project.run(SCRIPT)
    assert "assistant models pull vosk-ko" in project.called()


def test_the_whisper_model_is_pulled_where_its_program_is(project: Sandbox) -> None:
    project.run(SCRIPT)
    assert not any("whisper" in call for call in project.called())
    (project.root / ".venv/lib/python3.11/site-packages/faster_whisper").mkdir(parents=True)
    project.run(SCRIPT)
    assert "assistant models pull whisper-tiny-en" in project.called()


def test_a_model_that_can_not_be_had_is_named_and_tried_again_next_time(project: Sandbox) -> None:
    (project.root / "broken").write_text("vosk-ko")
    done = project.run(SCRIPT)
    assert done.returncode == 0
    assert "Not pulled: vosk-ko" in done.stderr
    assert "skipped" in done.stderr
    (project.root / "broken").unlink()
    project.called()
    project.run(SCRIPT)
    assert "assistant models pull vosk-ko" in project.called()
